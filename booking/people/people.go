package people

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/policy"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// unnumbered begins the keys of pupils of whom nobody knows the school's number, as in files without numbers.
const unnumbered = "#"

// maxName is the greatest length, in runes, of a part of a name.
const maxName = 200

// PupilPatch is what staff may correct of a pupil; nil leaves a field as it is. What is set here an import reports instead of overwriting.
type PupilPatch struct {
	Given, Prefix, Surname *string
	Aliases                []string
	Group                  *models.GroupID
	Year                   *string
	// Factors are what log-in compares, as people write it: one that is there is set, and the empty text takes it away.
	Factors        map[models.Factor]string
	Protected      *bool
	Arrangement    *models.Arrangement
	ParentsMayBook *bool
	// OneAtATime says whether the pupil, if it has two households, is at one talk at a time; see models.PupilDetails.
	OneAtATime *bool
	// Adult says that the pupil is of age and decides who may book, or is not, over what birth dates say.
	Adult *bool
	// Release are fields that files decide again from the next import on, as the pupil is shown to have them by hand. "added" is that the pupil is at the school at
	// all; a protection that somebody entered ends at once.
	Release []string
}

// NewPupil is a pupil whom staff add by hand.
type NewPupil struct {
	Key   string // the school's own; empty where nobody knows it yet: then a file brings it, by name and birth date
	Patch PupilPatch
}

// Pupils lists the pupils of the school.
func (s *Service) Pupils(ctx context.Context, actor models.Actor) (pupils []*models.Pupil, people *directory.Directory, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		if people, err = tx.Directory(); err == nil {
			pupils = people.Pupils()
		}
		return err
	})
	return pupils, people, err
}

// AddPupil adds a pupil by hand, in a household alone. An import leaves such a pupil alone until a file has the pupil too.
func (s *Service) AddPupil(ctx context.Context, actor models.Actor, wanted NewPupil) (*models.Pupil, error) {
	key := strings.TrimSpace(wanted.Key)
	if len(key) > 256 {
		return nil, errs.InvalidField("key", "too-long")
	}
	if typed.IsCitizenNumber(wanted.Key) {
		return nil, errs.InvalidField("key", "citizen-number")
	}
	pupil := &models.Pupil{ID: models.New[models.PupilID](), State: models.PersonActive, Arrangement: models.ArrangementEach}
	numbered := key != ""
	if !numbered {
		key = unnumbered + hex.EncodeToString(pupil.ID[10:])
	}
	pupil.Details = models.PupilDetails{Key: key, ParentsMayBook: true, ByHand: true}
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		pupil.CreatedAt = tx.Now()
		for _, asked := range factor.All {
			if numbered && asked.IsKey && tx.School().Policy.Keeps(asked.Name) {
				asked.Put(&pupil.Factors, pupil.Details.Key)
			}
		}
		if _, err := wanted.Patch.apply(tx, pupil); err != nil {
			return err
		}
		if err := store.Insert(tx, pupil); err != nil {
			return err
		}
		if err := tx.AddExternalKey(models.SubjectPupil, pupil.Details.Key, pupil.ID); err != nil {
			return err
		}
		// Parents type both names.
		for _, name := range []struct{ field, value string }{{"given", pupil.Details.Given}, {"surname", pupil.Details.Surname}} {
			if name.value == "" {
				return errs.InvalidField(name.field, errs.CodeRequired)
			}
		}
		home := &models.Household{ID: models.New[models.HouseholdID](), Origin: models.OriginSingle, CreatedAt: tx.Now(), Factors: models.HouseholdOf(pupil.Factors)}
		if err := store.Insert(tx, home); err != nil {
			return err
		}
		if err := store.Insert(tx, &models.HouseholdPupil{HouseholdID: home.ID, PupilID: pupil.ID}); err != nil {
			return err
		}
		return tx.Audited("pupil", pupil.ID, nil)
	})
	return pupil, err
}

