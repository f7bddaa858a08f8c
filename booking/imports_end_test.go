package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/imports"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func TestImportsThatLieThereGo(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]struct {
		do   func(*world, *imports.View)
		want models.ImportState
	}{
		"withdrawn": {func(w *world, v *imports.View) { w.must(w.booking.Imports.Withdraw(w.ctx, w.operator, v.ID)) }, models.ImportWithdrawn},
		"a pupil is erased": {func(w *world, _ *imports.View) {
			w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Anna"]))
		}, models.ImportWithdrawn},
		"a newer one comes": {func(w *world, _ *imports.View) { w.handIn(models.ImportDetails{Source: "nightly"}, files()...) }, models.ImportWithdrawn},
		"another source":    {func(w *world, _ *imports.View) { w.handIn(models.ImportDetails{Source: "by hand"}, files()...) }, models.ImportReady},
		"a day later": {func(w *world, _ *imports.View) {
			w.clock.Set(w.clock.Now().Add(24 * time.Hour))
			w.must(w.booking.Erasures.Tidy(w.ctx))
		}, models.ImportReady},
		"two weeks later": {func(w *world, _ *imports.View) {
			w.clock.Set(w.clock.Now().Add(15 * 24 * time.Hour))
			w.must(w.booking.Erasures.Tidy(w.ctx))
		}, models.ImportWithdrawn},
		"a contact is taken": {func(w *world, _ *imports.View) { w.removeContact("Emma", "j.smit@example.com") }, models.ImportWithdrawn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			view := w.handIn(models.ImportDetails{Source: "nightly"}, w.changed("Iris;;Mulder", "Irene;;Mulder").Files...)
			does.do(w, view)
			after := w.lies(view.ID)
			if after.State != does.want {
				t.Fatalf("%s, want %s", after.State, does.want)
			}
			if does.want == models.ImportReady {
				return
			}
			w.read(func(tx *store.Tx) {
				left, err := store.Count[models.ImportFile](tx, store.Eq("import_id", view.ID))
				if w.must(err); left != 0 {
					t.Errorf("%d files are left", left)
				}
			})
			if after.Result != nil || after.Details.Source != "" {
				t.Error("what was found in it is left")
			}
			_, err := w.booking.Imports.Commit(w.ctx, w.operator, view.ID, "", false)
			wantCode(t, err, "import.ended")
		})
	}
}

func (w *world) removeContact(child, address string) {
	w.t.Helper()
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home(child))
	w.must(err)
	for _, contact := range view.Contacts {
		if contact.Details.Value == address {
			w.must(w.booking.Households.RemoveContact(w.ctx, w.operator, w.home(child), contact.ID))
			return
		}
	}
	w.t.Fatalf("%s has no %s", child, address)
}

func TestTheLogInIsChosenWithTheListAndItsPriceKnown(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, usualPolicy)
	view := w.handIn(models.ImportDetails{}, largeSchool(3, func(i int, cells []string) []string {
		if i < 4 {
			cells[4] = "" // no postcode
		}
		return cells
	}))
	number := models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorStudentNumber}, PostcodePart: models.PostcodeAll}
	lockedOut := map[string]int{}
	for _, price := range view.Result.Prices {
		lockedOut[fmt.Sprint(price.Policy.Factors, price.Policy.PostcodePart)] = price.LockedOut
		if price.Pupils != 30 || price.Chance <= 0 || price.Chance > 1 {
			t.Errorf("%+v", price)
		}
	}
	if lockedOut["[birth_date postcode]all"] != 4 || lockedOut["[birth_date student_number]"] != 0 {
		t.Errorf("locked out: %v", lockedOut)
	}
	weak := models.Policy{Factors: []models.Factor{models.FactorStudentNumber}, PostcodePart: models.PostcodeAll}
	_, err := w.booking.Imports.Update(w.ctx, w.operator, view.ID, imports.Patch{Policy: &weak})
	wantField(t, err, "policy.factors", "worthless")
	before := view.Result.Digest
	view, err = w.booking.Imports.Update(w.ctx, w.operator, view.ID, imports.Patch{Policy: &number})
	if w.must(err); view.Result.Digest == before {
		t.Error("the digest does not tell what will be asked")
	}
	w.commits(view.ID, false)
	school, err := w.booking.Schools.Get(w.ctx, w.operator)
	if w.must(err); !slices.Equal(school.Policy.Factors, number.Factors) || school.Policy.Next != nil {
		t.Errorf("the school asks %+v", school.Policy)
	}
	w.read(func(tx *store.Tx) {
		people, err := tx.Directory()
		w.must(err)
		for _, pupil := range people.Pupils() {
			if pupil.Factors.StudentNumber == "" || pupil.Factors.BirthDate.IsZero() || pupil.Factors.Postcode != "" {
				t.Errorf("kept of %s: %+v", pupil.Details.Given, pupil.Factors)
			}
		}
	})
}

