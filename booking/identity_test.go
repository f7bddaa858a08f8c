package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func TestBrothersAndSistersWithTwoPostcodesEachOpenByTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.homes()
	w.again("Bram;;Bakker;5-5-2012;1234AB;1", "Bram;;Bakker;5-5-2012;9999ZZ;9")
	equal(t, "homes", w.homes(), before)
	for name, facts := range map[string][2]string{"Anna Bakker": {"1-3-2014", "1234AB"}, "Bram Bakker": {"5-5-2012", "9999ZZ"}, "Cato Bakker": {"7-7-2010", "1234AB"}} {
		if !w.enters(name, facts[0], facts[1]) {
			t.Errorf("%s does not open by the postcode that the file gives the child", name)
		}
	}
	if kept := w.ready(w.evening.ID).CannotLogIn; len(kept) > 0 {
		t.Errorf("kept out %+v", kept)
	}
	if result := w.again("Bram;;Bakker;5-5-2012;1234AB;1", "Bram;;Bakker;5-5-2012;9999ZZ;9"); !result.Change.Empty() {
		t.Errorf("the same file changes %+v", result.Change)
	}
}

// A home to which a person gave a postcode opens by that alone: the file's may be where a former partner lives.
func TestAPostcodeThatAPersonGaveAHomeIsNotJoinedByTheFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: []models.PupilID{w.pupils["Jet"]}, Postcode: "4444DD"})
	w.must(err)
	w.again()
	if w.enters("Jet Prins", "10-10-2014", "6789GH") || !w.enters("Jet Prins", "10-10-2014", "4444DD") {
		t.Error("the postcode that a person gave the home does not decide")
	}
}

func TestTheCountOfWhoIsKeptOutComparesWhatLogInCompares(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.again(line("Iris"), line("Iris")+"1010;Rik;;Tak;1-1-2014;7777HH;1;1A;1;;;;;;\n1011;Rik;;Tak;1-1-2014;7777KK;3;1A;1;;;;;;\n")
	if kept := w.ready(w.evening.ID).CannotLogIn; len(kept) > 0 {
		t.Errorf("two postcodes keep out %+v", kept)
	}
	_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Policy: &models.Policy{Factors: []models.Factor{models.FactorPostcode, models.FactorBirthDate}, PostcodePart: models.PostcodeDigits}, AcceptLockedOut: ptr(2)})
	w.must(err)
	equal(t, "kept out by the digits", names(w.ready(w.evening.ID).CannotLogIn), []string{"1A Rik Tak: not-unique", "1A Rik Tak: not-unique"})
	if w.enters("Rik Tak", "1-1-2014", "7777") {
		t.Error("one of two got in")
	}
}

// staffNow lists the staff as key, name and address.
func (w *world) staffNow() (list []string) {
	w.t.Helper()
	known, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	for _, staff := range known.AllStaff() {
		list = append(list, staff.Details.Key+" "+staff.Details.DisplayName+" "+staff.Details.Email)
	}
	slices.Sort(list)
	return list
}

