package rush

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// schoolAudit is the audit of one school.
type schoolAudit struct {
	audit     *Audit
	school    string
	expected  map[string]appointment // by id
	key       map[string]string      // of the booking that last acknowledged an appointment
	cancelled map[string]string      // acknowledged as cancelled: the key
	before    map[string]bool
	open      []*openRecord
}

// openRecord is a booking without an answer: all of it happened, or nothing.
type openRecord struct {
	*record
	parts, done int
}

// newSchoolAudit folds the records of a school, which are in order for each family, into what must be there.
func newSchoolAudit(a *Audit, school string, records []*record, before []string) *schoolAudit {
	s := &schoolAudit{audit: a, school: school, expected: map[string]appointment{}, key: map[string]string{}, cancelled: map[string]string{}, before: map[string]bool{}}
	for _, id := range before {
		s.before[id] = true
	}
	for _, one := range records {
		switch {
		case one.open():
			a.Unanswered++
			s.open = append(s.open, &openRecord{record: one, parts: len(one.asked.Make) + len(one.asked.Move) + len(one.asked.Cancel)})
		case one.told != nil:
			a.Told++
			s.acknowledged(one)
		}
	}
	a.Appointments += len(s.expected)
	return s
}

func (s *schoolAudit) acknowledged(one *record) {
	for _, made := range one.told.Appointments {
		s.expected[made.ID], s.key[made.ID] = made, one.asked.Key
	}
	for _, id := range one.told.Cancelled {
		delete(s.expected, id)
		s.cancelled[id] = one.asked.Key
	}
	if missing := len(one.asked.Make) + len(one.asked.Move) - len(one.told.Appointments); missing > 0 {
		s.audit.fault(Lost, s.school, "", one.asked.Key, fmt.Sprintf("the answer leaves out %d of what was asked for", missing))
	}
}

// compare goes through the schedule and through what must be in it.
func (s *schoolAudit) compare(rows []appointment) {
	s.audit.Found += len(rows)
	present := map[string]appointment{}
	for _, row := range rows {
		if _, twice := present[row.ID]; twice {
			s.audit.fault(Double, s.school, row.ID, "", "the schedule has it twice")
		}
		present[row.ID] = row
		if _, wanted := s.expected[row.ID]; !wanted {
			s.extra(row)
		}
	}
	for id, wanted := range s.expected {
		row, there := present[id]
		switch {
		case !there && s.explains(func(one asked) bool { return slices.Contains(one.Cancel, id) }):
		case !there:
			s.audit.fault(Lost, s.school, id, s.key[id], "it is not there")
		case same(row, wanted):
		case s.explains(func(one asked) bool { return moves(one, row) }):
		default:
			s.audit.fault(Lost, s.school, id, s.key[id], "it is not as it was acknowledged: "+difference(row, wanted))
		}
	}
	for _, one := range s.open {
		if one.done > 0 && one.done < one.parts {
			s.audit.fault(Half, s.school, "", one.asked.Key, fmt.Sprintf("%d of %d parts of a booking that was not answered were done", one.done, one.parts))
		}
	}
}

// extra looks at an appointment that nobody was told of.
func (s *schoolAudit) extra(row appointment) {
	switch key, gone := s.cancelled[row.ID]; {
	case s.before[row.ID]:
	case gone:
		s.audit.fault(Resurrected, s.school, row.ID, key, "it was acknowledged as cancelled")
	case s.explains(func(one asked) bool { return makes(one, row) }):
	default:
		s.audit.fault(Unexplained, s.school, row.ID, "", "nobody was told of it")
	}
}

// explains finds an unanswered booking that did something, and counts that part of it as done.
func (s *schoolAudit) explains(did func(asked) bool) bool {
	for _, one := range s.open {
		if did(one.asked) {
			one.done++
			s.audit.Uncertain++
			return true
		}
	}
	return false
}

func makes(one asked, row appointment) bool {
	return slices.ContainsFunc(one.Make, func(made askedTalk) bool {
		return made.Pupil == row.Pupil && made.Kind == row.Kind && made.Start.Equal(row.Start) && sameStaff(made.Staff, row.Staff)
	})
}

