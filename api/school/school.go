package school

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
)

func (s *Chapter) getSchool(ctx context.Context, _ *shape.SchoolPath) (*shape.SchoolOutput, error) {
	row, err := s.schools.Get(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, row)
}

// answer answers with a school, and the policy that is to come if there is one.
func (s *Chapter) answer(ctx context.Context, row *models.School) (*shape.SchoolOutput, error) {
	out := &shape.SchoolOutput{Body: shape.SchoolOf(row)}
	pending, err := s.schools.Pending(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	if pending != nil {
		out.Body.Pending = &shape.PendingBody{Policy: shape.PolicyOf(pending.Policy), LockedOut: pending.LockedOut}
	}
	return out, nil
}

type schoolPatchInput struct {
	shape.SchoolPath
	Body struct {
		Name          *string             `json:"name,omitempty" maxLength:"200" doc:"What the school is called." example:"Basisschool De Linde"`
		Place         *string             `json:"place,omitempty" maxLength:"200" doc:"Where it is." example:"Voorbeelddorp"`
		SenderName    *string             `json:"sender_name,omitempty" maxLength:"200" doc:"Who messages are from." example:"De Linde"`
		ReplyTo       *string             `json:"reply_to,omitempty" maxLength:"254" doc:"Where parents' questions go." example:"info@delinde.example.com"`
		ContactPerson *string             `json:"contact_person,omitempty" maxLength:"200" doc:"Whom the operator calls." example:"Administratie"`
		Phone         *string             `json:"phone,omitempty" maxLength:"40" doc:"The school's telephone number." example:"+31201234567"`
		Kind          *string             `json:"kind,omitempty" enum:"primary,secondary,vocational" doc:"What kind of school it is. It decides the words of every text: teacher, class, pupil." example:"primary"`
		Colour        *string             `json:"colour,omitempty" maxLength:"20" doc:"The school's one colour, as #rrggbb. Pages draw their shades from it, so that text on them can be read whatever it is; empty takes the product's own." example:"#0b5d66"`
		Zone          *string             `json:"zone,omitempty" maxLength:"60" doc:"Time zone (IANA). Refused once there is availability." example:"Europe/Amsterdam"`
		Languages     []string            `json:"languages,omitempty" maxItems:"10" doc:"Languages that parents are offered, the default first." example:"[\"nl\",\"en\"]"`
		Policy        *shape.PolicyBody   `json:"policy,omitempty" doc:"What is asked of parents at log-in; replaces the whole policy. Where it would lock parents out, it is noted as pending_policy until an import brings what it needs."`
		Accept        *int                `json:"accept_locked_out,omitempty" minimum:"0" maximum:"100000" doc:"Brings the policy, or the pending one, into force now, although the parents of so many pupils are locked out by it. Refused where there are more." example:"0"`
		Channels      *shape.ChannelsBody `json:"channels,omitempty" doc:"The ways in which messages go out."`
		Rehearsal     *bool               `json:"rehearsal,omitempty" doc:"Every message goes to the mailbox folder instead of to people." example:"false"`
		Guessing      *string             `json:"guessing,omitempty" enum:"links,narrow,wide" doc:"How many wrong answers the school bears with before its log-in form asks everybody for a second proof; GET log-ins tells what each costs." example:"wide"`
		UndoDays      *int                `json:"undo_days,omitempty" minimum:"0" maximum:"30" doc:"For how many days an import can be taken back; until then who left by it is kept, sealed and unseen. With 0 nothing is kept. What is older goes at once." example:"7"`
	}
}

func (s *Chapter) updateSchool(ctx context.Context, in *schoolPatchInput) (*shape.SchoolOutput, error) {
	actor, body := rest.CallOf(ctx).Actor, in.Body
	present, err := s.schools.Get(ctx, actor)
	if err != nil {
		return nil, err
	}
	details := present.Details
	for _, field := range []struct{ into, from *string }{
		{&details.Name, body.Name}, {&details.Place, body.Place}, {&details.SenderName, body.SenderName}, {&details.ReplyTo, body.ReplyTo},
		{&details.ContactPerson, body.ContactPerson}, {&details.Phone, body.Phone},
	} {
		if field.from != nil {
			*field.into = *field.from
		}
	}
	patch := school.Patch{AcceptLockedOut: body.Accept, Colour: body.Colour, Zone: body.Zone, Languages: body.Languages, Rehearsal: body.Rehearsal, UndoDays: body.UndoDays}
	if details != present.Details {
		patch.Details = &details
	}
	if body.Kind != nil {
		kind := models.SchoolKind(*body.Kind)
		patch.Kind = &kind
	}
	if body.Guessing != nil {
		guessing := shape.GuessingFrom(*body.Guessing)
		patch.Guessing = &guessing
	}
	if body.Policy != nil {
		policy := body.Policy.Model()
		patch.Policy = &policy
	}
	if body.Channels != nil {
		channels := models.Channels(*body.Channels)
		patch.Channels = &channels
	}
	row, err := s.schools.Update(ctx, actor, patch)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, row)
}