// UpdatePupil corrects a pupil by hand. A family whose child has other teachers by that is told that it can move its talks, as after an import.
func (s *Service) UpdatePupil(ctx context.Context, actor models.Actor, id models.PupilID, patch PupilPatch) (*models.Pupil, error) {
	var pupil *models.Pupil
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		var err error
		if pupil, err = store.Get[models.Pupil](tx, id); err != nil {
			return err
		}
		rows := []models.Pupil{*pupil}
		if err := store.OpenGuarded(tx, rows); err != nil {
			return err
		}
		pupil = &rows[0]
		pupil.SetComesOfAge(pupil.ComesOfAge())
		var fields []string
		if err := release(tx, pupil, patch.Release); err != nil {
			return err
		}
		err = tellingFamilies(tx, id, func() error {
			if fields, err = patch.apply(tx, pupil); err != nil {
				return err
			}
			return store.Update(tx, pupil, "group_id", "year", "arrangement", "protected", "details", "factors")
		})
		if err != nil {
			return err
		}
		tx.AfterCommit(s.wake)
		if err := byhand.Set(tx, models.SubjectPupil, id, fields...); err != nil {
			return err
		}
		if _, moved := patch.Factors[models.FactorPostcode]; moved || pupil.Protected {
			if err := setHomePostcode(tx, pupil); err != nil {
				return err
			}
		}
		// What is corrected by hand may have been the last thing that a policy to come was waiting for.
		if err := policy.Settle(tx); err != nil {
			return err
		}
		return tx.Audited("pupil-changed", id, nil)
	})
	return pupil, err
}

// release lets files decide again about fields of a pupil.
func release(tx *store.Tx, pupil *models.Pupil, fields []string) error {
	fields = slices.Clone(fields)
	if at := slices.Index(fields, "added"); at >= 0 && pupil.Details.ByHand {
		pupil.Details.ByHand, fields = false, slices.Delete(fields, at, at+1)
	}
	if slices.Contains(fields, "protected") {
		pupil.Protected = false
	}
	return byhand.Release(tx, models.SubjectPupil, pupil.ID, fields)
}

// setHomePostcode lets a postcode corrected by hand count at log-in, where the pupil has one household. A secret address is kept nowhere.
func setHomePostcode(tx *store.Tx, pupil *models.Pupil) error {
	homes, err := store.List[models.HouseholdPupil](tx, store.Eq("pupil_id", pupil.ID))
	if err != nil || len(homes) != 1 && !pupil.Protected {
		return err
	}
	for _, home := range homes {
		household, err := store.Get[models.Household](tx, home.HouseholdID)
		if err != nil {
			return err
		}
		household.Factors = models.HouseholdOf(pupil.Factors)
		if err := store.Update(tx, household, "factors"); err != nil {
			return err
		}
	}
	return nil
}

// apply sets the fields that are given, and names those that an import could set too.
func (p PupilPatch) apply(tx *store.Tx, pupil *models.Pupil) ([]string, error) {
	var fields []string
	for _, text := range []struct {
		name  string
		value *string
		into  *string
	}{
		{"given", p.Given, &pupil.Details.Given}, {"prefix", p.Prefix, &pupil.Details.Prefix}, {"surname", p.Surname, &pupil.Details.Surname}, {"year", p.Year, &pupil.Year},
	} {
		if text.value == nil {
			continue
		}
		if (text.name == "given" || text.name == "surname") && names.Key(*text.value) == "" {
			return nil, errs.InvalidField(text.name, errs.CodeRequired)
		}
		if utf8.RuneCountInString(*text.value) > maxName {
			return nil, errs.InvalidField(text.name, "too-long")
		}
		if typed.HoldsLongNumber(*text.value) {
			return nil, errs.InvalidField(text.name, "not-a-name")
		}
		*text.into = typed.OneLine(*text.value)
		fields = append(fields, text.name)
	}
	if p.Group != nil {
		if !p.Group.IsZero() {
			if _, err := store.Get[models.Group](tx, *p.Group); err != nil {
				return nil, errs.InvalidField("group", errs.CodeUnknown)
			}
		}
		pupil.GroupID = *p.Group
		fields = append(fields, "group")
	}
	if p.Aliases != nil {
		if len(p.Aliases) > 10 {
			return nil, errs.InvalidField("aliases", errs.CodeTooMany)
		}
		pupil.Details.Aliases = p.Aliases
	}
	if p.Arrangement != nil {
		switch *p.Arrangement {
		case models.ArrangementEach, models.ArrangementTogether, models.ArrangementOne:
		default:
			return nil, errs.InvalidField("arrangement", errs.CodeUnknown)
		}
		pupil.Arrangement = *p.Arrangement
	}
	if p.OneAtATime != nil {
		if err := mayChangeClaims(tx, pupil.ID); err != nil {
			return nil, err
		}
		pupil.Details.OneAtATime = p.OneAtATime
	}
	if p.ParentsMayBook != nil {
		pupil.Details.ParentsMayBook = *p.ParentsMayBook
	}
	more, err := p.applyFactors(tx.School().Policy, pupil)
	return slices.Concat(fields, p.applyAge(civil.Of(tx.Now().In(tx.School().Location())), pupil), more), err
}