func moves(one asked, row appointment) bool {
	return slices.ContainsFunc(one.Move, func(moved askedMove) bool { return moved.Appointment == row.ID && moved.Start.Equal(row.Start) })
}

func same(a, b appointment) bool { return difference(a, b) == "" }

// difference names what differs, without saying whose it is. A page does not tell the end and the household.
func difference(row, wanted appointment) string {
	for _, one := range []struct {
		what   string
		differ bool
	}{
		{"another start", !row.Start.Equal(wanted.Start)}, {"another end", !wanted.End.IsZero() && !row.End.Equal(wanted.End)}, {"other teachers", !sameStaff(row.Staff, wanted.Staff)},
		{"another pupil", row.Pupil != wanted.Pupil}, {"another household", wanted.Household != "" && (row.Household != wanted.Household || row.Party != wanted.Party)},
		{"another kind of talk", row.Kind != wanted.Kind},
	} {
		if one.differ {
			return one.what
		}
	}
	return ""
}

func sameStaff(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// doubles finds everybody who is in two places at once: teachers, the party of a household that goes, pupils who come along.
func (s *schoolAudit) doubles(rows []appointment, attended map[string]bool) {
	times := map[string][]appointment{}
	for _, row := range rows {
		for _, member := range row.Staff {
			times["teacher "+member] = append(times["teacher "+member], row)
		}
		party := "household " + row.Household + " party " + strconv.Itoa(row.Party)
		times[party] = append(times[party], row)
		if attended[row.Kind] {
			times["pupil "+row.Pupil] = append(times["pupil "+row.Pupil], row)
		}
	}
	for who, list := range times {
		slices.SortFunc(list, func(a, b appointment) int { return a.Start.Compare(b.Start) })
		for i := 1; i < len(list); i++ {
			// The one before may be longer than this one; what reaches furthest is what matters.
			if list[i].Start.Before(list[i-1].End) {
				kind, _, _ := strings.Cut(who, " ")
				s.audit.fault(Double, s.school, list[i].ID, s.key[list[i].ID], "the "+kind+" is in two places")
			}
			if list[i-1].End.After(list[i].End) {
				list[i].End = list[i-1].End
			}
		}
	}
}

const (
	// drainMost is how long is waited at most for the last message after the last family.
	drainMost = 2 * time.Minute
	// drainLook is how often the office looks: asking costs the server something, too.
	drainLook = 250 * time.Millisecond
)

// waiting reports whether a school has messages that are queued or being sent.
func (o *Office) waiting(ctx context.Context, school string) (bool, error) {
	var answer struct {
		Items []struct{ ID string }
	}
	err := o.call(ctx, http.MethodGet, "/api/v1/schools/"+school+"/messages?waiting=true&limit=1", nil, &answer)
	return len(answer.Items) > 0, err
}

// drain waits until no school has a message left to send, and notes in the report how long that took and what the rush cost with it. What is not known, or not
// over in time, stays null.
func (r *run) drain(office *Office, families *Families, report *Report, spent *costs) {
	ended, said := time.Now(), time.Now()
	for left := families.Schools; len(left) > 0; {
		busy, err := office.waiting(r.context, left[0].Slug)
		switch {
		case err != nil || r.stopped() || time.Since(ended) > drainMost:
			return
		case !busy:
			left = left[1:]
			continue
		case r.options.Progress != nil && time.Since(said) >= time.Second:
			said = time.Now()
			fmt.Fprintf(r.options.Progress, "%4.0f s  after the last family, messages are still waiting\n", time.Since(ended).Seconds())
		}
		r.pause(drainLook)
	}
	after := time.Since(ended).Seconds()
	report.MessagesAfter = &after
	if total, known := timeOf(spent.servers); known && spent.known {
		cost := (total - spent.before).Seconds() * 1000 / float64(max(1, report.came))
		report.CPUWithMessages = &cost
	}
}
