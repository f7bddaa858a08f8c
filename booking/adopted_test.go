package booking_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// newcomer adds Lot Kok, born on 1 January 2014, by hand.
func (w *world) newcomer(key string) models.PupilID {
	w.t.Helper()
	made, err := w.booking.People.AddPupil(w.ctx, w.operator, people.NewPupil{Key: key, Patch: people.PupilPatch{
		Given: ptr("Lot"), Surname: ptr("Kok"), Group: ptr(w.groups["1A"]),
		Factors: map[models.Factor]string{models.FactorBirthDate: "1-1-2014", models.FactorPostcode: "4321BA"},
	}})
	w.must(err)
	w.look()
	return made.ID
}

func TestAPupilAddedByHandIsMatchedWithTheFileThatHasIt(t *testing.T) {
	t.Parallel()
	const row = "1010;Lot;;Kok;1-1-2014;4321BA;9;2B;2;K. Kok;k.kok@example.com;;;;\n"
	with := func(w *world) people.ImportRequest {
		request := w.changed()
		request.Files[0].Data = append(request.Files[0].Data, row...)
		return request
	}
	for name, tt := range map[string]struct {
		key   string
		asked bool
	}{
		"by the school's number": {"1010", false}, "by the number with zeros": {"001010", false}, "where nobody knew the number": {"", false},
		"by name and birth date under another number": {"77", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.newcomer(tt.key)
			w.logIn("Lot Kok", "1-1-2014", "4321BA").makes(w.talk("Lot Mentor NOO 19:00"))
			request := with(w)
			preview := w.previewed(request)
			equal(t, "adopted", keys(preview.Change.Adopted), []string{"Lot"})
			if len(preview.Change.Added)+len(preview.Change.Unsure) > 0 || len(preview.Change.Renumbered) > 0 != tt.asked {
				t.Fatalf("preview %+v", preview.Change)
			}
			if tt.asked {
				_, err := w.booking.People.Import(w.ctx, w.operator, request)
				wantCode(t, err, "import.renumbers")
				request.Renumbered = ptr(true)
			}
			w.imported(request)
			w.look()
			if w.pupils["Lot"] != id {
				t.Fatal("the pupil is there twice, or another one")
			}
			equal(t, "the talk stands", w.schedule(), []string{"Tue 19:00 Lot NOO"})
			equal(t, "the family is that of the file", w.homeSays("Lot"), []string{"K. Kok k.kok@example.com(file)"})
			if again := w.imported(request); !again.Change.Empty() || len(again.Change.Adopted) > 0 {
				t.Errorf("the same again changes %+v", again.Change)
			}
			// From now on the files decide.
			equal(t, "gone", keys(w.again().Change.Gone), []string{"Lot"})
			w.consistent()
		})
	}
}

func TestAPupilAddedByHandIsTheFilesWhereTheSchoolSaysSo(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	id := w.newcomer("")
	if result := w.again(); !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, id, people.PupilPatch{Release: []string{"added"}})
	w.must(err)
	equal(t, "gone", keys(w.again().Change.Gone), []string{"Lot"})
	_, err = w.booking.People.AddPupil(w.ctx, w.operator, people.NewPupil{Key: strings.Repeat("9", 257)})
	wantField(t, err, "key", "too-long")
}

