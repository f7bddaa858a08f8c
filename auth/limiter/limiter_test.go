package limiter_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/auth/limiter"
)

var start = time.Date(2026, 11, 10, 18, 0, 0, 0, time.UTC)

// evening plays tries at a school, one after another, as the server does.
type evening struct {
	school limiter.School
	homes  map[string]int // households that got in, by address
	count  int
}

func newEvening(total int) *evening {
	return &evening{school: limiter.School{Now: start, Total: total}, homes: map[string]int{}}
}

func (e *evening) after(pause time.Duration) { e.school.Now = e.school.Now.Add(pause) }

// fresh is a try from an address and a device of its own, at one child.
func (e *evening) fresh(child string, slips int) limiter.Try {
	e.count++
	own := fmt.Sprint(e.count)
	return limiter.Try{
		Candidates: []limiter.Candidate{{Child: child, Slips: slips, Home: "home of " + child}},
		Token:      "token " + own, Answer: "answer " + own, Address: "address " + own, Network: "network " + own,
	}
}

func (e *evening) do(try limiter.Try) limiter.Outcome {
	try.Homes, try.NetworkHomes = e.homes[try.Address], e.homes[try.Network]
	outcome := e.school.Decide(try)
	for _, charge := range outcome.Charged {
		if !charge.Device {
			e.school.Misses = append(e.school.Misses, limiter.Miss{
				At: e.school.Now, Cost: charge.Cost, Child: try.Candidates[charge.Candidate].Child, Address: try.Address, Network: try.Network, Token: try.Token, Answer: try.Answer,
			})
		}
	}
	return outcome
}

// miss has some children guessed at, each by a stranger of their own, and returns how many of the guesses were charged.
func (e *evening) miss(times, slips int) int {
	charged := 0
	for range times {
		charged += len(e.do(e.fresh(fmt.Sprintf("child %d", e.count), slips)).Charged)
	}
	return charged
}

func (e *evening) lets(t *testing.T, what string, try limiter.Try, want bool) {
	t.Helper()
	outcome := e.do(try)
	if outcome.In != want || outcome.In && len(outcome.Charged) > 0 {
		t.Errorf("%s: %+v", what, outcome)
	}
}

const far, near = 5, 1

func TestTheTotalsFollowTheSizeOfTheSchool(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ pupils, narrow, wide, atOnce, most int }{{300, 9, 21, 8, 33}, {1200, 27, 75, 22, 105}, {0, 3, 3, 3, 9}, {49, 3, 5, 3, 9}, {50, 4, 6, 4, 13}} {
		narrow := limiter.NarrowTotal(tt.pupils)
		if narrow != tt.narrow || limiter.WideTotal(tt.pupils) != tt.wide || limiter.AtOnce(narrow) != tt.atOnce || limiter.Most(narrow) != tt.most {
			t.Errorf("%d pupils: %d, %d, %d, %d", tt.pupils, narrow, limiter.WideTotal(tt.pupils), limiter.AtOnce(narrow), limiter.Most(narrow))
		}
	}
}

func TestTheTotalIsNarrowWhereLinksWentOutOrThePolicyAsks(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		totals limiter.Totals
		chance float64
		want   int
	}{
		"no links":                       {limiter.Totals{Pupils: 300, Households: 200}, 0.01, 21},
		"links to six in ten":            {limiter.Totals{Pupils: 300, Households: 200, Linked: 120}, 0.01, 9},
		"links to fewer":                 {limiter.Totals{Pupils: 300, Households: 200, Linked: 119}, 0.01, 21},
		"nobody there":                   {limiter.Totals{}, 0, 3},
		"chosen narrow":                  {limiter.Totals{Choice: limiter.Narrow, Pupils: 300, Households: 200}, 0.01, 9},
		"chosen wide":                    {limiter.Totals{Choice: limiter.Wide, Pupils: 300, Households: 200, Linked: 200}, 0.01, 21},
		"narrow, a strong policy":        {limiter.Totals{Choice: limiter.Narrow, Pupils: 300}, 0.0000078, 12},
		"narrow, a very strong policy":   {limiter.Totals{Choice: limiter.Narrow, Pupils: 300}, 1e-12, 21},
		"narrow, a weak policy":          {limiter.Totals{Choice: limiter.Narrow, Pupils: 300}, 0.9, 9},
		"narrow, nothing is known of it": {limiter.Totals{Choice: limiter.Narrow, Pupils: 300}, 0, 9},
	} {
		if got := tt.totals.Total(func() float64 { return tt.chance }); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}

