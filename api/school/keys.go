package school

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/key"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// apiKeyBody is an API key without the key itself.
type apiKeyBody struct {
	ID        shape.Ref[models.APIKeyID] `json:"id" doc:"The key's id."`
	Name      string                     `json:"name" doc:"What it is for." example:"Rooster-koppeling"`
	Scopes    []string                   `json:"scopes" doc:"What it may do." example:"[\"roster:read\",\"roster:write\"]"`
	CreatedAt time.Time                  `json:"created_at" doc:"When it was made, UTC." example:"2026-09-01T08:00:00Z"`
	Until     *time.Time                 `json:"until,omitempty" doc:"When it ends, UTC; missing for a key without an end." example:"2027-09-01T08:00:00Z"`
	RevokedAt *time.Time                 `json:"revoked_at,omitempty" doc:"When it was ended, UTC; missing for a key that was not." example:"2026-12-01T08:00:00Z"`
}

type apiKeysOutput struct{ Body shape.List[apiKeyBody] }

func scopeNames(scopes []models.Scope) []string {
	return shape.Mapped(scopes, func(scope models.Scope) string { return string(scope) })
}

type apiKeysInput struct {
	shape.SchoolPath
	shape.AllOrPage
}

func (s *Chapter) listKeys(ctx context.Context, in *apiKeysInput) (*apiKeysOutput, error) {
	keys, err := s.auth.Keys.List(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	id := func(key models.APIKey) models.RowID { return models.RowID(key.ID) }
	list, err := shape.Cut(in.AllOrPage, "api keys "+rest.CallOf(ctx).School.String(), keys, id, func(key models.APIKey) apiKeyBody {
		return apiKeyBody{
			ID: shape.RefTo(key.ID), Name: key.Details.Name, Scopes: scopeNames(key.Scopes), CreatedAt: key.CreatedAt.UTC(), Until: shape.UTC(key.ExpiresAt), RevokedAt: shape.UTC(key.RevokedAt),
		}
	})
	if err != nil {
		return nil, err
	}
	return &apiKeysOutput{Body: list}, nil
}

type newKeyInput struct {
	shape.SchoolPath
	Body struct {
		Name   string     `json:"name" maxLength:"200" doc:"What it is for." example:"Rooster-koppeling"`
		Scopes []string   `json:"scopes" maxItems:"20" enum:"roster:read,roster:write,conference:read,conference:write,booking:read,booking:write,school:write,accounts:write" doc:"What it may do." example:"[\"roster:read\",\"roster:write\"]"`
		Until  *time.Time `json:"until,omitempty" doc:"When it ends, UTC; left out for a key without an end." example:"2027-09-01T08:00:00Z"`
	}
}

type newKeyOutput struct {
	Body struct {
		ID  shape.Ref[models.APIKeyID] `json:"id" doc:"The key's id."`
		Key string                     `json:"key" doc:"The key itself, shown this once." example:"ok_Zx8pQ2mYk0T1bN5vWc7RfHs4JdLgUaEi9oXyBzMtKqI"`
	}
}

func (s *Chapter) createKey(ctx context.Context, in *newKeyInput) (*newKeyOutput, error) {
	id, key, err := s.auth.Keys.Create(ctx, rest.CallOf(ctx).Actor, key.NewKey{
		Name: in.Body.Name, Scopes: shape.Mapped(in.Body.Scopes, func(name string) models.Scope { return models.Scope(name) }), Until: shape.UTC(in.Body.Until),
	})
	if err != nil {
		return nil, err
	}
	out := &newKeyOutput{}
	out.Body.ID, out.Body.Key = shape.RefTo(id), key
	return out, nil
}

type keyPath struct {
	shape.SchoolPath
	Key string `path:"key" doc:"The key's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

func (s *Chapter) revokeKey(ctx context.Context, in *keyPath) (*struct{}, error) {
	id, err := shape.PathID[models.APIKeyID](in.Key)
	if err != nil {
		return nil, err
	}
	return nil, s.auth.Keys.Revoke(ctx, rest.CallOf(ctx).Actor, id)
}

// mailboxBody is a message that was kept instead of being sent.
type mailboxBody struct {
	ID      string    `json:"id" doc:"Its name in the folder." example:"20261102T180300.000000000Z-0f1e2d3c4b5a6978.eml"`
	Channel string    `json:"channel" doc:"How it would have gone: mail or sms." example:"mail"`
	At      time.Time `json:"at" doc:"When it was written, UTC." example:"2026-11-02T18:03:01Z"`
	To      string    `json:"to" doc:"To whom." example:"ouder@example.com"`
	Subject string    `json:"subject" doc:"The subject; empty for a text message." example:"Uw gesprekken op dinsdag 24 november"`
	Text    string    `json:"text" doc:"What it says." example:"Sanne: 19:10 mw. J. Visser"`
}

type mailboxInput struct {
	shape.SchoolPath
	Limit int `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"How many at most." example:"100"`
}

type mailboxOutput struct{ Body shape.List[mailboxBody] }

func (s *Chapter) listMailbox(ctx context.Context, in *mailboxInput) (*mailboxOutput, error) {
	if s.mailbox == nil {
		return nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	kept, err := s.mailbox(ctx, rest.CallOf(ctx).School, in.Limit)
	if err != nil {
		return nil, err
	}
	return &mailboxOutput{Body: shape.ListOf(shape.Mapped(kept, func(message rest.MailboxMessage) mailboxBody {
		return mailboxBody{ID: message.ID, Channel: string(message.Channel), At: message.At.UTC(), To: message.To, Subject: message.Subject, Text: message.Text}
	}))}, nil
}
