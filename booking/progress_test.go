package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/office"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// progress is how far each family is, as "Bakker:silent".
func (w *world) progress(filter office.ProgressFilter) (list []string) {
	w.t.Helper()
	progress, err := w.booking.Office.Progress(w.ctx, w.operator, w.evening.ID, filter)
	w.must(err)
	if progress.Count < len(progress.Families) {
		w.t.Errorf("%d counted, %d shown", progress.Count, len(progress.Families))
	}
	for _, family := range progress.Families {
		text := family.Name + ":" + string(family.State)
		if family.Returned {
			text += "!"
		}
		list = append(list, text)
	}
	return list
}

// stateOf is how far one family is.
func (w *world) stateOf(name string) string {
	w.t.Helper()
	for _, text := range w.progress(office.ProgressFilter{}) {
		if of, state, _ := strings.Cut(text, ":"); of == name {
			return state
		}
	}
	return "not there"
}

// bounces notes of contacts of a family that a carrier says nobody is there, or why else nothing goes to them.
func (w *world) bounces(home models.HouseholdID, why string, only models.ContactKind) {
	w.t.Helper()
	w.must(w.store.For(w.operator).Write(w.ctx, func(tx *store.Tx) error {
		rows, err := store.List[models.Contact](tx, store.Eq("household_id", home))
		if err != nil {
			return err
		}
		now := tx.Now()
		for i := range rows {
			if only != "" && rows[i].Kind != only {
				continue
			}
			rows[i].Suppressed, rows[i].SuppressedAt, rows[i].SuppressedFor = true, &now, why
			if err := store.Update(tx, &rows[i], "suppressed", "suppressed_at", "suppressed_for"); err != nil {
				return err
			}
		}
		return nil
	}))
}

// same compares what is one thing.
func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// loginRows counts the times of log-ins that are kept.
func (w *world) loginRows() (count int64) {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		var err error
		count, err = store.Count[models.HouseholdLogin](tx)
		w.must(err)
	})
	return count
}

func TestTheOfficeSeesHowFarEachFamilyIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	equal(t, "nobody came yet", w.progress(office.ProgressFilter{}), []string{
		"Bakker:silent", "Mulder:no_contact", "Mulder:no_contact", "Prins:silent", "Smit:silent", "Visser:silent", "de Wit:no_contact",
	})
	bakkers := w.recognised("Anna Bakker")
	same(t, "who has looked", w.stateOf("Bakker"), "looked")
	bakkers.makes(w.talk("Anna Mentor NOO 19:00"))
	same(t, "who has one talk of several", w.stateOf("Bakker"), "partly")
	bakkers.makes(w.talks(sixTalks[1:]...)...)
	same(t, "who has all", w.stateOf("Bakker"), "booked")
	bakkers.book(bakkers.cancels("Tue 19:00 Anna NOO"))
	same(t, "who has cancelled one", w.stateOf("Bakker"), "partly")

	w.bounces(w.home("Jet"), models.ProblemNoSuchAddress, models.ContactEmail)
	same(t, "whose mail comes back, and who has a telephone", w.stateOf("Prins"), "silent!")
	w.bounces(w.home("Jet"), models.ProblemNoSuchAddress, "")
	same(t, "of whom everything comes back", w.stateOf("Prins"), "returned!")
	w.bounces(w.home("Finn"), models.SuppressedUninformed, models.ContactEmail)
	same(t, "who is told nothing", w.stateOf("Visser"), "no_contact")
	w.recognised("Jet Prins")
	same(t, "who came all the same", w.stateOf("Prins"), "looked!")
	w.must(w.booking.Households.AddContact(w.ctx, w.operator, w.home("Gijs"), household.NewContact{Name: "K. de Wit", Email: "k.dewit@example.com"}))
	same(t, "who has an address now", w.stateOf("de Wit"), "silent")
}

