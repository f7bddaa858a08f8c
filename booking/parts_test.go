package booking_test

import (
	"fmt"
	"testing"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	conferences "github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
)

// suffering gives how many talks a refusal says would be hurt; empty if it is another error or none.
func suffering(err error) string {
	failed, ok := errs.As(err)
	if !ok || failed.Kind != errs.Conflict || failed.Code != "conference.talks-suffer" {
		return fmt.Sprint("not refused: ", err)
	}
	return failed.Params["talks"]
}

func (w *world) shown(conference *programme.Conference) []string {
	list := []string{}
	for _, day := range conference.Days {
		text := "day " + day.Date.String()
		for _, member := range conference.Staffed(day.ID) {
			for _, window := range conference.Windows(member, day.ID) {
				zone := models.Location("Europe/Amsterdam")
				text += fmt.Sprintf(" %s-%s", window.StartTick.Time().In(zone).Format("01-02 15:04"), window.EndTick.Time().In(zone).Format("15:04"))
			}
		}
		list = append(list, text)
	}
	for _, kind := range conference.TalkKinds {
		list = append(list, fmt.Sprintf("%s %d %s", kind.Details.Title, kind.Minutes, kind.Staffing))
	}
	return list
}

func TestEverythingOfADraftCanBeChangedAndTakenAway(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	made := w.create(evenings())
	w.evening = made
	w.available(made, func() availability.TeacherDay {
		day := w.windows("NOO", 0, nil, "19:00-21:00")
		day.Breaks = []rules.Window{{From: "20:00", Until: "20:10"}}
		return day
	}())
	at, parts := conferences.At{Conference: made.ID}, w.booking.Parts
	step := func(what string, want []string) func(*programme.Conference, error) {
		return func(got *programme.Conference, err error) {
			t.Helper()
			w.must(err)
			equal(t, what, w.shown(got), want)
		}
	}
	// Across the change of the clocks, the hours stay those of the wall.
	moved := date("2027-04-06")
	step("another date", []string{"day 2026-11-26", "day 2027-04-06 04-06 19:00-21:00", "Mentor 20 mentor", "Vak 10 subject", "Zorg 10 care"})(
		parts.ChangeDay(w.ctx, w.operator, at, made.Days[0].ID, conferences.DayPatch{Date: &moved}))
	w.consistent()
	_, err := parts.ChangeDay(w.ctx, w.operator, at, made.Days[0].ID, conferences.DayPatch{Date: &made.Days[1].Date})
	wantField(t, err, "date", "twice")
	step("a talk kind", []string{"day 2026-11-26", "day 2027-04-06 04-06 19:00-21:00", "Vak 10 subject", "Gesprek 15 group", "Zorg 10 care"})(
		parts.ChangeTalkKind(w.ctx, w.operator, at, made.TalkKinds[0].ID, conferences.TalkKindPatch{Title: ptr("Gesprek"), Minutes: ptr(15), Staffing: ptr(models.StaffedByGroup), Position: ptr(1)}))
	_, err = parts.ChangeTalkKind(w.ctx, w.operator, at, made.TalkKinds[0].ID, conferences.TalkKindPatch{Minutes: ptr(12)})
	wantField(t, err, "minutes", "not-a-multiple-of-five")
	step("a talk kind less", []string{"day 2026-11-26", "day 2027-04-06 04-06 19:00-21:00", "Gesprek 15 group", "Zorg 10 care"})(
		parts.RemoveTalkKind(w.ctx, w.operator, at, made.TalkKinds[1].ID))
	step("a day less", []string{"day 2026-11-26", "Gesprek 15 group", "Zorg 10 care"})(parts.RemoveDay(w.ctx, w.operator, at, made.Days[0].ID))
	for _, err := range []error{
		second(parts.RemoveDay(w.ctx, w.operator, at, made.Days[0].ID)), second(parts.RemoveTalkKind(w.ctx, w.operator, at, made.TalkKinds[1].ID)),
		second(parts.ChangeDay(w.ctx, w.operator, at, made.Days[0].ID, conferences.DayPatch{})),
		second(parts.ChangeTalkKind(w.ctx, w.operator, at, made.TalkKinds[1].ID, conferences.TalkKindPatch{})),
	} {
		wantKind(t, err, errs.NotFound)
	}
	stale := conferences.At{Conference: made.ID, Version: made.Version}
	wantKind(t, second(parts.RemoveDay(w.ctx, w.operator, stale, made.Days[1].ID)), errs.Stale)
	wantKind(t, w.booking.Conferences.Remove(w.ctx, w.operator, stale), errs.Stale)
	_, err = w.booking.Conferences.Close(w.ctx, w.operator, made.ID)
	wantCode(t, err, "conference.never-opened")
	w.must(w.booking.Conferences.Remove(w.ctx, w.operator, at))
	wantKind(t, w.booking.Conferences.Remove(w.ctx, w.operator, at), errs.NotFound)
	for name, count := range w.counts() {
		if count > 0 && (name == "conferences" || name == "days" || name == "talk_kinds" || name == "availabilities" || name == "blocks" || name == "claims") {
			t.Errorf("%d rows of %s are left", count, name)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestOfAnOpenConferenceNothingChangesByWhichABookedTalkSuffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	bakkers.makes(w.talk("Anna Mentor NOO 19:00"), w.talk("Bram Mentor ZUI 19:20"), w.talk("Anna Vak LON 20:00"))
	at, parts := conferences.At{Conference: w.evening.ID}, w.booking.Parts
	first, mentor := w.evening.Days[0].ID, w.kind(w.evening, "Mentor")
	day := func(patch conferences.DayPatch) error {
		return second(parts.ChangeDay(w.ctx, w.operator, at, first, patch))
	}
	kind := func(patch conferences.TalkKindPatch) error {
		return second(parts.ChangeTalkKind(w.ctx, w.operator, at, mentor, patch))
	}
	other := date("2026-11-25")
	before := w.schedule()
	for what, test := range map[string]struct {
		err  error
		want string
	}{
		"the conference goes":      {w.booking.Conferences.Remove(w.ctx, w.operator, at), "3"},
		"the day goes":             {second(parts.RemoveDay(w.ctx, w.operator, at, first)), "3"},
		"the day moves":            {day(conferences.DayPatch{Date: &other}), "3"},
		"the day is for others":    {day(conferences.DayPatch{Audience: &models.Audience{Groups: []models.GroupID{w.groups["1A"]}}}), "1"},
		"the talk kind goes":       {second(parts.RemoveTalkKind(w.ctx, w.operator, at, mentor)), "2"},
		"the talk gets longer":     {kind(conferences.TalkKindPatch{Minutes: ptr(25)}), "2"},
		"the talk is with others":  {kind(conferences.TalkKindPatch{Staffing: ptr(models.StaffedBySubject)}), "2"},
		"the talk is with both":    {kind(conferences.TalkKindPatch{Pairing: ptr(models.PairingTogether)}), "1"},
		"the pupil is to be there": {kind(conferences.TalkKindPatch{PupilAttends: ptr(true)}), "2"},
	} {
		if got := suffering(test.err); got != test.want {
			t.Errorf("%s: %s talks, want %s", what, got, test.want)
		}
	}
	equal(t, "the talks stand", w.schedule(), before)
	for what, err := range map[string]error{
		"its title":                   kind(conferences.TalkKindPatch{Title: ptr("Voortgang"), MaxPerPupil: ptr(2), Obligation: ptr(models.Required)}),
		"with whom, more than before": kind(conferences.TalkKindPatch{Staffing: ptr(models.StaffedByGroup)}),
		"a day with brothers":         day(conferences.DayPatch{Audience: &models.Audience{Groups: []models.GroupID{w.groups["1A"]}, Siblings: true}}),
		"a day that nobody booked":    second(parts.RemoveDay(w.ctx, w.operator, at, w.evening.Days[1].ID)),
		"a day more":                  second(parts.AddDay(w.ctx, w.operator, at, conferences.NewDay{Date: other, Audience: models.Audience{Everybody: true}})),
		"a talk kind that nobody has": second(parts.RemoveTalkKind(w.ctx, w.operator, at, w.kind(w.evening, "Zorg"))),
	} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.consistent()
}

func TestWhatIsLeftOfCancelledTalksGoesWhenTheFamiliesKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := w.post()
	bakkers := w.confirmed("Anna Bakker")
	bakkers.makes(w.talk("Anna Mentor NOO 19:00"))
	bakkers.book(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: bakkers.family().Appointments[0].ID}}})
	at := conferences.At{Conference: w.evening.ID}
	wantCode(t, w.booking.Conferences.Remove(w.ctx, w.operator, at), "conference.messages-wait")
	wantCode(t, second(w.booking.Parts.RemoveDay(w.ctx, w.operator, at, w.evening.Days[0].ID)), "conference.messages-wait")
	post.drain()
	w.must(second(w.booking.Parts.RemoveDay(w.ctx, w.operator, at, w.evening.Days[0].ID)))
	w.must(w.booking.Conferences.Remove(w.ctx, w.operator, at))
	if counts := w.counts(); counts["appointments"]+counts["claims"]+counts["conferences"] != 0 {
		t.Errorf("rows are left: %v", counts)
	}
}

