package roster

import (
	"context"
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
)

// undecidedRoutes are about talks of which the school has to decide what becomes.
func (s *Chapter) undecidedRoutes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/undecided-talks", ID: "list-undecided-talks", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.ReadRoster, access.BookForFamilies), Summary: "List the talks to decide on", Operation: rest.Handle(s.listUndecided),
			About: "Coming talks with teachers who have left the school, or whom the child does not have any more. They stand until the school or the family does something about it.",
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/undecided-talks/decide", ID: "decide-undecided-talks", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.WriteRoster, access.BookForFamilies), Problems: []int{rest.Conflict}, Summary: "Decide what becomes of talks",
			About: "Cancel them, give them to another teacher at the same time, or keep them as they are. The families are told of the first two. A talk that is kept is listed " +
				"again only if something else becomes true of it: another teacher leaves, or the child comes to other groups or teachers. All or nothing, but for those at whose time " +
				"the other teacher is busy.",
			Operation: rest.Handle(s.decideUndecided),
		},
	}
}

// undecidedTalk is a talk to decide on.
type undecidedTalk struct {
	Appointment shape.AppointmentBody `json:"appointment" doc:"The talk."`
	Reason      string                `json:"reason" enum:"teacher-left,not-offered" doc:"Why it could not be booked like this any more." example:"teacher-left"`
}

type undecidedOutput struct{ Body shape.List[undecidedTalk] }

func (s *Chapter) listUndecided(ctx context.Context, _ *shape.SchoolPath) (*undecidedOutput, error) {
	list, err := s.decisions.Undecided(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	show := shape.AppointmentOf(list.Zone)
	return &undecidedOutput{Body: shape.ListOf(shape.Mapped(list.Talks, func(talk people.UndecidedTalk) undecidedTalk {
		body := undecidedTalk{Appointment: show(talk.AppointmentView), Reason: "not-offered"}
		if talk.Left {
			body.Reason = "teacher-left"
		}
		return body
	}))}, nil
}

type decideTalksInput struct {
	shape.SchoolPath
	Body struct {
		Appointments []shape.Ref[models.AppointmentID] `json:"appointments" minItems:"1" maxItems:"5000" doc:"The talks, all of them on the list."`
		Cancel       bool                              `json:"cancel,omitempty" doc:"Cancel them." example:"false"`
		Reason       string                            `json:"reason,omitempty" maxLength:"300" doc:"Why they are cancelled, in the school's own words: plain text for the message to the families." example:"Mevrouw De Vries is ziek."`
		Teacher      shape.Ref[models.StaffID]         `json:"teacher,omitzero" doc:"Give them to this teacher instead."`
		Keep         bool                              `json:"keep,omitempty" doc:"Keep them as they are." example:"false"`
	}
}

type decideTalksOutput struct {
	Body struct {
		Decided int                               `json:"decided" doc:"How many were decided." example:"24"`
		Busy    []shape.Ref[models.AppointmentID] `json:"busy" doc:"Those that stay as they are, because the other teacher is busy then."`
	}
}

func (s *Chapter) decideUndecided(ctx context.Context, in *decideTalksInput) (*decideTalksOutput, error) {
	decision := people.Decision{Appointments: shape.IDs(in.Body.Appointments), Cancel: in.Body.Cancel, Reason: in.Body.Reason, Teacher: in.Body.Teacher.Value, Keep: in.Body.Keep}
	busy, err := s.decisions.Decide(ctx, rest.CallOf(ctx).Actor, decision)
	if err != nil {
		return nil, err
	}
	out := &decideTalksOutput{}
	out.Body.Decided = len(in.Body.Appointments) - len(busy)
	out.Body.Busy = shape.Mapped(busy, shape.RefTo[models.AppointmentID])
	return out, nil
}