func TestTheSameTeacherIsFoundAgainByCodeAddressOrName(t *testing.T) {
	t.Parallel()
	base := []string{"groep;leerkracht;email;leerkrachtcode", "1A;Els Bos;bos@s.example;BOS", "1A;A. de Vries;vra@s.example;VRA", "1A;A. de Vries;vri@s.example;VRI", "1A;Per Smit;;"}
	for name, tt := range map[string]struct {
		lines []string
		same  bool // nobody new
		want  []string
	}{
		"without codes": {[]string{"groep;leerkracht;email", "1A;Els Bos;bos@s.example", "1A;A. de Vries;vra@s.example", "1A;A. de Vries;vri@s.example", "1A;Per Smit;"}, true,
			[]string{"BOS Els Bos bos@s.example", "VRA A. de Vries vra@s.example", "VRI A. de Vries vri@s.example", "smit|per Per Smit "}},
		"another code": {[]string{base[0], "1A;Els Bos;bos@s.example;ELB", base[2], base[3], "1A;Per Smit;;SMI"}, true,
			[]string{"ELB Els Bos bos@s.example", "SMI Per Smit ", "VRA A. de Vries vra@s.example", "VRI A. de Vries vri@s.example"}},
		"two codes changed places": {[]string{base[0], base[1], "1A;A. de Vries;vra@s.example;VRI", "1A;A. de Vries;vri@s.example;VRA", base[4]}, true,
			[]string{"BOS Els Bos bos@s.example", "VRA A. de Vries vri@s.example", "VRI A. de Vries vra@s.example", "smit|per Per Smit "}},
		"another name": {[]string{base[0], "1A;Els Bos-Kok;bos-kok@s.example;BOS", base[2], base[3], base[4]}, true,
			[]string{"BOS Els Bos-Kok bos-kok@s.example", "VRA A. de Vries vra@s.example", "VRI A. de Vries vri@s.example", "smit|per Per Smit "}},
		"a code given to somebody new": {[]string{base[0], "1A;Wim Oss;oss@s.example;BOS", base[2], base[3], base[4]}, false,
			[]string{"BOS Els Bos bos@s.example", "BOS Wim Oss oss@s.example", "VRA A. de Vries vra@s.example", "VRI A. de Vries vri@s.example", "smit|per Per Smit "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			given := func(lines []string) people.ImportRequest {
				request := w.changed()
				request.Files[1].Data = []byte(strings.Join(lines, "\n") + "\n")
				request.AllowRemoval = true
				return request
			}
			w.imported(given(base))
			w.look()
			before := map[string]bool{}
			for _, id := range w.staff {
				before[id.String()] = true
			}
			vra, els := w.staff["VRA"], w.staff["BOS"]
			w.imported(given(tt.lines))
			got := w.staffNow()
			for _, gone := range []string{"NOO", "OOS", "ZUI", "WES", "LON", "VIS", "KAD"} {
				got = slices.DeleteFunc(got, func(line string) bool { return strings.HasPrefix(line, gone+" ") })
			}
			equal(t, "staff", got, tt.want)
			known, err := w.booking.People.Staff(w.ctx, w.operator)
			w.must(err)
			for _, staff := range known.AllStaff() {
				if !before[staff.ID.String()] && tt.same {
					t.Errorf("%s is new", staff.Details.DisplayName)
				}
			}
			if staff, ok := known.Staff(vra); !ok || staff.Details.Email != "vra@s.example" {
				t.Error("one of two with one name became the other")
			}
			if staff, ok := known.Staff(els); !ok || staff.Details.Given != "Els" {
				t.Error("Els became somebody else")
			}
			if again := w.imported(given(tt.lines)); !again.Change.Empty() {
				t.Errorf("the same file changes %+v", again.Change)
			}
		})
	}
}

func TestAnAddressThatNeedNotBeAParentsGetsNoCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.again("j.smit@example.com", "administratie@school.example.com", "a.prins@example.com", "administratie@school.example.com", "m.bakker@example.com", "geen@geen.nl")
	equal(t, "homes", w.homes(), []string{"Anna+Bram+Cato", "Emma", "Finn", "Gijs", "Hugo", "Iris", "Jet"})
	w.read(func(tx *store.Tx) {
		contacts, err := store.List[models.Contact](tx)
		w.must(err)
		for _, contact := range contacts {
			office := contact.Details.Value == "administratie@school.example.com"
			if slices.Contains(contact.Purposes, "code") == office || contact.Details.Value == "geen@geen.nl" {
				t.Errorf("%s: %v", contact.Details.Value, contact.Purposes)
			}
		}
	})
	again := w.changed("j.smit@example.com", "administratie@school.example.com", "a.prins@example.com", "administratie@school.example.com", "m.bakker@example.com", "geen@geen.nl")
	if result := w.imported(again); !result.Change.Empty() {
		t.Errorf("the same file changes %+v", result.Change)
	}
	w.again("a.prins@example.com", "administratie2@example.com")
	w.read(func(tx *store.Tx) {
		contacts, err := store.List[models.Contact](tx)
		w.must(err)
		if at := slices.IndexFunc(contacts, func(c models.Contact) bool { return c.Details.Value == "administratie2@example.com" }); at < 0 || !slices.Contains(contacts[at].Purposes, "code") {
			t.Error("a parent's own address gets no codes")
		}
	})
}

