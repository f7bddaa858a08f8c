package booking_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/imports"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/task"
)

// usualPolicy is what most schools ask.
var usualPolicy = models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeAll}

// handIn hands files in and has them read.
func (w *world) handIn(details models.ImportDetails, files ...roster.File) *imports.View {
	w.t.Helper()
	id, err := w.booking.Imports.Create(w.ctx, w.operator, imports.New{Files: files, Details: details})
	w.must(err)
	w.must(w.booking.Imports.Work(w.ctx, w.school))
	return w.lies(id)
}

func (w *world) lies(id models.RowID) *imports.View {
	w.t.Helper()
	view, err := w.booking.Imports.Get(w.ctx, w.operator, id)
	w.must(err)
	return view
}

func (w *world) answers(id models.RowID, pairs ...string) *imports.View {
	w.t.Helper()
	answers := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		answers[pairs[i]] = pairs[i+1]
	}
	view, err := w.booking.Imports.Update(w.ctx, w.operator, id, imports.Patch{Answers: answers})
	w.must(err)
	return view
}

func (w *world) commits(id models.RowID, leave bool) *imports.View {
	w.t.Helper()
	view, err := w.booking.Imports.Commit(w.ctx, w.operator, id, "", leave)
	w.must(err)
	w.look()
	return view
}

// wantQuestions compares what an import asks, as "id answer" with what is open ending in " ?".
func wantQuestions(t *testing.T, view *imports.View, want ...string) {
	t.Helper()
	got := []string{}
	for _, q := range view.Result.Questions {
		answer := q.Answer
		if answer == "" {
			answer = "?"
		}
		got = append(got, q.ID+" "+answer)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("asks %q, want %q", got, want)
	}
}

func (w *world) keptFiles() (count int64) {
	w.read(func(tx *store.Tx) {
		var err error
		count, err = store.Count[models.ImportFile](tx)
		w.must(err)
	})
	return count
}

// largeSchool is a file of pupils of some groups, ten in each, as change leaves them.
func largeSchool(groups int, change func(number int, cells []string) []string) roster.File {
	var text strings.Builder
	text.WriteString("Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Postcode;Klas;Verzorger 1 naam;Verzorger 1 e-mail;Mentor\n")
	for i := range 10 * groups {
		cells := []string{
			fmt.Sprint(2000 + i), "Kind" + inLetters(i), "Familie" + inLetters(i), fmt.Sprintf("%d-%d-2014", 1+i%28, 1+i%12), fmt.Sprintf("%dAB", 1200+i), fmt.Sprintf("%dX", 1+i/10),
			"O. Familie" + inLetters(i), fmt.Sprintf("ouder%d@example.com", i), "Juf " + inLetters(i/10),
		}
		if change != nil {
			cells = change(i, cells)
		}
		if cells != nil {
			text.WriteString(strings.Join(cells, ";") + "\n")
		}
	}
	return roster.File{Name: "school.csv", Data: []byte(text.String())}
}

// inLetters writes a number in letters.
func inLetters(i int) string { return string(rune('a'+i/26)) + string(rune('a'+i%26)) }

func TestAnImportLiesThereUntilItIsCommitted(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	files := w.changed("1009;Jet;;Prins", "1010;Joep;;Prins", "Iris;;Mulder", "Irene;;Mulder").Files
	view := w.handIn(models.ImportDetails{Source: "test"}, files...)
	if view.State != models.ImportReady || view.Questions != 0 || len(view.Result.Change.Added) != 1 || len(view.Result.Change.Gone) != 1 {
		t.Fatalf("%s, %d questions, %+v", view.State, view.Questions, view.Result.Change)
	}
	w.look()
	if _, ok := w.pupils["Joep"]; ok {
		t.Error("it was done before anybody agreed")
	}
	_, err := w.booking.Imports.Commit(w.ctx, w.operator, view.ID, "of something else", false)
	wantCode(t, err, "import.changed-since-preview")

	done := w.commits(view.ID, false)
	if _, ok := w.pupils["Joep"]; !ok || done.State != models.ImportApplied || done.Counts["added"] != 1 || done.Counts["gone"] != 1 {
		t.Errorf("%s %v", done.State, done.Counts)
	}
	if w.keptFiles() != 0 || w.lies(view.ID).Result != nil {
		t.Error("files, or what was found in them, are kept after it was done")
	}
	if again := w.commits(view.ID, false); again.Counts["added"] != 1 {
		t.Errorf("again: %v", again.Counts)
	}
	rows, err := w.booking.Imports.List(w.ctx, w.operator, false)
	if w.must(err); rows[len(rows)-1].ID != view.ID {
		t.Error("it is not in the list")
	}
}

