package roster

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/models"
)

// mergeSuggestion is pupils who look like one household.
type mergeSuggestion struct {
	ID        shape.Ref[models.RowID] `json:"id" doc:"The suggestion's id."`
	Pupils    []pupilName             `json:"pupils" doc:"The children."`
	Reason    string                  `json:"reason" doc:"The strongest thing that speaks for it: stable code." example:"same-postcode"`
	Vetoes    []string                `json:"vetoes" doc:"What speaks against it: stable codes." example:"[\"births-too-close\"]"`
	CreatedAt time.Time               `json:"created_at" doc:"When it was made, UTC." example:"2026-09-01T08:00:00Z"`
}

type mergeSuggestionsInput struct {
	shape.SchoolPath
	shape.AllOrPage
}

type mergeSuggestionsOutput struct{ Body shape.List[mergeSuggestion] }

func (s *Chapter) listMergeSuggestions(ctx context.Context, in *mergeSuggestionsInput) (*mergeSuggestionsOutput, error) {
	actor := rest.CallOf(ctx).Actor
	rows, err := s.households.MergeSuggestions(ctx, actor)
	if err != nil {
		return nil, err
	}
	_, people, err := s.people.Pupils(ctx, actor)
	if err != nil {
		return nil, err
	}
	id := func(row models.MergeSuggestion) models.RowID { return row.ID }
	list, err := shape.Cut(in.AllOrPage, listOf(ctx, "merge suggestions"), rows, id, func(row models.MergeSuggestion) mergeSuggestion {
		body := mergeSuggestion{ID: shape.RefTo(row.ID), Pupils: []pupilName{}, Reason: row.Reason, Vetoes: append([]string{}, row.Vetoes...), CreatedAt: row.CreatedAt.UTC()}
		for _, id := range row.PupilIDs {
			pupil, ok := people.Pupil(id)
			if !ok {
				continue
			}
			named := pupilName{ID: shape.RefTo(id), Key: pupil.Details.Key, Name: pupil.Details.FullName()}
			if group, ok := people.Group(pupil.GroupID); ok {
				named.Group = group.Details.Name
			}
			body.Pupils = append(body.Pupils, named)
		}
		return body
	})
	if err != nil {
		return nil, err
	}
	return &mergeSuggestionsOutput{Body: list}, nil
}

type decideInput struct {
	shape.SchoolPath
	Body struct {
		IDs    []shape.Ref[models.RowID] `json:"ids,omitempty" maxItems:"5000" doc:"The suggestions; left out, all that nothing speaks against."`
		Accept bool                      `json:"accept" doc:"Accept them, or decline them." example:"true"`
	}
}

type decideOutput struct {
	Body struct {
		Decided int `json:"decided" doc:"How many were decided." example:"7"`
	}
}

func (s *Chapter) decideMergeSuggestions(ctx context.Context, in *decideInput) (*decideOutput, error) {
	decided, err := s.households.DecideMergeSuggestions(ctx, rest.CallOf(ctx).Actor, shape.IDs(in.Body.IDs), in.Body.Accept)
	if err != nil {
		return nil, err
	}
	out := &decideOutput{}
	out.Body.Decided = decided
	return out, nil
}