func TestAnswersToWhatIsNeverAskedAreRefused(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	for _, answers := range []map[string]string{{"whom": "same"}, {"pupils": "perhaps"}, {"who:": "same"}, {"field:postcode": "new"}, {"": ""}} {
		_, err := w.booking.Imports.Create(w.ctx, w.operator, imports.New{Files: files(), Details: models.ImportDetails{Answers: answers}})
		wantField(t, err, "answers", errs.CodeUnknown)
	}
	_, err := w.booking.Imports.Create(w.ctx, w.operator, imports.New{})
	wantField(t, err, "file", errs.CodeRequired)
}

func TestAnAnswerThatCannotBeSoIsNone(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	view := w.handIn(models.ImportDetails{}, w.changed("1004;Emma", "9004;Emma", "1005;Finn", "9005;Finn").Files...)
	view = w.answers(view.ID, "who:9004", "7777", "who:9005", "1005")
	wantQuestions(t, view, "who:9004 ?", "who:9005 1005")
	view = w.answers(view.ID, "who:9004", "1005") // who is Finn
	wantQuestions(t, view, "who:9004 1005", "who:9005 ?")
	_, err := w.booking.Imports.Commit(w.ctx, w.operator, view.ID, "", false)
	wantCode(t, err, "import.renumbers")
}

func TestTwoWhoCommitAtOnceDoItOnce(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	view := w.handIn(models.ImportDetails{}, w.changed("Iris;;Mulder", "Irene;;Mulder").Files...)
	ended := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := w.booking.Imports.Commit(w.ctx, w.operator, view.ID, view.Result.Digest, false)
			ended <- err
		}()
	}
	for range 2 {
		if err := <-ended; err != nil && errs.CodeOf(err) != "import.ended" && errs.CodeOf(err) != "import.changed-since-preview" {
			t.Error(err)
		}
	}
	if done := w.lies(view.ID); done.Counts["changed"] != 1 {
		t.Errorf("%v", done.Counts)
	}
}

func TestAGroupIsKnownByItsNameInAnotherKindOfFile(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, usualPolicy)
	w.imported(people.ImportRequest{Files: []roster.File{sampleFile(t, "edex-2.1-schema-valid.xml")}})
	var name string
	w.read(func(tx *store.Tx) {
		groups, err := store.List[models.Group](tx)
		w.must(err)
		for _, group := range groups {
			if group.Details.Key != group.Details.Name && name == "" {
				name = group.Details.Name
			}
		}
	})
	if name == "" {
		t.Skip("the sample names its groups by their keys")
	}
	list := "Leerlingnummer;Roepnaam;Achternaam;Groep\n98001;Nieuw;Kind;" + strings.ToUpper(name) + "\n"
	result, err := w.booking.People.PreviewImport(w.ctx, w.operator, people.ImportRequest{Files: []roster.File{{Name: "lijst.csv", Data: []byte(list)}}, AllowRemoval: true})
	if w.must(err); result.Change.Groups.Added != 0 {
		t.Errorf("%q is taken for another group", name)
	}
}

