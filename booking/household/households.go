package household

import (
	"context"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// maxHouseholdPupils is how many children one household may have by hand.
const maxHouseholdPupils = 20

// MergeSuggestions lists the proposed households that nobody has decided yet.
func (s *Service) MergeSuggestions(ctx context.Context, actor models.Actor) (list []models.MergeSuggestion, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		list, err = store.List[models.MergeSuggestion](tx, store.Eq("state", models.SuggestionOpen))
		return err
	})
	return list, err
}

// DecideMergeSuggestions accepts or declines merge suggestions. With none named, it accepts all that have no veto: the school's one tap.
func (s *Service) DecideMergeSuggestions(ctx context.Context, actor models.Actor, ids []models.RowID, accept bool) (decided int, err error) {
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		decided = 0
		open, err := store.List[models.MergeSuggestion](tx, store.Eq("state", models.SuggestionOpen))
		if err != nil {
			return err
		}
		for i := range open {
			suggestion := &open[i]
			if len(ids) > 0 && !slices.Contains(ids, suggestion.ID) || len(ids) == 0 && len(suggestion.Vetoes) > 0 {
				continue
			}
			err := decideMergeSuggestion(tx, suggestion, accept)
			if len(ids) == 0 && errs.CodeOf(err) == errs.CodeBothBooked {
				continue // not for the one tap; named, it says why
			}
			if err != nil {
				return err
			}
			decided++
		}
		if len(ids) > 0 && decided < len(ids) {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		if _, err := DropEmpty(tx); err != nil {
			return err
		}
		return tx.Audited("merge-suggestions", [16]byte{}, map[string]int{"decided": decided})
	})
	return decided, err
}

func decideMergeSuggestion(tx *store.Tx, suggestion *models.MergeSuggestion, accept bool) error {
	suggestion.State = models.SuggestionDeclined
	if accept {
		suggestion.State = models.SuggestionAccepted
		if _, err := join(tx, suggestion.PupilIDs, models.OriginSuggestion); err != nil {
			return err
		}
	}
	return store.Update(tx, suggestion, "state")
}

// join puts pupils into one household: the first one's. The other members of their households come along, and so do guardians, contacts and appointments'
// future: appointments themselves stay with the household that made them.
func join(tx *store.Tx, pupils []models.PupilID, origin models.HouseholdOrigin) (models.HouseholdID, error) {
	rows, err := store.List[models.HouseholdPupil](tx, store.In("pupil_id", pupils))
	if err != nil {
		return models.HouseholdID{}, err
	}
	if len(rows) == 0 {
		return models.HouseholdID{}, errs.InvalidField("pupils", errs.CodeUnknown)
	}
	var homes []models.HouseholdID
	for _, row := range rows {
		if row.Position == 0 && !slices.Contains(homes, row.HouseholdID) {
			homes = append(homes, row.HouseholdID)
		}
	}
	slices.SortFunc(homes, models.HouseholdID.Compare)
	target, err := joinTarget(tx, homes)
	if err != nil {
		return target, err
	}
	for _, home := range homes {
		if home == target {
			continue
		}
		if err := moveIn(tx, home, target); err != nil {
			return target, err
		}
	}
	present, err := store.List[models.HouseholdPupil](tx, store.Eq("household_id", target))
	if err != nil {
		return target, err
	}
	for i := range present {
		present[i].ByStaff = true
		if err := updateMembership(tx, present[i]); err != nil {
			return target, err
		}
	}
	household, err := store.Get[models.Household](tx, target)
	if err != nil {
		return target, err
	}
	household.Origin = origin
	return target, store.Update(tx, household, "origin")
}

// joinTarget chooses the household that the others move into: the one that has coming talks, or the oldest. Two that both have talks are not joined: whose
// time they claim would have to change, and they may be at the same minute.
func joinTarget(tx *store.Tx, homes []models.HouseholdID) (models.HouseholdID, error) {
	now, _ := models.TickAt(tx.Now())
	target, busy := homes[0], 0
	for _, home := range homes {
		coming, err := store.Count[models.Appointment](tx, store.Eq("household_id", home), store.Eq("state", models.AppointmentBooked), store.From("end_tick", now))
		if err != nil {
			return target, err
		}
		if coming > 0 {
			target = home
			busy++
		}
	}
	if busy > 1 {
		return target, errs.New(errs.Conflict, errs.CodeBothBooked)
	}
	return target, nil
}

// updateMembership writes a membership anew; its columns are its key, so it is taken out and put back.
func updateMembership(tx *store.Tx, row models.HouseholdPupil) error {
	if _, err := store.Delete[models.HouseholdPupil](tx, store.Eq("household_id", row.HouseholdID), store.Eq("pupil_id", row.PupilID)); err != nil {
		return err
	}
	return store.Insert(tx, &row)
}

