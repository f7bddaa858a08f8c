package booking_test

import (
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

func TestWhatIsNotOfferedIsRefusedAsSuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	for name, item := range map[string]appointment.Request{
		"a start between two slots":       w.talk("Anna Mentor NOO 19:10"),
		"a start before the window":       w.talk("Anna Mentor NOO 18:40"),
		"a talk that ends after it":       w.talk("Anna Mentor NOO 21:00"),
		"another child's mentor":          w.talk("Anna Mentor ZUI 19:00"),
		"two teachers who are no duo":     w.talk("Anna Vak LON+VIS 19:00"),
		"a mentor for a subject talk":     w.talk("Anna Vak NOO 19:00"),
		"a care talk where there is none": w.talk("Bram Zorg KAD 19:00"),
	} {
		item.Ref = name
		equal(t, name, bakkers.refused(appointment.Change{Make: []appointment.Request{item}}), []string{name + ": not_offered"})
	}
	odd := w.talk("Anna Vak LON 19:00")
	odd.Start = odd.Start.Add(time.Second)
	equal(t, "a start beside a tick", bakkers.refused(appointment.Change{Make: []appointment.Request{odd}}), []string{"Anna LON: not_offered"})
	none := w.talk("Anna Vak LON 19:00")
	none.Staff = nil
	equal(t, "no teacher", bakkers.refused(appointment.Change{Make: []appointment.Request{none}}), []string{"Anna LON: not_offered"})
}

func TestADayIsForItsAudienceAndForSiblingsIfItSaysSo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		audience models.Audience
		want     map[string]bool
	}{
		"a group":                  {models.Audience{Groups: []models.GroupID{{}}}, map[string]bool{"Anna": true}},
		"a year":                   {models.Audience{Years: []string{"3"}}, map[string]bool{"Cato": true}},
		"a year with siblings":     {models.Audience{Years: []string{"3"}, Siblings: true}, map[string]bool{"Anna": true, "Bram": true, "Cato": true}},
		"another year":             {models.Audience{Years: []string{"2"}}, map[string]bool{"Bram": true}},
		"a group with its brother": {models.Audience{Groups: []models.GroupID{{}}, Siblings: true}, map[string]bool{"Anna": true, "Bram": true, "Cato": true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			if len(test.audience.Groups) > 0 {
				test.audience.Groups = []models.GroupID{w.groups["1A"]}
			}
			w.openEvening(func(c *conference.NewConference) {
				c.Days = c.Days[:1]
				c.Days[0].Audience = test.audience
			})
			bakkers := w.recognised("Anna Bakker")
			for _, child := range bakkers.family().Children {
				if got := len(child.Talks) > 0; got != test.want[child.Given] {
					t.Errorf("%s is offered talks: %v", child.Given, got)
				}
				item := w.talk(child.Given + " Vak LON 19:00")
				_, err := bakkers.try(appointment.Change{Make: []appointment.Request{item}})
				if booked := err == nil; booked != test.want[child.Given] {
					t.Errorf("%s is booked: %v %v", child.Given, booked, reasons(err))
				}
				if err == nil {
					w = w.fork()
					bakkers = bakkers.in(w)
					bakkers.book(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: bakkers.family().Appointments[0].ID}}})
				}
			}
		})
	}
}