func TestAPreviewThatLiesThereFollowsTheSchool(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	view := w.handIn(models.ImportDetails{}, w.changed("1009;Jet;;Prins", "1009;Jette;;Prins").Files...)
	digest := view.Result.Digest
	w.again("Iris;;Mulder", "Irene;;Mulder") // somebody else imports
	if got := w.lies(view.ID); got.Result.Digest == digest || len(got.Result.Change.Changed) != 2 {
		t.Errorf("it still shows what it would have done before: %+v", got.Result.Change)
	}
	_, err := w.booking.Imports.Commit(w.ctx, w.operator, view.ID, digest, false)
	wantCode(t, err, "import.changed-since-preview")
}

func TestWhoSomebodyIsIsAnsweredOneByOneOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	before := map[string]models.PupilID{"Emma": w.pupils["Emma"], "Finn": w.pupils["Finn"], "Gijs": w.pupils["Gijs"]}
	files := w.changed("1004;Emma", "9004;Emma", "1005;Finn", "9005;Finn", "1006;Gijs", "9006;Gijs", "Iris;;Mulder", "Irene;;Mulder").Files
	view := w.handIn(models.ImportDetails{}, files...)
	wantQuestions(t, view, "who:9004 ?", "who:9005 ?", "who:9006 ?")
	_, err := w.booking.Imports.Commit(w.ctx, w.operator, view.ID, "", false)
	wantCode(t, err, "import.renumbers")

	left := w.commits(view.ID, true)
	if left.State != models.ImportApplied || left.Questions != 3 || w.pupils["Irene"].IsZero() {
		t.Errorf("%s with %d questions, and what nobody asked was done: %t", left.State, left.Questions, !w.pupils["Irene"].IsZero())
	}
	for name, id := range before {
		if w.pupils[name] != id {
			t.Errorf("%s was touched", name)
		}
	}
	view = w.answers(view.ID, "who", "same", "who:9005", "new", "who:9006", "1006")
	wantQuestions(t, view, "who:9004 same", "who:9005 new", "who:9006 1006")
	done := w.commits(view.ID, false)
	if w.pupils["Emma"] != before["Emma"] || w.pupils["Gijs"] != before["Gijs"] || w.pupils["Finn"] == before["Finn"] {
		t.Errorf("before %v, now %v", before, w.pupils)
	}
	if done.Counts["added"] != 1 || done.Counts["gone"] != 1 || done.Questions != 0 || w.keptFiles() != 0 {
		t.Errorf("counts %v, %d questions, %d files", done.Counts, done.Questions, w.keptFiles())
	}
	if result := w.imported(people.ImportRequest{Files: files}); !result.Change.Empty() {
		t.Errorf("the same files once more do %+v", result.Change)
	}
}

func TestWhatIsLeftStaysWithEverythingAroundIt(t *testing.T) {
	t.Parallel()
	drop := func(from int) func(int, []string) []string {
		return func(i int, cells []string) []string {
			if i >= from {
				return nil
			}
			return cells
		}
	}
	for name, tt := range map[string]struct {
		change   func(int, []string) []string
		question string
		answer   string // none: it is left
		wrong    func(*people.RosterChange) bool
	}{
		"half the pupils are missing": {drop(30), "pupils", "", func(c *people.RosterChange) bool { return len(c.Gone) > 0 }},
		"and somebody says no":        {drop(30), "pupils", people.AnswerNo, func(c *people.RosterChange) bool { return len(c.Gone) > 0 }},
		"it is of one site":           {drop(30), "pupils", people.AnswerGroups, func(c *people.RosterChange) bool { return len(c.Gone) > 0 }},
		"many have lost their postcode": {func(i int, cells []string) []string {
			if i%3 == 0 {
				cells[4] = ""
			}
			return cells
		}, "field:postcode", "", func(c *people.RosterChange) bool { return c.Erased["postcode"] > 0 }},
		"many families have lost their address": {func(i int, cells []string) []string {
			if i%3 == 0 {
				cells[7] = ""
			}
			return cells
		}, "field:guardian_email", people.AnswerNo, func(c *people.RosterChange) bool { return c.Erased["guardian_email"] > 0 }},
		"half the mentors are missing": {func(i int, cells []string) []string {
			if i >= 30 {
				cells[8] = ""
			}
			return cells
		}, "lessons", "", func(c *people.RosterChange) bool { return c.Teachings.Removed > 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := emptySchool(t, usualPolicy)
			w.imported(people.ImportRequest{Files: []roster.File{largeSchool(6, nil)}})
			view := w.handIn(models.ImportDetails{}, largeSchool(6, func(i int, cells []string) []string {
				if i == 3 {
					cells[1] = "Ander"
				}
				return tt.change(i, cells)
			}))
			wantQuestions(t, view, tt.question+" ?")
			if !tt.wrong(&view.Result.Change) {
				t.Fatalf("the look does not show it: %+v", view.Result.Change)
			}
			if tt.answer != "" {
				view = w.answers(view.ID, tt.question, tt.answer)
				if tt.wrong(&view.Result.Change) {
					t.Errorf("it would be done all the same: %+v", view.Result.Change)
				}
			}
			w.commits(view.ID, tt.answer == "")
			if w.pupils["Ander"].IsZero() {
				t.Error("what nobody asked about was not done")
			}
			same := w.imported(people.ImportRequest{Files: []roster.File{largeSchool(6, func(i int, cells []string) []string {
				if i == 3 {
					cells[1] = "Ander"
				}
				return cells
			})}})
			if !same.Change.Empty() {
				t.Errorf("the whole school has to be put right: %+v", same.Change)
			}
			if tt.answer == "" {
				if view = w.lies(view.ID); view.Questions != 1 {
					t.Errorf("%d questions are left", view.Questions)
				}
			}
		})
	}
}