func TestAPupilUnderAnotherNumberKeepsEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	family := w.confirmed("Anna Bakker")
	family.makes(w.talks("Anna Vak LON 19:00", "Bram Vak LON 19:20")...)
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Year: ptr("9")})
	w.must(err)
	anna, home, before := w.pupils["Anna"], w.home("Anna"), w.homes()
	all := []string{}
	for n := range 9 {
		all = append(all, fmt.Sprintf("100%d;", n+1), fmt.Sprintf("77%d;", n+1))
	}
	request := w.changed(all...)
	_, err = w.booking.People.Import(w.ctx, w.operator, request)
	wantCode(t, err, "import.renumbers")
	preview, err := w.booking.People.PreviewImport(w.ctx, w.operator, request)
	w.must(err)
	if len(preview.Change.Renumbered) != 9 || len(preview.Change.Gone)+len(preview.Change.Added)+preview.Change.CancelledTalks > 0 {
		t.Fatalf("preview %+v", preview.Change)
	}
	no := request
	no.Renumbered = ptr(false)
	_, err = w.booking.People.Import(w.ctx, w.operator, no)
	wantCode(t, err, "import.removes-many")
	request.Digest, request.Renumbered = preview.Digest, ptr(true)
	w.imported(request)
	w.look()
	equal(t, "the family's talks", family.sees(), []string{"Tue 19:00 Anna LON", "Tue 19:20 Bram LON"})
	equal(t, "homes", w.homes(), before)
	if w.pupils["Anna"] != anna || w.home("Anna") != home || !w.enters("Anna Bakker", "1-3-2014", "1234AB") {
		t.Error("Anna became somebody else")
	}
	w.read(func(tx *store.Tx) {
		known, err := tx.Directory()
		w.must(err)
		if pupil, _ := known.Pupil(anna); pupil.Details.Key != "771" || pupil.Year != "9" {
			t.Errorf("she is %+v %s", pupil.Details, pupil.Year)
		}
		if found, err := store.Find[models.Pupil](tx, models.SubjectPupil, "771"); err != nil || found.ID != anna {
			t.Errorf("her new number finds %v, %v", found, err)
		}
		if _, err := store.Find[models.Pupil](tx, models.SubjectPupil, "1001"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("her old number finds somebody: %v", err)
		}
	})
	request.Digest, request.Renumbered = "", nil
	if again := w.imported(request); !again.Change.Empty() {
		t.Errorf("the same file changes %+v", again.Change)
	}
	w.consistent()
}

func TestAValueThatIsNotKeptIsNotKeptAgainstTheNextFile(t *testing.T) {
	t.Parallel()
	asks := func(factors ...models.Factor) *models.Policy {
		return &models.Policy{Factors: factors, PostcodePart: models.PostcodeAll}
	}
	for name, set := range map[string]func(*world){
		"set while nobody asked": func(w *world) {
			_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Policy: asks(models.FactorBirthDate, models.FactorPostcode)})
			w.must(err)
			_, err = w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Factors: map[models.Factor]string{models.FactorStudentNumber: "4711"}})
			w.must(err)
		},
		"set before the school ceased to ask": func(w *world) {
			_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Policy: asks(models.FactorBirthDate, models.FactorStudentNumber)})
			w.must(err)
			_, err = w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Factors: map[models.Factor]string{models.FactorStudentNumber: "4711"}})
			w.must(err)
			_, err = w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Policy: asks(models.FactorBirthDate, models.FactorPostcode)})
			w.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			set(w)
			_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Policy: asks(models.FactorBirthDate, models.FactorStudentNumber)})
			w.must(err)
			result := w.again()
			w.read(func(tx *store.Tx) {
				known, err := tx.Directory()
				w.must(err)
				if anna, _ := known.Pupil(w.pupils["Anna"]); anna.Factors.StudentNumber != "1001" || len(result.Change.Kept) > 0 {
					t.Errorf("number %q, kept %v", anna.Factors.StudentNumber, result.Change.Kept)
				}
			})
		})
	}
}

func TestAPupilIsNotKeptByHandWithoutBothNames(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	for field, patch := range map[string]people.PupilPatch{"surname": {Given: ptr("Kees"), Prefix: ptr("de")}, "given": {Surname: ptr("Bos")}} {
		_, err := w.booking.People.AddPupil(w.ctx, w.operator, people.NewPupil{Key: "77", Patch: patch})
		wantField(t, err, field, errs.CodeRequired)
	}
	for field, patch := range map[string]people.PupilPatch{"surname": {Surname: ptr(" - ")}, "given": {Given: ptr("")}} {
		_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], patch)
		wantField(t, err, field, errs.CodeRequired)
	}
}