func TestWhatWasSetByHandIsGivenBackToTheFiles(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Surname: ptr("Kok"), Group: ptr(w.groups["2B"]), Protected: ptr(true)})
	w.must(err)
	_, err = w.booking.People.UpdateStaff(w.ctx, w.operator, w.staff["NOO"], people.StaffPatch{DisplayName: ptr("Juf Ada"), Email: ptr("ada@example.com")})
	w.must(err)
	equal(t, "kept", keptWords(w.again().Change.Kept), []string{"1001: group", "1001: protected", "1001: surname", "NOO: display_name", "NOO: email"})
	byHand := func() (pupil, teacher []string) {
		fields, err := w.booking.ByHand.Fields(w.ctx, w.operator, models.SubjectPupil)
		w.must(err)
		staff, err := w.booking.ByHand.Fields(w.ctx, w.operator, models.SubjectStaff)
		w.must(err)
		return fields.Of(w.pupils["Anna"]), staff.Of(w.staff["NOO"])
	}
	pupil, teacher := byHand()
	equal(t, "by hand, the pupil", pupil, []string{"group", "protected", "surname"})
	equal(t, "by hand, the teacher", teacher, []string{"email", "name"})

	_, err = w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Release: []string{"surname", "protected"}})
	w.must(err)
	_, err = w.booking.People.UpdateStaff(w.ctx, w.operator, w.staff["NOO"], people.StaffPatch{Release: []string{"name"}})
	w.must(err)
	equal(t, "kept", keptWords(w.again().Change.Kept), []string{"1001: group", "NOO: email"})
	pupil, teacher = byHand()
	equal(t, "by hand, the pupil", pupil, []string{"group"})
	equal(t, "by hand, the teacher", teacher, []string{"email"})
	known, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	anna, _ := known.Pupil(w.pupils["Anna"])
	if anna.Details.Surname != "Bakker" || anna.Protected || anna.Factors.Postcode != "1234AB" {
		t.Errorf("%+v", anna)
	}
	if ada, _ := known.Staff(w.staff["NOO"]); ada.Details.DisplayName != "Ada Noord" || ada.Details.Email != "ada@example.com" {
		t.Errorf("%+v", ada.Details)
	}
	for _, field := range []string{"surname", "nonsense", "added"} {
		_, err = w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Release: []string{field}})
		wantField(t, err, "release", errs.CodeUnknown)
	}
}

func TestAPupilIsOfAgeByHandWhateverFilesSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	adult := func() bool {
		known, err := w.booking.People.Staff(w.ctx, w.operator)
		w.must(err)
		cato, _ := known.Pupil(w.pupils["Cato"])
		day := cato.ComesOfAge()
		return !day.IsZero() && day.String() <= "2026-11-03"
	}
	set := func(patch people.PupilPatch) {
		t.Helper()
		_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Cato"], patch)
		w.must(err)
	}
	offered := func(s *session) int {
		talks := 0
		for _, child := range s.family().Children {
			if child.Given == "Cato" {
				talks = len(child.Talks)
			}
		}
		return talks
	}
	set(people.PupilPatch{Adult: ptr(true), ParentsMayBook: ptr(false)})
	result := w.again()
	if equal(t, "kept", keptWords(result.Change.Kept), []string{"1003: adult"}); !result.Change.Empty() || !adult() {
		t.Errorf("change %+v, of age %v", result.Change, adult())
	}
	if got := offered(w.confirmed("Cato Bakker")); got > 0 {
		t.Errorf("the parents are offered %d talks", got)
	}
	_, err := w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: []models.PupilID{w.pupils["Cato"]}, OwnPupil: true, Beside: true})
	w.must(err)
	known, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	own := known.HouseholdsOf(w.pupils["Cato"])
	if got := offered(w.confirmedAt(own[1].HouseholdID, "Cato Bakker")); got == 0 {
		t.Error("the pupil is offered nothing in a household of her own")
	}
	set(people.PupilPatch{Release: []string{"adult"}})
	if w.again(); adult() {
		t.Error("the file's birth date does not decide")
	}
	// A birth date that was corrected by hand decides, too, and over the file's.
	set(people.PupilPatch{Factors: map[models.Factor]string{models.FactorBirthDate: "1-2-2008"}})
	if !adult() {
		t.Error("a birth date entered by hand does not say who is of age")
	}
	if w.again(); !adult() {
		t.Error("a birth date entered by hand does not say who is of age after an import")
	}
	set(people.PupilPatch{Adult: ptr(false)})
	if w.again(); adult() {
		t.Error("of age although somebody says not")
	}
	if !slices.Contains(mustFields(w, models.SubjectPupil).Of(w.pupils["Cato"]), "adult") {
		t.Error("not shown as set by hand")
	}
}

func mustFields(w *world, kind models.SubjectKind) byhand.Fields {
	w.t.Helper()
	fields, err := w.booking.ByHand.Fields(w.ctx, w.operator, kind)
	w.must(err)
	return fields
}
