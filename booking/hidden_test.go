package booking_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

func TestWhoProbesForTheFamilysHiddenTalksIsAskedToConfirm(t *testing.T) {
	t.Parallel()
	w := building(t)
	w.change(models.ConferenceRules{})
	w.recognised("Anna Bakker").book(appointment.Change{Make: w.talks(sixTalks...)})
	stranger := w.recognised("Anna Bakker")
	probe := appointment.Change{Make: w.talks(sixTalks[0])}
	var codes []string
	for range 8 {
		_, err := stranger.try(probe)
		codes = append(codes, errs.CodeOf(err))
	}
	if first := slices.Index(codes, "booking.confirm-first"); first < 3 || slices.Contains(codes[:first], "") || codes[7] != "booking.confirm-first" {
		t.Errorf("the answers were %q", codes)
	}
	// The family itself, confirmed, goes on; and another family never notices.
	if _, err := w.confirmed("Anna Bakker").try(probe); errs.CodeOf(err) != "booking.items" {
		t.Errorf("the confirmed family got %v", err)
	}
	// A day later the stranger may try again.
	w.clock.Advance(25 * time.Hour)
	if _, err := w.recognised("Anna Bakker").try(probe); errs.CodeOf(err) != "booking.items" {
		t.Errorf("a day later: %v", err)
	}
}

func TestASchoolsNameIsOneLineThatCanBeRead(t *testing.T) {
	t.Parallel()
	w := building(t)
	name := "\u202e"
	_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Details: &models.SchoolDetails{Name: name}})
	if errs.KindOf(err) != errs.Invalid {
		t.Errorf("a name that nobody can read: %v", err)
	}
	school, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Details: &models.SchoolDetails{Name: "De\r\nMerel\u200b"}})
	w.must(err)
	if school.Details.Name != "De Merel" {
		t.Errorf("the name became %q", school.Details.Name)
	}
}

func TestACitizenNumberIsNoKeyAndNoName(t *testing.T) {
	t.Parallel()
	w := building(t)
	given, number := "Test", "111222333"
	for name, wanted := range map[string]people.NewPupil{
		"as a key":            {Key: number, Patch: people.PupilPatch{Given: &given}},
		"as a student number": {Key: "k1", Patch: people.PupilPatch{Given: &given, Factors: map[models.Factor]string{models.FactorStudentNumber: number}}},
		"in a name":           {Key: "k2", Patch: people.PupilPatch{Given: ptr("Test " + number)}},
	} {
		if _, err := w.booking.People.AddPupil(w.ctx, w.operator, wanted); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
