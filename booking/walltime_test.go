package booking_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
)

func TestTimesOfTheWallClockAreInstantsOrRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		zone, day    string
		hour, minute int
		want         string // UTC, or the code of the refusal
	}{
		"an evening in winter":             {"Europe/Amsterdam", "2026-11-24", 19, 0, "2026-11-24T18:00:00Z"},
		"an evening in summer":             {"Europe/Amsterdam", "2026-06-23", 19, 0, "2026-06-23T17:00:00Z"},
		"before the gap of 2026":           {"Europe/Amsterdam", "2026-03-29", 1, 55, "2026-03-29T00:55:00Z"},
		"the gap of 2026 begins":           {"Europe/Amsterdam", "2026-03-29", 2, 0, "no-such-time"},
		"the gap of 2026 ends":             {"Europe/Amsterdam", "2026-03-29", 2, 55, "no-such-time"},
		"after the gap of 2026":            {"Europe/Amsterdam", "2026-03-29", 3, 0, "2026-03-29T01:00:00Z"},
		"the gap of 2027":                  {"Europe/Amsterdam", "2027-03-28", 2, 30, "no-such-time"},
		"the day before the gap of 2027":   {"Europe/Amsterdam", "2027-03-27", 2, 30, "2027-03-27T01:30:00Z"},
		"before the fold of 2026":          {"Europe/Amsterdam", "2026-10-25", 1, 55, "2026-10-24T23:55:00Z"},
		"the fold of 2026 begins":          {"Europe/Amsterdam", "2026-10-25", 2, 0, "twice"},
		"the fold of 2026 ends":            {"Europe/Amsterdam", "2026-10-25", 2, 55, "twice"},
		"after the fold of 2026":           {"Europe/Amsterdam", "2026-10-25", 3, 0, "2026-10-25T02:00:00Z"},
		"a zone without changes":           {"Asia/Tokyo", "2026-03-29", 2, 30, "2026-03-28T17:30:00Z"},
		"half an hour that is left out":    {"Australia/Lord_Howe", "2026-10-04", 2, 15, "no-such-time"},
		"half an hour that comes twice":    {"Australia/Lord_Howe", "2026-04-05", 1, 45, "twice"},
		"an hour after half an hour twice": {"Australia/Lord_Howe", "2026-04-05", 2, 0, "2026-04-04T15:30:00Z"},
		"an evening hour that comes twice": {"America/Santiago", "2026-04-04", 23, 30, "twice"},
		"a midnight that is left out":      {"America/Santiago", "2026-09-06", 0, 0, "no-such-time"},
		"a midnight that comes twice":      {"America/Havana", "2026-11-01", 0, 30, "twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(test.zone)
			if err != nil {
				t.Fatal(err)
			}
			instant, err := rules.WallTime(date(test.day), test.hour, test.minute, zone)
			got := instant.Format(time.RFC3339)
			if err != nil {
				got = errs.CodeOf(err)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestEveryFiveMinutesOfFourYearsComeBack(t *testing.T) {
	t.Parallel()
	zone := amsterdam(t)
	first, last := date("2026-01-01"), date("2030-01-01")
	if testing.Short() {
		last = date("2027-01-01")
	}
	lacking, double := 0, 0
	for day := first; day.Before(last); day = day.AddDays(1) {
		for minutes := 0; minutes < 24*60; minutes += 5 {
			instant, err := rules.WallTime(day, minutes/60, minutes%60, zone)
			switch errs.CodeOf(err) {
			case "no-such-time":
				lacking++
				continue
			case "twice":
				double++
				continue
			}
			shown := instant.In(zone)
			if err != nil || civil.Of(shown) != day || shown.Hour()*60+shown.Minute() != minutes {
				t.Fatalf("%s %02d:%02d came back as %s %v", day, minutes/60, minutes%60, shown, err)
			}
		}
	}
	// Twelve times of five minutes are left out each spring, and come twice each autumn.
	if years := last.Year - first.Year; lacking != 12*years || double != 12*years {
		t.Errorf("%d times lacking and %d double", lacking, double)
	}
}

func TestAnInstantIsOneTimeOfTheWallClockAndBack(t *testing.T) {
	t.Parallel()
	zones := []string{"Europe/Amsterdam", "Europe/Lisbon", "America/Curacao", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana"}
	rapid.Check(t, func(r *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(r, "zone"))
		if err != nil {
			r.Fatal(err)
		}
		instant := time.Unix(300*rapid.Int64Range(5_900_000, 7_000_000).Draw(r, "tick"), 0).UTC()
		shown := instant.In(zone)
		back, err := rules.WallTime(civil.Of(shown), shown.Hour(), shown.Minute(), zone)
		if err == nil && !back.Equal(instant) {
			r.Fatalf("%s came back as %s", instant, back)
		}
		if err != nil && errs.CodeOf(err) != "twice" {
			r.Fatalf("a time that clocks show is refused: %v", err)
		}
	})
}

func TestAvailabilityInTheMissingOrDoubleHourIsRefused(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	wanted := evenings()
	wanted.ClosesAt = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	wanted.Days = []conference.NewDay{{Date: date("2027-03-28")}, {Date: date("2026-10-25")}}
	w.evening = w.create(wanted)
	set := func(day int, from, until string) error {
		at := w.evening.Days[day].ID
		_, err := w.booking.Availability.Set(w.ctx, w.operator, w.evening.ID, []availability.TeacherDay{{Staff: w.staff["LON"], Day: at, Windows: []rules.Window{{From: from, Until: until}}}})
		return err
	}
	wantField(t, set(1, "02:30", "04:00"), "days[0].windows[0].from", "no-such-time")
	wantField(t, set(1, "01:00", "02:30"), "days[0].windows[0].until", "no-such-time")
	wantField(t, set(0, "02:30", "04:00"), "days[0].windows[0].from", "twice")
	wantField(t, set(0, "01:00", "02:30"), "days[0].windows[0].until", "twice")
	for day, hours := range map[int]float64{0: 4, 1: 2} { // three hours by the clock
		if err := set(day, "01:00", "04:00"); err != nil {
			t.Fatal(err)
		}
		conference, err := w.booking.Conferences.Get(w.ctx, w.operator, w.evening.ID)
		w.must(err)
		window := conference.Windows(w.staff["LON"], w.evening.Days[day].ID)[0]
		if got := window.EndTick.Time().Sub(window.StartTick.Time()).Hours(); got != hours {
			t.Errorf("from one to four o'clock are %v hours, want %v", got, hours)
		}
	}
}
