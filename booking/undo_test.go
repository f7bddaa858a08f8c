package booking_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/booking/undo"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// lastImport is the import that was done last.
func (w *world) lastImport() (last models.RowID) {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		rows, err := store.List[models.Import](tx)
		w.must(err)
		last = rows[len(rows)-1].ID
	})
	return last
}

// takeBack takes an import back as its preview says.
func (w *world) takeBack(id models.RowID) *undo.Result {
	w.t.Helper()
	preview, err := w.booking.Undo.Preview(w.ctx, w.operator, undo.Request{Import: id})
	w.must(err)
	result, err := w.booking.Undo.Undo(w.ctx, w.operator, undo.Request{Import: id, Digest: preview.Digest})
	w.must(err)
	if !result.Applied || result.Digest != preview.Digest {
		w.t.Errorf("preview %+v, and then %+v", preview, result)
	}
	w.look()
	return result
}

func stays(result *undo.Result) (texts []string) {
	for _, one := range result.Stays {
		texts = append(texts, one.Key+": "+one.Field)
	}
	return texts
}

// keptForUndo counts the rows that are kept so that imports can be taken back.
func (w *world) keptForUndo() (count int64) {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		var err error
		count, err = store.Count[models.UndoRow](tx)
		w.must(err)
	})
	return count
}

func TestALeaverComesBackWithEverythingThatWasTheChilds(t *testing.T) {
	t.Parallel()
	w, p, around := surrounded(t)
	jet, home := w.pupils["Jet"], w.home("Jet")
	_, err := w.auth.Parents.FamilyCode(w.ctx, w.operator, home)
	w.must(err)
	links, err := w.auth.Parents.Links(w.ctx, w.operator, w.evening.ID, models.HouseholdID{}, false)
	w.must(err)
	_, err = w.booking.People.UpdatePupil(w.ctx, w.operator, jet, people.PupilPatch{Surname: new("Prinsen")})
	w.must(err)
	w.must(w.booking.Households.AddContact(w.ctx, w.operator, home, household.NewContact{Name: "Oma", Email: "oma@example.com"}))
	before := w.recorded()

	w.again(line("Jet"), "")
	p.drain()
	w.must(w.booking.Erasures.DropEmptied(w.ctx))
	w.nothingLeftOf(jet)
	if _, err := w.booking.Households.Get(w.ctx, w.operator, home); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the household is there still: %v", err)
	}
	result := w.takeBack(w.lastImport())
	equal(t, "come back", keys(result.Change.Added), []string{"Jet"})
	if len(result.Stays) > 0 {
		t.Errorf("stays %v", result.Stays)
	}
	equal(t, "the roster", w.recorded(), before)
	made, err := w.auth.Parents.Links(w.ctx, w.operator, w.evening.ID, models.HouseholdID{}, false)
	w.must(err)
	for i := range links {
		if links[i].Household == home && made[i].Token != links[i].Token {
			t.Error("the personal link is another one")
		}
	}
	// A copy that is restored now does not erase the child again; once an import has taken it away once more, it does.
	if again, err := w.booking.Erasures.EraseAgain(w.ctx, around.journal); err != nil || len(again) > 0 {
		t.Errorf("erased again: %v, %v", again, err)
	}
	equal(t, "the roster after a restore", w.recorded(), before)
	old := w.fork()
	old.booking = booking.New(old.store, booking.Options{External: around})
	w.clock.Advance(time.Minute)
	again := w.takeBack(result.Import)
	if equal(t, "gone again", keys(again.Change.Gone), []string{"Jet"}); len(again.Stays) > 0 {
		t.Errorf("stays %v", again.Stays)
	}
	w.nothingLeftOf(jet)
	erased, err := old.booking.Erasures.EraseAgain(old.ctx, around.journal)
	w.must(err)
	if erased[models.ErasedPupil] != 1 {
		t.Errorf("erased from the restored copy: %v", erased)
	}
	old.nothingLeftOf(jet)
}

// recorded are the rows of the tables that imports write.
func (w *world) recorded() (all []string) {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		for _, table := range tx.RecordedTables() {
			if table == "personal_links" {
				continue // they know when they were given last
			}
			rows, err := tx.RecordedRows(table)
			w.must(err)
			for _, row := range rows {
				line := table
				for _, field := range slices.Sorted(fieldsOf(row.Image)) {
					if field != "Revision" && field != "People" {
						line += " " + field + "=" + string(row.Image[field])
					}
				}
				all = append(all, line)
			}
		}
	})
	slices.Sort(all)
	return all
}

func fieldsOf(image models.RowImage) func(func(string) bool) {
	return func(yield func(string) bool) {
		for field := range image {
			if !yield(field) {
				return
			}
		}
	}
}