func TestAFileSpeaksForTheGroupsThatItIsSaidToSpeakFor(t *testing.T) {
	t.Parallel()
	w := emptySchool(t, usualPolicy)
	w.imported(people.ImportRequest{Files: []roster.File{largeSchool(3, nil)}})
	view := w.handIn(models.ImportDetails{Groups: []string{"1X"}}, largeSchool(1, func(i int, cells []string) []string {
		if i == 0 {
			return nil // left the group for which the file speaks
		}
		return cells
	}))
	if gone := keys(view.Result.Change.Gone); !slices.Equal(gone, []string{"Kindaa"}) || len(view.Result.Questions) != 0 {
		t.Errorf("gone %q, asked %+v", gone, view.Result.Questions)
	}
	w.commits(view.ID, false)
	if len(w.pupils) != 29 {
		t.Errorf("%d pupils are left", len(w.pupils))
	}
}

func TestAnImportIsReadByWhoeverComesNext(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	id, err := w.booking.Imports.Create(w.ctx, w.operator, imports.New{Files: files()})
	w.must(err)
	if view := w.lies(id); view.State != models.ImportReading {
		t.Fatalf("%s", view.State)
	}
	_, err = w.booking.Imports.Update(w.ctx, w.operator, id, imports.Patch{})
	wantCode(t, err, "import.not-ready")
	_, err = w.booking.Imports.Commit(w.ctx, w.operator, id, "", false)
	wantCode(t, err, "import.not-ready")
	w.must(w.booking.Imports.WorkAll(w.ctx)) // as the job of a program that was started again
	if view := w.lies(id); view.State != models.ImportReady {
		t.Errorf("%s", view.State)
	}
}

func TestWhoWaitsForAnImportWaitsForWhoeverReadsIt(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	id, err := w.booking.Imports.Create(w.ctx, w.operator, imports.New{Files: files()})
	w.must(err)
	another, err := task.Take(w.ctx, w.store, w.school)
	w.must(err)
	w.must(<-w.booking.Imports.Start(w.ctx, w.school)) // finds nothing to do

	short, stop := context.WithTimeout(w.ctx, time.Millisecond)
	defer stop()
	w.must(w.booking.Imports.Await(short, w.school, id))
	if short.Err() == nil {
		t.Fatal("the wait ended while the files were read")
	}
	done := make(chan error, 1)
	go func() { done <- w.booking.Imports.Await(w.ctx, w.school, id) }()
	w.must(another.Finish(w.ctx, nil))
	w.must(<-done)
}

func TestFilesThatEndTheProgramDoNotEndItForEver(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	id, err := w.booking.Imports.Create(w.ctx, w.operator, imports.New{Files: files()})
	w.must(err)
	w.write(func(tx *store.Tx) error {
		tasks, err := tx.OpenTasks(1)
		if err != nil {
			return err
		}
		tasks[0].Attempt = 3
		return store.Update(tx, &tasks[0], "attempt")
	})
	w.must(w.booking.Imports.Work(w.ctx, w.school))
	if view := w.lies(id); view.State != models.ImportFailed || view.Problem != "import.gave-up" || w.keptFiles() != 0 {
		t.Errorf("%s %s with %d files", view.State, view.Problem, w.keptFiles())
	}
}

func TestAnUnreadableImportIsReadAgainAsSomebodySays(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	text := strings.Replace(pupilsFile, "Leerlingnummer;", "Kenmerk;", 1)
	text = strings.Replace(text, "Roepnaam;", "Veld;", 1)
	view := w.handIn(models.ImportDetails{}, roster.File{Name: "leerlingen.csv", Data: []byte(text)})
	if view.State != models.ImportUnreadable {
		t.Skipf("the reader has become cleverer: %s", view.State)
	}
	_, err := w.booking.Imports.Commit(w.ctx, w.operator, view.ID, "", true)
	wantCode(t, err, "import.not-ready")
	view, err = w.booking.Imports.Update(w.ctx, w.operator, view.ID, imports.Patch{Mapping: map[string]string{"Kenmerk": "pupil_number", "Veld": "given"}})
	if w.must(err); view.State != models.ImportReady || len(view.Result.Change.Changed) != 0 {
		t.Errorf("%s %+v", view.State, view.Result.Change)
	}
}
