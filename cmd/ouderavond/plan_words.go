package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"time"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
)

// shownShortages is the number of teachers that are explained one by one.
const shownShortages = 25

// explainShortages tells, before anything is planned, what no plan can do: which teachers are asked for more than there is.
func explainShortages(out io.Writer, instance plan.Instance) error {
	requests := 0
	for _, p := range instance.Parties {
		requests += len(p.Requests)
	}
	fmt.Fprintf(out, "%d teachers, %d families, %d wishes, %d breaks on %d days.\n", len(instance.Teachers), len(instance.Parties), requests, len(instance.Breaks), instance.Days)
	list, err := plan.Shortages(instance)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		fmt.Fprintln(out, "No teacher is asked for more than there is.")
		return nil
	}
	unmet, nowhere, teachers := 0, 0, 0
	for _, s := range list {
		unmet += s.Unmet
		nowhere += s.Nowhere
		if s.Unmet > 0 {
			teachers++
		}
	}
	fmt.Fprintf(out, "Whatever the plan, %d talks have no place because teachers are asked for more than there is (%d of them), and %d because the family\n"+
		"cannot come when the teacher is there.\n", unmet, teachers, nowhere)
	shown := list[:min(len(list), shownShortages)]
	wide := len("teacher")
	for _, s := range shown {
		wide = max(wide, utf8.RuneCountInString(s.Teacher))
	}
	fmt.Fprintf(out, "  %-*s %6s %7s %9s %8s  %s\n", wide, "teacher", "asked", "places", "no place", "no time", "why, and what one more hour would bring, by the file's clock")
	for _, s := range shown {
		fmt.Fprintf(out, "  %-*s %6d %7d %9d %8d  %s\n", wide, s.Teacher, s.Asked, s.Places, s.Unmet, s.Nowhere, shortageReason(s))
	}
	if more := len(list) - shownShortages; more > 0 {
		fmt.Fprintf(out, "  and %d more\n", more)
	}
	return nil
}

func shortageReason(s plan.Shortage) string {
	if s.Unmet == 0 {
		return ""
	}
	reason := fmt.Sprintf("%d want the same %d places; ", s.Crowd, s.Room)
	if s.Crowd == s.Asked && s.Room == s.Places {
		reason = ""
	}
	if s.Hour == nil {
		return reason + "no single hour helps"
	}
	return reason + fmt.Sprintf("day %d, %s to %s: %d more", s.Hour.Day+1, gridTime(s.Hour.From), gridTime(s.Hour.To), s.Hour.Gain)
}

// gridTime writes minutes from the start of the day's grid as hours and minutes. In the file of a real conference the grid starts at midnight.
func gridTime(minute int) string {
	sign := ""
	if minute < 0 {
		sign, minute = "-", -minute
	}
	return fmt.Sprintf("%s%d:%02d", sign, minute/60, minute%60)
}

// planProgress tells how far the planning is: on a terminal on one line, elsewhere a line now and then.
type planProgress struct {
	out      io.Writer
	live     bool
	begin    time.Time
	told     time.Time
	smallest float64
	last     plan.Progress
}

func newPlanProgress(out io.Writer, instance plan.Instance) *planProgress {
	now := machine.Clock{}.Now()
	p := &planProgress{out: out, begin: now, smallest: smallestWeight(instance)}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		p.live = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// smallestWeight is the least that meeting one more wish can bring.
func smallestWeight(instance plan.Instance) float64 {
	least := math.Inf(1)
	for _, p := range instance.Parties {
		for _, r := range p.Requests {
			if r.Weight > 0 {
				least = min(least, r.Weight)
			}
		}
	}
	for _, b := range instance.Breaks {
		if b.Weight > 0 {
			least = min(least, b.Weight)
		}
	}
	return least
}

func (p *planProgress) tell(now plan.Progress) {
	p.last = now
	at := machine.Clock{}.Now()
	pause := 5 * time.Second
	if p.live {
		pause = 500 * time.Millisecond
	}
	if !p.told.IsZero() && at.Sub(p.told) < pause {
		return
	}
	p.told = at
	if p.live {
		fmt.Fprintf(p.out, "\r\x1b[K%s", p.line(at))
		return
	}
	fmt.Fprintln(p.out, p.line(at))
}

func (p *planProgress) line(at time.Time) string {
	f := p.last.Figures
	return fmt.Sprintf("%4.0f s  %d of %d wishes, cost %.1f, bound %.1f: %s", at.Sub(p.begin).Seconds(), f.Met, f.Requests, f.Cost, p.last.Bound.Cost, headroomWords(f, p.last.Bound, p.smallest))
}

// end closes the line and says after how many steps the planning ended.
func (p *planProgress) end() {
	at := machine.Clock{}.Now()
	if p.live {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	fmt.Fprintln(p.out, p.line(at))
	fmt.Fprintf(p.out, "%d steps of search, %d of the proof.\n", p.last.Steps, p.last.BoundSteps)
}

// headroomWords says how much better any plan could be.
func headroomWords(f plan.Figures, b plan.Bound, smallest float64) string {
	if f.Cost <= b.Cost+1e-6 {
		return "proven best, nothing more is possible"
	}
	h := f.Headroom(b, smallest, plan.Interchange().Drop)
	wishes := "no wish more"
	if h.Wishes == 1 {
		wishes = "at most 1 wish more"
	} else if h.Wishes > 1 {
		wishes = fmt.Sprintf("at most %d wishes more", h.Wishes)
	}
	return fmt.Sprintf("%s, at most %.2f minutes a family less are possible", wishes, math.Ceil(h.Minutes*100)/100)
}

// printFigures says what the plan is worth.
func printFigures(out io.Writer, instance plan.Instance, f plan.Figures, b plan.Bound) {
	line := func(name, format string, values ...any) {
		fmt.Fprintf(out, "%-32s "+format+"\n", append([]any{name}, values...)...)
	}
	families, teachers := float64(max(1, f.PartiesComing)), float64(max(1, len(instance.Teachers)))
	line("wishes met", "%d of %d", f.Met, f.Requests)
	line("weight not met", "%g (no plan below %g)", f.DroppedWeight, b.DroppedWeight)
	line("breaks missed", "%d", f.BreaksMissed)
	line("families with every wish met", "%d of %d", f.PartiesAllMet, len(instance.Parties))
	line("waiting a family", "%.1f minutes; %d wait more than 30", float64(f.WaitMinutes)/families, f.OverThirty)
	line("walking a family", "%.1f minutes", float64(f.WalkMinutes)/families)
	line("days a family", "%.3f", 1+float64(f.ExtraDays)/families)
	line("idle minutes a teacher", "%.1f", float64(f.IdleMinutes)/teachers)
	line("cost", "%.2f (no plan below %.2f)", f.Cost, b.Cost)
	if least := b.Cost - plan.Interchange().Drop*f.DroppedWeight; least > 0 {
		line("minutes part above its bound", "%.2f %%", 100*(f.Cost-b.Cost)/least)
	}
	fmt.Fprintf(out, "How much better anything could be: %s.\n", headroomWords(f, b, smallestWeight(instance)))
}
