package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// homeSays lists the guardians of a child's household with their contacts: "J. Smit j.smit@example.com(file)".
func (w *world) homeSays(child string) []string {
	w.t.Helper()
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home(child))
	w.must(err)
	var lines []string
	for _, guardian := range view.Guardians {
		line := guardian.Details.Name
		var contacts []string
		for _, contact := range view.Contacts {
			if contact.GuardianID == guardian.ID {
				contacts = append(contacts, fmt.Sprintf(" %s(%s)", contact.Details.Value, contact.Source))
			}
		}
		slices.Sort(contacts)
		lines = append(lines, line+strings.Join(contacts, ""))
	}
	slices.Sort(lines)
	return lines
}

func (w *world) removeGuardian(child, name string) {
	w.t.Helper()
	guardian, _ := w.guardianOf(child, name)
	w.must(w.booking.Households.RemoveGuardian(w.ctx, w.operator, guardian.HouseholdID, guardian.ID))
}

func TestAGuardianWhomStaffTookAwayDoesNotComeBackUnderTheSameNameOrAddress(t *testing.T) {
	t.Parallel()
	const mother = "J. Smit j.smit@example.com(file)"
	for name, steps := range map[string][]string{
		"the same files":              {},
		"another address":             {"p.degraaf@example.com", "piet@example.com"},
		"another name":                {"P. de Graaf", "Piet de Graaf"},
		"the name written otherwise":  {"P. de Graaf;p.degraaf@example.com", "P De Gráaf;piet@example.com"},
		"a number more":               {"p.degraaf@example.com;", "p.degraaf@example.com;0612345677"},
		"he comes first in the files": {"J. Smit;j.smit@example.com;;P. de Graaf;p.degraaf@example.com", "P. de Graaf;p.degraaf@example.com;;J. Smit;j.smit@example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			w.removeGuardian("Emma", "P. de Graaf")
			equal(t, "removed", w.homeSays("Emma"), []string{mother})
			result := w.again(steps...)
			equal(t, "after an import", w.homeSays("Emma"), []string{mother})
			equal(t, "kept", keptWords(result.Change.Kept), []string{"1004: guardian"})
			if len(steps) == 0 && !result.Change.Empty() {
				t.Errorf("the same files change %+v", result.Change)
			}
			w.must(w.booking.Households.Update(w.ctx, w.operator, w.home("Emma"), household.Patch{Release: []string{"removed_guardians"}}))
			w.again()
			equal(t, "let the files decide", w.homeSays("Emma"), []string{mother, "P. de Graaf p.degraaf@example.com(file)"})
		})
	}
}

func TestAnAddressThatBothGuardiansHadStaysTheOthers(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	shared := []string{"p.degraaf@example.com", "j.smit@example.com"}
	w.again(shared...)
	w.removeGuardian("Emma", "P. de Graaf")
	w.again(shared...)
	equal(t, "who is left", w.homeSays("Emma"), []string{"J. Smit j.smit@example.com(file)"})
}

func TestAGuardianWhomStaffAddedStaysAndIsNotDoubledByAFile(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	add := func(wanted household.NewContact) models.GuardianID {
		t.Helper()
		id, err := w.booking.Households.AddGuardian(w.ctx, w.operator, w.home("Jet"), wanted)
		w.must(err)
		return id
	}
	add(household.NewContact{Name: "Oma Prins"})
	add(household.NewContact{Name: "B. Kok", Email: "b.kok@example.com"})
	const prins = "A. Prins +31612345609(file) a.prins@example.com(file)"
	both := []string{prins, "B. Kok b.kok@example.com(staff)", "Oma Prins"}
	slices.Sort(both)
	if result := w.again(); !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
	equal(t, "after an import", w.homeSays("Jet"), both)
	// A file that brings one of them, by name or by address, adds what it says of the contacts.
	for _, step := range []struct{ in, want string }{
		{"Oma Prins;oma@example.com;", "Oma Prins oma@example.com(file)"},
		{"OMA PRINS;;0612345610", "Oma Prins +31612345610(file)"},
		{"Bea Kok;b.kok@example.com;0612345611", "B. Kok +31612345611(file) b.kok@example.com(staff)"},
	} {
		files := []string{"a.prins@example.com;0612345609;;;", "a.prins@example.com;0612345609;" + step.in}
		w.again(files...)
		if got := w.homeSays("Jet"); len(got) != 3 || !slices.Contains(got, step.want) {
			t.Errorf("%s: %q", step.in, got)
		}
		if again := w.again(files...); !again.Change.Empty() {
			t.Errorf("%s again changes %+v", step.in, again.Change)
		}
	}
	w.again()
	equal(t, "when no file names them", w.homeSays("Jet"), both)
	_, err := w.booking.Households.AddGuardian(w.ctx, w.operator, w.home("Jet"), household.NewContact{Email: "x@example.com"})
	wantField(t, err, "name", errs.CodeRequired)
	_, err = w.booking.Households.AddGuardian(w.ctx, w.operator, w.home("Jet"), household.NewContact{Name: "Kok 123456782"})
	wantField(t, err, "name", "not-a-name")
}

