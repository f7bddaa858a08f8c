package roster

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models/civil"
)

var timeOfDay = regexp.MustCompile(`[T ]+(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?(?: ?([AaPp])[Mm])?(Z|[+-]\d{2}:?\d{2})?$`)

// clock is the time of day that stands behind a date. Programs that keep dates as instants write the midnight of the school as the hour that it is in
// Greenwich, which belongs to the day before.
type clock struct {
	minutes int // since midnight
	offset  int // minutes east of Greenwich
	zoned   bool
	told    bool // there is a time
}

// cutClock takes the time of day off a cell.
func cutClock(text string) (date string, c clock) {
	if !strings.Contains(text, ":") {
		return text, c
	}
	m := timeOfDay.FindStringSubmatchIndex(text)
	if m == nil {
		return text, c
	}
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return text[m[2*i]:m[2*i+1]]
	}
	hours := number(part(1))
	if half := strings.ToLower(part(3)); half != "" {
		hours %= 12
		if half == "p" {
			hours += 12
		}
	}
	c = clock{minutes: hours*60 + number(part(2)), told: true}
	if zone := part(4); zone != "" {
		c.zoned, c.offset = true, offsetOf(zone)
	}
	return text[:m[0]], c
}

func offsetOf(zone string) int {
	if zone == "Z" {
		return 0
	}
	digits := strings.ReplaceAll(zone[1:], ":", "")
	hours, _ := strconv.Atoi(digits[:2])
	minutes, _ := strconv.Atoi(digits[2:])
	if zone[0] == '-' {
		return -(hours*60 + minutes)
	}
	return hours*60 + minutes
}

// day returns the day in a zone of a date that was written with the time. Midnight is the day that stands there, whatever the zone: it was a date before it
// was an instant. A time without a zone is that of the school, unless it is the school's midnight as Greenwich writes it.
func (c clock) day(written civil.Date, zone *time.Location) civil.Date {
	if !c.told || c.minutes == 0 {
		return written
	}
	local := c.instant(written).In(zone)
	if c.zoned || local.Hour() == 0 && local.Minute() == 0 {
		return civil.Of(local)
	}
	return written
}

// odd reports whether an instant is no midnight, neither where it was written nor in a zone.
func (c clock) odd(day civil.Date, zone *time.Location) bool {
	if !c.told || !c.zoned || c.minutes == 0 {
		return false
	}
	for _, written := range []civil.Date{day, day.AddDays(-1), day.AddDays(1)} {
		local := c.instant(written).In(zone)
		if civil.Of(local) == day && local.Hour() == 0 && local.Minute() == 0 {
			return false
		}
	}
	return true
}

func (c clock) instant(written civil.Date) time.Time {
	return time.Date(written.Year, time.Month(written.Month), written.Day, 0, c.minutes-c.offset, 0, 0, time.UTC)
}
