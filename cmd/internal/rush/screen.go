package rush

import (
	"bytes"
	"time"
)

// screen is what a family sees: its children, with whom they may talk, and what is free.
type screen struct {
	children []child
	booked   []appointment
}

type child struct {
	id    string
	talks []talk
}

type talk struct {
	kind     string
	minutes  int
	expected bool // by the school, of everybody
	left     int  // how many more may be booked; large where there is no limit
	options  []option
}

type option struct {
	staff []string
	free  []byte // JSON, read only if the family wants this one
}

// appointment is one as the server told of it.
type appointment struct {
	ID        string    `json:"id"`
	Pupil     string    `json:"pupil"`
	Kind      string    `json:"talk_kind"`
	Household string    `json:"household"`
	Party     int       `json:"party"`
	Staff     []string  `json:"staff"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
}

// noLimit stands for a talk kind that may be booked as often as one likes.
const noLimit = 1 << 20

// readScreen reads the answer of get-family. What is free stays in the answer's own bytes, so the screen is good as long as they are.
func readScreen(body []byte) (screen, bool) {
	s := scanner{data: body}
	var seen screen
	s.object(func(name []byte) {
		switch string(name) {
		case "children":
			s.array(func() { seen.children = append(seen.children, readChild(&s)) })
		case "appointments":
			s.array(func() { seen.booked = append(seen.booked, readAppointment(&s)) })
		default:
			s.skip()
		}
	})
	return seen, !s.bad
}

func readChild(s *scanner) child {
	var c child
	s.object(func(name []byte) {
		switch string(name) {
		case "id":
			c.id = string(s.text())
		case "talks":
			s.array(func() { c.talks = append(c.talks, readTalk(s)) })
		default:
			s.skip()
		}
	})
	return c
}

func readTalk(s *scanner) talk {
	t := talk{left: noLimit}
	s.object(func(name []byte) {
		switch string(name) {
		case "talk_kind":
			t.kind = string(s.text())
		case "minutes":
			t.minutes = s.integer()
		case "obligation":
			t.expected = string(s.text()) != "optional"
		case "left":
			t.left = s.integer()
		case "options":
			s.array(func() { t.options = append(t.options, readOption(s)) })
		default:
			s.skip()
		}
	})
	return t
}

func readOption(s *scanner) option {
	var o option
	s.object(func(name []byte) {
		switch string(name) {
		case "staff":
			o.staff = readStaff(s)
		case "free":
			o.free = s.skip()
		default:
			s.skip()
		}
	})
	return o
}

// readStaff reads teachers: objects with ids, or ids alone.
func readStaff(s *scanner) []string {
	staff := make([]string, 0, 1)
	s.array(func() {
		if s.next() == '"' {
			staff = append(staff, string(s.text()))
			return
		}
		s.object(func(name []byte) {
			if string(name) == "id" {
				staff = append(staff, string(s.text()))
				return
			}
			s.skip()
		})
	})
	return staff
}

// starts calls a function for each free start of an option, in minutes since 1970.
func (o option) starts(each func(minute int64)) {
	s := scanner{data: o.free}
	s.array(func() {
		s.object(func(name []byte) {
			if string(name) != "start" {
				s.skip()
				return
			}
			if minute, ok := readMinute(s.text()); ok {
				each(minute)
			}
		})
	})
}

// none tells whether nothing is free.
func (o option) none() bool { return len(bytes.TrimSpace(o.free)) < len(`[{}]`) }

func readAppointment(s *scanner) appointment {
	var a appointment
	s.object(func(name []byte) {
		switch string(name) {
		case "id":
			a.ID = string(s.text())
		case "pupil":
			a.Pupil = string(s.text())
		case "talk_kind":
			a.Kind = string(s.text())
		case "household":
			a.Household = string(s.text())
		case "party":
			a.Party = s.integer()
		case "staff":
			a.Staff = readStaff(s)
		case "start":
			a.Start = readInstant(s.text())
		case "end":
			a.End = readInstant(s.text())
		default:
			s.skip()
		}
	})
	return a
}

// outcome is what a booking did.
type outcome struct {
	appointments []appointment
	cancelled    []string
}

func readOutcome(body []byte) (outcome, bool) {
	s := scanner{data: body}
	var done outcome
	s.object(func(name []byte) {
		switch string(name) {
		case "appointments":
			s.array(func() { done.appointments = append(done.appointments, readAppointment(&s)) })
		case "cancelled":
			s.array(func() { done.cancelled = append(done.cancelled, string(s.text())) })
		default:
			s.skip()
		}
	})
	return done, !s.bad
}

// refusal is a problem document (RFC 9457), with the items of a booking that could not be.
type refusal struct {
	code  string
	items []failed
}

type failed struct {
	ref, reason  string
	alternatives []place
}

// place is a time with teachers.
type place struct {
	staff  []string
	minute int64
}

func readRefusal(body []byte) refusal {
	s := scanner{data: body}
	var told refusal
	s.object(func(name []byte) {
		switch string(name) {
		case "code":
			told.code = string(s.text())
		case "items":
			s.array(func() { told.items = append(told.items, readFailed(&s)) })
		default:
			s.skip()
		}
	})
	return told
}

func readFailed(s *scanner) failed {
	var f failed
	s.object(func(name []byte) {
		switch string(name) {
		case "ref":
			f.ref = string(s.text())
		case "reason":
			f.reason = string(s.text())
		case "alternatives":
			s.array(func() { f.alternatives = append(f.alternatives, readPlace(s)) })
		default:
			s.skip()
		}
	})
	return f
}

func readPlace(s *scanner) place {
	var p place
	s.object(func(name []byte) {
		switch string(name) {
		case "start":
			p.minute, _ = readMinute(s.text())
		case "staff":
			p.staff = readStaff(s)
		default:
			s.skip()
		}
	})
	return p
}

// opened is a parent's session.
type opened struct {
	token, device string
	children      int
}

func readSession(body []byte) (opened, bool) {
	s := scanner{data: body}
	var got opened
	s.object(func(name []byte) {
		switch string(name) {
		case "token":
			got.token = string(s.text())
		case "device":
			got.device = string(s.text())
		case "children":
			s.array(func() { s.skip(); got.children++ })
		default:
			s.skip()
		}
	})
	return got, !s.bad && got.token != ""
}
