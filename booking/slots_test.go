package booking_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

func TestSlotsAreCutFromWindowsByTheLengthOfTheTalk(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		windows, breaks []string
		mentor, subject []string // of twenty and of ten minutes
	}{
		"an hour":                        {[]string{"19:00-20:00"}, nil, []string{"19:00", "19:20", "19:40"}, []string{"19:00", "19:10", "19:20", "19:30", "19:40", "19:50"}},
		"what is left over is too short": {[]string{"19:00-19:35"}, nil, []string{"19:00"}, []string{"19:00", "19:10", "19:20"}},
		"a break begins the count anew": {
			[]string{"19:00-20:00"}, []string{"19:15-19:20"}, []string{"19:20", "19:40"}, []string{"19:00", "19:20", "19:30", "19:40", "19:50"},
		},
		"a break at the edges":      {[]string{"19:00-20:00"}, []string{"18:50-19:05", "19:50-20:10"}, []string{"19:05", "19:25"}, []string{"19:05", "19:15", "19:25", "19:35"}},
		"a break over all":          {[]string{"19:00-20:00"}, []string{"18:00-21:00"}, []string{}, []string{}},
		"two windows":               {[]string{"15:00-15:25", "19:00-19:20"}, nil, []string{"15:00", "19:00"}, []string{"15:00", "15:10", "19:00", "19:10"}},
		"two windows that touch":    {[]string{"19:00-19:15", "19:15-19:35"}, nil, []string{"19:15"}, []string{"19:00", "19:15", "19:25"}},
		"a window until midnight":   {[]string{"23:30-24:00"}, nil, []string{"23:30"}, []string{"23:30", "23:40", "23:50"}},
		"a window past midnight":    {[]string{"23:40-00:20"}, nil, []string{"23:40", "00:00"}, []string{"23:40", "23:50", "00:00", "00:10"}},
		"a break past midnight":     {[]string{"23:40-00:30"}, []string{"00:05-00:10"}, []string{"23:40", "00:10"}, []string{"23:40", "23:50", "00:10", "00:20"}},
		"a break around midnight":   {[]string{"23:30-00:30"}, []string{"23:50-00:10"}, []string{"23:30", "00:10"}, []string{"23:30", "23:40", "00:10", "00:20"}},
		"in the very early morning": {[]string{"00:00-00:20"}, nil, []string{"00:00"}, []string{"00:00", "00:10"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, code := range []string{"NOO", "LON"} {
				day := w.windows(code, 0, nil, test.windows...)
				day.Breaks = w.windows(code, 0, nil, test.breaks...).Windows
				w.available(w.evening, day, w.windows(code, 1, nil))
			}
			jet := w.recognised("Jet Prins")
			equal(t, "twenty minutes", clocks(jet.free("Jet", "Mentor", "NOO")), test.mentor)
			equal(t, "ten minutes", clocks(jet.free("Jet", "Vak", "LON")), test.subject)
		})
	}
}

// clocks leaves the day out of "Tue 19:00".
func clocks(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = text[4:]
	}
	return out
}

func TestADuoIsMetWhereBothAreThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noord := w.windows("NOO", 0, nil, "19:00-20:00", "20:30-21:00")
	noord.Breaks = []rules.Window{{From: "19:30", Until: "19:35"}}
	w.available(w.evening, noord, w.windows("OOS", 0, nil, "19:10-20:45"), w.windows("NOO", 1, nil))
	jet := w.recognised("Jet Prins")
	equal(t, "together", clocks(jet.free("Jet", "Mentor", "NOO+OOS")), []string{"19:10", "19:35"})
	equal(t, "one", clocks(jet.free("Jet", "Mentor", "NOO")), []string{"19:00", "19:35", "20:30"})
}

func TestATalkOfTwentyMinutesAndOneOfTenShareATeacher(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.openEvening(func(c *conference.NewConference) {
		c.Days = c.Days[:1]
		c.TalkKinds = []conference.NewTalkKind{
			{Title: "Lang", Minutes: 20, Obligation: models.Optional, Staffing: models.StaffedByMentor, Pairing: models.PairingEither},
			{Title: "Kort", Minutes: 10, Obligation: models.Optional, Staffing: models.StaffedByMentor, Pairing: models.PairingEither},
		}
	})
	w.available(w.evening, w.windows("ZUI", 0, nil, "19:00-20:00"))
	w.recognised("Gijs de Wit").makes(w.talk("Gijs Kort ZUI 19:10"))
	bram := w.recognised("Bram Bakker")
	equal(t, "long", clocks(bram.free("Bram", "Lang", "ZUI")), []string{"19:20", "19:40"})
	equal(t, "short", clocks(bram.free("Bram", "Kort", "ZUI")), []string{"19:00", "19:20", "19:30", "19:40", "19:50"})
	bram.makes(w.talk("Bram Lang ZUI 19:40"))
	equal(t, "short", clocks(w.recognised("Gijs de Wit").free("Gijs", "Kort", "ZUI")), []string{"19:00", "19:20", "19:30"})
}

// plannedDay is the availability of one teacher on one day, in ticks after 15:00.
type plannedDay struct{ windows, breaks [][2]int }

const ticksOfADay = 84 // 15:00 to 22:00

func drawDay(t *rapid.T, name string) plannedDay {
	return plannedDay{drawSpans(t, name+" windows", 3), drawSpans(t, name+" breaks", 3)}
}

