package undo_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/store"
)

var (
	nights       = flag.Int("undo.nights", 11, "how many nights the test of nights has")
	nightsPupils = flag.Int("undo.pupils", 120, "how many pupils its school has")
	nightsSeed   = flag.Uint64("undo.seed", 1, "its seed")
)

// TestNothingIsLeftOfALeaverAndNothingOfAnotherIsTouched imports a school night after night, with leavers, newcomers, other classes, numbers, guardians and teachers, and
// with work by hand between; and looks after each night that nothing is left of whoever went longer ago than the undo time, that nobody else lost anything, that
// the same files a second time do nothing, and that every talk is booked, cancelled by the import that took its pupil away, or past. Then it takes three nights back.
//
//	go test ./booking/undo -run NothingIsLeft -v -undo.nights 30 -undo.pupils 1400 -timeout 60m
func TestNothingIsLeftOfALeaverAndNothingOfAnotherIsTouched(t *testing.T) {
	t.Parallel()
	w := newWorld(t, *nightsSeed, *nightsPupils)
	w.night()
	w.openEvening()
	log := &nightLog{w: w, gone: map[models.PupilID]time.Time{}}
	log.book(40)
	var done []models.RowID
	var states [][]string
	for night := range *nights {
		w.later(1)
		w.change(5 + len(w.files.Pupils)/20)
		if night < *nights-3 {
			log.byHand()
			log.book(10)
		}
		states = append(states, w.state())
		last := w.last()
		log.run()
		if w.last() == last {
			t.Fatalf("night %d changed nothing", night)
		}
		done = append(done, w.last())
		w.must(w.booking.Erasures.Tidy(w.ctx))
		log.nothingLeft()
	}
	t.Logf("%d nights: %d leavers, %d of them forgotten, %d talks booked, %d cancelled with their pupils", *nights, len(log.gone), log.forgotten, log.booked, log.cancelled)
	if len(log.gone) == 0 || log.cancelled == 0 || log.forgotten == 0 && *nights > 7 {
		t.Error("nothing happened that could go wrong")
	}
	for back := range 3 {
		at := len(done) - 1 - back
		result := w.undo(done[at])
		if len(result.Stays) > 0 {
			t.Errorf("of night %d stays %v", at, result.Stays)
		}
		if lines := differences(states[at], w.state()); lines != "" {
			t.Fatalf("after night %d was taken back:\n%.4000s", at, lines)
		}
		if again := w.undo(done[at]); !again.Empty {
			t.Errorf("a second time night %d changes %+v", at, again.Change)
		}
	}
}

// nightLog keeps account of who went and which talks there were.
type nightLog struct {
	w                            *world
	gone                         map[models.PupilID]time.Time // when they went
	booked, cancelled, forgotten int
}

// run imports a night's files, and holds the account against what it says and what there is.
func (l *nightLog) run() {
	w := l.w
	w.t.Helper()
	before, talks := l.pupils(), l.talks()
	result := w.night()
	after, stand := l.pupils(), l.talks()
	for id := range before {
		if _, there := after[id]; !there {
			l.gone[id] = w.store.Now()
		}
	}
	lost := 0
	for id, talk := range talks {
		_, there := after[talk.PupilID]
		_, stands := stand[id]
		if there != stands {
			w.t.Errorf("a talk of a pupil who is there: %v stands: %v", there, stands)
		}
		if !stands {
			lost++
		}
	}
	if lost != result.Consequences.Cancelled || lost != result.Change.CancelledTalks {
		w.t.Errorf("%d talks are gone, and the import says %d", lost, result.Consequences.Cancelled)
	}
	l.cancelled += lost
	// The same files once more do nothing.
	state := w.state()
	if again := w.night(); !again.Change.Empty() {
		w.t.Errorf("the same files again change %+v", again.Change)
	}
	if lines := differences(state, w.state()); lines != "" {
		w.t.Errorf("the same files again changed rows:\n%.2000s", lines)
	}
}

func (l *nightLog) pupils() map[models.PupilID]*models.Pupil {
	l.w.t.Helper()
	list, _, err := l.w.booking.People.Pupils(l.w.ctx, l.w.actor)
	l.w.must(err)
	found := map[models.PupilID]*models.Pupil{}
	for _, pupil := range list {
		found[pupil.ID] = pupil
	}
	return found
}