func TestARoomChangesAndGoesWhereNoTalkIsHurt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room, err := w.booking.Availability.CreateRoom(w.ctx, w.operator, "A1", "Aula", "A", false)
	w.must(err)
	rooms := map[string]models.RoomID{"A": room.ID}
	w.available(w.evening, w.windows("NOO", 0, rooms, "19:00-21:00 A"), w.windows("ZUI", 0, rooms, "19:00-21:00 A"))
	anna, gijs := w.confirmed("Anna Bakker"), w.recognised("Gijs de Wit")
	anna.makes(w.talk("Anna Mentor NOO 19:00"))
	gijs.makes(w.talk("Gijs Mentor ZUI 19:00"))
	_, err = w.booking.Availability.UpdateRoom(w.ctx, w.operator, room.ID, availability.RoomPatch{UsedAlone: ptr(true)})
	if got := suffering(err); got != "2" {
		t.Errorf("used alone: %s", got)
	}
	if got := suffering(w.booking.Availability.RemoveRoom(w.ctx, w.operator, room.ID)); got != "2" {
		t.Errorf("removed: %s", got)
	}
	gijs.book(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: gijs.family().Appointments[0].ID}}})
	changed, err := w.booking.Availability.UpdateRoom(w.ctx, w.operator, room.ID, availability.RoomPatch{UsedAlone: ptr(true), Name: ptr("Zaal"), Zone: ptr(""), Key: ptr("Z1")})
	w.must(err)
	if !changed.UsedAlone || changed.Details != (models.RoomDetails{Key: "Z1", Name: "Zaal"}) {
		t.Errorf("changed %+v", changed)
	}
	w.consistent()
	// The room holds one talk now, so the other one of the same time is gone from what is free.
	if got := gijs.refused(appointment.Change{Make: w.talks("Gijs Mentor ZUI 19:00")}); len(got) != 1 {
		t.Errorf("booked twice in one room: %v", got)
	}
	anna.book(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: anna.family().Appointments[0].ID}}})
	w.must(w.booking.Availability.RemoveRoom(w.ctx, w.operator, room.ID))
	anna.makes(w.talk("Anna Mentor NOO 19:00"))
	wantKind(t, w.booking.Availability.RemoveRoom(w.ctx, w.operator, room.ID), errs.NotFound)
	if _, err := w.booking.Availability.CreateRoom(w.ctx, w.operator, "Z1", "Zaal", "", false); err != nil {
		t.Errorf("the key is still taken: %v", err)
	}
	w.consistent()
}