// applyAge sets from when the pupil decides who may book: from a birth date, whether the school keeps that or not, or because somebody says so.
func (p PupilPatch) applyAge(today civil.Date, pupil *models.Pupil) []string {
	if one, known := factor.Find(models.FactorBirthDate); known {
		var entered models.PupilFactors
		if value, code := one.Refused(p.Factors[one.Name]); code == "" {
			one.Put(&entered, value)
		}
		if !entered.BirthDate.IsZero() {
			pupil.SetComesOfAge(adultFrom(entered.BirthDate, today))
		}
	}
	if p.Adult == nil {
		return nil
	}
	switch present := pupil.ComesOfAge(); {
	case !*p.Adult:
		pupil.SetComesOfAge(civil.Date{})
	case present.IsZero() || today.Before(present):
		pupil.SetComesOfAge(today)
	}
	return []string{"adult"}
}

// mayChangeClaims refuses to change whose time the talks of a pupil take while some are booked.
func mayChangeClaims(tx *store.Tx, pupil models.PupilID) error {
	booked, err := store.Count[models.Appointment](tx, store.Eq("pupil_id", pupil), store.Eq("state", models.AppointmentBooked))
	if err == nil && booked > 0 {
		err = errs.New(errs.Conflict, "conference.talks-suffer").With("talks", fmt.Sprint(booked))
	}
	return err
}

// applyFactors sets what a log-in compares; a factor that the school does not ask for is not kept.
func (p PupilPatch) applyFactors(policy models.Policy, pupil *models.Pupil) ([]string, error) {
	var fields []string
	if p.Protected != nil {
		pupil.Protected = *p.Protected
		fields = append(fields, "protected")
	}
	for _, one := range factor.All {
		text, given := p.Factors[one.Name]
		if !given {
			continue
		}
		value, code := one.Refused(text)
		if code != "" {
			return nil, errs.InvalidField(string(one.Name), code)
		}
		// What is not kept has no value of a person's to be kept either: a later file says it.
		if policy.Keeps(one.Name) && !(one.OfHousehold && pupil.Protected) {
			one.Put(&pupil.Factors, value)
			fields = append(fields, string(one.Name))
		}
	}
	if pupil.Protected {
		pupil.Factors.Postcode = ""
	}
	return fields, nil
}

// ErasePupil erases one pupil by hand, at once: the row, log-in data, memberships and talks, and a household in which nobody is left, with its guardians and
// contacts. A family that stays, because it has other children here, is told of the talks that are cancelled by it.
func (s *Service) ErasePupil(ctx context.Context, actor models.Actor, id models.PupilID) error {
	err := s.change(ctx, actor, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		pupil, ok := people.Pupil(id)
		if !ok {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		var homes []models.HouseholdID
		for _, home := range people.HouseholdsOf(id) {
			homes = append(homes, home.HouseholdID)
		}
		if err := EraseLeavers(tx, []*models.Pupil{pupil}); err != nil {
			return err
		}
		if _, err := eraser.Imports(tx); err != nil {
			return err
		}
		if err := household.Leave(tx, homes); err != nil {
			return err
		}
		tx.AfterCommit(s.wake)
		return tx.Audited("pupil-erased", id, nil)
	})
	if err == nil {
		s.reach(ctx)
	}
	return err
}

// TalksToCome returns all booked talks that have not begun.
func TalksToCome(tx *store.Tx) ([]models.Appointment, error) {
	return talksToCome(tx, store.From("party", 1))
}

// talksToCome returns the booked talks that have not begun and meet a condition.
func talksToCome(tx *store.Tx, of store.Condition) ([]models.Appointment, error) {
	rows, err := tx.Appointments(of, store.Eq("state", models.AppointmentBooked))
	return slices.DeleteFunc(rows, func(row models.Appointment) bool { return !row.StartTick.Time().After(tx.Now()) }), err
}

// EraseLeavers removes everything of some pupils within a transaction. Their coming talks are cancelled by it, and the families told.
func EraseLeavers(tx *store.Tx, pupils []*models.Pupil) error {
	programme, err := tx.Programme() // once: each pupil that goes may take offers along, and would have it opened anew
	if err != nil {
		return err
	}
	told := appointment.NewConfirmations()
	for _, pupil := range pupils {
		coming, err := talksToCome(tx, store.Eq("pupil_id", pupil.ID))
		if err != nil {
			return err
		}
		for i := range coming {
			row := &coming[i]
			told.Add(row, row.BookingID, row.DayID, models.MessageChange{
				Act: models.ActCancel, Appointment: row.ID, Previous: row.StartTick, Why: models.WhyPupilGone, Secret: pupil.Protected,
			})
		}
		if err := household.DropGuardiansOf(tx, pupil.ID); err != nil {
			return err
		}
		if err := eraser.Pupil(tx, pupil.ID); err != nil {
			return err
		}
	}
	return told.Queue(tx, programme, appointment.ContactsIn(tx))
}