func TestWhatTheSchoolHasRoomForAtOnceAndInTwelveHours(t *testing.T) {
	t.Parallel()
	t.Run("eight at once", func(t *testing.T) {
		t.Parallel()
		e := newEvening(9)
		if charged := e.miss(1000, far); charged != 8 {
			t.Errorf("%d were charged", charged)
		}
		e.lets(t, "right data of another child", e.fresh("a", 0), false)
		if since, shut := e.school.Shut(); !shut || !since.Equal(start) {
			t.Errorf("shut %v since %v", shut, since)
		}
	})
	t.Run("one comes back in 2 h 47", func(t *testing.T) {
		t.Parallel()
		e := newEvening(9)
		e.miss(8, far)
		e.after(2*time.Hour + 46*time.Minute)
		e.lets(t, "a minute too early", e.fresh("a", 0), false)
		e.after(time.Minute)
		e.lets(t, "in time", e.fresh("a", 0), true)
		if charged := e.miss(5, far); charged != 1 {
			t.Errorf("%d more were charged", charged)
		}
		e.lets(t, "after one more", e.fresh("b", 0), false)
	})
	t.Run("nine in twelve hours", func(t *testing.T) {
		t.Parallel()
		e := newEvening(9)
		e.miss(8, far)
		e.after(6 * time.Hour)
		if charged := e.miss(2, far); charged != 1 {
			t.Errorf("%d were charged after six hours", charged)
		}
		e.lets(t, "nine of nine", e.fresh("a", 0), false)
		e.after(6*time.Hour - time.Second)
		e.lets(t, "a second too early", e.fresh("a", 0), false)
		e.after(time.Second)
		e.lets(t, "twelve hours after the first", e.fresh("a", 0), true)
	})
	t.Run("22 of 27, and one in 56 minutes", func(t *testing.T) {
		t.Parallel()
		e := newEvening(27)
		if charged := e.miss(100, far); charged != 22 {
			t.Errorf("%d were charged", charged)
		}
		e.after(56 * time.Minute)
		if charged := e.miss(100, far); charged != 1 {
			t.Errorf("%d came back", charged)
		}
	})
	t.Run("near misses never go over either", func(t *testing.T) {
		t.Parallel()
		e := newEvening(9)
		for range 12 * 60 {
			e.miss(3, near)
			e.after(time.Minute)
		}
		if got := len(e.school.Misses); got > limiter.Most(9) {
			t.Errorf("%d rows", got)
		}
	})
	t.Run("level 7.25 of 8", func(t *testing.T) {
		t.Parallel()
		e := newEvening(9)
		if charged := e.miss(7, far) + e.miss(1, near); charged != 8 {
			t.Fatalf("%d were charged", charged)
		}
		if outcome := e.do(e.fresh("a", near)); outcome.Open || len(outcome.Charged) != 0 {
			t.Errorf("a near miss: %+v", outcome)
		}
	})
	t.Run("four near ones are one", func(t *testing.T) {
		t.Parallel()
		e := newEvening(9)
		e.miss(4, near)
		if got := e.school.Spent(); got != limiter.Far {
			t.Errorf("%d quarters", got)
		}
	})
	t.Run("a clock that goes backwards frees nothing", func(t *testing.T) {
		t.Parallel()
		e := newEvening(9)
		e.miss(8, far)
		e.after(-48 * time.Hour)
		e.lets(t, "two days earlier", e.fresh("a", 0), false)
	})
}

func TestAChildHasThreeWrongAnswersInADay(t *testing.T) {
	t.Parallel()
	e := newEvening(90)
	for n := range 3 {
		e.do(e.fresh("a", []int{far, near, near}[n]))
		e.after(time.Hour)
	}
	e.lets(t, "right", e.fresh("a", 0), false)
	e.lets(t, "another child", e.fresh("b", 0), true)
	if charged := e.do(e.fresh("a", far)).Charged; len(charged) != 0 {
		t.Errorf("a fourth is charged: %+v", charged)
	}
	e.after(21*time.Hour - time.Second)
	e.lets(t, "a second too early", e.fresh("a", 0), false)
	e.after(time.Second)
	e.lets(t, "24 hours after the first", e.fresh("a", 0), true)
}

func TestAnAddressHasThreeAndWhoGotInFromIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		misses, homes int
		want          bool
	}{{2, 0, true}, {3, 0, false}, {3, 10, true}, {12, 10, true}, {13, 10, false}} {
		e := newEvening(90)
		e.homes["here"] = tt.homes
		for n := range tt.misses {
			try := e.fresh(fmt.Sprint(n), near)
			try.Address = "here"
			e.do(try)
		}
		try := e.fresh("a", 0)
		try.Address = "here"
		e.lets(t, fmt.Sprintf("%d misses, %d households", tt.misses, tt.homes), try, tt.want)
		e.lets(t, "from elsewhere", e.fresh("b", 0), true)
	}
	e := newEvening(90)
	for n := range 13 {
		try := e.fresh(fmt.Sprint(n), far)
		try.Network = "of the village"
		if charged := len(e.do(try).Charged); charged != min(1, max(0, 12-n)) {
			t.Errorf("miss %d of a /48 is charged %d times", n, charged)
		}
	}
}

func TestAnAnswerAboutTwoChildrenOfOneNameIsOneOfItsAddress(t *testing.T) {
	t.Parallel()
	e := newEvening(90)
	both := func(slips int) limiter.Try {
		try := e.fresh("a", slips)
		try.Address, try.Network = "here", "of the house"
		try.Candidates = append(try.Candidates, limiter.Candidate{Child: "b", Slips: far, Home: "home of b"})
		return try
	}
	for n := range 2 {
		if charged := len(e.do(both(near)).Charged); charged != 2 {
			t.Errorf("slip %d is charged %d times", n, charged)
		}
	}
	e.lets(t, "after two slips", both(0), true)
	if charged := len(e.do(both(near)).Charged); charged != 2 {
		t.Errorf("a third is charged %d times", charged)
	}
	e.lets(t, "after three", both(0), false)
}

