package ical

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"github.com/emersion/go-ical"
)

// Feed is a calendar that a program fetches again and again. It holds one
// event per talk.
type Feed struct {
	// Name is the title that the program gives the calendar.
	Name string
	// Refresh is how long a program may wait before it fetches again, in whole
	// minutes; an hour if it is shorter than one minute.
	Refresh time.Duration
	// Talks are the events, in the order in which they are written. No two may
	// share a UID. The attendee is never written; the organizer is, where given.
	Talks []Event
}

// EncodeFeed writes the feed. No talks make an empty calendar, which programs
// understand as "nothing planned". It fails with [ErrInvalid] for the same
// reasons as [Encode], people excepted, and if two talks share a UID.
func EncodeFeed(f Feed) ([]byte, error) {
	calendar := newCalendar(MethodPublish)
	if name := text(f.Name); name != "" {
		title := ical.NewProp(ical.PropName)
		title.SetText(name)
		calendar.Props.Set(title)
		// The name from before RFC 7986, which more programs read.
		old := ical.NewProp("X-WR-CALNAME")
		old.Value = title.Value
		calendar.Props.Set(old)
	}
	refresh := "PT60M"
	if minutes := int(f.Refresh / time.Minute); minutes > 0 {
		refresh = "PT" + strconv.Itoa(minutes) + "M"
	}
	interval := ical.NewProp(ical.PropRefreshInterval)
	interval.Params.Set(ical.ParamValue, "DURATION") // RFC 7986, section 5.7: never left out
	interval.Value = refresh
	calendar.Props.Set(interval)
	published := ical.NewProp("X-PUBLISHED-TTL")
	published.Value = refresh
	calendar.Props.Set(published)

	if len(f.Talks) == 0 {
		return encodeEmpty(calendar)
	}
	seen := make(map[string]bool, len(f.Talks))
	for _, talk := range f.Talks {
		component, err := talk.component()
		if err != nil {
			return nil, err
		}
		uid := text(talk.UID)
		if seen[uid] {
			return nil, fmt.Errorf("%w: two talks share a UID", ErrInvalid)
		}
		seen[uid] = true
		if talk.Organizer.Address != "" {
			organizer, err := person(ical.PropOrganizer, talk.Organizer)
			if err != nil {
				return nil, fmt.Errorf("%w: the organizer has no usable address", ErrInvalid)
			}
			component.Props.Set(organizer)
		}
		calendar.Children = append(calendar.Children, component)
	}
	return encode(calendar)
}

// encodeEmpty writes a calendar without events. The library refuses one, so it
// is written with a free component and that is cut out again: a property then
// never has two ways of being written.
func encodeEmpty(calendar *ical.Calendar) ([]byte, error) {
	filler := ical.NewComponent("X-EMPTY")
	calendar.Children = []*ical.Component{filler}
	encoded, err := encode(calendar)
	if err != nil {
		return nil, err
	}
	return bytes.Replace(encoded, []byte("BEGIN:X-EMPTY\r\nEND:X-EMPTY\r\n"), nil, 1), nil
}