func TestWhatStaysBecauseNoFileTellsItIsNamed(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, askedOfAll)
	w.imported(people.ImportRequest{Files: asFile(forty())})
	lines := forty()
	for i := range lines {
		lines[i] = slices.Concat(lines[i][:8], lines[i][10:]) // without further groups and teachers
	}
	result := w.imported(people.ImportRequest{Files: asFile(lines)})
	equal(t, "untold", result.Change.Untold, []string{"groups", "teachings"})
	if !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
}

func TestAHouseholdsOwnPostcodeIsCountedWhenItGoes(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	_, err := w.booking.Households.Join(w.ctx, w.operator, []models.PupilID{w.pupils["Gijs"], w.pupils["Jet"]})
	w.must(err)
	without := []string{"6-6-2012;4567DE", "6-6-2012;", "10-10-2014;6789GH", "10-10-2014;"}
	w.again(without...)
	home := w.home("Gijs")
	w.write(func(tx *store.Tx) error {
		row, err := store.Get[models.Household](tx, home)
		w.must(err)
		row.Factors = models.HouseholdFactors{Postcode: "4444DD"} // as kept before hands were noted
		return store.Update(tx, row, "factors")
	})
	preview, err := w.booking.People.PreviewImport(w.ctx, w.operator, w.changed(without...))
	w.must(err)
	if preview.Change.Erased["household_postcode"] != 1 {
		t.Errorf("erased %v", preview.Change.Erased)
	}
	text := ""
	for line := range strings.Lines(pupilsFile) {
		cells := strings.Split(line, ";")
		text += strings.Join(slices.Concat(cells[:5], cells[6:]), ";")
	}
	request := w.changed()
	request.Files[0].Data = []byte(text)
	result := w.imported(request)
	w.read(func(tx *store.Tx) {
		known, err := tx.Directory()
		w.must(err)
		if kept, _ := known.Household(home); kept.Factors.Postcode != "4444DD" || len(result.Change.Erased) > 0 {
			t.Errorf("postcode %q, erased %v", kept.Factors.Postcode, result.Change.Erased)
		}
	})
}

// The day of coming of age tells the birth date: it stands among what is sealed for log-in, also what an earlier version kept among what is open.
func TestTheDayOfComingOfAgeIsSealedWithTheFactors(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.again("Cato;;Bakker;7-7-2010", "Cato;;Bakker;7-7-2007")
	day := func() (open, sealed string) {
		w.read(func(tx *store.Tx) {
			known, err := tx.Directory()
			w.must(err)
			cato, _ := known.Pupil(w.pupils["Cato"])
			open, sealed = fmt.Sprintf("%+v", cato.Details), cato.ComesOfAge().String()
		})
		return open, sealed
	}
	if open, sealed := day(); strings.Contains(open, "2025") || sealed != "2025-07-07" {
		t.Errorf("open %s, sealed %s", open, sealed)
	}
	earlier := func(tx *store.Tx) error {
		rows, err := store.List[models.Pupil](tx, store.Eq("id", w.pupils["Cato"]))
		w.must(err)
		w.must(store.OpenGuarded(tx, rows))
		rows[0].Details.FormerAdultFrom, rows[0].Factors.AdultFrom = rows[0].Factors.AdultFrom, civil.Date{}
		return store.Update(tx, &rows[0], "details", "factors")
	}
	for name, moves := range map[string]func(){
		"an import": func() { w.again("Cato;;Bakker;7-7-2010", "Cato;;Bakker;7-7-2007") },
		"a correction by hand": func() {
			_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Cato"], people.PupilPatch{Year: ptr("4")})
			w.must(err)
		},
		"a new policy": func() {
			_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Policy: &models.Policy{Factors: []models.Factor{models.FactorPostcode, models.FactorStudentNumber}, PostcodePart: models.PostcodeAll}})
			w.must(err)
		},
	} {
		w.write(earlier)
		if open, sealed := day(); !strings.Contains(open, "2025") || sealed != "2025-07-07" {
			t.Fatalf("before %s: open %s, sealed %s", name, open, sealed)
		}
		moves()
		if open, sealed := day(); strings.Contains(open, "2025") || sealed != "2025-07-07" {
			t.Errorf("%s: open %s, sealed %s", name, open, sealed)
		}
	}
}