func TestAProgramsFilesAreAppliedUnseenAndTheOfficeIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		apply models.ImportApply
		file  roster.File
		state models.ImportState
		says  []string
	}{
		"nothing is asked": {
			models.ApplyClear, roster.File{Name: "a.csv", Data: []byte(strings.Replace(pupilsFile, "Iris;;Mulder", "Irene;;Mulder", 1))}, models.ImportApplied, []string{"Gewijzigde leerlingen: 1", "overgenomen"},
		},
		"something is asked": {
			models.ApplyClear, roster.File{Name: "a.csv", Data: []byte(strings.Replace(pupilsFile, "1004;Emma", "9004;Emma", 1))}, models.ImportReady, []string{"beantwoorden: 1", "Er is niets veranderd"},
		},
		"and left": {
			models.ApplyLeave, roster.File{Name: "a.csv", Data: []byte(strings.Replace(pupilsFile, "1004;Emma", "9004;Emma", 1))}, models.ImportApplied, []string{"beantwoorden: 1", "overgenomen"},
		},
		"it is no list":  {models.ApplyLeave, roster.File{Name: "a.pdf", Data: []byte("%PDF-1.7")}, models.ImportUnreadable, []string{"niet te lezen"}},
		"somebody looks": {models.ApplyNot, roster.File{Name: "a.csv", Data: []byte(pupilsFile)}, models.ImportReady, []string{"ligt klaar"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			p := w.post()
			row, err := w.booking.Schools.Get(w.ctx, w.operator)
			w.must(err)
			row.Details.ReplyTo = "kantoor@school.example.com"
			_, err = w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Details: &row.Details})
			w.must(err)
			view := w.handIn(models.ImportDetails{Apply: tt.apply, Tell: true}, tt.file)
			if view.State != tt.state {
				t.Errorf("%s", view.State)
			}
			letters := to(p.drain(), "kantoor@school.example.com")
			if len(letters) != 1 {
				t.Fatalf("%d letters to the office", len(letters))
			}
			for _, words := range tt.says {
				if !strings.Contains(letters[0].Text, words) {
					t.Errorf("does not say %q: %s", words, letters[0].Text)
				}
			}
			if strings.Contains(letters[0].Text, "Emma") || strings.Contains(letters[0].Text, "Irene") {
				t.Error("names a child")
			}
		})
	}
}

func TestAListThatSaysLessOfHomesSplitsNoFamily(t *testing.T) {
	t.Parallel()
	columns := func(keep ...int) roster.File {
		var text strings.Builder
		for row := range strings.Lines(strings.TrimSpace(pupilsFile) + "\n") {
			cells := strings.Split(strings.TrimSuffix(row, "\n"), ";")
			var kept []string
			for _, at := range keep {
				kept = append(kept, cells[at])
			}
			text.WriteString(strings.Join(kept, ";") + "\n")
		}
		return roster.File{Name: "lijst.csv", Data: []byte(text.String())}
	}
	for name, tt := range map[string]struct {
		file  roster.File
		apart bool
	}{
		"names and classes":          {columns(0, 1, 2, 3, 7), false},
		"postcodes alone":            {columns(0, 1, 2, 3, 5, 7), false},
		"parents' names alone":       {columns(0, 1, 2, 3, 7, 9), false},
		"the same, with homes":       {columns(0, 1, 2, 3, 5, 6, 7), false},
		"one of them lives alone":    {replaced(columns(0, 1, 2, 3, 5, 6, 7), "1003;Cato;;Bakker;1234AB;1", "1003;Cato;;Bakker;1234AB;3"), true},
		"one of them has moved away": {replaced(columns(0, 1, 2, 3, 5, 7), "1003;Cato;;Bakker;1234AB", "1003;Cato;;Bakker;9999ZZ"), true},
		"one has another parent":     {replaced(columns(0, 1, 2, 3, 7, 10), "1003;Cato;;Bakker;3C;m.bakker@example.com", "1003;Cato;;Bakker;3C;iemand@example.com"), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			if w.home("Anna") != w.home("Bram") || w.home("Anna") != w.home("Cato") {
				t.Fatal("they are no family to begin with")
			}
			w.imported(people.ImportRequest{Files: []roster.File{tt.file}, AllowRemoval: true})
			w.look()
			if w.home("Anna") != w.home("Bram") || (w.home("Anna") != w.home("Cato")) != tt.apart {
				t.Errorf("Anna %v, Bram %v, Cato %v", w.home("Anna"), w.home("Bram"), w.home("Cato"))
			}
		})
	}
}

func replaced(file roster.File, old, with string) roster.File {
	if !strings.Contains(string(file.Data), old) {
		panic(old + " is not in the file")
	}
	file.Data = []byte(strings.Replace(string(file.Data), old, with, 1))
	return file
}
