package booking_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	conferences "github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

func (w *world) ready(id models.ConferenceID) *conferences.Readiness {
	w.t.Helper()
	ready, err := w.booking.Conferences.Readiness(w.ctx, w.operator, id)
	w.must(err)
	return ready
}

func codes(notices []conferences.Notice) []string {
	list := []string{}
	for _, notice := range notices {
		text := notice.Code
		if count := notice.Params["count"]; count != "" {
			text += " " + count
		}
		list = append(list, text)
	}
	return list
}

func names(notices []conferences.PupilNotice) []string {
	list := []string{}
	for _, notice := range notices {
		list = append(list, fmt.Sprintf("%s %s: %s", notice.Group, notice.Name, notice.Reason))
	}
	return list
}

func TestAConferenceIsOpenedOnlyWhenItCanBeBooked(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	blocked := func(conference models.ConferenceID, want string) {
		t.Helper()
		before := w.counts()
		_, err := w.booking.Conferences.Open(w.ctx, w.operator, conference)
		failed, ok := errs.As(err)
		if !ok || failed.Kind != errs.Conflict || failed.Code != "conference.not-ready" || failed.Params["blocker"] != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if got := codes(w.ready(conference).Blockers); len(got) == 0 || got[0] != want {
			t.Errorf("blockers %q", got)
		}
		if got := w.appeared(before); got != "" {
			t.Errorf("rows %s", got)
		}
	}
	bare := evenings()
	bare.Days, bare.TalkKinds = nil, nil
	conference := w.create(bare)
	blocked(conference.ID, "no-days")
	conference, err := w.booking.Parts.AddDay(w.ctx, w.operator, conferences.At{Conference: conference.ID}, evenings().Days[0])
	w.must(err)
	blocked(conference.ID, "no-talk-kinds")
	conference, err = w.booking.Parts.AddTalkKind(w.ctx, w.operator, conferences.At{Conference: conference.ID}, evenings().TalkKinds[0])
	w.must(err)
	blocked(conference.ID, "no-availability")
	w.available(conference, availability.TeacherDay{Staff: w.staff["NOO"], Day: conference.Days[0].ID, Windows: []rules.Window{{From: "19:00", Until: "21:00"}}})
	w.clock.Set(conference.ClosesAt)
	blocked(conference.ID, "closing-is-past")
	w.clock.Set(moment())
	if opened := w.openConference(conference.ID); opened.State != models.ConferenceOpen {
		t.Errorf("state %s", opened.State)
	}
}

func TestTheSchoolIsShownWhomToLookAtBeforeItOpens(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.again(
		"1006;Gijs;de;Wit;6-6-2012;4567DE", "1006;Gijs;de;Wit;;4567DE", "1009;Jet;;Prins;10-10-2014;6789GH", "1009;Jet;;Prins;10-10-2014;",
		line("Iris"), line("Iris")+"1010;Rik;;Tak;1-1-2014;7777HH;1;1A;1;;;;;;\n1011;Rik;;Tak;1-1-2014;7777HH;3;1A;1;;;;;;\n1012;Sam;;Los;2-2-2013;8888JJ;;;;;;;;;\n",
	)
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Finn"], people.PupilPatch{Protected: ptr(true)})
	w.must(err)
	_, err = w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: []models.PupilID{w.pupils["Emma"]}, Postcode: "2345BC", Beside: true})
	w.must(err)
	w.evening = w.create(evenings())
	w.available(w.evening, w.windows("LON", 0, nil, "19:00-19:50"), w.windows("NOO", 0, nil, "19:00-21:00"), w.windows("VIS", 0, nil, "19:00-21:00"))
	ready := w.ready(w.evening.ID)
	equal(t, "cannot log in", names(ready.CannotLogIn), []string{
		"1A Emma Smit: two-homes-alike", "1A Finn Visser: protected", "1A Jet Prins: no-postcode", "1A Rik Tak: not-unique", "1A Rik Tak: not-unique", "2B Gijs de Wit: no-birth-date",
	})
	equal(t, "without an offer", names(ready.WithoutOffer), []string{" Sam Los: no-offer"})
	overasked := []string{}
	for _, load := range ready.Overasked {
		overasked = append(overasked, fmt.Sprintf("%s %d/%d", load.Staff.Name, load.Pupils, load.Slots))
	}
	// Most pupils for a slot first; a teacher without a single one counts as one with one.
	equal(t, "overasked", overasked, []string{"Bas Oost 7/0", "Fem Kade 7/0", "Eva Lont 11/5", "Cor Zuid 2/0", "Dora West 2/0"})
	if ready.OpenSuggestions != 1 || ready.Unreachable != 7 {
		t.Errorf("%d suggestions, %d unreachable", ready.OpenSuggestions, ready.Unreachable)
	}
	equal(t, "warnings", codes(ready.Warnings), []string{"cannot-log-in 6", "days-without-hours", "households-without-contact 7", "overasked-teachers 5", "pupils-without-offer 1", "teachers-without-availability 4", "undecided-families 1"})
	equal(t, "blockers", codes(ready.Blockers), []string{})
	w.openConference(w.evening.ID) // warnings do not keep it closed
}