func TestLimitsCountPerPupilKindAndHousehold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rules   models.ConferenceRules
		before  []string
		asked   []string
		refused []string
	}{
		"one mentor talk of a child":         {models.ConferenceRules{}, []string{"Anna Mentor NOO 19:00"}, []string{"Anna Mentor OOS 19:20"}, []string{"Anna OOS: limit"}},
		"another child's mentor talk":        {models.ConferenceRules{}, []string{"Anna Mentor NOO 19:00"}, []string{"Bram Mentor ZUI 19:20"}, nil},
		"two talks of a child":               {models.ConferenceRules{MaxPerPupil: 2}, []string{"Anna Vak LON 19:00", "Anna Vak VIS 19:10"}, []string{"Anna Mentor NOO 19:20"}, []string{"Anna NOO: limit"}},
		"two talks of another child":         {models.ConferenceRules{MaxPerPupil: 2}, []string{"Anna Vak LON 19:00", "Anna Vak VIS 19:10"}, []string{"Bram Mentor ZUI 19:20"}, nil},
		"three talks of a family":            {models.ConferenceRules{MaxPerHousehold: 3}, []string{"Anna Vak LON 19:00", "Bram Vak VIS 19:10"}, []string{"Cato Vak LON 19:20", "Cato Vak VIS 19:30"}, []string{"Cato VIS: limit"}},
		"a family that does not ask for all": {models.ConferenceRules{MaxPerHousehold: 3}, []string{"Anna Vak LON 19:00", "Bram Vak VIS 19:10"}, []string{"Cato Vak LON 19:20"}, nil},
		"the same teacher twice for a child": {models.ConferenceRules{}, []string{"Anna Vak LON 19:00"}, []string{"Anna Vak LON Thu 19:00"}, []string{"Anna LON: limit"}},
		"the same teacher for two children":  {models.ConferenceRules{}, []string{"Anna Vak LON 19:00"}, []string{"Bram Vak LON 19:10"}, nil},
		"within one call":                    {models.ConferenceRules{MaxPerPupil: 1}, nil, []string{"Anna Vak LON 19:00", "Anna Vak VIS 19:10"}, []string{"Anna VIS: limit"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.change(test.rules)
			bakkers := w.recognised("Anna Bakker")
			if test.before != nil {
				bakkers.makes(w.talks(test.before...)...)
			}
			_, err := bakkers.try(appointment.Change{Make: w.talks(test.asked...)})
			if test.refused == nil && err != nil {
				t.Errorf("refused: %v", reasons(err))
			}
			if test.refused != nil {
				equal(t, "refused", reasons(err), test.refused)
				if items := itemsOf(t, err); len(items[0].Alternatives) != 0 {
					t.Errorf("another time does not help against a limit, but %v", items[0].Alternatives)
				}
			}
		})
	}
}

func TestTwoFamiliesOfOneSessionHaveLimitsOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(models.ConferenceRules{MaxPerHousehold: 1})
	opened, err := w.auth.Parents.Recognise(w.ctx, w.school, parent.Answers{Name: "Jet Prins", Factors: map[models.Factor]string{models.FactorBirthDate: known["Jet Prins"][0], models.FactorPostcode: known["Jet Prins"][1]}}, parent.Origin{Session: w.recognised("Anna Bakker").actor()})
	w.must(err)
	both := &session{w, opened.Token, opened.Device}
	outcome := both.makes(w.talks("Anna Vak LON 19:00", "Jet Vak LON 19:10")...)
	if len(outcome.Bookings) != 2 {
		t.Errorf("%d bookings for two households", len(outcome.Bookings))
	}
	equal(t, "one more of each", both.refused(appointment.Change{Make: w.talks("Bram Vak VIS 19:30", "Jet Vak VIS 19:40")}), []string{"Bram VIS: limit", "Jet VIS: limit"})
	w.consistent()
}

func TestTheFamilyPageSaysHowManyTalksAreLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(models.ConferenceRules{MaxPerPupil: 3, MaxPerHousehold: 4})
	bakkers := w.recognised("Anna Bakker")
	left := func(given, title string, want int) {
		t.Helper()
		if got := bakkers.offered(given, title).Left; got != want {
			t.Errorf("%s %s: %d left, want %d", given, title, got, want)
		}
	}
	left("Anna", "Mentor", 1)
	left("Anna", "Vak", 3)
	bakkers.makes(w.talks("Anna Mentor NOO 19:00", "Anna Vak LON 19:20")...)
	left("Anna", "Mentor", 0)
	left("Anna", "Vak", 1)
	left("Bram", "Vak", 2)
	bakkers.makes(w.talks("Bram Vak LON 19:40", "Bram Vak VIS 19:50")...)
	left("Cato", "Mentor", 0)
	left("Cato", "Vak", 0)
}

