package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"
)

// Address is where a household's confirmations go.
func Address(household int) string { return "gezin-" + letters(household) + "@example.com" }

// Body writes a change as the API takes it.
func (s *School) Body(household int, change Change) map[string]any {
	body := map[string]any{"contact": map[string]string{"email": Address(household)}}
	start := func(slot int) string {
		return s.begin.Add(time.Duration(slot) * talkMinutes * time.Minute).UTC().Format(time.RFC3339)
	}
	var makes, moves, cancels []any
	for i, talk := range change.Make {
		makes = append(makes, map[string]any{
			"ref": fmt.Sprint(i), "pupil": s.children[household][talk.Child], "talk_kind": s.kind, "staff": []string{s.teachers[talk.Teacher]}, "start": start(talk.Slot),
		})
	}
	for i, move := range change.Move {
		moves = append(moves, map[string]any{
			"ref": fmt.Sprint(len(makes) + i), "appointment": move.From.ID, "staff": []string{s.teachers[move.To.Teacher]}, "start": start(move.To.Slot),
		})
	}
	for _, talk := range change.Cancel {
		cancels = append(cancels, map[string]any{"appointment": talk.ID})
	}
	for name, items := range map[string][]any{"make": makes, "move": moves, "cancel": cancels} {
		if len(items) > 0 {
			body[name] = items
		}
	}
	return body
}

// Book sends a change with the household's session. An answer of a server in trouble does not say whether it was done.
func (s *School) Book(ctx context.Context, household int, key string, change Change) Answer {
	reply, err := s.Operator.With(s.tokens[household]).Call(ctx, http.MethodPost, s.path+"/family/bookings", key, s.Body(household, change))
	if err != nil {
		failed, ok := errors.AsType[*net.OpError](err)
		return Answer{Unsent: ok && failed.Op == "dial"}
	}
	answer := Answer{Code: reply.Code, Body: reply.Body}
	switch {
	case reply.Code == http.StatusCreated:
		var outcome struct{ Appointments []appointmentAnswer }
		if json.Unmarshal(reply.Body, &outcome) != nil {
			return answer
		}
		answer.Status, answer.Talks = Done, s.talks(outcome.Appointments)
	case reply.Code < http.StatusInternalServerError:
		answer.Status, answer.Reasons = Refused, reasons(reply.Body, len(change.takes()))
	}
	return answer
}

func reasons(body []byte, items int) []string {
	var problem struct {
		Items []struct{ Ref, Reason string }
	}
	list := make([]string, items)
	if json.Unmarshal(body, &problem) != nil {
		return list
	}
	for _, item := range problem.Items {
		for i := range list {
			if item.Ref == fmt.Sprint(i) {
				list[i] = item.Reason
			}
		}
	}
	return list
}

// Look reads the family's page.
func (s *School) Look(ctx context.Context, household int) ([]Talk, bool) {
	var family familyAnswer
	err := s.Operator.With(s.tokens[household]).must(ctx, http.MethodGet, s.path+"/family", nil, &family)
	return s.talks(family.Appointments), err == nil
}

// All reads the school's schedule.
func (s *School) All(ctx context.Context) ([]Talk, bool) {
	var schedule struct{ Items []appointmentAnswer }
	err := s.Operator.must(ctx, http.MethodGet, s.path+"/conferences/"+s.conference+"/schedule", nil, &schedule)
	return s.talks(schedule.Items), err == nil
}

// talks turns appointments into talks; cancelled ones are none.
func (s *School) talks(appointments []appointmentAnswer) []Talk {
	talks := []Talk{}
	for _, one := range appointments {
		if one.State != "booked" {
			continue
		}
		talk := s.numbers[one.Pupil]
		talk.ID, talk.Slot = one.ID, int(one.Start.Sub(s.begin)/(talkMinutes*time.Minute))
		for _, member := range one.Staff {
			talk.Teacher = slices.Index(s.teachers, member.ID)
		}
		talks = append(talks, talk)
	}
	slices.SortFunc(talks, compareTalks)
	return talks
}

// Path is the address of the school's API.
func (s *School) Path() string { return s.path }

// Token is the session of a household.
func (s *School) Token(household int) string { return s.tokens[household] }

// CancelAsStaff cancels a talk behind the household's back.
func (s *School) CancelAsStaff(ctx context.Context, talk Talk) error {
	var page struct {
		Items []struct{ ID, Household string }
	}
	if err := s.Operator.must(ctx, http.MethodGet, s.path+"/conferences/"+s.conference+"/schedule", nil, &page); err != nil {
		return err
	}
	for _, one := range page.Items {
		if one.ID == talk.ID {
			body := map[string]any{"cancel": []any{map[string]any{"appointment": talk.ID}}}
			return s.Operator.must(ctx, http.MethodPost, s.path+"/households/"+one.Household+"/bookings", body, nil)
		}
	}
	return fmt.Errorf("no such appointment: %s", talk)
}

// Acquaint books and cancels one talk for each household, one after the other. A session's first booking makes the mark by which it knows its own talks; a
// session that sends its first two at the same moment may be told "taken" where its own talk is in the way.
func (s *School) Acquaint(ctx context.Context) error {
	for household := range s.Households {
		name := fmt.Sprint("acquaint-", household)
		made := s.Book(ctx, household, name, Change{Make: []Talk{{Household: household}}})
		gone := s.Book(ctx, household, name+"-cancel", Change{Cancel: made.Talks})
		if made.Status != Done || gone.Status != Done {
			return fmt.Errorf("household %d: %s %s, %s %s", household, made.Status, made.Body, gone.Status, gone.Body)
		}
	}
	return nil
}
