package messages

import (
	"context"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/messages"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// messageBody is a message of the outbox, without its text.
type messageBody struct {
	ID          shape.Ref[models.MessageID]   `json:"id" doc:"The message's id."`
	Kind        string                        `json:"kind" doc:"What it is about: confirmation, code, test, new_device, import or returned." example:"confirmation"`
	Channel     string                        `json:"channel" doc:"How it goes: mail or sms." example:"mail"`
	State       string                        `json:"state" doc:"How far it has come: queued, sending, sent, delivered, unknown, failed or superseded." example:"delivered"`
	Household   shape.Ref[models.HouseholdID] `json:"household,omitzero" doc:"For whom it is."`
	Contact     shape.Ref[models.ContactID]   `json:"contact,omitzero" doc:"Where it goes."`
	To          string                        `json:"to" doc:"As much of the address or number as tells it from others." example:"ou•••r@example.com"`
	Day         shape.Ref[models.DayID]       `json:"day,omitzero" doc:"The day that a confirmation is about."`
	Language    string                        `json:"language" doc:"Its language." example:"nl"`
	Attempts    int                           `json:"attempts" doc:"How often it was tried." example:"1"`
	Problem     string                        `json:"problem" doc:"Stable code of what was wrong; empty where nothing was." example:"mailbox-full"`
	About       string                        `json:"about" doc:"The problem as a sentence, in the language of the answer." example:"The mailbox is full."`
	Again       bool                          `json:"again" doc:"Staff asked for it once more." example:"false"`
	MayGoAgain  bool                          `json:"may_go_again" doc:"It can be sent again." example:"true"`
	CreatedAt   time.Time                     `json:"created_at" doc:"When it was queued, UTC." example:"2026-11-02T18:03:00Z"`
	DueAt       time.Time                     `json:"due_at" doc:"When it is tried next, UTC." example:"2026-11-02T18:03:00Z"`
	UsefulUntil time.Time                     `json:"useful_until" doc:"After this it is given up, UTC." example:"2026-11-25T00:00:00Z"`
	SentAt      *time.Time                    `json:"sent_at,omitempty" doc:"When the carrier took it, UTC." example:"2026-11-02T18:03:01Z"`
	ReportedAt  *time.Time                    `json:"reported_at,omitempty" doc:"When the carrier last told what became of it, UTC." example:"2026-11-02T18:03:09Z"`
}

func (s *Chapter) messageOf(lang string) func(messages.View) messageBody {
	return func(row messages.View) messageBody {
		return messageBody{
			ID: shape.RefTo(row.ID), Kind: string(row.Kind), Channel: string(row.Channel), State: string(row.State), Household: shape.RefTo(row.HouseholdID),
			Contact: shape.RefTo(row.ContactID), To: row.To, Day: shape.RefTo(row.DayID), Language: row.Language, Attempts: row.Attempts, Problem: row.Problem, About: s.base.Texts.Trouble(lang, row.Problem),
			Again: row.Again, MayGoAgain: row.MayGoAgain, CreatedAt: row.CreatedAt.UTC(), DueAt: row.DueAt.UTC(), UsefulUntil: row.UsefulUntil.UTC(), SentAt: shape.UTC(row.SentAt),
			ReportedAt: shape.UTC(row.ReportedAt),
		}
	}
}

type messagesInput struct {
	shape.SchoolPath
	Household string `query:"household" doc:"Only those of this household." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Trouble   bool   `query:"trouble" doc:"Only those with which something is wrong." example:"false"`
	Waiting   bool   `query:"waiting" doc:"Only those that are queued or being sent." example:"false"`
	Limit     int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"How many at most." example:"100"`
	Cursor    string `query:"cursor" maxLength:"40" doc:"The cursor that the page before gave as next; left out for the first page." example:"AZofPlwdeyqPAD1eb3CBkg"`
}

type messagesOutput struct{ Body shape.List[messageBody] }

func (s *Chapter) listMessages(ctx context.Context, in *messagesInput) (*messagesOutput, error) {
	filter := messages.Filter{Trouble: in.Trouble, Waiting: in.Waiting, Limit: in.Limit}
	if in.Household != "" {
		household, err := models.Parse[models.HouseholdID](in.Household)
		if err != nil {
			return nil, errs.InvalidField("household", "not-an-id")
		}
		filter.Household = household
	}
	of := "messages " + rest.CallOf(ctx).School.String()
	before, err := shape.After(of, in.Cursor)
	if err != nil {
		return nil, err
	}
	filter.Before, filter.Limit = models.MessageID(before), in.Limit+1
	rows, err := s.messages.List(ctx, rest.CallOf(ctx).Actor, filter)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		next = shape.CursorOf(of, models.RowID(rows[in.Limit-1].ID))
	}
	out := &messagesOutput{Body: shape.ListOf(shape.Mapped(rows, s.messageOf(rest.CallOf(ctx).Voice())))}
	out.Body.Next = next
	return out, nil
}