func TestWhatWasChangedSinceStaysAndIsListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.again("1001;Anna;;Bakker", "1001;Anne;;Bakkers", "1009;Jet;;Prins", "1009;Jetje;;Prinsen")
	changed := w.lastImport()
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anne"], people.PupilPatch{Given: new("Anneke")})
	w.must(err)
	result := w.takeBack(changed)
	equal(t, "stays", stays(result), []string{"1001: given"})
	equal(t, "changed", keys(result.Change.Changed), []string{"Anneke surname", "Jet given,surname"})
	_, roster, err := w.booking.People.Pupils(w.ctx, w.operator)
	w.must(err)
	anna, _ := roster.Pupil(w.pupils["Anneke"])
	equal(t, "Anna", []string{anna.Details.FullName()}, []string{"Anneke Bakker"})
}

func TestWhoWasAddedAndIsWorkedOnByHandStays(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	newcomers := line("Jet") + "1010;Kim;;Ober;3-3-2014;7890HJ;7;1A;1;B. Ober;b.ober@example.com;;;;\n1011;Lou;;Peer;3-4-2014;7891HJ;8;1A;1;C. Peer;c.peer@example.com;;;;\n"
	w.again(line("Jet"), newcomers)
	added := w.lastImport()
	w.must(w.booking.Households.AddContact(w.ctx, w.operator, w.home("Kim"), household.NewContact{Name: "Opa", Email: "opa@example.com"}))
	result := w.takeBack(added)
	equal(t, "gone", keys(result.Change.Gone), []string{"Lou"})
	if _, there := w.pupils["Kim"]; !there || !slices.ContainsFunc(result.Stays, func(one undo.Stay) bool { return one.Key == "1010" }) {
		t.Errorf("Kim is gone, or not listed: %v", result.Stays)
	}
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home("Kim"))
	w.must(err)
	if len(view.Contacts) != 2 {
		t.Errorf("contacts of the household that stays: %+v", view.Contacts)
	}
}

func TestAnOlderImportIsTakenBackAsFarAsALaterOneDidNotTouchIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.again("4-4-2014;2345BC;2;1A;1", "4-4-2014;2345BC;2;2B;2", "1009;Jet;;Prins", "1009;Jetje;;Prins")
	older := w.lastImport()
	w.clock.Advance(24 * time.Hour)
	w.again("4-4-2014;2345BC;2;1A;1", "4-4-2014;2345BC;2;3C;3", "1009;Jet;;Prins", "1009;Jetje;;Prins")
	result := w.takeBack(older)
	equal(t, "changed", keys(result.Change.Changed), []string{"Jet given"})
	equal(t, "stays", stays(result), []string{"1004: group", "1004: year"})
}

func TestWhoseNumberAnotherHasNowDoesNotComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.again(line("Jet"), "")
	gone := w.lastImport()
	w.again()
	now := w.pupils["Jet"]
	result := w.takeBack(gone)
	if len(result.Change.Added) > 0 || w.pupils["Jet"] != now {
		t.Errorf("two of one number: %+v", result.Change)
	}
	if !slices.ContainsFunc(result.Stays, func(one undo.Stay) bool { return one.Key == "1009" }) {
		t.Errorf("stays %v", result.Stays)
	}
}

func TestWhoIsErasedByHandNeverComesBack(t *testing.T) {
	t.Parallel()
	w, _, around := surrounded(t)
	w.again("1009;Jet;;Prins", "1009;Jetje;;Prins", "1005;Finn;;Visser", "1005;Fin;;Visser", "p.degraaf@example.com", "graaf@example.com")
	changed := w.lastImport()
	copied := w.fork()
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Jetje"]))
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home("Emma"))
	w.must(err)
	for _, contact := range view.Contacts {
		if contact.Details.Value == "graaf@example.com" {
			w.must(w.booking.Households.RemoveContact(w.ctx, w.operator, w.home("Emma"), contact.ID))
		}
	}
	kept := w.openedForUndo()
	for _, word := range []string{"Jet", "A. Prins"} {
		if strings.Contains(kept, word) {
			t.Errorf("%q is kept", word)
		}
	}
	if !strings.Contains(kept, "Finn") {
		t.Error("what is kept of another went too")
	}
	result := w.takeBack(changed)
	if _, there := w.pupils["Jet"]; there || len(result.Change.Added) > 0 {
		t.Errorf("back: %+v", result.Change)
	}
	// A restored copy from before forgets it too.
	copied.booking = booking.New(copied.store, booking.Options{External: around})
	_, err = copied.booking.Erasures.EraseAgain(copied.ctx, around.journal)
	w.must(err)
	if kept := copied.openedForUndo(); strings.Contains(kept, "Jet") || !strings.Contains(kept, "Finn") {
		t.Error("the copy keeps who was erased by hand, or not the others")
	}
}

