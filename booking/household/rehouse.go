package household

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/store"
)

// Move is some children of a household who live in another from now on.
type Move struct {
	From, To models.HouseholdID
	Pupils   []models.PupilID
	// Withdraw takes the family code of a household that parts from some of its children: those who went have it too.
	Withdraw bool
}

// Parted tells what went along with children who live in another household now, and what could not be told apart.
type Parted struct {
	Household models.HouseholdID // in which they live now
	appointment.Rehoused
	Guardians int // who went with the children
	// Shared are guardians of children on both sides. They stay with those who stay, until somebody decides.
	Shared        []models.GuardianID
	SessionsEnded int // log-ins that were for the household as it was
	CodesGone     int // family codes that are good no more
}

// Rehouse lets everything follow children who have moved to other households: guardians with their contacts, talks with who made them; and ends what was good for the
// households as they were: sessions, one-time codes. Memberships are written already.
func Rehouse(tx *store.Tx, moves []Move) (Parted, error) {
	work := &parting{tx: tx}
	var talks []appointment.Rehousing
	for i, move := range moves {
		stay, err := store.Count[models.HouseholdPupil](tx, store.Eq("household_id", move.From))
		if err != nil {
			return work.done, err
		}
		// Where nobody stays, what is left goes with those who leave last.
		last := !slices.ContainsFunc(moves[i+1:], func(later Move) bool { return later.From == move.From })
		rehousing := appointment.Rehousing{From: move.From, To: move.To, Pupils: move.Pupils, Whole: stay == 0 && last}
		for _, step := range []func(appointment.Rehousing) error{work.guardians, work.overrides} {
			if err := step(rehousing); err != nil {
				return work.done, err
			}
		}
		if err := work.codes(move, rehousing.Whole); err != nil {
			return work.done, err
		}
		if err := work.details(move); err != nil {
			return work.done, err
		}
		talks = append(talks, rehousing)
	}
	if err := work.sessions(moves); err != nil {
		return work.done, err
	}
	var err error
	work.done.Rehoused, err = appointment.Rehouse(tx, talks)
	return work.done, err
}

type parting struct {
	tx   *store.Tx
	done Parted
}

// guardians moves those who came for the children alone.
func (w *parting) guardians(move appointment.Rehousing) error {
	guardians, err := store.List[models.Guardian](w.tx, store.Eq("household_id", move.From))
	if err != nil || len(guardians) == 0 {
		return err
	}
	children, err := ChildrenOf(w.tx, guardians)
	if err != nil {
		return err
	}
	for i := range guardians {
		own := children[guardians[i].ID]
		goes := func(id models.PupilID) bool { return slices.Contains(move.Pupils, id) }
		if !Follows(own, move.Pupils, move.Whole) {
			if len(own) == 0 || slices.ContainsFunc(own, goes) {
				w.done.Shared = append(w.done.Shared, guardians[i].ID)
			}
			continue
		}
		guardians[i].HouseholdID = move.To
		if err := store.Update(w.tx, &guardians[i], "household_id"); err != nil {
			return err
		}
		contacts, err := store.List[models.Contact](w.tx, store.Eq("guardian_id", guardians[i].ID))
		if err != nil {
			return err
		}
		for n := range contacts {
			if err := appointment.MoveContact(w.tx, &contacts[n], move.To); err != nil {
				return err
			}
		}
		w.done.Guardians++
	}
	return nil
}

// Follows reports whether a guardian who came for some children goes along when pupils leave a household: with the last of them, or with all for whom the guardian came.
// A guardian of whom nothing is written down came for everybody.
func Follows(own, pupils []models.PupilID, whole bool) bool {
	return whole || len(own) > 0 && !slices.ContainsFunc(own, func(id models.PupilID) bool { return !slices.Contains(pupils, id) })
}

// ChildrenOf gives the children for whom guardians came; none for one who came for all of the household.
func ChildrenOf(tx *store.Tx, guardians []models.Guardian) (map[models.GuardianID][]models.PupilID, error) {
	ids := make([]models.GuardianID, len(guardians))
	for i, row := range guardians {
		ids[i] = row.ID
	}
	rows, err := store.List[models.GuardianPupil](tx, store.In("guardian_id", ids))
	children := map[models.GuardianID][]models.PupilID{}
	for _, row := range rows {
		children[row.GuardianID] = append(children[row.GuardianID], row.PupilID)
	}
	return children, err
}