func (l *nightLog) talks() map[models.AppointmentID]models.Appointment {
	l.w.t.Helper()
	found := map[models.AppointmentID]models.Appointment{}
	l.w.read(func(tx *store.Tx) error {
		rows, err := tx.Appointments(store.Eq("state", models.AppointmentBooked))
		for _, row := range rows {
			found[row.ID] = row
		}
		return err
	})
	return found
}

// nothingLeft searches every table, with all that is sealed in it opened, for those who went longer ago than the undo time; and all but what is kept for an undo for
// those who went since.
func (l *nightLog) nothingLeft() {
	w := l.w
	w.t.Helper()
	everything, kept := w.everything()
	l.forgotten = 0
	for id, at := range l.gone {
		if !w.store.Now().Before(at.Add(models.UndoDays * 24 * time.Hour)) {
			l.forgotten++
			if holds(kept, id.String()) {
				w.t.Errorf("pupil %s is kept after the undo time", id)
			}
		}
		if table := everything.find(id.String()); table != "" {
			w.t.Errorf("pupil %s, who has left, is still in %s", id, table)
		}
	}
}

// tables are the rows of tables as texts.
type tables map[string][]byte

func (t tables) find(word string) string {
	for name, text := range t {
		if bytes.Contains(text, []byte(word)) {
			return name
		}
	}
	return ""
}

// recordsOfErasures are the tables that say, by ids alone, that something is gone.
var recordsOfErasures = []string{"audits", "person_erasures"}

// everything is what the tables hold, and apart from them what is kept for an undo.
func (w *world) everything() (tables, [][]byte) {
	w.t.Helper()
	all := tables{}
	w.read(func(tx *store.Tx) error {
		for _, list := range []func() (string, any, error){
			opened[models.Pupil](tx), opened[models.PupilGroup](tx), opened[models.Household](tx), opened[models.HouseholdPupil](tx), opened[models.Guardian](tx),
			opened[models.GuardianPupil](tx), opened[models.Contact](tx), opened[models.Teaching](tx), opened[models.ExternalKey](tx), opened[models.Override](tx),
			opened[models.MergeSuggestion](tx), opened[models.PersonalLink](tx), opened[models.Offer](tx), opened[models.Appointment](tx), opened[models.Booking](tx),
			opened[models.Maker](tx), opened[models.Session](tx), opened[models.Code](tx), opened[models.Message](tx), opened[models.Invitation](tx), opened[models.Import](tx),
			opened[models.ImportFile](tx), opened[models.Claim](tx), opened[models.Task](tx), opened[models.Idempotency](tx),
		} {
			name, rows, err := list()
			if err != nil {
				return err
			}
			if all[name], err = json.Marshal(rows); err != nil {
				return err
			}
		}
		return nil
	})
	scoped, err := w.store.ScopedTables(w.ctx)
	w.must(err)
	for _, table := range scoped {
		if _, read := all[table]; !read && !slices.Contains(recordsOfErasures, table) {
			all[table] = w.raw(table)
		}
	}
	delete(all, "undo_rows")
	return all, w.kept()
}

func opened[T any](tx *store.Tx) func() (string, any, error) {
	return func() (string, any, error) {
		rows, err := store.List[T](tx)
		if err == nil {
			err = store.OpenGuarded(tx, rows)
		}
		return any(new(T)).(interface{ TableName() string }).TableName(), rows, err
	}
}

// raw is a table without its sealed values; ids as people write them.
func (w *world) raw(table string) []byte {
	w.t.Helper()
	rows, err := w.db.Raw(w.t).Query("SELECT * FROM " + table)
	w.must(err)
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	w.must(err)
	var text bytes.Buffer
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		w.must(rows.Scan(into...))
		for _, value := range values {
			if id, ok := value.([]byte); ok && len(id) == 16 {
				fmt.Fprintln(&text, models.RowID(id))
				continue
			}
			fmt.Fprintln(&text, value)
		}
	}
	w.must(rows.Err())
	return text.Bytes()
}

