package booking_test

import (
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// guardian finds a guardian of a child's household by name, with the contacts.
func (w *world) guardianOf(child, name string) (*models.Guardian, []models.Contact) {
	w.t.Helper()
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home(child))
	w.must(err)
	at := slices.IndexFunc(view.Guardians, func(one *models.Guardian) bool { return one.Details.Name == name })
	if at < 0 {
		w.t.Fatalf("%s has no guardian %q", child, name)
	}
	return view.Guardians[at], slices.DeleteFunc(view.Contacts, func(one models.Contact) bool { return one.GuardianID != view.Guardians[at].ID })
}

func (w *world) patchGuardian(child, name string, patch household.GuardianPatch) {
	w.t.Helper()
	guardian, _ := w.guardianOf(child, name)
	w.must(w.booking.Households.UpdateGuardian(w.ctx, w.operator, guardian.HouseholdID, guardian.ID, patch))
}

func (w *world) wantUninformed(child, name string, want bool) {
	w.t.Helper()
	guardian, contacts := w.guardianOf(child, name)
	if guardian.Details.Uninformed != want {
		w.t.Errorf("%s is told nothing: %t", name, guardian.Details.Uninformed)
	}
	for _, contact := range contacts {
		if contact.Suppressed != want || (contact.SuppressedFor == models.SuppressedUninformed) != want {
			w.t.Errorf("the %s of %s: suppressed %t for %q", contact.Kind, name, contact.Suppressed, contact.SuppressedFor)
		}
	}
}

func TestAGuardianWhoIsNotInformedIsSentNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	emma := w.recognised("Emma Smit")
	emma.makes(w.talk("Emma Vak LON 19:00"))
	w.patchGuardian("Emma", "P. de Graaf", household.GuardianPatch{Informed: new(false)})
	w.wantUninformed("Emma", "P. de Graaf", true)
	w.wantUninformed("Emma", "J. Smit", false)
	if letters := p.drain(); len(letters) != 1 || len(to(letters, "j.smit@example.com")) != 1 { // what was queued for both before
		t.Errorf("%d letters", len(letters))
	}
	asked := func(address string) int {
		facts := map[models.Factor]string{models.FactorBirthDate: known["Emma Smit"][0], models.FactorPostcode: known["Emma Smit"][1]}
		_, err := w.auth.Parents.RequestCode(w.ctx, w.school, parent.Answers{Name: "Emma Smit", Factors: facts}, parent.Origin{})
		w.must(err)
		return len(to(p.drain(), address))
	}
	if got := asked("p.degraaf@example.com"); got != 0 {
		t.Errorf("%d codes", got)
	}
	bounced, err := w.booking.Messages.BouncedContacts(w.ctx, w.operator)
	if w.must(err); len(bounced) != 0 {
		t.Error("the office is told that mail to somebody came back to whom none goes")
	}
	_, contacts := w.guardianOf("Emma", "P. de Graaf")
	err = w.booking.Messages.RestoreContact(w.ctx, w.operator, w.home("Emma"), contacts[0].ID)
	wantCode(t, err, errs.CodeNotInformed)

	w.patchGuardian("Emma", "P. de Graaf", household.GuardianPatch{Informed: new(true)})
	w.wantUninformed("Emma", "P. de Graaf", false)
	emma.book(appointment.Change{Move: []appointment.MoveItem{emma.move("Tue 19:00 Emma LON", 0, "19:30")}})
	if letters := p.drain(); len(to(letters, "p.degraaf@example.com")) != 1 {
		t.Errorf("%d letters after the decision was taken back", len(letters))
	}
	if got := asked("p.degraaf@example.com"); got != 1 {
		t.Errorf("%d codes after the decision was taken back", got)
	}
}

