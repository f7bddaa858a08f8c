package rush

import (
	"context"
	"fmt"
	"io"
)

// Audit is what the schedule says beside what families were told.
type Audit struct {
	Schools      int `json:"schools"`
	Told         int `json:"told"`         // bookings that were acknowledged
	Unanswered   int `json:"unanswered"`   // bookings that were asked for and never answered
	Appointments int `json:"appointments"` // that must be there
	Found        int `json:"found"`        // that are there, of any origin
	// Uncertain are appointments that only an unanswered booking explains: made, moved or cancelled by it, or not.
	Uncertain int       `json:"uncertain"`
	Faults    int       `json:"faults"`
	Findings  []Finding `json:"findings"` // the first hundred faults
}

// Finding is a fault: of the server, if this program is right.
type Finding struct {
	Kind        Fault  `json:"kind"`
	School      string `json:"school"`
	Appointment string `json:"appointment"`
	Key         string `json:"key,omitempty"` // of the booking that it is about
	Detail      string `json:"detail"`
}

// Fault is a kind of fault.
type Fault string

// The faults.
const (
	Lost        Fault = "lost"        // acknowledged, and not there, or not as acknowledged
	Double      Fault = "double"      // somebody is in two places
	Unexplained Fault = "unexplained" // there, and nobody was told
	Undead      Fault = "undead"      // acknowledged as cancelled, and there
	Half        Fault = "half"        // an unanswered booking of which a part is there
)

// maxFindings is how many faults are named; all are counted.
const maxFindings = 100

// Passed tells whether there was no fault.
func (a *Audit) Passed() bool { return a.Faults == 0 }

func (a *Audit) fault(kind Fault, school, appointment, key, detail string) {
	a.Faults++
	if len(a.Findings) < maxFindings {
		a.Findings = append(a.Findings, Finding{kind, school, appointment, key, detail})
	}
}

// AuditJournal compares the schedule with a journal that an earlier run wrote.
func AuditJournal(ctx context.Context, journal io.Reader, office *Office) (*Audit, error) {
	l, err := readLedger(journal)
	if err != nil {
		return nil, err
	}
	return audit(ctx, l, office)
}

// audit compares the schedules of all schools of a ledger with it.
func audit(ctx context.Context, l *ledger, office *Office) (*Audit, error) {
	a := &Audit{Schools: len(l.started.Schools), Findings: []Finding{}}
	records := make([][]*record, len(l.started.Schools))
	for _, one := range l.records {
		if one.asked.School < 0 || one.asked.School >= len(records) {
			return nil, fmt.Errorf("the journal names a school %d that it does not have", one.asked.School)
		}
		records[one.asked.School] = append(records[one.asked.School], one)
	}
	for i, school := range l.started.Schools {
		rows, err := office.schedule(ctx, school.Slug, school.Conference)
		if err != nil {
			return nil, err
		}
		attended, err := office.attended(ctx, school.Slug, school.Conference)
		if err != nil {
			return nil, err
		}
		s := newSchoolAudit(a, school.Slug, records[i], l.started.Before[i])
		s.compare(rows)
		s.doubles(rows, attended)
	}
	return a, nil
}