func TestThatAFamilyHasLookedOutlivesItsSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins")
	w.recognised("Jet Prins")
	w.clock.Set(w.clock.Now().Add(72 * time.Hour))
	w.must(w.booking.Erasures.Tidy(w.ctx))
	w.read(func(tx *store.Tx) {
		sessions, err := store.Count[models.Session](tx)
		w.must(err)
		if sessions != 0 {
			t.Errorf("%d sessions are left", sessions)
		}
	})
	same(t, "three days later", w.stateOf("Prins"), "looked")
	same(t, "what is kept of two log-ins", w.loginRows(), int64(1))
	w.clock.Set(w.clock.Now().Add(88 * 24 * time.Hour))
	w.must(w.booking.Erasures.Tidy(w.ctx))
	same(t, "what is kept after ninety days", w.loginRows(), int64(0))
}

func TestALogInCountsFromTheOpeningOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opens := w.evening.OpensAt
	now := w.clock.Now()
	w.clock.Set(opens.Add(-time.Minute))
	w.recognised("Jet Prins")
	same(t, "who came too early", w.stateOf("Prins"), "silent")
	w.clock.Set(now)
	w.recognised("Jet Prins")
	same(t, "who came again", w.stateOf("Prins"), "looked")
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Jet"]))
	same(t, "what is kept of who was erased", w.loginRows(), int64(0))

	other := newSchool(t)
	other.recognised("Jet Prins")
	same(t, "where no conference is open", other.loginRows(), int64(0))
}

func TestProgressIsCountedFilteredAndPaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Anna Bakker").makes(w.talk("Anna Mentor NOO 19:00"))
	w.recognised("Jet Prins")
	progress, err := w.booking.Office.Progress(w.ctx, w.operator, w.evening.ID, office.ProgressFilter{Limit: 1})
	w.must(err)
	same(t, "counts", fmt.Sprint(progress.Counts), fmt.Sprint(map[office.ProgressState]int{"partly": 1, "looked": 1, "silent": 2, "no_contact": 3}))
	if progress.Count != 7 || progress.Families[0].Talks != 1 || progress.Families[0].Open < 2 {
		t.Errorf("%d of all: %+v", progress.Count, progress.Families)
	}
	var groups []string
	for _, group := range progress.Groups {
		groups = append(groups, fmt.Sprint(group.Name, group.Counts))
	}
	equal(t, "groups", groups, []string{"1Amap[looked:1 no_contact:1 partly:1 silent:2]", "2Bmap[no_contact:1 partly:1]", "3Cmap[no_contact:1 partly:1]"})

	equal(t, "by state", w.progress(office.ProgressFilter{States: []office.ProgressState{office.ChoseNothing, office.BookedSome}}), []string{"Bakker:partly", "Prins:looked"})
	equal(t, "by group", w.progress(office.ProgressFilter{Group: w.groups["2B"]}), []string{"Bakker:partly", "de Wit:no_contact"})
	equal(t, "by both", w.progress(office.ProgressFilter{Group: w.groups["2B"], States: []office.ProgressState{office.NoContact}}), []string{"de Wit:no_contact"})
	same(t, "by a group of nobody", len(w.progress(office.ProgressFilter{Group: models.New[models.GroupID]()})), 0)

	for _, filter := range []office.ProgressFilter{{}, {Group: w.groups["1A"]}, {States: []office.ProgressState{office.NoContact}}} {
		whole, paged := w.progress(filter), []string{}
		for filter.Limit = 2; ; {
			page, err := w.booking.Office.Progress(w.ctx, w.operator, w.evening.ID, filter)
			w.must(err)
			for _, family := range page.Families {
				paged = append(paged, family.Name+":"+string(family.State))
			}
			if page.Count != len(whole) {
				t.Errorf("%d of %d", page.Count, len(whole))
			}
			if filter.After = page.Next; filter.After.IsZero() {
				break
			}
		}
		if !slices.Equal(whole, paged) {
			t.Errorf("by pages %v, at once %v", paged, whole)
		}
	}
	if _, err := w.booking.Office.Progress(w.ctx, w.operator, models.New[models.ConferenceID](), office.ProgressFilter{}); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a conference that is not there: %v", err)
	}
	if _, err := w.booking.Office.Progress(w.ctx, w.operator, w.evening.ID, office.ProgressFilter{After: models.New[models.HouseholdID]()}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a cursor of nobody: %v", err)
	}
}
