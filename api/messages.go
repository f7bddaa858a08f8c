package api

import (
	"context"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking/messages"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// messageBody is a message of the outbox, without its text.
type messageBody struct {
	ID          ref[models.MessageID]   `json:"id" doc:"The message's id."`
	Kind        string                  `json:"kind" doc:"What it is about: confirmation, code, test or new_device." example:"confirmation"`
	Channel     string                  `json:"channel" doc:"How it goes: mail or sms." example:"mail"`
	State       string                  `json:"state" doc:"How far it has come: queued, sending, sent, delivered, unknown, failed or superseded." example:"delivered"`
	Household   ref[models.HouseholdID] `json:"household,omitzero" doc:"For whom it is."`
	Contact     ref[models.ContactID]   `json:"contact,omitzero" doc:"Where it goes."`
	To          string                  `json:"to" doc:"As much of the address or number as tells it from others." example:"o•••@example.com"`
	Day         ref[models.DayID]       `json:"day,omitzero" doc:"The day that a confirmation is about."`
	Language    string                  `json:"language" doc:"Its language." example:"nl"`
	Attempts    int                     `json:"attempts" doc:"How often it was tried." example:"1"`
	Problem     string                  `json:"problem" doc:"Stable code of what was wrong; empty where nothing was." example:"mailbox-full"`
	About       string                  `json:"about" doc:"The problem as a sentence, in the language of the answer." example:"The mailbox is full."`
	Again       bool                    `json:"again" doc:"Staff asked for it once more." example:"false"`
	MayGoAgain  bool                    `json:"may_go_again" doc:"It can be sent again." example:"true"`
	CreatedAt   time.Time               `json:"created_at" doc:"When it was queued, UTC." example:"2026-11-02T18:03:00Z"`
	DueAt       time.Time               `json:"due_at" doc:"When it is tried next, UTC." example:"2026-11-02T18:03:00Z"`
	UsefulUntil time.Time               `json:"useful_until" doc:"After this it is given up, UTC." example:"2026-11-25T00:00:00Z"`
	SentAt      *time.Time              `json:"sent_at,omitempty" doc:"When the carrier took it, UTC." example:"2026-11-02T18:03:01Z"`
	ReportedAt  *time.Time              `json:"reported_at,omitempty" doc:"When the carrier last told what became of it, UTC." example:"2026-11-02T18:03:09Z"`
}

func (s *Server) messageOf(lang string) func(messages.View) messageBody {
	return func(row messages.View) messageBody {
		return messageBody{
			ID: to(row.ID), Kind: string(row.Kind), Channel: string(row.Channel), State: string(row.State), Household: to(row.HouseholdID),
			Contact: to(row.ContactID), To: row.To, Day: to(row.DayID), Language: row.Language, Attempts: row.Attempts, Problem: row.Problem, About: s.texts.trouble(lang, row.Problem),
			Again: row.Again, MayGoAgain: row.MayGoAgain, CreatedAt: row.CreatedAt.UTC(), DueAt: row.DueAt.UTC(), UsefulUntil: row.UsefulUntil.UTC(), SentAt: utc(row.SentAt),
			ReportedAt: utc(row.ReportedAt),
		}
	}
}

// trouble gives the sentence about the problem of a message; empty if it has none.
func (t texts) trouble(lang, problem string) string {
	if problem == "" {
		return ""
	}
	return t.say(lang, "message."+problem, nil)
}

type messagesInput struct {
	SchoolPath
	Household string `query:"household" doc:"Only those of this household." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Trouble   bool   `query:"trouble" doc:"Only those with which something is wrong." example:"false"`
	Waiting   bool   `query:"waiting" doc:"Only those that are queued or being sent." example:"false"`
	Limit     int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"How many at most." example:"100"`
}

type messagesOutput struct{ Body list[messageBody] }

func (s *Server) listMessages(ctx context.Context, in *messagesInput) (*messagesOutput, error) {
	filter := messages.Filter{Trouble: in.Trouble, Waiting: in.Waiting, Limit: in.Limit}
	if in.Household != "" {
		household, err := models.Parse[models.HouseholdID](in.Household)
		if err != nil {
			return nil, errs.InvalidField("household", "not-an-id")
		}
		filter.Household = household
	}
	rows, err := s.config.Booking.Messages.List(ctx, visitOf(ctx).actor, filter)
	if err != nil {
		return nil, err
	}
	return &messagesOutput{Body: listOf(mapped(rows, s.messageOf(visitOf(ctx).language)))}, nil
}

type messagePath struct {
	SchoolPath
	Message string `path:"message" doc:"The message's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

type madeMessageOutput struct {
	Body struct {
		ID ref[models.MessageID] `json:"id" doc:"The new message's id."`
	}
}

func (s *Server) sendAgain(ctx context.Context, in *messagePath) (*madeMessageOutput, error) {
	id, err := pathID[models.MessageID](in.Message)
	if err != nil {
		return nil, err
	}
	made, err := s.config.Booking.Messages.SendAgain(ctx, visitOf(ctx).actor, id)
	if err != nil {
		return nil, err
	}
	out := &madeMessageOutput{}
	out.Body.ID = to(made)
	return out, nil
}

type overviewOutput struct {
	Body struct {
		Messages int `json:"messages" doc:"How many messages were queued: one for each day to come and contact on file." example:"2"`
	}
}

func (s *Server) sendOverview(ctx context.Context, in *ForHousehold) (*overviewOutput, error) {
	id, err := pathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	count, err := s.config.Booking.Messages.SendOverview(ctx, visitOf(ctx).actor, id)
	if err != nil {
		return nil, err
	}
	out := &overviewOutput{}
	out.Body.Messages = count
	return out, nil
}

// bouncedBody is a contact to which nothing is sent any more.
type bouncedBody struct {
	Contact   ref[models.ContactID]   `json:"contact" doc:"The contact's id."`
	Household ref[models.HouseholdID] `json:"household" doc:"Whose it is."`
	Kind      string                  `json:"kind" enum:"email,phone" doc:"What it is." example:"email"`
	To        string                  `json:"to" doc:"As much of it as tells it from others." example:"o•••@example.com"`
	Problem   string                  `json:"problem" doc:"Stable code of what was wrong." example:"no-such-address"`
	About     string                  `json:"about" doc:"The problem as a sentence, in the language of the answer." example:"Nobody is at that address."`
	Since     *time.Time              `json:"since,omitempty" doc:"Since when, UTC." example:"2026-11-02T18:03:01Z"`
}

type bouncedOutput struct{ Body list[bouncedBody] }

func (s *Server) listBounced(ctx context.Context, _ *SchoolPath) (*bouncedOutput, error) {
	v := visitOf(ctx)
	rows, err := s.config.Booking.Messages.BouncedContacts(ctx, v.actor)
	if err != nil {
		return nil, err
	}
	return &bouncedOutput{Body: listOf(mapped(rows, func(row messages.BouncedContact) bouncedBody {
		return bouncedBody{
			to(row.ID), to(row.HouseholdID), string(row.Kind), row.To, row.SuppressedFor, s.texts.trouble(v.language, row.SuppressedFor), utc(row.SuppressedAt),
		}
	}))}, nil
}

func (s *Server) restoreContact(ctx context.Context, in *contactPath) (*struct{}, error) {
	household, err := pathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	contact, err := pathID[models.ContactID](in.Contact)
	if err != nil {
		return nil, err
	}
	return nil, s.config.Booking.Messages.RestoreContact(ctx, visitOf(ctx).actor, household, contact)
}

// lastPart gives what stands behind the last slash of a link.
func lastPart(link string) string {
	return link[strings.LastIndexByte(link, '/')+1:]
}
