package auth

import (
	"context"
	"strings"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/credential"
	"github.com/ouderavond/ouderavond/auth/key"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/reading"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// Services are the ways in: they tell who asks. Each is safe for concurrent use.
type Services struct {
	// Parents recognise and confirm families.
	Parents *parent.Service
	// Accounts are of the school's people, Credentials what they prove that by, Staff their ways in.
	Accounts    *account.Service
	Credentials *credential.Service
	Staff       *staff.Service
	// Sessions are what both have afterwards.
	Sessions *session.Service
	// Keys are of programs: a school's, and the operator's.
	Keys *key.Service
	// Reads is the record of who was shown whose data.
	Reads *reading.Service

	store *store.Store
}

// NewServices makes the services. wake is called after a commit that queued a message; nil: nobody waits for it.
func NewServices(rows *store.Store, wake func()) *Services {
	if wake == nil {
		wake = func() {}
	}
	accounts, credentials := account.NewService(rows, wake), credential.NewService(rows)
	return &Services{
		Parents: parent.NewService(rows, wake), Accounts: accounts, Credentials: credentials, Staff: staff.NewService(rows, accounts, credentials),
		Sessions: session.NewService(rows), Keys: key.NewService(rows), Reads: reading.NewService(rows), store: rows,
	}
}

// School finds the school that an address names; errs.NotFound if there is none. The text may be the slug or the id.
func (s *Services) School(ctx context.Context, slugOrID string) (models.SchoolID, error) {
	if id, err := models.Parse[models.SchoolID](slugOrID); err == nil {
		if id.IsZero() {
			return id, errs.New(errs.NotFound, errs.CodeNotFound)
		}
		return id, s.exists(ctx, id)
	}
	if len(slugOrID) > 64 {
		return models.SchoolID{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return s.store.SchoolBySlug(ctx, slugOrID)
}

func (s *Services) exists(ctx context.Context, id models.SchoolID) error {
	return s.store.For(models.System(id, "address")).Read(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		return nil
	})
}

// Front is what anybody may see of a school: what a log-in page needs.
type Front struct {
	School    models.SchoolID
	Slug      string
	Name      string
	Languages []string
	Zone      string
	Policy    models.Policy
	Rehearsal bool
	// Kind decides the words of every text; Colour is the school's own, empty for the product's.
	Kind   models.SchoolKind
	Colour string
	Logo   models.LogoMark
	// Channels, ReplyTo and Phone are for those who are logged in: how confirmations can go, and how a family asks the school.
	Channels       models.Channels
	ReplyTo, Phone string
}

// Front gives what the log-in page shows, and what the pages behind it need of the school.
func (s *Services) Front(ctx context.Context, school models.SchoolID) (*Front, error) {
	var front *Front
	err := s.store.For(models.System(school, "front")).Read(ctx, func(tx *store.Tx) error {
		row := tx.School()
		if row.State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		policy := row.Policy
		policy.LegalGround = ""
		front = &Front{
			School: row.ID, Slug: row.Slug, Name: row.Details.Name, Languages: row.Languages, Zone: row.Zone, Policy: policy, Rehearsal: row.Rehearsal, Kind: row.Kind, Colour: row.Colour, Logo: row.Logo,
			Channels: row.Channels, ReplyTo: row.Details.ReplyTo, Phone: row.Details.Phone,
		}
		return nil
	})
	return front, err
}

// Authenticate gives the actor of a bearer token: a session of this school, one of its API keys, or a key of the operator. Whatever is wrong with it, the
// error is the same errs.Unauthenticated.
func (s *Services) Authenticate(ctx context.Context, school models.SchoolID, token string) (models.Actor, error) {
	var actor models.Actor
	var err error
	switch {
	case len(token) > 200:
		err = errs.New(errs.NotFound, errs.CodeNotFound)
	case strings.HasPrefix(token, session.SessionPrefix):
		actor, err = s.Sessions.Actor(ctx, school, token)
	case strings.HasPrefix(token, session.KeyPrefix):
		actor, err = s.Keys.OfSchool(ctx, school, token)
	case strings.HasPrefix(token, session.OperatorPrefix):
		actor, err = s.Keys.OfOperator(ctx, school, token)
	default:
		err = errs.New(errs.NotFound, errs.CodeNotFound)
	}
	switch errs.KindOf(err) {
	case errs.Unavailable:
		return models.Actor{}, err
	default:
		if err != nil {
			return models.Actor{}, errs.Because(errs.Unauthenticated, errs.CodeNotLoggedIn, err)
		}
	}
	return actor, nil
}
