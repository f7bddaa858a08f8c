package household

import (
	"context"
	"slices"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// NewHousehold is a household to be made by hand: a second home of children whose parents live apart, or a family that no file knows.
type NewHousehold struct {
	Pupils   []models.PupilID
	Postcode string // its own, which tells it apart at log-in; may be empty
	Label    string
	OwnPupil bool // of an adult pupil who books alone
	Contacts []NewContact
	// Guardians move to the new household from the one they are in, with their contacts: the other parent, where the file named both together.
	Guardians []models.GuardianID
	// Beside keeps the children in the household they are in; otherwise they move.
	Beside bool
}

// NewContact is a guardian's contact, entered by staff.
type NewContact struct {
	// Guardian is whose it is, of those in the household; zero makes a new one, of the name.
	Guardian                     models.GuardianID
	Name, Email, Phone, Language string
	Staff                        models.StaffID // the guardian also teaches here
}

// Create makes a household by hand. Children who move into it take along whoever is theirs alone: guardians, contacts, talks and who made them.
func (s *Service) Create(ctx context.Context, actor models.Actor, wanted NewHousehold) (parted Parted, err error) {
	if len(wanted.Pupils) == 0 || len(wanted.Pupils) > maxHouseholdPupils {
		return parted, errs.InvalidField("pupils", "out-of-range")
	}
	home := models.New[models.HouseholdID]()
	err = s.change(ctx, actor, func(tx *store.Tx) error {
		if err := allPupils(tx, wanted.Pupils); err != nil {
			return err
		}
		if err := insertHousehold(tx, home, wanted); err != nil {
			return err
		}
		for _, guardian := range wanted.Guardians {
			if err := moveGuardian(tx, guardian, home, wanted.Pupils); err != nil {
				return err
			}
		}
		moves, err := moveAll(tx, home, wanted)
		if err != nil {
			return err
		}
		for _, contact := range wanted.Contacts {
			if _, err := addStaffContact(tx, home, contact); err != nil {
				return err
			}
		}
		if _, err := LinkTeachers(tx, store.Eq("household_id", home)); err != nil {
			return err
		}
		if parted, err = Rehouse(tx, moves); err != nil {
			return err
		}
		parted.Household = home
		if !wanted.Beside {
			if _, err := DropEmpty(tx); err != nil {
				return err
			}
		}
		tx.AfterCommit(s.wake)
		return tx.Audited("household", home, map[string]int{"pupils": len(wanted.Pupils), "talks": parted.Kept, "cancelled": parted.Cancelled})
	})
	return parted, err
}

// moveAll puts the children into the new household, and tells whom they left.
func moveAll(tx *store.Tx, home models.HouseholdID, wanted NewHousehold) (moves []Move, err error) {
	for _, pupil := range wanted.Pupils {
		left, err := moveInto(tx, home, pupil, wanted.Beside)
		if err != nil {
			return nil, err
		}
		for _, from := range left {
			at := slices.IndexFunc(moves, func(move Move) bool { return move.From == from })
			if at < 0 {
				at = len(moves)
				moves = append(moves, Move{From: from, To: home, Withdraw: true})
			}
			moves[at].Pupils = append(moves[at].Pupils, pupil)
		}
	}
	return moves, nil
}

func insertHousehold(tx *store.Tx, home models.HouseholdID, wanted NewHousehold) error {
	row := &models.Household{ID: home, Origin: models.OriginStaff, CreatedAt: tx.Now(), Details: models.HouseholdDetails{Label: wanted.Label, OwnPupil: wanted.OwnPupil}}
	if wanted.Postcode != "" && tx.School().Policy.Keeps(models.FactorPostcode) {
		postcode, ok := names.Postcode(wanted.Postcode)
		if !ok {
			return errs.InvalidField("postcode", "not-a-postcode")
		}
		row.Factors.Postcode = postcode
	}
	if wanted.Postcode == "" && !wanted.Beside {
		var err error
		if row.Factors, err = ownFactors(tx, wanted.Pupils); err != nil {
			return err
		}
	}
	if err := store.Insert(tx, row); err != nil || row.Factors.Postcode == "" || wanted.Postcode == "" {
		return err
	}
	return byhand.Set(tx, models.SubjectHousehold, home, "postcode")
}

// ownFactors returns the postcode that some children bring into a household of their own, as an import would; none where an address is secret.
func ownFactors(tx *store.Tx, pupils []models.PupilID) (facts models.HouseholdFactors, err error) {
	rows, err := store.List[models.Pupil](tx, store.In("id", pupils))
	if err != nil {
		return facts, err
	}
	if err := store.OpenGuarded(tx, rows); err != nil {
		return facts, err
	}
	for i := range rows {
		if rows[i].Protected {
			return models.HouseholdFactors{}, nil
		}
		if facts.Postcode == "" {
			facts = models.HouseholdOf(rows[i].Factors)
		}
	}
	return facts, nil
}

// moveInto puts a pupil into a household: beside the present ones, or instead of them, which it returns. Whatever it was before, a person decided it now.
func moveInto(tx *store.Tx, home models.HouseholdID, pupil models.PupilID, beside bool) (left []models.HouseholdID, err error) {
	present, err := store.List[models.HouseholdPupil](tx, store.Eq("pupil_id", pupil))
	if err != nil {
		return nil, err
	}
	position := 0
	for _, row := range present {
		if !beside {
			if _, err := store.Delete[models.HouseholdPupil](tx, store.Eq("household_id", row.HouseholdID), store.Eq("pupil_id", pupil)); err != nil {
				return nil, err
			}
			left = append(left, row.HouseholdID)
			continue
		}
		position = max(position, row.Position+1)
		row.ByStaff = true
		if err := updateMembership(tx, row); err != nil {
			return nil, err
		}
	}
	if position > 1 {
		return nil, errs.New(errs.Conflict, "household.two-homes")
	}
	return left, store.Insert(tx, &models.HouseholdPupil{HouseholdID: home, PupilID: pupil, Position: position, ByStaff: true})
}

// moveGuardian moves a guardian of one of the pupils' households, with the contacts, to another household.
func moveGuardian(tx *store.Tx, id models.GuardianID, home models.HouseholdID, pupils []models.PupilID) error {
	guardian, err := store.Get[models.Guardian](tx, id)
	if err != nil {
		return errs.InvalidField("guardians", errs.CodeUnknown)
	}
	shared, err := store.Count[models.HouseholdPupil](tx, store.Eq("household_id", guardian.HouseholdID), store.In("pupil_id", pupils))
	if err != nil {
		return err
	}
	if shared == 0 {
		return errs.InvalidField("guardians", errs.CodeUnknown)
	}
	guardian.HouseholdID, guardian.FromRoster = home, false
	if err := store.Update(tx, guardian, "household_id", "from_roster"); err != nil {
		return err
	}
	contacts, err := store.List[models.Contact](tx, store.Eq("guardian_id", id))
	if err != nil {
		return err
	}
	for i := range contacts {
		contacts[i].HouseholdID = home
		if contacts[i].Source == models.SourceFile {
			contacts[i].Source = models.SourceStaff
		}
		if err := store.Update(tx, &contacts[i], "household_id", "source"); err != nil {
			return err
		}
	}
	return nil
}