func TestASchoolThatIsReadyHasNothingToLookAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.booking.Households.DecideMergeSuggestions(w.ctx, w.operator, nil, true)
	w.must(err)
	for _, given := range []string{"Gijs", "Hugo"} {
		w.must(w.booking.Households.AddContact(w.ctx, w.operator, w.home(given), household.NewContact{Email: "iemand@example.com"}))
	}
	ready := w.ready(w.evening.ID)
	if len(ready.Blockers)+len(ready.Warnings)+len(ready.CannotLogIn)+len(ready.Overasked)+len(ready.WithoutOffer)+ready.Unreachable+ready.OpenSuggestions != 0 {
		t.Errorf("ready %+v", ready)
	}
	_, err = w.booking.Conferences.Readiness(w.ctx, w.operator, models.New[models.ConferenceID]())
	wantKind(t, err, errs.NotFound)
}

func TestAConferenceThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	before := w.counts()
	for field, test := range map[string]struct {
		code   string
		change func(*conferences.NewConference)
	}{
		"title":        {"required", func(c *conferences.NewConference) { c.Title = " " }},
		"opens_at":     {"required", func(c *conferences.NewConference) { c.OpensAt = time.Time{} }},
		"closes_at":    {"before-opening", func(c *conferences.NewConference) { c.ClosesAt = c.OpensAt }},
		"days[1].date": {"twice", func(c *conferences.NewConference) { c.Days[1].Date = c.Days[0].Date }},
		"days[0].audience.groups[0]": {"unknown", func(c *conferences.NewConference) {
			c.Days[0].Audience.Groups = []models.GroupID{models.New[models.GroupID]()}
		}},
		"talk_kinds[0].minutes":    {"not-a-multiple-of-five", func(c *conferences.NewConference) { c.TalkKinds[0].Minutes = 12 }},
		"talk_kinds[0].staffing":   {"unknown", func(c *conferences.NewConference) { c.TalkKinds[0].Staffing = "anybody" }},
		"talk_kinds[0].pairing":    {"unknown", func(c *conferences.NewConference) { c.TalkKinds[0].Pairing = "" }},
		"talk_kinds[0].obligation": {"unknown", func(c *conferences.NewConference) { c.TalkKinds[0].Obligation = "" }},
		"rules.walking_minutes":    {"out-of-range", func(c *conferences.NewConference) { c.Rules.WalkingMinutes = -1 }},
		"rules.max_per_household":  {"out-of-range", func(c *conferences.NewConference) { c.Rules.MaxPerHousehold = 10_001 }},
	} {
		wanted := evenings()
		test.change(&wanted)
		_, err := w.booking.Conferences.Create(w.ctx, w.operator, wanted)
		wantField(t, err, field, test.code)
	}
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
	conference := w.create(evenings())
	_, err := w.booking.Conferences.Update(w.ctx, w.operator, conference.ID, conferences.Patch{Title: ptr("Anders"), Version: conference.Version})
	w.must(err)
	_, err = w.booking.Conferences.Update(w.ctx, w.operator, conference.ID, conferences.Patch{Title: ptr("Nog eens"), Version: conference.Version})
	wantKind(t, err, errs.Stale)
}

func TestAnOfferAddsTeachersForAPupilAGroupAYearOrEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kind := w.kind(w.evening, "Zorg")
	for name, test := range map[string]struct {
		offer conferences.NewOffer
		want  []string
	}{
		"a pupil":     {conferences.NewOffer{Pupil: w.pupils["Bram"]}, []string{"Bram"}},
		"a group":     {conferences.NewOffer{Group: w.groups["2B"]}, []string{"Bram"}},
		"a year":      {conferences.NewOffer{Year: "3"}, []string{"Cato"}},
		"everybody":   {conferences.NewOffer{}, []string{"Anna", "Bram", "Cato"}},
		"two at once": {conferences.NewOffer{Pupil: w.pupils["Bram"], Staff: w.members("WES+ZUI")}, []string{"Bram"}},
	} {
		copied := w.fork()
		test.offer.TalkKind = kind
		codes := "WES+ZUI"
		if test.offer.Staff == nil {
			codes, test.offer.Staff = "WES", w.members("WES")
		}
		id, err := copied.booking.Parts.AddOffer(copied.ctx, copied.operator, conferences.At{Conference: w.evening.ID}, test.offer)
		copied.must(err)
		bakkers := copied.recognised("Anna Bakker")
		got := []string{}
		for _, given := range []string{"Anna", "Bram", "Cato"} {
			item := copied.talk(given + " Zorg " + codes + " 19:00")
			if _, err := bakkers.try(appointment.Change{Make: []appointment.Request{item}}); err == nil {
				got = append(got, given)
				bakkers.book(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: bakkers.family().Appointments[0].ID}}})
			}
		}
		equal(t, name, got, test.want)
		copied.must(copied.booking.Parts.RemoveOffer(copied.ctx, copied.operator, conferences.At{Conference: w.evening.ID}, id))
		equal(t, name+", taken away", bakkers.refused(appointment.Change{Make: copied.talks(test.want[0] + " Zorg " + codes + " 19:00")}), []string{test.want[0] + " " + codes + ": not_offered"})
		wantKind(t, copied.booking.Parts.RemoveOffer(copied.ctx, copied.operator, conferences.At{Conference: w.evening.ID}, id), errs.NotFound)
	}
}