func TestAContactBelongsToTheGuardianWhoIsNamedAndStaysWithThatOne(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	prins, _ := w.guardianOf("Jet", "A. Prins")
	home := w.home("Jet")
	w.must(w.booking.Households.AddContact(w.ctx, w.operator, home, household.NewContact{Guardian: prins.ID, Email: "werk@example.com"}))
	const file, byHand = "A. Prins +31612345609(file) a.prins@example.com(file) werk@example.com(staff)", "A. Prins werk@example.com(staff)"
	equal(t, "added", w.homeSays("Jet"), []string{file})
	if result := w.again(); !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
	w.again("a.prins@example.com", "anna@example.com")
	equal(t, "with another address in the file", w.homeSays("Jet"), []string{strings.Replace(file, "a.prins", "anna", 1)})
	result := w.again("A. Prins;a.prins@example.com;0612345609", "C. Ander;c.ander@example.com;")
	equal(t, "where the file has somebody else", w.homeSays("Jet"), []string{byHand, "C. Ander c.ander@example.com(file)"})
	equal(t, "kept", keptWords(result.Change.Kept), []string{"1009: guardian_entered"})
	if result := w.again("A. Prins;a.prins@example.com;0612345609", "C. Ander;c.ander@example.com;"); !result.Change.Empty() {
		t.Errorf("the same again changes %+v", result.Change)
	}
	w.again()
	equal(t, "where the file has both back", w.homeSays("Jet"), []string{file})

	err := w.booking.Households.AddContact(w.ctx, w.operator, home, household.NewContact{Guardian: prins.ID})
	wantField(t, err, "email", errs.CodeRequired)
	err = w.booking.Households.AddContact(w.ctx, w.operator, w.home("Emma"), household.NewContact{Guardian: prins.ID, Email: "x@example.com"})
	wantField(t, err, "guardian", errs.CodeUnknown)
}

func TestAContactOfAGuardianWhoIsNotInformedIsSentNothing(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.patchGuardian("Emma", "P. de Graaf", household.GuardianPatch{Informed: new(false)})
	father, _ := w.guardianOf("Emma", "P. de Graaf")
	w.must(w.booking.Households.AddContact(w.ctx, w.operator, w.home("Emma"), household.NewContact{Guardian: father.ID, Phone: "0612345677"}))
	w.wantUninformed("Emma", "P. de Graaf", true)
	w.again("p.degraaf@example.com", "piet@example.com")
	w.wantUninformed("Emma", "P. de Graaf", true)
}

func TestTheLanguageAndTheInterpreterOfAHouseholdAreKeptAndGoAlong(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	set := func(child string, patch household.Patch) {
		t.Helper()
		w.must(w.booking.Households.Update(w.ctx, w.operator, w.home(child), patch))
	}
	want := func(when, child, language, interpreter string) {
		t.Helper()
		view, err := w.booking.Households.Get(w.ctx, w.operator, w.home(child))
		w.must(err)
		if got := view.Household.Details; got.Language != language || got.Interpreter != interpreter {
			t.Errorf("%s: %+v", when, got)
		}
		for _, contact := range view.Contacts {
			if contact.Language != language {
				t.Errorf("%s: %s is written to in %q", when, contact.Details.Value, contact.Language)
			}
		}
	}
	set("Emma", household.Patch{Language: new("en"), Interpreter: new(" Tigrinya ")})
	want("set", "Emma", "en", "Tigrinya")
	if result := w.again(); !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
	w.again("p.degraaf@example.com", "piet@example.com")
	want("with another address in the file", "Emma", "en", "Tigrinya")
	w.must(second(w.booking.Households.AddGuardian(w.ctx, w.operator, w.home("Emma"), household.NewContact{Name: "Oma", Email: "oma@example.com"})))
	want("with a guardian more", "Emma", "en", "Tigrinya")
	w.join("Emma", "Hugo")
	w.split("Emma")
	want("joined and split", "Emma", "en", "Tigrinya")
	w.patchGuardian("Emma", "Oma", household.GuardianPatch{Language: new("nl")})
	_, contacts := w.guardianOf("Emma", "Oma")
	if contacts[0].Language != "nl" {
		t.Error("a guardian's own language goes before the household's")
	}
	w.patchGuardian("Emma", "Oma", household.GuardianPatch{Language: new("")})
	want("her own taken back", "Emma", "en", "Tigrinya")
	set("Emma", household.Patch{Language: new(""), Interpreter: new("")})
	want("taken back", "Emma", "", "")
	err := w.booking.Households.Update(w.ctx, w.operator, w.home("Emma"), household.Patch{Interpreter: new(strings.Repeat("a", 61))})
	wantField(t, err, "interpreter", "too-long")
	err = w.booking.Households.Update(w.ctx, w.operator, w.home("Emma"), household.Patch{Release: []string{"surname"}})
	wantField(t, err, "release", errs.CodeUnknown)
}

func TestTheNameOfAGuardianIsGivenBackToTheFiles(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.patchGuardian("Emma", "J. Smit", household.GuardianPatch{Name: new("Jannie Smit")})
	w.patchGuardian("Emma", "Jannie Smit", household.GuardianPatch{Release: []string{"name"}})
	w.guardianOf("Emma", "J. Smit")
	if result := w.again(); !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
	guardian, _ := w.guardianOf("Emma", "J. Smit")
	err := w.booking.Households.UpdateGuardian(w.ctx, w.operator, guardian.HouseholdID, guardian.ID, household.GuardianPatch{Release: []string{"name"}})
	wantField(t, err, "release", errs.CodeUnknown)
}