// openedForUndo is all that is kept so that imports can be taken back, opened.
func (w *world) openedForUndo() string {
	w.t.Helper()
	var text strings.Builder
	w.read(func(tx *store.Tx) {
		rows, err := store.List[models.UndoRow](tx)
		w.must(err)
		w.must(store.OpenGuarded(tx, rows))
		for _, row := range rows {
			for field, value := range row.Details.Before {
				text.WriteString(field + "=" + string(value) + "\n")
			}
		}
	})
	return text.String()
}

func TestNothingIsKeptAfterTheUndoTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.again(line("Jet"), "")
	gone := w.lastImport()
	w.clock.Advance(7*24*time.Hour - time.Minute)
	w.must(w.booking.Erasures.Tidy(w.ctx))
	if w.keptForUndo() == 0 {
		t.Fatal("it is gone before its time")
	}
	w.clock.Advance(time.Minute)
	w.must(w.booking.Erasures.Tidy(w.ctx))
	if kept := w.keptForUndo(); kept > 0 {
		t.Errorf("%d rows are kept", kept)
	}
	if _, err := w.booking.Undo.Preview(w.ctx, w.operator, undo.Request{Import: gone}); errs.CodeOf(err) != "undo.over" {
		t.Errorf("a preview after the time: %v", err)
	}
}

func TestASchoolKeepsAsLongAsItSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, days := range []int{-1, 31} {
		if _, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{UndoDays: &days}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%d days: %v", days, err)
		}
	}
	w.again(line("Jet"), "")
	w.clock.Advance(3 * 24 * time.Hour)
	set := func(days int) {
		_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{UndoDays: &days})
		w.must(err)
	}
	if set(4); w.keptForUndo() == 0 {
		t.Error("four days are not over")
	}
	if set(2); w.keptForUndo() != 0 {
		t.Error("what is older than two days is kept")
	}
	set(0)
	w.again()
	if w.keptForUndo() != 0 {
		t.Error("a school that keeps nothing keeps something")
	}
	if _, err := w.booking.Undo.Preview(w.ctx, w.operator, undo.Request{Import: models.New[models.RowID]()}); errs.KindOf(err) != errs.NotFound {
		t.Errorf("an import that is not there: %v", err)
	}
}

func TestFormerTimesAreOfferedAndTheOfficeSeesTheRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.confirmed("Jet Prins").makes(w.talks("Jet Mentor NOO+OOS 19:00", "Jet Vak LON 20:00", "Jet Vak VIS 20:30")...)
	p.drain()
	w.again(line("Jet"), "")
	p.drain()
	w.must(w.booking.Erasures.DropEmptied(w.ctx)) // the family goes once it is told, and comes back with the import that took its child away
	w.confirmed("Anna Bakker").makes(w.talk("Anna Vak LON 20:00"))
	p.drain()
	result := w.takeBack(w.lastImport())
	var told []string
	for _, one := range result.Former {
		told = append(told, one.Key+" "+strings.Join(one.Teachers, "+")+" "+string(one.Obstacle))
	}
	equal(t, "former talks", told, []string{"1009 Ada Noord+Bas Oost ", "1009 Eva Lont taken", "1009 Lieke Visser "})
	w.read(func(tx *store.Tx) {
		booked, err := tx.Appointments(store.Eq("pupil_id", w.pupils["Jet"]))
		w.must(err)
		if len(booked) > 0 {
			t.Errorf("talks came back by themselves: %v", booked)
		}
	})
	letter := only(t, p.drain(), "a.prins@example.com")
	for _, word := range []string{"Jet", "Ada Noord en Bas Oost", "Lieke Visser", "/de-merel"} {
		if !strings.Contains(letter.Text, word) {
			t.Errorf("the family does not read %q in\n%s", word, letter.Text)
		}
	}
	if strings.Contains(letter.Text, "Eva Lont") {
		t.Errorf("a time that is taken is offered:\n%s", letter.Text)
	}
}

func TestATeacherWithTimesStaysWhenAnImportIsTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	changed := w.changed()
	changed.Files[1].Data = []byte(teachersFile + "1A;Gea Nieuw;vakdocent;Duits;g.nieuw@school.example.com;NIE\n1A;Hans Vers;vakdocent;Frans;h.vers@school.example.com;VER\n")
	w.imported(changed)
	added := w.lastImport()
	w.look()
	w.available(w.evening, w.windows("NIE", 0, nil, "19:00-20:00"))
	result := w.takeBack(added)
	if _, there := w.staff["NIE"]; !there {
		t.Error("a teacher with times is gone")
	}
	if _, there := w.staff["VER"]; there {
		t.Error("the other one is there still")
	}
	if !slices.ContainsFunc(result.Stays, func(one undo.Stay) bool { return one.Key == "NIE" }) {
		t.Errorf("stays %v", result.Stays)
	}
}