func TestFilesDoNotInformWhoIsNotInformed(t *testing.T) {
	t.Parallel()
	const both, father = "J. Smit;j.smit@example.com;;P. de Graaf;p.degraaf@example.com", "P. de Graaf;p.degraaf@example.com"
	for name, steps := range map[string][]string{
		"the same files":                      {},
		"another address":                     {father, "P. de Graaf;piet@example.com"},
		"another name":                        {father, "Piet de Graaf;p.degraaf@example.com"},
		"a telephone number more":             {father + ";", father + ";0612345677"},
		"he comes first":                      {both, father + ";;J. Smit;j.smit@example.com"},
		"both share an address":               {"j.smit@example.com", "p.degraaf@example.com"},
		"he is not in the file, and is again": {";" + father + ";", ";;;"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			w.patchGuardian("Emma", "P. de Graaf", household.GuardianPatch{Informed: new(false)})
			w.again(steps...)
			w.again()
			w.wantUninformed("Emma", "P. de Graaf", true)
			w.wantUninformed("Emma", "J. Smit", false)
			if len(steps) > 0 {
				w.again(steps...)
			}
			view, err := w.booking.Households.Get(w.ctx, w.operator, w.home("Emma"))
			w.must(err)
			for _, contact := range view.Contacts {
				his := contact.Details.Value != "j.smit@example.com"
				if contact.Suppressed != his {
					t.Errorf("%s: suppressed %t", contact.Details.Value, contact.Suppressed)
				}
			}
			changed := w.again(steps...)
			if !changed.Change.Empty() {
				t.Errorf("the same again changes %+v", changed.Change)
			}
		})
	}
}

func TestWhoIsInformedAgainIsInformedAtEarlierAddressesToo(t *testing.T) {
	t.Parallel()
	const former, present = "P. de Graaf;p.degraaf@example.com", "P. de Graaf;piet@example.com"
	w := newSchool(t)
	w.patchGuardian("Emma", "P. de Graaf", household.GuardianPatch{Informed: new(false)})
	w.patchGuardian("Emma", "J. Smit", household.GuardianPatch{Informed: new(false)})
	w.again(former, present)
	w.patchGuardian("Emma", "P. de Graaf", household.GuardianPatch{Informed: new(true)})
	w.wantUninformed("Emma", "P. de Graaf", false)
	w.again(former, ";p.degraaf@example.com") // the old address, of whoever it is
	w.wantUninformed("Emma", "", false)
	w.wantUninformed("Emma", "J. Smit", true)
	w.again("J. Smit;j.smit@example.com", ";j.smit@example.com")
	_, contacts := w.guardianOf("Emma", "")
	for _, contact := range contacts {
		if contact.Details.Value == "j.smit@example.com" && !contact.Suppressed {
			t.Error("the other one is informed, too")
		}
	}
}

func TestTheDecisionNotToInformGoesAlongWithTheChild(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.patchGuardian("Emma", "P. de Graaf", household.GuardianPatch{Informed: new(false)})
	_, err := w.booking.Households.Join(w.ctx, w.operator, []models.PupilID{w.pupils["Emma"], w.pupils["Hugo"]})
	w.must(err)
	w.wantUninformed("Emma", "P. de Graaf", true)
	_, err = w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: []models.PupilID{w.pupils["Emma"]}})
	w.must(err)
	w.wantUninformed("Emma", "P. de Graaf", true)
	w.again("P. de Graaf;p.degraaf@example.com", "P. de Graaf;piet@example.com")
	w.wantUninformed("Emma", "P. de Graaf", true)
}

func TestAGuardiansNameAndLanguageSetByHandAreKept(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.patchGuardian("Emma", "J. Smit", household.GuardianPatch{Name: new("  Jannie   Smit "), Language: new("en")})
	w.again()
	guardian, contacts := w.guardianOf("Emma", "Jannie Smit")
	if guardian.Language != "en" || len(contacts) != 1 || contacts[0].Language != "en" {
		t.Errorf("%+v %+v", guardian, contacts)
	}
	if again := w.again(); !again.Change.Empty() {
		t.Errorf("the same files change %+v", again.Change)
	}
	w.again("j.smit@example.com", "jannie@example.com")
	if guardian, contacts := w.guardianOf("Emma", "Jannie Smit"); guardian.Language != "en" || len(contacts) != 1 || contacts[0].Language != "en" {
		t.Errorf("with another address: %+v %+v", guardian, contacts)
	}
	w.again("J. Smit;", "Johanna Smit;") // the file has another name than it had
	w.guardianOf("Emma", "Johanna Smit")

	guardian, _ = w.guardianOf("Emma", "P. de Graaf")
	err := w.booking.Households.UpdateGuardian(w.ctx, w.operator, guardian.HouseholdID, guardian.ID, household.GuardianPatch{Name: new(" ")})
	wantField(t, err, "name", errs.CodeRequired)
	err = w.booking.Households.UpdateGuardian(w.ctx, w.operator, w.home("Hugo"), guardian.ID, household.GuardianPatch{Name: new("X")})
	wantCode(t, err, errs.CodeNotFound)
}
