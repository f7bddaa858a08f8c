// Package policy keeps what a school asks of parents at log-in: the policy that is in force, and one that is to come. A policy for which data are missing does not
// come into force before they are there, or the school says that it shall all the same; until then the data of both are kept. It has no service: its functions
// run in the transactions of those who change a school or its roster.
package policy

import (
	"fmt"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/store"
)

// Pending is a policy that is to come.
type Pending struct {
	Policy models.Policy
	// LockedOut counts the pupils whose parents can log in now and could not by it.
	LockedOut int
}

// Of returns the policy that is to come; nil if there is none.
func Of(tx *store.Tx) (pending *Pending, err error) {
	if next := tx.School().Policy.Next; next != nil {
		pending = &Pending{Policy: *next}
		pending.LockedOut, err = lockedOut(tx, tx.School().Policy, *next)
	}
	return pending, err
}

// lockedOut counts the active pupils whose parents can log in by one policy and cannot by another.
func lockedOut(tx *store.Tx, present, wanted models.Policy) (int, error) {
	people, err := tx.Directory()
	if err != nil {
		return 0, err
	}
	var pupils []*models.Pupil
	for _, pupil := range people.Pupils() {
		if pupil.State == models.PersonActive {
			pupils = append(pupils, pupil)
		}
	}
	before, count := rules.LockedOut(people, present, pupils), 0
	for pupil := range rules.LockedOut(people, wanted, pupils) {
		if _, already := before[pupil]; !already {
			count++
		}
	}
	return count, nil
}

// Change sets what the school in a transaction asks at log-in from now on; the caller writes the school's row. Where that would lock out more than accepted it is
// noted as to come instead. Wanted nil means the one that is to come already. If accepted is given and more would be locked out, nothing changes: errs.Conflict, code
// "school.locks-out".
func Change(tx *store.Tx, wanted *models.Policy, accepted *int) error {
	school := tx.School()
	present := school.Policy
	present.Next = nil
	if wanted == nil {
		wanted = school.Policy.Next
	}
	if wanted == nil {
		return nil
	}
	if same(present, *wanted) {
		school.Policy = *wanted
		return strip(tx)
	}
	count, err := lockedOut(tx, present, *wanted)
	switch {
	case err != nil:
		return err
	case count == 0 || accepted != nil && count <= *accepted:
		school.Policy = *wanted
	case accepted != nil:
		return errs.New(errs.Conflict, "school.locks-out").With("pupils", fmt.Sprint(count))
	default:
		next := *wanted
		school.Policy = present
		school.Policy.Next = &next
	}
	return strip(tx)
}

func same(a, b models.Policy) bool {
	return slices.Equal(a.Factors, b.Factors) && a.PostcodePart == b.PostcodePart
}

// Settle brings the policy that is to come into force if it locks out nobody any more: for whoever has changed the roster.
func Settle(tx *store.Tx) error {
	pending, err := Of(tx)
	if err != nil || pending == nil || pending.LockedOut > 0 {
		return err
	}
	tx.School().Policy = pending.Policy
	if err := strip(tx); err != nil {
		return err
	}
	if err := tx.UpdateSchool("policy"); err != nil {
		return err
	}
	return tx.Audited("policy-in-force", tx.School().ID, nil)
}

// strip takes away what no log-in asks for: only the factors of the policy in force and of the one to come are kept.
func strip(tx *store.Tx) error {
	policy := tx.School().Policy
	pupils, err := store.List[models.Pupil](tx)
	if err != nil {
		return err
	}
	if err := store.OpenGuarded(tx, pupils); err != nil {
		return err
	}
	for i := range pupils {
		before := pupils[i]
		pupils[i].SetComesOfAge(before.ComesOfAge())
		pupils[i].Factors = factor.Kept(policy, pupils[i].Factors)
		if pupils[i].Factors == before.Factors && pupils[i].Details.FormerAdultFrom == before.Details.FormerAdultFrom {
			continue
		}
		if err := store.Update(tx, &pupils[i], "details", "factors"); err != nil {
			return err
		}
	}
	if err := dropOverrides(tx, policy); err != nil || policy.Keeps(models.FactorPostcode) {
		return err
	}
	households, err := store.List[models.Household](tx)
	if err != nil {
		return err
	}
	if err := store.OpenGuarded(tx, households); err != nil {
		return err
	}
	for i := range households {
		if households[i].Factors == (models.HouseholdFactors{}) {
			continue
		}
		households[i].Factors = models.HouseholdFactors{}
		if err := store.Update(tx, &households[i], "factors"); err != nil {
			return err
		}
	}
	return nil
}

// dropOverrides forgets that a person set what is not kept any more: a later file must be able to say it again.
func dropOverrides(tx *store.Tx, policy models.Policy) error {
	var gone []string
	for _, one := range factor.All {
		if !policy.Keeps(one.Name) {
			gone = append(gone, string(one.Name))
		}
	}
	if len(gone) == 0 {
		return nil
	}
	_, err := store.Delete[models.Override](tx, store.In("kind", []models.SubjectKind{models.SubjectPupil, models.SubjectHousehold}), store.In("field", gone))
	return err
}