func TestStaffMayGoAboveLimitsAndOutsideOpeningTimesButNeverIntoTwoPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(models.ConferenceRules{MaxPerPupil: 1, LeadMinutes: 60})
	onBehalf := func(items ...appointment.Request) ([]string, error) {
		outcome, err := w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Household: w.home("Anna"), Make: items})
		if err != nil {
			return reasons(err), err
		}
		return w.show(outcome.Appointments), nil
	}
	w.clock.Set(w.at(0, "18:50")) // booking is open until Thursday, but not an hour before a talk
	got, err := onBehalf(w.talks("Anna Mentor NOO 19:00", "Anna Vak LON 19:20")...)
	w.must(err)
	equal(t, "booked by staff", got, []string{"Tue 19:00 Anna NOO", "Tue 19:20 Anna LON"})
	got, err = onBehalf(w.talks("Bram Vak VIS 19:00", "Bram Vak LON 19:20")...)
	wantKind(t, err, errs.Conflict)
	equal(t, "refused to staff", got, []string{"Bram VIS: overlap", "Bram LON: taken"})
	w.clock.Set(w.at(0, "19:30"))
	got, err = onBehalf(w.talks("Bram Vak VIS 19:20")...)
	wantKind(t, err, errs.Conflict)
	equal(t, "the past, to staff", got, []string{"Bram VIS: closed"})
	w.consistent()
}

func TestBookingIsClosedOutsideItsTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(models.ConferenceRules{LeadMinutes: 60})
	device := w.recognised("Anna Bakker").device
	for _, test := range []struct {
		name, talk string
		now        time.Time
		want       string
	}{
		{"before it opens", "Anna Vak LON 19:00", moment().Add(-2 * time.Hour), "Anna LON: closed"},
		{"at the instant it opens", "Anna Vak LON 19:00", moment().Add(-time.Hour), ""},
		{"an hour before the talk", "Anna Vak LON 19:00", w.at(0, "18:00"), ""},
		{"less than an hour before", "Anna Vak LON 19:00", w.at(0, "18:01"), "Anna LON: closed"},
		{"after the talk began", "Anna Vak LON 19:00", w.at(0, "19:01"), "Anna LON: closed"},
		{"just before it closes", "Anna Vak LON Thu 19:00", time.Date(2026, 11, 26, 11, 59, 59, 0, time.UTC), ""},
		{"when it closes", "Anna Vak LON Thu 19:00", time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), "Anna LON: closed"},
	} {
		copied := w.fork()
		copied.clock.Set(test.now)
		_, err := copied.recognisedOn(device, "Anna Bakker", "1234AB").try(appointment.Change{Make: copied.talks(test.talk)})
		if test.want == "" {
			if err != nil {
				t.Errorf("%s: %v %v", test.name, err, reasons(err))
			}
			continue
		}
		equal(t, test.name, reasons(err), []string{test.want})
	}
	if _, err := w.booking.Conferences.Close(w.ctx, w.operator, w.evening.ID); err != nil {
		t.Fatal(err)
	}
	equal(t, "closed by hand", w.recognised("Anna Bakker").refused(appointment.Change{Make: w.talks("Anna Vak LON 19:00")}), []string{"Anna LON: closed"})
}

func TestADraftIsNotThereForParents(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.evening = w.create(evenings())
	w.available(w.evening, w.windows("LON", 0, nil, "19:00-21:00"))
	bakkers := w.recognised("Anna Bakker")
	if family := bakkers.family(); len(family.Conferences) != 0 || len(family.Children) != 3 || len(family.Children[0].Talks) != 0 {
		t.Errorf("family %+v", family)
	}
	_, err := bakkers.try(appointment.Change{Make: w.talks("Anna Vak LON 19:00")})
	wantCode(t, err, "booking.no-such-talk")
}

func TestThePhaseOfAConferenceDecidesWhatTheFamilyPageShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Anna Bakker").makes(w.talk("Anna Vak LON 19:00"))
	for _, test := range []struct {
		now   time.Time
		phase family.Phase
		free  bool
		talks bool
	}{
		{moment().Add(-2 * time.Hour), family.PhaseBefore, false, true},
		{moment(), family.PhaseOpen, true, true},
		{time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), family.PhaseAfter, false, false},
	} {
		w.clock.Set(test.now)
		bakkers := w.confirmed("Anna Bakker")
		family := bakkers.family()
		if got := family.Conferences[0].Phase; got != test.phase {
			t.Errorf("phase %s, want %s", got, test.phase)
		}
		equal(t, "appointments", bakkers.sees(), []string{"Tue 19:00 Anna LON"})
		if got := len(family.Children[0].Talks) > 0; got != test.talks {
			t.Errorf("%s: talks are shown: %v", test.phase, got)
		}
		if test.talks {
			if got := len(bakkers.free("Anna", "Vak", "VIS")) > 0; got != test.free {
				t.Errorf("%s: free times are shown: %v", test.phase, got)
			}
		}
	}
}
