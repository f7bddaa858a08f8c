package messages

import (
	"context"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
)

// channelBody is how a channel of a school stands.
type channelBody struct {
	Channel   string     `json:"channel" enum:"mail,sms" doc:"Which one." example:"mail"`
	On        bool       `json:"on" doc:"The school has switched it on." example:"true"`
	Carrier   string     `json:"carrier" doc:"Who carries its messages: smtp, twilio, or mailbox for the folder." example:"smtp"`
	Arrived   bool       `json:"arrived" doc:"A test message has arrived by this carrier, or need not: what goes to the mailbox folder has." example:"true"`
	ArrivedAt *time.Time `json:"arrived_at,omitempty" doc:"When the last one arrived, UTC." example:"2026-11-02T18:05:00Z"`
	LastState string     `json:"last_state,omitempty" doc:"How far the newest test message has come." example:"delivered"`
	LastAbout string     `json:"last_about,omitempty" doc:"What was wrong with it, as a sentence." example:"Nobody is at that address."`
}

type channelStatesOutput struct{ Body shape.List[channelBody] }

func (s *Chapter) listChannels(ctx context.Context, _ *shape.SchoolPath) (*channelStatesOutput, error) {
	v := rest.CallOf(ctx)
	states, err := s.schools.ChannelStates(ctx, v.Actor)
	if err != nil {
		return nil, err
	}
	return &channelStatesOutput{Body: shape.ListOf(shape.Mapped(states, func(state school.ChannelState) channelBody {
		body := channelBody{Channel: string(state.Channel), On: state.On, Carrier: state.Carrier, Arrived: state.Arrived}
		if !state.ArrivedAt.IsZero() {
			body.ArrivedAt = shape.UTC(&state.ArrivedAt)
		}
		if state.Last != nil {
			body.LastState, body.LastAbout = string(state.Last.State), s.base.Texts.Trouble(v.Voice(), state.Last.Problem)
		}
		return body
	}))}, nil
}

type testInput struct {
	shape.SchoolPath
	Body struct {
		Email    string `json:"email,omitempty" maxLength:"254" doc:"An address of the school's own, to try mail." example:"administratie@delinde.example.com"`
		Phone    string `json:"phone,omitempty" maxLength:"40" doc:"A mobile number of the school's own, to try text messages." example:"+31612345678"`
		Language string `json:"language,omitempty" maxLength:"10" doc:"Language of the message; the school's own where left out." example:"nl"`
	}
}

type testOutput struct {
	Body struct {
		Messages []shape.Ref[models.MessageID] `json:"messages" doc:"The queued messages."`
	}
}

func (s *Chapter) testChannels(ctx context.Context, in *testInput) (*testOutput, error) {
	ids, err := s.schools.SendTest(ctx, rest.CallOf(ctx).Actor, school.TestMessage{Email: in.Body.Email, Phone: in.Body.Phone, Language: in.Body.Language})
	if err != nil {
		return nil, err
	}
	out := &testOutput{}
	out.Body.Messages = shape.RefsTo(ids)
	return out, nil
}

type confirmTestInput struct {
	shape.SchoolPath
	Body struct {
		Link string `json:"link" maxLength:"500" doc:"The link in the test message, or what stands behind its last slash." example:"https://afspraak.example.nl/de-linde/t/dAAB"`
	}
}

func (s *Chapter) confirmTest(ctx context.Context, in *confirmTestInput) (*struct{}, error) {
	return nil, s.schools.ConfirmTest(ctx, rest.CallOf(ctx).School, lastPart(strings.TrimSpace(in.Body.Link)))
}