// cameFor writes down, before a household is joined with another, that its guardians are those of its children, as far as that is not known more exactly.
func cameFor(tx *store.Tx, home models.HouseholdID) error {
	guardians, err := store.List[models.Guardian](tx, store.Eq("household_id", home))
	if err != nil {
		return err
	}
	children, err := ChildrenOf(tx, guardians)
	if err != nil {
		return err
	}
	members, err := store.List[models.HouseholdPupil](tx, store.Eq("household_id", home))
	if err != nil {
		return err
	}
	var rows []*models.GuardianPupil
	for _, guardian := range guardians {
		if len(children[guardian.ID]) > 0 {
			continue
		}
		for _, member := range members {
			rows = append(rows, &models.GuardianPupil{GuardianID: guardian.ID, PupilID: member.PupilID})
		}
	}
	return store.Insert(tx, rows...)
}

// DropGuardiansOf removes the guardians of other children's household who came for one pupil alone, who is about to go: nobody is left for whom they would be told
// anything. Those of a household in which nobody else is go with the household.
func DropGuardiansOf(tx *store.Tx, pupil models.PupilID) error {
	rows, err := store.List[models.GuardianPupil](tx, store.Eq("pupil_id", pupil))
	if err != nil {
		return err
	}
	for _, row := range rows {
		others, err := store.Count[models.GuardianPupil](tx, store.Eq("guardian_id", row.GuardianID), store.Not("pupil_id", pupil))
		if err != nil {
			return err
		}
		guardian, err := store.Get[models.Guardian](tx, row.GuardianID)
		if err != nil {
			return err
		}
		staying, err := store.Count[models.HouseholdPupil](tx, store.Eq("household_id", guardian.HouseholdID), store.Not("pupil_id", pupil))
		if err != nil {
			return err
		}
		if others > 0 || staying == 0 {
			continue
		}
		contacts, err := store.List[models.Contact](tx, store.Eq("guardian_id", row.GuardianID))
		if err != nil {
			return err
		}
		for i := range contacts {
			if err := eraser.Contact(tx, &contacts[i]); err != nil {
				return err
			}
		}
		if _, err := store.Delete[models.Guardian](tx, store.Eq("id", row.GuardianID)); err != nil {
			return err
		}
	}
	return nil
}

// overrides lets a contact that staff took away stay away in the other household too, and a guardian who is told nothing be told nothing there.
func (w *parting) overrides(move appointment.Rehousing) error {
	rows, err := store.List[models.Override](w.tx, store.Eq("kind", models.SubjectHousehold), store.Eq("subject", move.From))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !byhand.GoesAlong(row.Field) {
			continue
		}
		if err := byhand.Set(w.tx, models.SubjectHousehold, move.To, row.Field); err != nil {
			return err
		}
	}
	return nil
}

// codes ends the one-time codes of a household. Its family code goes with it to a household that has none, or is withdrawn where those who have it live apart now.
func (w *parting) codes(move Move, whole bool) error {
	if _, err := store.Delete[models.Code](w.tx, store.Eq("household_id", move.From)); err != nil {
		return err
	}
	from, err := store.Get[models.Household](w.tx, move.From)
	if err != nil || len(from.FamilyCodeIndex) == 0 || !whole && !move.Withdraw {
		return err
	}
	index, code := from.FamilyCodeIndex, from.Details.FamilyCode
	from.FamilyCodeIndex, from.Details.FamilyCode = nil, ""
	if err := store.Update(w.tx, from, "family_code_index", "details"); err != nil {
		return err
	}
	to, err := store.Get[models.Household](w.tx, move.To)
	if err != nil {
		return err
	}
	if !whole || len(to.FamilyCodeIndex) > 0 {
		w.done.CodesGone++
		return nil
	}
	to.FamilyCodeIndex, to.Details.FamilyCode = index, code
	return store.Update(w.tx, to, "family_code_index", "details")
}

// sessions takes from every log-in what it may of the households that children left. One that may nothing then is ended.
func (w *parting) sessions(moves []Move) error {
	left := map[models.HouseholdID]bool{}
	for _, move := range moves {
		left[move.From] = true
	}
	ended, err := EndSessions(w.tx, left)
	w.done.SessionsEnded = ended
	return err
}

// EndSessions takes from every log-in of parents what it may of some households, and tells how many that concerned. One that may nothing then is ended.
func EndSessions(tx *store.Tx, of map[models.HouseholdID]bool) (ended int, err error) {
	if len(of) == 0 {
		return 0, nil
	}
	rows, err := store.List[models.Session](tx, store.Eq("kind", models.SessionParent))
	if err != nil {
		return 0, err
	}
	for i := range rows {
		session := &rows[i]
		before := len(session.Data.Grants)
		session.Data.Grants = slices.DeleteFunc(slices.Clone(session.Data.Grants), func(grant models.Grant) bool { return of[grant.Household] })
		if len(session.Data.Grants) == before {
			continue
		}
		ended++
		if len(session.Data.Grants) > 0 {
			err = store.Update(tx, session, "data")
		} else {
			_, err = store.Delete[models.Session](tx, store.Eq("id", session.ID))
		}
		if err != nil {
			return ended, err
		}
	}
	return ended, nil
}
