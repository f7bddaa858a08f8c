package rush

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
