package booking_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func ptr[T any](value T) *T { return &value }

// enters reports whether a parent is recognised.
func (w *world) enters(name, birthDate, postcode string) bool {
	w.t.Helper()
	_, err := w.auth.Parents.Recognise(w.ctx, w.school, parent.Answers{Name: name, Factors: map[models.Factor]string{models.FactorBirthDate: birthDate, models.FactorPostcode: postcode}}, parent.Origin{})
	if err != nil && errs.KindOf(err) != errs.Unauthenticated {
		w.t.Fatal(err)
	}
	return err == nil
}

func TestWhatWasSetByHandIsKeptAndReported(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Surname: ptr("Bakker-Kok"), Factors: map[models.Factor]string{models.FactorPostcode: *ptr("1111 AA")}, Group: ptr(w.groups["2B"])})
	w.must(err)
	_, err = w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Jet"], people.PupilPatch{Factors: map[models.Factor]string{models.FactorBirthDate: *ptr("11-10-2014")}})
	w.must(err)
	_, err = w.booking.People.UpdateStaff(w.ctx, w.operator, w.staff["NOO"], people.StaffPatch{DisplayName: ptr("Juf Ada"), Email: ptr("ada@example.com")})
	w.must(err)
	before := w.counts()
	result := w.again()
	want := []string{"1001: group", "1001: postcode", "1001: surname", "1009: birth_date", "NOO: display_name", "NOO: email"}
	equal(t, "kept", keptWords(result.Change.Kept), want)
	if !result.Change.Empty() || w.appeared(before) != "" {
		t.Errorf("change %+v, rows %s", result.Change, w.appeared(before))
	}
	if !w.enters("Anna Bakker-Kok", "1-3-2014", "1111AA") || w.enters("Anna Bakker-Kok", "1-3-2014", "1234AB") {
		t.Error("the postcode entered by hand does not decide")
	}
	if !w.enters("Bram Bakker", "5-5-2012", "1111AA") {
		t.Error("a brother does not live where his sister does")
	}
	// What the file changes elsewhere still comes.
	result = w.again("1001;Anna;;Bakker;1-3-2014", "1001;Annabel;;Bakker;1-3-2014", "1009;Jet;;Prins;10-10-2014;6789GH", "1009;Jet;;Prins;10-10-2014;6789HG")
	equal(t, "changed", keys(result.Change.Changed), []string{"Annabel given", "Jet postcode"})
	if !w.enters("Jet Prins", "11-10-2014", "6789HG") || w.enters("Jet Prins", "10-10-2014", "6789HG") {
		t.Error("the birth date entered by hand does not decide")
	}
}

func TestAContactThatStaffTookAwayDoesNotComeBack(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	home := w.home("Emma")
	remove := func(value string) {
		t.Helper()
		view, err := w.booking.Households.Get(w.ctx, w.operator, home)
		w.must(err)
		at := slices.IndexFunc(view.Contacts, func(c models.Contact) bool { return c.Details.Value == value })
		w.must(w.booking.Households.RemoveContact(w.ctx, w.operator, home, view.Contacts[at].ID))
		err = w.booking.Households.RemoveContact(w.ctx, w.operator, home, view.Contacts[at].ID)
		wantKind(t, err, errs.NotFound)
		err = w.booking.Households.RemoveContact(w.ctx, w.operator, w.home("Jet"), view.Contacts[at].ID)
		wantKind(t, err, errs.NotFound)
	}
	remove("p.degraaf@example.com")
	result := w.again()
	equal(t, "kept", keptWords(result.Change.Kept), []string{"1004: contact"})
	view, err := w.booking.Households.Get(w.ctx, w.operator, home)
	w.must(err)
	if len(view.Contacts) != 1 || view.Contacts[0].Details.Value != "j.smit@example.com" || len(view.Guardians) != 2 {
		t.Errorf("contacts %+v", view.Contacts)
	}
	before := w.counts()
	if result := w.again(); !result.Change.Empty() || w.appeared(before) != "" {
		t.Errorf("the next import changes %+v", result.Change)
	}
	// Another address of the same guardian is news.
	w.again("p.degraaf@example.com", "piet@example.com")
	view, err = w.booking.Households.Get(w.ctx, w.operator, home)
	w.must(err)
	if len(view.Contacts) != 2 {
		t.Errorf("contacts %+v", view.Contacts)
	}
}

func TestGuardiansAndContactsFollowTheFile(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	result := w.again("A. Prins;a.prins@example.com;0612345609", "A. Prins;anna.prins@example.com;0612345609", "K. de Wit;;", "K. de Wit;k.dewit@example.com;")
	if result.Change.Contacts != (people.CountChange{Added: 2, Removed: 2}) {
		t.Errorf("contacts %+v", result.Change.Contacts)
	}
	w.must(w.booking.Households.AddContact(w.ctx, w.operator, w.home("Jet"), household.NewContact{Name: "Oma", Email: "oma@example.com"}))
	if result := w.again("A. Prins;a.prins@example.com;0612345609", "A. Prins;anna.prins@example.com;0612345609", "K. de Wit;;", "K. de Wit;k.dewit@example.com;"); !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home("Jet"))
	w.must(err)
	if len(view.Contacts) != 3 {
		t.Errorf("%d contacts", len(view.Contacts))
	}
}

