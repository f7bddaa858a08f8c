package ical

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// ErrInvalid is wrapped by every error of this package: the event or feed
// handed in cannot be a calendar file. The message never holds what was in it.
var ErrInvalid = errors.New("ical: invalid")

// Methods of a calendar file (RFC 5546, section 1.4). The mail part that
// carries the file must name the same one.
const (
	MethodRequest = "REQUEST"
	MethodCancel  = "CANCEL"
	MethodPublish = "PUBLISH"
)

// product names this program in every file (RFC 5545, section 3.7.3).
const product = "-//Ouderavond//Appointments//EN"

// Person is somebody in an invitation. Name may be empty.
type Person struct {
	Name    string
	Address string // a bare e-mail address
}

// Event is what a calendar shows as one block.
type Event struct {
	// UID stays the same for all versions of the event.
	UID string
	// Sequence goes up by one with each version. Clients ignore an older one.
	Sequence int
	// Stamp is when this version was made; Start and End bound the event. Any
	// zone; the file holds UTC, in whole seconds.
	Stamp, Start, End time.Time
	// Summary is the title, Description the text below it (lines separated by
	// a newline), Location where to go. The last two may be empty.
	Summary, Description, Location string
	// URL is an http or https address to read more, or empty.
	URL string
	// Organizer is the school's sender; clients compare it with the sender of
	// the mail. Attendee is the one recipient. A feed needs neither.
	Organizer, Attendee Person
	// Cancelled withdraws the event. Start and End are then those it had.
	Cancelled bool
}

// Method tells what the file made of this event asks of a calendar.
func (e Event) Method() string {
	if e.Cancelled {
		return MethodCancel
	}
	return MethodRequest
}

// Encode writes the invitation, or its withdrawal if the event is cancelled.
// The same event always gives the same bytes. It fails with [ErrInvalid] if
// the event lacks a UID, a title, a time, or a usable address of the organizer
// or the attendee; text is never a reason to fail.
func Encode(e Event) ([]byte, error) {
	component, err := e.component()
	if err != nil {
		return nil, err
	}
	if err := e.addPeople(component); err != nil {
		return nil, err
	}
	calendar := newCalendar(e.Method())
	calendar.Children = []*ical.Component{component}
	return encode(calendar)
}

// newCalendar makes an empty calendar with the properties every one has.
func newCalendar(method string) *ical.Calendar {
	calendar := ical.NewCalendar()
	calendar.Props.SetText(ical.PropVersion, "2.0")
	calendar.Props.SetText(ical.PropProductID, product)
	calendar.Props.SetText(ical.PropCalendarScale, "GREGORIAN")
	calendar.Props.SetText(ical.PropMethod, method)
	return calendar
}

// component writes the event without the people in it.
func (e Event) component() (*ical.Component, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	c := ical.NewComponent(ical.CompEvent)
	setText(c, ical.PropUID, e.UID)
	setText(c, ical.PropSummary, e.Summary)
	setText(c, ical.PropDescription, e.Description)
	setText(c, ical.PropLocation, e.Location)
	setTime(c, ical.PropDateTimeStamp, e.Stamp)
	setTime(c, ical.PropLastModified, e.Stamp)
	setTime(c, ical.PropDateTimeStart, e.Start)
	setTime(c, ical.PropDateTimeEnd, e.End)
	setRaw(c, ical.PropSequence, strconv.Itoa(e.Sequence))
	// Colleagues who share the calendar need not read whose child it is about.
	setRaw(c, ical.PropClass, "PRIVATE")
	status, transparency := "CONFIRMED", "OPAQUE"
	if e.Cancelled {
		status, transparency = "CANCELLED", "TRANSPARENT"
	}
	setRaw(c, ical.PropStatus, status)
	setRaw(c, ical.PropTransparency, transparency)
	if e.URL != "" {
		setRaw(c, ical.PropURL, uri(e.URL))
	}
	return c, nil
}

// check looks at what no cleaning can mend.
func (e Event) check() error {
	switch {
	case text(e.UID) == "":
		return fmt.Errorf("%w: the event has no UID", ErrInvalid)
	case text(e.Summary) == "":
		return fmt.Errorf("%w: the event has no title", ErrInvalid)
	case e.Sequence < 0:
		return fmt.Errorf("%w: the sequence is negative", ErrInvalid)
	case e.URL != "" && !isWebAddress(e.URL):
		return fmt.Errorf("%w: the URL is no web address", ErrInvalid)
	}
	for _, t := range []time.Time{e.Stamp, e.Start, e.End} {
		if year := t.UTC().Year(); t.IsZero() || year < 1970 || year > 9999 {
			return fmt.Errorf("%w: a time is missing or out of range", ErrInvalid)
		}
	}
	if !e.End.After(e.Start) {
		return fmt.Errorf("%w: the event ends before it starts", ErrInvalid)
	}
	return nil
}

// addPeople writes organizer and attendee. No reply is asked: the family made
// the booking itself, so it has accepted already.
func (e Event) addPeople(c *ical.Component) error {
	organizer, err := person(ical.PropOrganizer, e.Organizer)
	if err != nil {
		return fmt.Errorf("%w: the organizer has no usable address", ErrInvalid)
	}
	attendee, err := person(ical.PropAttendee, e.Attendee)
	if err != nil {
		return fmt.Errorf("%w: the attendee has no usable address", ErrInvalid)
	}
	attendee.Params.Set("CUTYPE", "INDIVIDUAL")
	attendee.Params.Set("ROLE", "REQ-PARTICIPANT")
	attendee.Params.Set("PARTSTAT", "ACCEPTED")
	attendee.Params.Set("RSVP", "FALSE")
	c.Props.Set(organizer)
	c.Props.Set(attendee)
	return nil
}

// person writes one calendar user. The name falls back to the address, because
// some clients show an empty name as nothing at all.
func person(property string, p Person) (*ical.Prop, error) {
	parsed, err := mail.ParseAddress(p.Address)
	if err != nil || parsed.Address != p.Address || strings.ContainsAny(p.Address, "\r\n") {
		return nil, errors.New("no bare e-mail address")
	}
	prop := ical.NewProp(property)
	prop.Value = "mailto:" + percent(p.Address, mailtoSafe)
	name := parameter(p.Name)
	if name == "" {
		name = parameter(p.Address)
	}
	prop.Params.Set(ical.ParamCommonName, name)
	return prop, nil
}

// encode writes the calendar with lines folded. It writes into memory first:
// the library gives up half-way through a property that it does not like.
func encode(calendar *ical.Calendar) ([]byte, error) {
	var plain bytes.Buffer
	if err := ical.NewEncoder(&plain).Encode(calendar); err != nil {
		return nil, fmt.Errorf("%w: the calendar cannot be written", ErrInvalid)
	}
	return fold(plain.Bytes()), nil
}