// moveIn moves everybody and everything of one household into another.
func moveIn(tx *store.Tx, from, to models.HouseholdID) error {
	members, err := store.List[models.HouseholdPupil](tx, store.Eq("household_id", from))
	if err != nil {
		return err
	}
	for _, row := range members {
		if _, err := store.Delete[models.HouseholdPupil](tx, store.Eq("household_id", from), store.Eq("pupil_id", row.PupilID)); err != nil {
			return err
		}
		row.HouseholdID = to
		if _, err := store.InsertNew(tx, &row); err != nil {
			return err
		}
	}
	guardians, err := store.List[models.Guardian](tx, store.Eq("household_id", from))
	if err != nil {
		return err
	}
	for i := range guardians {
		guardians[i].HouseholdID = to
		if err := store.Update(tx, &guardians[i], "household_id"); err != nil {
			return err
		}
	}
	contacts, err := store.List[models.Contact](tx, store.Eq("household_id", from), store.Not("source", models.SourceTyped))
	if err != nil {
		return err
	}
	for i := range contacts {
		contacts[i].HouseholdID = to
		if err := store.Update(tx, &contacts[i], "household_id"); err != nil {
			return err
		}
	}
	return nil
}

// Join makes one household of some pupils, by hand.
func (s *Service) Join(ctx context.Context, actor models.Actor, pupils []models.PupilID) (home models.HouseholdID, err error) {
	if len(pupils) < 2 || len(pupils) > maxHouseholdPupils {
		return home, errs.InvalidField("pupils", "out-of-range")
	}
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if err := allPupils(tx, pupils); err != nil {
			return err
		}
		if home, err = join(tx, pupils, models.OriginStaff); err != nil {
			return err
		}
		if _, err := DropEmpty(tx); err != nil {
			return err
		}
		return tx.Audited("household-joined", home, map[string]int{"pupils": len(pupils)})
	})
	return home, err
}

func allPupils(tx *store.Tx, pupils []models.PupilID) error {
	for _, pupil := range pupils {
		if _, err := store.Get[models.Pupil](tx, pupil); err != nil {
			if errs.KindOf(err) == errs.NotFound {
				return errs.InvalidField("pupils", errs.CodeUnknown)
			}
			return err
		}
	}
	return nil
}

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
	Name, Email, Phone, Language string
	Staff                        models.StaffID // the guardian also teaches here
}

// Create makes a household by hand.
func (s *Service) Create(ctx context.Context, actor models.Actor, wanted NewHousehold) (home models.HouseholdID, err error) {
	if len(wanted.Pupils) == 0 || len(wanted.Pupils) > maxHouseholdPupils {
		return home, errs.InvalidField("pupils", "out-of-range")
	}
	home = models.New[models.HouseholdID]()
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
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
		for _, pupil := range wanted.Pupils {
			if err := moveInto(tx, home, pupil, wanted.Beside); err != nil {
				return err
			}
		}
		for _, contact := range wanted.Contacts {
			if err := addStaffContact(tx, home, contact); err != nil {
				return err
			}
		}
		if _, err := LinkTeachers(tx, store.Eq("household_id", home)); err != nil {
			return err
		}
		if !wanted.Beside {
			if _, err := DropEmpty(tx); err != nil {
				return err
			}
		}
		return tx.Audited("household", home, map[string]int{"pupils": len(wanted.Pupils)})
	})
	return home, err
}

func insertHousehold(tx *store.Tx, home models.HouseholdID, wanted NewHousehold) error {
	row := &models.Household{ID: home, Origin: models.OriginStaff, CreatedAt: tx.Now(), Details: models.HouseholdDetails{Label: wanted.Label, OwnPupil: wanted.OwnPupil}}
	if wanted.Postcode != "" && tx.School().Policy.Asks(models.FactorPostcode) {
		postcode, ok := names.Postcode(wanted.Postcode)
		if !ok {
			return errs.InvalidField("postcode", "not-a-postcode")
		}
		row.Factors.Postcode = postcode
	}
	if err := store.Insert(tx, row); err != nil || row.Factors.Postcode == "" {
		return err
	}
	return Override(tx, models.SubjectHousehold, home, "postcode")
}

// moveInto puts a pupil into a household: beside the present ones, or instead of them. Whatever it was before, a person decided it now.
func moveInto(tx *store.Tx, home models.HouseholdID, pupil models.PupilID, beside bool) error {
	present, err := store.List[models.HouseholdPupil](tx, store.Eq("pupil_id", pupil))
	if err != nil {
		return err
	}
	position := 0
	for _, row := range present {
		if !beside {
			if _, err := store.Delete[models.HouseholdPupil](tx, store.Eq("household_id", row.HouseholdID), store.Eq("pupil_id", pupil)); err != nil {
				return err
			}
			continue
		}
		position = max(position, row.Position+1)
		row.ByStaff = true
		if err := updateMembership(tx, row); err != nil {
			return err
		}
	}
	if position > 1 {
		return errs.New(errs.Conflict, "household.two-homes")
	}
	return store.Insert(tx, &models.HouseholdPupil{HouseholdID: home, PupilID: pupil, Position: position, ByStaff: true})
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
