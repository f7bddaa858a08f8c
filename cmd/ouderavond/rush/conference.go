package rush

import (
	"context"
	"net/http"
	"time"

	"github.com/ouderavond/ouderavond/booking/sample"
)

// firstEvening is in how many days the first evening is.
const firstEvening = 8

// conference makes a conference with all teachers on all evenings, and opens it.
func (m *schoolMaker) conference(ctx context.Context) (id, popular string, err error) {
	var days []map[string]string
	for i := range m.plan.Evenings {
		days = append(days, map[string]string{"date": m.now.AddDate(0, 0, firstEvening+i).Format(time.DateOnly)})
	}
	kinds := []map[string]any{
		{"title": "Mentorgesprek", "minutes": 10, "obligation": "expected", "max_per_pupil": 1, "staffing": "mentor"},
		{"title": "Vakdocent", "minutes": 10, "max_per_pupil": 5, "staffing": "subject"},
	}
	if m.plan.Level == sample.LevelPrimary {
		kinds = []map[string]any{{"title": "Groepsleerkracht", "minutes": 10, "obligation": "expected", "max_per_pupil": 1, "staffing": "group"}}
	}
	if m.plan.Popular > 0 {
		kinds = append(kinds, map[string]any{"title": "Decaan", "minutes": 10, "staffing": "offer"})
	}
	var made struct {
		ID        string
		Days      []struct{ ID string }
		TalkKinds []struct{ ID string } `json:"talk_kinds"`
	}
	err = m.office.call(ctx, http.MethodPost, m.path("/conferences"), map[string]any{
		"title": "Rush", "opens_at": m.now.Add(-time.Hour), "closes_at": m.now.AddDate(0, 0, firstEvening-1), "days": days, "talk_kinds": kinds,
	}, &made)
	if err != nil {
		return "", "", err
	}
	ids := make([]string, len(made.Days))
	for i, day := range made.Days {
		ids[i] = day.ID
	}
	if m.plan.Popular > 0 {
		popular = made.TalkKinds[len(made.TalkKinds)-1].ID
	}
	if err := m.evenings(ctx, made.ID, ids, popular); err != nil {
		return "", "", err
	}
	return made.ID, popular, m.office.call(ctx, http.MethodPost, m.path("/conferences/"+made.ID+"/open"), nil, nil)
}

// mostDays is how many teachers' days the API takes at once.
const mostDays = 2000

// evenings says when the teachers are there, and offers the popular ones to everybody.
func (m *schoolMaker) evenings(ctx context.Context, conference string, days []string, popular string) error {
	var teachers struct{ Items []struct{ ID string } }
	if err := m.office.call(ctx, http.MethodGet, m.path("/teachers"), nil, &teachers); err != nil {
		return err
	}
	var list []map[string]any
	for _, teacher := range teachers.Items {
		for _, day := range days {
			list = append(list, map[string]any{"teacher": teacher.ID, "day": day, "windows": []map[string]string{{"from": "18:00", "until": "21:30"}}})
		}
	}
	for len(list) > 0 {
		part := list[:min(mostDays, len(list))]
		list = list[len(part):]
		if err := m.office.call(ctx, http.MethodPut, m.path("/conferences/"+conference+"/availability"), map[string]any{"days": part}, nil); err != nil {
			return err
		}
	}
	for i := range m.plan.Popular {
		offer := map[string]any{"talk_kind": popular, "staff": []string{teachers.Items[i%len(teachers.Items)].ID}}
		if err := m.office.call(ctx, http.MethodPost, m.path("/conferences/"+conference+"/offers"), offer, nil); err != nil {
			return err
		}
	}
	return nil
}