// drawSpans gives spans that do not overlap but may touch, in order.
func drawSpans(t *rapid.T, name string, most int) [][2]int {
	edges := rapid.SliceOfNDistinct(rapid.IntRange(0, ticksOfADay), 0, 2*most, rapid.ID[int]).Draw(t, name)
	slices.Sort(edges)
	var spans [][2]int
	for i := 0; i+1 < len(edges); i += 2 {
		spans = append(spans, [2]int{edges[i], edges[i+1]})
	}
	if len(spans) > 1 && rapid.Bool().Draw(t, name+" touch") {
		spans[1][0] = spans[0][1]
	}
	return spans
}

func wallClock(tick int) string { return fmt.Sprintf("%02d:%02d", 15+tick/12, tick%12*5) }

func asWindows(spans [][2]int) []rules.Window {
	var windows []rules.Window
	for _, span := range spans {
		windows = append(windows, rules.Window{From: wallClock(span[0]), Until: wallClock(span[1])})
	}
	return windows
}

// naiveSlots finds the starts by looking at each tick by itself: who of the teachers is in which window then, and where does that change.
func naiveSlots(days []plannedDay, length int) []string {
	place := func(tick int) string {
		text := ""
		for _, day := range days {
			window := -1
			for i, span := range day.windows {
				if span[0] <= tick && tick < span[1] {
					window = i
				}
			}
			for _, pause := range day.breaks {
				if pause[0] <= tick && tick < pause[1] {
					window = -1
				}
			}
			if window < 0 {
				return ""
			}
			text += fmt.Sprint(window, ";")
		}
		return text
	}
	slots := []string{}
	for tick, since := 0, 0; tick <= ticksOfADay; tick++ {
		if tick > 0 && place(tick) != place(tick-1) || tick == 0 {
			since = tick
		}
		// A slot ends here if it fits into the run whole, counted from the run's first tick.
		if run := tick - since + 1; place(tick) != "" && run >= length && run%length == 0 {
			slots = append(slots, wallClock(tick+1-length))
		}
	}
	return slots
}

func TestSlotsAreThoseOfANaiveModel(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	lengths := map[string]int{"Vijf": 1, "Tien": 2, "Kwartier": 3, "Twintig": 4, "Uur": 12}
	wanted := evenings()
	wanted.TalkKinds = nil
	for title, ticks := range lengths {
		wanted.TalkKinds = append(wanted.TalkKinds, conference.NewTalkKind{
			Title: title, Minutes: 5 * ticks, Obligation: models.Optional, Staffing: models.StaffedByMentor, Pairing: models.PairingBoth,
		})
	}
	w.evening = w.create(wanted)
	w.available(w.evening, w.windows("ZUI", 0, nil, "19:00-20:00"))
	w.openConference(w.evening.ID)
	jet := w.recognised("Jet Prins")
	rapid.Check(t, func(r *rapid.T) {
		plans := map[string]plannedDay{}
		var days []availability.TeacherDay
		for _, code := range []string{"NOO", "OOS"} {
			for day, name := range []string{"Tue", "Thu"} {
				programme := drawDay(r, code+" "+name)
				plans[code+name] = programme
				days = append(days, availability.TeacherDay{Staff: w.staff[code], Day: w.evening.Days[day].ID, Windows: asWindows(programme.windows), Breaks: asWindows(programme.breaks)})
			}
		}
		if _, err := w.booking.Availability.Set(w.ctx, w.operator, w.evening.ID, days); err != nil {
			r.Fatalf("%v: %v", plans, err)
		}
		family := jet.family()
		for _, talk := range family.Children[0].Talks {
			for _, option := range talk.Options {
				got := []string{}
				for _, free := range option.Free {
					got = append(got, free.Start.In(amsterdam(t)).Format("Mon 15:04"))
				}
				want := w.naive(plans, option, lengths[talk.Title])
				if !slices.Equal(got, want) {
					r.Fatalf("%s with %d\n got %q\nwant %q", talk.Title, len(option.Staff), got, want)
				}
			}
		}
	})
}

// naive gives the slots of a staff set by the naive model.
func (w *world) naive(plans map[string]plannedDay, option family.TalkOption, length int) []string {
	want := []string{}
	for _, day := range []string{"Tue", "Thu"} {
		var together []plannedDay
		for _, code := range []string{"NOO", "OOS"} {
			if slices.ContainsFunc(option.Staff, func(s rules.StaffName) bool { return s.ID == w.staff[code] }) {
				together = append(together, plans[code+day])
			}
		}
		for _, clock := range naiveSlots(together, length) {
			want = append(want, day+" "+clock)
		}
	}
	return want
}

func TestFreeTimesAreExactlyThoseThatCanBeBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.available(w.evening, w.windows("NOO", 0, nil, "19:00-20:00"), w.windows("NOO", 1, nil))
	w.recognised("Anna Bakker").makes(w.talk("Anna Mentor NOO+OOS 19:20"))
	jet := w.recognised("Jet Prins")
	jet.makes(w.talk("Jet Vak LON 19:50"))
	free := jet.free("Jet", "Mentor", "NOO")
	equal(t, "free", clocks(free), []string{"19:00"})
	for minutes := 0; minutes < 60; minutes += 5 {
		item := w.talk("Jet Mentor NOO 19:00")
		item.Start = item.Start.Add(time.Duration(minutes) * time.Minute)
		copied := w.fork()
		_, err := jet.in(copied).try(appointment.Change{Make: []appointment.Request{item}})
		shown := slices.Contains(clocks(free), fmt.Sprintf("19:%02d", minutes))
		if booked := err == nil; booked != shown {
			t.Errorf("19:%02d shown as free: %v, booked: %v", minutes, shown, booked)
		}
	}
}