// byHand is what the office does on a day: it corrects, adds and erases.
func (l *nightLog) byHand() {
	w := l.w
	w.t.Helper()
	var ids []models.PupilID
	for id := range l.pupils() {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, models.PupilID.Compare)
	pick := func() models.PupilID { return ids[w.dice.IntN(len(ids))] }
	_, err := w.booking.People.UpdatePupil(w.ctx, w.actor, pick(), people.PupilPatch{Given: new("Handmatig")})
	w.must(err)
	homes, err := w.booking.Households.List(w.ctx, w.actor)
	w.must(err)
	home := homes[w.dice.IntN(len(homes))].Household.ID
	w.must(w.booking.Households.AddContact(w.ctx, w.actor, home, household.NewContact{Name: "Oma", Email: fmt.Sprintf("oma%d@example.com", w.dice.IntN(1e6))}))
	erased := pick()
	pupil := l.pupils()[erased]
	w.must(w.booking.People.ErasePupil(w.ctx, w.actor, erased))
	if holds(w.kept(), erased.String()) {
		w.t.Errorf("a pupil who was erased by hand is kept: %s", erased)
	}
	w.files.Pupils = slices.Clone(w.files.Pupils)
	for i := range w.files.Pupils {
		if w.files.Pupils[i].Number == pupil.Details.Key {
			w.files.Pupils = slices.Delete(w.files.Pupils, i, i+1)
			break
		}
	}
}

// openEvening makes a conference on an evening after all nights, on which every teacher has time.
func (w *world) openEvening() {
	w.t.Helper()
	date := w.store.Now().AddDate(0, 0, *nights+20)
	made, err := w.booking.Conferences.Create(w.ctx, w.actor, conference.NewConference{
		Title: "Avond", OpensAt: w.store.Now().Add(-time.Hour), ClosesAt: date.AddDate(0, 0, -1),
		Days:      []conference.NewDay{{Date: civil.Of(date), Audience: models.Audience{Everybody: true}}},
		TalkKinds: []conference.NewTalkKind{{Title: "Mentor", Minutes: 10, Obligation: models.Optional, Staffing: models.StaffedByGroup, Pairing: models.PairingEither}},
	})
	w.must(err)
	_, roster, err := w.booking.People.Pupils(w.ctx, w.actor)
	w.must(err)
	var days []availability.TeacherDay
	for _, staff := range roster.AllStaff() {
		days = append(days, availability.TeacherDay{Staff: staff.ID, Day: made.Days[0].ID, Windows: []rules.Window{{From: "08:00", Until: "22:00"}}})
	}
	_, err = w.booking.Availability.Set(w.ctx, w.actor, made.ID, days)
	w.must(err)
	ready, err := w.booking.Conferences.Readiness(w.ctx, w.actor, made.ID)
	w.must(err)
	if len(ready.Blockers) > 0 {
		w.t.Fatalf("the conference cannot open: %+v", ready.Blockers)
	}
	_, err = w.booking.Conferences.Open(w.ctx, w.actor, made.ID)
	w.must(err)
}

// book books a talk with the mentor for some pupils, at the first time that is free.
func (l *nightLog) book(count int) {
	w := l.w
	w.t.Helper()
	conferences, err := w.booking.Conferences.List(w.ctx, w.actor)
	w.must(err)
	evening := conferences[0]
	_, roster, err := w.booking.People.Pupils(w.ctx, w.actor)
	w.must(err)
	all := roster.Pupils()
	for range count {
		pupil := all[w.dice.IntN(len(all))]
		homes := roster.HouseholdsOf(pupil.ID)
		offers := rules.OffersOf(roster, evening, evening.TalkKinds[0], pupil)
		if len(homes) == 0 || len(offers) == 0 {
			continue
		}
		slots := rules.SlotsOf(evening, offers[0], 2, []models.DayID{evening.Days[0].ID})
		request := appointment.Request{
			Ref: "a", Pupil: pupil.ID, TalkKind: evening.TalkKinds[0].ID, Staff: offers[0], Start: slots[w.dice.IntN(len(slots))].Start.Time(),
		}
		_, err := w.booking.Appointments.Book(w.ctx, w.actor, appointment.Change{Household: homes[0].HouseholdID, Make: []appointment.Request{request}})
		if err == nil {
			l.booked++
		}
	}
	if l.booked == 0 {
		w.t.Fatalf("nobody could book: %v", err)
	}
}