func TestATableOfTeachersReplacesWhatFilesSaidOfTeachings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	table := "groep;leerkracht;rol;vak;leerkrachtcode\n1A;Ada Noord;mentor;;NOO\n1A;Gea Nieuw;vakdocent;Frans;NIE\n9Z;Eva Lont;vakdocent;Engels;LON\n"
	result, err := w.booking.People.ImportTeachers(w.ctx, w.operator, people.TeachingTable{Table: roster.File{Name: "docenten.csv", Data: []byte(table)}, AllowRemoval: true})
	w.must(err)
	if result.Teachers.Added != 1 || result.Teachings != (people.CountChange{Added: 1, Removed: 10}) || !slices.Equal(result.Unknown, []string{"9Z"}) {
		t.Errorf("result %+v", result)
	}
	w.look()
	w.available(w.evening, w.windows("NIE", 0, nil, "19:00-21:00"))
	anna := w.recognised("Anna Bakker")
	if got := len(anna.offered("Anna", "Mentor").Options); got != 1 {
		t.Errorf("%d mentors", got)
	}
	anna.makes(w.talk("Anna Vak NIE 19:00"))
	again, err := w.booking.People.ImportTeachers(w.ctx, w.operator, people.TeachingTable{Table: roster.File{Name: "docenten.csv", Data: []byte(table)}, AllowRemoval: true})
	w.must(err)
	if again.Teachers != (people.CountChange{}) || again.Teachings != (people.CountChange{}) {
		t.Errorf("again %+v", again)
	}
	broken, err := w.booking.People.ImportTeachers(w.ctx, w.operator, people.TeachingTable{Table: roster.File{Name: "x.csv", Data: []byte("")}})
	if err != nil || broken.Report.Readable() {
		t.Errorf("an empty table: %+v %v", broken, err)
	}
}

func TestAFileWithoutTeachersLeavesTeachings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.counts()
	result := w.imported(people.ImportRequest{Files: files()[:1]})
	if !result.Change.Empty() || w.appeared(before) != "" {
		t.Errorf("change %+v, rows %s", result.Change, w.appeared(before))
	}
	w.recognised("Anna Bakker").makes(w.talk("Anna Mentor NOO+OOS 19:00"))
}

func TestAParentIsKnownAsATeacherWhicheverFileComesFirst(t *testing.T) {
	t.Parallel()
	linked := func(w *world) (found bool) {
		w.read(func(tx *store.Tx) {
			guardians, err := store.List[models.Guardian](tx)
			w.must(err)
			for _, guardian := range guardians {
				if guardian.Details.Name == "L. Visser" {
					found = guardian.StaffID == w.staff["VIS"]
				} else if !guardian.StaffID.IsZero() {
					w.t.Errorf("%s is no teacher", guardian.Details.Name)
				}
			}
		})
		return found
	}
	for name, orders := range map[string][][]roster.File{
		"both at once":       {files()},
		"the teachers later": {files()[:1], files()},
		"pupils again later": {files(), files()[:1]},
	} {
		w := emptySchool(t, school.DefaultPolicy())
		for _, order := range orders {
			w.imported(people.ImportRequest{Files: order})
		}
		w.look()
		if !linked(w) {
			t.Errorf("%s: the mother is not known as a teacher", name)
		}
	}
	w := emptySchool(t, school.DefaultPolicy())
	w.imported(people.ImportRequest{Files: files()[:1]})
	_, err := w.booking.People.ImportTeachers(w.ctx, w.operator, people.TeachingTable{Table: files()[1]})
	w.must(err)
	w.look()
	if !linked(w) {
		t.Error("a table of teachers: the mother is not known as a teacher")
	}
}

func TestAParentWhoseTeachersAddressStaffEnterIsKnownAsThatTeacher(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.booking.Households.AddContact(w.ctx, w.operator, w.home("Jet"), household.NewContact{Name: "C. Zuid", Email: "C.Zuid@school.example.com"}))
	w.recognised("Bram Bakker").makes(w.talk("Bram Mentor ZUI 19:00"))
	equal(t, "she teaches", w.confirmed("Jet Prins").refused(appointment.Change{Make: w.talks("Jet Vak LON 19:10")}), []string{"Jet LON: overlap"})
	w.consistent()
}

func TestFactorsGoWithThePolicyThatAskedForThem(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Policy: &models.Policy{
		Factors: []models.Factor{models.FactorBirthDate, models.FactorStudentNumber}, PostcodePart: models.PostcodeAll,
	}, AcceptLockedOut: ptr(9)})
	w.must(err)
	w.read(func(tx *store.Tx) {
		people, err := tx.Directory()
		w.must(err)
		for _, pupil := range people.Pupils() {
			if pupil.Factors.Postcode != "" || pupil.Factors.BirthDate.IsZero() {
				t.Errorf("factors %+v", pupil.Factors)
			}
		}
		for _, household := range people.Households() {
			if household.Factors.Postcode != "" {
				t.Errorf("factors %+v", household.Factors)
			}
		}
	})
	result := w.again()
	for _, change := range result.Change.Changed {
		if strings.Join(change.Fields, ",") != "student_number" {
			t.Errorf("change %+v", change)
		}
	}
	if len(result.Change.Changed) != 9 || w.again().Change.Empty() == false {
		t.Errorf("%d pupils got their number", len(result.Change.Changed))
	}
}