func TestOneAnswerOfOneDeviceIsOneMiss(t *testing.T) {
	t.Parallel()
	e := newEvening(9)
	first := e.fresh("a", far)
	if len(e.do(first).Charged) != 1 || len(e.do(first).Charged) != 0 {
		t.Error("the same answer is charged twice, or never")
	}
	other := first
	other.Token = "another"
	if len(e.do(other).Charged) != 1 {
		t.Error("another device's same answer is not charged")
	}
	e.after(limiter.Kept)
	if len(e.do(first).Charged) != 1 {
		t.Error("it is not charged again after a day")
	}
}

func TestEachWhoIsComparedIsChargedAndNeedsRoom(t *testing.T) {
	t.Parallel()
	two := func(e *evening, slips ...int) limiter.Try {
		try := e.fresh("a", slips[0])
		try.Candidates = append(try.Candidates, limiter.Candidate{Child: "b", Slips: slips[1], Home: "home of b"})
		return try
	}
	e := newEvening(9)
	e.lets(t, "one is right", two(e, far, 0), true)
	if charged := e.do(two(e, far, near)).Charged; len(charged) != 2 || charged[0].Cost != limiter.Far || charged[1].Cost != limiter.Near {
		t.Errorf("both wrong: %+v", charged)
	}
	e.lets(t, "right for two families", two(e, 0, 0), false)
	brothers := two(e, 0, 0)
	brothers.Candidates[1].Home = brothers.Candidates[0].Home
	e.lets(t, "right for two of one family", brothers, true)
	nowhere := e.fresh("c", 0)
	nowhere.Candidates[0].Home = ""
	if outcome := e.do(nowhere); outcome.In || len(outcome.Charged) != 0 {
		t.Errorf("right for a child of two homes: %+v", outcome)
	}
	e.miss(5, far)
	e.lets(t, "room for one only", two(e, far, 0), false)
	e.lets(t, "room for one", e.fresh("d", 0), true)
	e = newEvening(90)
	for range 3 {
		e.do(e.fresh("b", far))
	}
	e.lets(t, "the namesake has no room", two(e, 0, far), false)
}

func TestNamesOfNobodyChargeNothing(t *testing.T) {
	t.Parallel()
	e := newEvening(9)
	for range 1000 {
		try := e.fresh("", far)
		try.Candidates = nil
		if outcome := e.do(try); outcome.In || len(outcome.Charged) != 0 || !outcome.Open {
			t.Fatalf("%+v", outcome)
		}
	}
	e.lets(t, "right", e.fresh("a", 0), true)
}

func TestAKnownDevicePassesWithABudgetOfItsOwn(t *testing.T) {
	t.Parallel()
	e := newEvening(9)
	e.miss(8, far)
	known := func(misses, slips int) limiter.Try {
		try := e.fresh("a", slips)
		try.Candidates[0].Known = &limiter.Device{Misses: misses}
		return try
	}
	e.lets(t, "known", known(4, 0), true)
	e.lets(t, "known, after five wrong answers", known(5, 0), false)
	e.lets(t, "unknown", e.fresh("a", 0), false)
	if charged := e.do(known(0, far)).Charged; len(charged) != 1 || !charged[0].Device {
		t.Errorf("a wrong answer: %+v", charged)
	}
	again := known(1, far)
	again.Candidates[0].Known.Repeated = true
	if charged := e.do(again).Charged; len(charged) != 0 {
		t.Errorf("the same again: %+v", charged)
	}
	if got := len(e.school.Misses); got != 8 {
		t.Errorf("%d are the school's", got)
	}
}

// Whatever is tried when: no twelve hours have more than the total, nothing is charged but what was open, and never more at once than four fifths.
func TestNoTwelveHoursHaveMoreThanTheTotal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(3, 40).Draw(t, "total")
		e := newEvening(total)
		for range rapid.IntRange(1, 60).Draw(t, "tries") {
			e.after(time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes")) * time.Minute * time.Duration(rapid.IntRange(0, 1).Draw(t, "waits")))
			e.miss(rapid.IntRange(1, 6).Draw(t, "at once"), rapid.SampledFrom([]int{near, far}).Draw(t, "slips"))
		}
		for i, first := range e.school.Misses {
			var twelve, minute limiter.Quarters
			for _, miss := range e.school.Misses[i:] {
				if pause := miss.At.Sub(first.At); pause < limiter.SchoolWindow {
					twelve += miss.Cost
					if pause == 0 {
						minute += miss.Cost
					}
				}
			}
			if int(twelve) > 4*total || int(minute) > 4*limiter.AtOnce(total) {
				t.Fatalf("%d quarters in twelve hours, %d at once, of %d", twelve, minute, total)
			}
		}
	})
}