func TestSeveralTeachersInARoomThatHoldsOneTalkAreSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room, err := w.booking.Availability.CreateRoom(w.ctx, w.operator, "A1", "Aula", "A", true)
	w.must(err)
	rooms := map[string]models.RoomID{"A": room.ID}
	shared := func() string {
		for _, notice := range w.ready(w.evening.ID).Warnings {
			if notice.Code == "rooms-shared" {
				return notice.Params["rooms"]
			}
		}
		return ""
	}
	w.available(w.evening, w.windows("NOO", 0, rooms, "19:00-20:00 A"), w.windows("ZUI", 0, rooms, "20:00-21:00 A"))
	if got := shared(); got != "" {
		t.Errorf("one after another: %s", got)
	}
	w.available(w.evening, w.windows("WES", 0, rooms, "19:30-20:30 A"), w.windows("OOS", 0, rooms, "19:00-19:45 A"))
	if got := shared(); got != "Aula (3)" {
		t.Errorf("three at once: %q", got)
	}
}

func TestWhoBooksByPhoneIsWarnedOfTheWalkAndNobodyWalksToATalkByVideo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(models.ConferenceRules{WalkingMinutes: 10})
	rooms := map[string]models.RoomID{}
	for key, zone := range map[string]string{"A": "A", "B": "B", "V": "Online"} {
		room, err := w.booking.Availability.CreateRoom(w.ctx, w.operator, key, key, zone, false)
		w.must(err)
		rooms[key] = room.ID
	}
	w.available(w.evening, w.windows("NOO", 0, rooms, "19:00-21:00 A"), w.windows("LON", 0, rooms, "19:00-21:00 B"), w.windows("VIS", 0, rooms, "19:00-21:00 V"))
	book := func(change appointment.Change) error {
		change.Household = w.home("Anna")
		return second(w.booking.Appointments.Book(w.ctx, w.operator, change))
	}
	near, far := w.talk("Anna Vak VIS 19:20"), w.talk("Anna Vak LON 19:30")
	mentor := w.talk("Anna Mentor NOO 19:00")
	w.must(book(appointment.Change{Make: []appointment.Request{mentor, near}}))
	w.must(book(appointment.Change{Make: []appointment.Request{far}})) // from a screen to B
	closer := w.talk("Bram Mentor ZUI 20:00")
	w.available(w.evening, w.windows("ZUI", 0, rooms, "19:00-21:00 A"))
	closer.Start = w.at(0, "19:40")
	items := itemsOf(t, book(appointment.Change{Make: []appointment.Request{closer}}))
	if len(items) != 1 || items[0].Code != "too_far" {
		t.Errorf("not warned: %+v", items)
	}
	w.must(book(appointment.Change{Make: []appointment.Request{closer}, AcceptWalking: true}))
	w.consistent()
}
