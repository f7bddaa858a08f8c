package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
)

// morning is the hour until which the small hours still belong to the evening before.
const morning = 6

// SpansOf turns times of a day's wall clock into ticks. Windows may not overlap one another, and may go on past midnight until the morning: "22:00" to
// "01:00". A break in the small hours is in the night after the day if one of the windows, given as night, goes on until then.
func SpansOf(date civil.Date, windows []Window, zone *time.Location, field string, night []Span) ([]Span, error) {
	spans := make([]Span, 0, len(windows))
	for i, window := range windows {
		field := fmt.Sprintf("%s[%d]", field, i)
		found, err := SpanOf(date, window, zone, field)
		if err != nil {
			return nil, err
		}
		if small(window.From) && !meetsAny(found, night) {
			if later, err := SpanOf(date.AddDays(1), window, zone, field); err == nil && meetsAny(later, night) {
				found = later
			}
		}
		spans = append(spans, found)
	}
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return int(a.Start - b.Start) })
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Start < sorted[i-1].End {
			return nil, errs.InvalidField(field, "overlap")
		}
	}
	return spans, nil
}

func meetsAny(found Span, night []Span) bool { return len(common([]Span{found}, night)) > 0 }

// SpanOf returns the ticks of a window on a date, of which field names the place in the input. Errors: errs.Invalid for a time that the clock skips or no tick.
func SpanOf(date civil.Date, window Window, zone *time.Location, field string) (Span, error) {
	start, err := WallTick(date, window.From, zone, field+".from")
	if err != nil {
		return Span{}, err
	}
	until := date
	if small(window.Until) && minutesOf(window.Until) < minutesOf(window.From) {
		until = date.AddDays(1)
	}
	end, err := WallTick(until, window.Until, zone, field+".until")
	if err != nil {
		return Span{}, err
	}
	if end <= start {
		return Span{}, errs.InvalidField(field+".until", "before-start")
	}
	return Span{start, end, window.Room}, nil
}

// small reports whether a time is in the small hours. A text that is no time is not.
func small(text string) bool {
	minutes := minutesOf(text)
	return minutes >= 0 && minutes < morning*60
}

// minutesOf gives the minutes since midnight of a time; -1 if the text is no time.
func minutesOf(text string) int {
	clock, err := time.Parse("15:04", text)
	if err != nil {
		return -1
	}
	return clock.Hour()*60 + clock.Minute()
}

// WallTick reads a time of the school's wall clock on a date. A time that does not exist on that date, or exists twice, is refused and not guessed; so is
// one that is not on five minutes.
func WallTick(date civil.Date, text string, zone *time.Location, field string) (models.Tick, error) {
	clock, err := time.Parse("15:04", text)
	if text == "24:00" {
		clock, err = time.Time{}, nil
		date = date.AddDays(1)
	}
	if err != nil {
		return 0, errs.InvalidField(field, "not-a-time")
	}
	instant, err := WallTime(date, clock.Hour(), clock.Minute(), zone)
	if err != nil {
		return 0, errs.InvalidField(field, errs.CodeOf(err))
	}
	tick, exact := models.TickAt(instant)
	if !exact {
		return 0, errs.InvalidField(field, "not-a-multiple-of-five")
	}
	return tick, nil
}

// WallTime gives the instant at which clocks in a zone show a time on a date. If the clocks never do (they were put forward) the error has the code
// "no-such-time"; if they do twice (they were put back), "twice".
func WallTime(date civil.Date, hour, minute int, zone *time.Location) (time.Time, error) {
	instant := time.Date(date.Year, time.Month(date.Month), date.Day, hour, minute, 0, 0, zone)
	if instant.Hour() != hour || instant.Minute() != minute {
		return time.Time{}, errs.New(errs.Invalid, "no-such-time")
	}
	for _, shift := range []time.Duration{-time.Hour, time.Hour, -30 * time.Minute, 30 * time.Minute} {
		other := instant.Add(shift)
		if other.Hour() == hour && other.Minute() == minute && other.Day() == instant.Day() {
			return time.Time{}, errs.New(errs.Invalid, "twice")
		}
	}
	return instant.UTC(), nil
}

// Window is a time of the day in which a teacher can be met, or a break within it, as clocks on the school's wall show it: "19:00".
type Window struct {
	From, Until string
	Room        models.RoomID
	// KeepRoom says that no room was named: the one in which the teacher was then stays.
	KeepRoom bool
	Kind     models.BlockKind // of a break; empty for a window
}
