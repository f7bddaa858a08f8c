package conference

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/models"
)

// newOfferBody is an offer to be made.
type newOfferBody struct {
	TalkKind shape.Ref[models.TalkKindID] `json:"talk_kind" doc:"The talk kind's id."`
	Pupil    shape.Ref[models.PupilID]    `json:"pupil,omitzero" doc:"Offer it to this pupil."`
	Group    shape.Ref[models.GroupID]    `json:"group,omitzero" doc:"Offer it to this group."`
	Year     string                       `json:"year,omitempty" maxLength:"40" doc:"Offer it to this year. One of the three at most; with none it is offered to everybody." example:"3"`
	Staff    []shape.Ref[models.StaffID]  `json:"staff" maxItems:"10" doc:"The teachers, all of them together."`
}

// TransformSchema implements huma.SchemaTransformer: put together from its fields, the example would name three things of which one may be named.
func (newOfferBody) TransformSchema(_ huma.Registry, schema *huma.Schema) *huma.Schema {
	schema.Examples = []any{map[string]any{"talk_kind": shape.ExampleID, "year": "3", "staff": []any{shape.ExampleID}}}
	return schema
}

type newOfferInput struct {
	shape.ForConference
	shape.Matching
	Body newOfferBody
}

type newOfferOutput struct {
	Body struct {
		ID shape.Ref[models.RowID] `json:"id" doc:"The offer's id."`
	}
}

func (s *Chapter) addOffer(ctx context.Context, in *newOfferInput) (*newOfferOutput, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	made, err := s.parts.AddOffer(ctx, rest.CallOf(ctx).Actor, at, conference.NewOffer{
		TalkKind: in.Body.TalkKind.Value, Pupil: in.Body.Pupil.Value, Group: in.Body.Group.Value, Year: in.Body.Year, Staff: shape.IDs(in.Body.Staff),
	})
	if err != nil {
		return nil, err
	}
	out := &newOfferOutput{}
	out.Body.ID = shape.RefTo(made)
	return out, nil
}

type offerPath struct {
	shape.ForConference
	shape.Matching
	Offer string `path:"offer" doc:"The offer's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

func (s *Chapter) removeOffer(ctx context.Context, in *offerPath) (*struct{}, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	offer, err := shape.PathID[models.RowID](in.Offer)
	if err != nil {
		return nil, err
	}
	return nil, s.parts.RemoveOffer(ctx, rest.CallOf(ctx).Actor, at, offer)
}
