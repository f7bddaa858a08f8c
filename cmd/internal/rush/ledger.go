package rush

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// ledger keeps what families asked for and what they were told, in the order in which it happened to each. With a writer, every line is written out before
// the family goes on: whatever is killed, the server or this program, what was acknowledged is known.
type ledger struct {
	lock    sync.Mutex
	out     io.Writer
	failed  error
	started header
	records []*record
	byKey   map[string]*record
}

// header says which schools the lines are about.
type header struct {
	Version int              `json:"version"`
	Started time.Time        `json:"started"`
	Schools []journaled      `json:"schools"`
	Targets []string         `json:"targets"`
	Before  map[int][]string `json:"before,omitempty"` // appointments that were there before, by school
}

// journaled is a school of the ledger.
type journaled struct {
	Slug       string `json:"slug"`
	Conference string `json:"conference"`
}

// asked is one booking as a family asked for it. The key is its Idempotency-Key, so a request that is repeated is the same record.
type asked struct {
	Key    string      `json:"key"`
	School int         `json:"school"`
	Family int         `json:"family"`
	Make   []askedTalk `json:"make,omitempty"`
	Move   []askedMove `json:"move,omitempty"`
	Cancel []string    `json:"cancel,omitempty"`
}

// askedTalk is an appointment to be made.
type askedTalk struct {
	Pupil string    `json:"pupil"`
	Kind  string    `json:"talk_kind"`
	Staff []string  `json:"staff"`
	Start time.Time `json:"start"`
}

// askedMove is an appointment to be moved.
type askedMove struct {
	Appointment string    `json:"appointment"`
	Start       time.Time `json:"start"`
}

// told is the server's acknowledgement of a booking.
type told struct {
	Key          string        `json:"key"`
	Appointments []appointment `json:"appointments,omitempty"`
	Cancelled    []string      `json:"cancelled,omitempty"`
}

// refused is the server's answer that nothing has changed.
type refused struct {
	Key    string `json:"key"`
	Status int    `json:"status"`
}

// line is one line of the journal; one of the fields is there.
type line struct {
	Header  *header  `json:"header,omitempty"`
	Asked   *asked   `json:"asked,omitempty"`
	Told    *told    `json:"told,omitempty"`
	Refused *refused `json:"refused,omitempty"`
}

// record is a booking with what came of it: told, refused, or neither, and then nobody knows whether it was done.
type record struct {
	asked   asked
	told    *told
	refused bool
}

func (r *record) open() bool { return r.told == nil && !r.refused }

// newLedger begins a ledger; out may be nil.
func newLedger(started header, out io.Writer) *ledger {
	l := &ledger{out: out, started: started, byKey: map[string]*record{}}
	l.write(line{Header: &started})
	return l
}

// write appends a line in one write, so that lines of a killed program are whole but for perhaps the last. The lock is held.
func (l *ledger) write(one line) {
	if l.out == nil {
		return
	}
	text, err := json.Marshal(one)
	if err == nil {
		_, err = l.out.Write(append(text, '\n'))
	}
	l.failed = errors.Join(l.failed, err)
}

// ask notes what is about to be asked for.
func (l *ledger) ask(one asked) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.take(line{Asked: &one})
	l.write(line{Asked: &one})
}

// tell notes an acknowledgement.
func (l *ledger) tell(one told) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.take(line{Told: &one})
	l.write(line{Told: &one})
}

// refuse notes that the server said no.
func (l *ledger) refuse(key string, status int) {
	l.lock.Lock()
	defer l.lock.Unlock()
	one := refused{key, status}
	l.take(line{Refused: &one})
	l.write(line{Refused: &one})
}

func (l *ledger) take(one line) {
	switch {
	case one.Header != nil:
		l.started = *one.Header
	case one.Asked != nil:
		made := &record{asked: *one.Asked}
		l.records = append(l.records, made)
		l.byKey[one.Asked.Key] = made
	case one.Told != nil:
		if made, ok := l.byKey[one.Told.Key]; ok {
			made.told = one.Told
		}
	case one.Refused != nil:
		if made, ok := l.byKey[one.Refused.Key]; ok {
			made.refused = true
		}
	}
}

// readLedger reads a journal back. A last line that was cut off by a kill counts as not written.
func readLedger(from io.Reader) (*ledger, error) {
	l := &ledger{byKey: map[string]*record{}}
	lines := bufio.NewReaderSize(from, 64<<10)
	for number := 1; ; number++ {
		text, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		var one line
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, fmt.Errorf("line %d of the journal cannot be read: %w", number, err)
		}
		l.take(one)
	}
	if l.started.Version != journalVersion {
		return nil, errors.New("this is no journal of a rush")
	}
	return l, nil
}

// journalVersion is the version of the journal's lines.
const journalVersion = 1

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
	Resurrected Fault = "resurrected" // acknowledged as cancelled, and there
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