type messagePath struct {
	shape.SchoolPath
	Message string `path:"message" doc:"The message's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

type madeMessageOutput struct {
	Body struct {
		ID shape.Ref[models.MessageID] `json:"id" doc:"The new message's id."`
	}
}

func (s *Chapter) sendAgain(ctx context.Context, in *messagePath) (*madeMessageOutput, error) {
	id, err := shape.PathID[models.MessageID](in.Message)
	if err != nil {
		return nil, err
	}
	made, err := s.messages.SendAgain(ctx, rest.CallOf(ctx).Actor, id)
	if err != nil {
		return nil, err
	}
	out := &madeMessageOutput{}
	out.Body.ID = shape.RefTo(made)
	return out, nil
}

type overviewOutput struct {
	Body struct {
		Messages int `json:"messages" doc:"How many messages were queued: one for each day to come and contact on file." example:"2"`
	}
}

func (s *Chapter) sendOverview(ctx context.Context, in *shape.ForHousehold) (*overviewOutput, error) {
	id, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	count, err := s.messages.SendOverview(ctx, rest.CallOf(ctx).Actor, id)
	if err != nil {
		return nil, err
	}
	out := &overviewOutput{}
	out.Body.Messages = count
	return out, nil
}

// bouncedBody is a contact to which nothing is sent any more.
type bouncedBody struct {
	Contact   shape.Ref[models.ContactID]   `json:"contact" doc:"The contact's id."`
	Household shape.Ref[models.HouseholdID] `json:"household" doc:"Whose it is."`
	Kind      string                        `json:"kind" enum:"email,phone" doc:"What it is." example:"email"`
	To        string                        `json:"to" doc:"As much of it as tells it from others." example:"ou•••r@example.com"`
	Problem   string                        `json:"problem" doc:"Stable code of what was wrong." example:"no-such-address"`
	About     string                        `json:"about" doc:"The problem as a sentence, in the language of the answer." example:"Nobody is at that address."`
	Since     *time.Time                    `json:"since,omitempty" doc:"Since when, UTC." example:"2026-11-02T18:03:01Z"`
}

type bouncedOutput struct{ Body shape.List[bouncedBody] }

func (s *Chapter) listBounced(ctx context.Context, _ *shape.SchoolPath) (*bouncedOutput, error) {
	v := rest.CallOf(ctx)
	rows, err := s.messages.BouncedContacts(ctx, v.Actor)
	if err != nil {
		return nil, err
	}
	return &bouncedOutput{Body: shape.ListOf(shape.Mapped(rows, func(row messages.BouncedContact) bouncedBody {
		return bouncedBody{
			shape.RefTo(row.ID), shape.RefTo(row.HouseholdID), string(row.Kind), row.To, row.SuppressedFor, s.base.Texts.Trouble(v.Voice(), row.SuppressedFor), shape.UTC(row.SuppressedAt),
		}
	}))}, nil
}

func (s *Chapter) restoreContact(ctx context.Context, in *shape.ContactPath) (*struct{}, error) {
	household, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	contact, err := shape.PathID[models.ContactID](in.Contact)
	if err != nil {
		return nil, err
	}
	return nil, s.messages.RestoreContact(ctx, rest.CallOf(ctx).Actor, household, contact)
}

// lastPart gives what stands behind the last slash of a link.
func lastPart(link string) string {
	return link[strings.LastIndexByte(link, '/')+1:]
}
