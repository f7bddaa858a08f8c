package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// passwordWorkers is how many passwords are checked at once: each check takes memory and time on purpose, and parents must not notice.
const passwordWorkers = 2

// Service recognises and confirms. It is safe for concurrent use.
type Service struct {
	store   *store.Store
	wake    func()
	workers chan struct{}
}

// NewService makes the service. wake is called after a commit that queued a message.
func NewService(rows *store.Store, wake func()) *Service {
	if wake == nil {
		wake = func() {}
	}
	return &Service{store: rows, wake: wake, workers: make(chan struct{}, passwordWorkers)}
}

// School finds the school that an address names; errs.NotFound if there is none. The text may be the slug or the id.
func (s *Service) School(ctx context.Context, slugOrID string) (models.SchoolID, error) {
	if id, err := models.Parse[models.SchoolID](slugOrID); err == nil {
		if id.IsZero() {
			return id, errs.New(errs.NotFound, "not-found")
		}
		return id, s.exists(ctx, id)
	}
	if len(slugOrID) > 64 {
		return models.SchoolID{}, errs.New(errs.NotFound, "not-found")
	}
	return s.store.SchoolBySlug(ctx, slugOrID)
}

func (s *Service) exists(ctx context.Context, id models.SchoolID) error {
	return s.store.For(models.System(id, "address")).Read(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, "not-found")
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
}

// Front gives what the log-in page shows.
func (s *Service) Front(ctx context.Context, school models.SchoolID) (*Front, error) {
	var front *Front
	err := s.store.For(models.System(school, "front")).Read(ctx, func(tx *store.Tx) error {
		row := tx.School()
		if row.State != models.SchoolActive {
			return errs.New(errs.NotFound, "not-found")
		}
		policy := row.Policy
		policy.LegalGround = ""
		front = &Front{School: row.ID, Slug: row.Slug, Name: row.Details.Name, Languages: row.Languages, Zone: row.Zone, Policy: policy, Rehearsal: row.Rehearsal}
		return nil
	})
	return front, err
}

// newToken makes a random token of 256 bits with a prefix that tells what it is.
func newToken(prefix string) string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // crypto/rand never fails: the program would have stopped
	return prefix + base64.RawURLEncoding.EncodeToString(raw)
}

// isToken tells whether a text has the form of newToken's.
func isToken(text, prefix string) bool {
	random, ok := strings.CutPrefix(text, prefix)
	raw, err := base64.RawURLEncoding.Strict().DecodeString(random)
	return ok && err == nil && len(raw) == 32 && len(random) == base64.RawURLEncoding.EncodedLen(32)
}

// The prefixes of tokens.
const (
	sessionPrefix  = "os_"
	devicePrefix   = "od_"
	keyPrefix      = "ok_"
	operatorPrefix = "oo_"
)

// Authenticate gives the actor of a bearer token: a session of this school, one of its API keys, or a key of the operator. Whatever is wrong with it, the
// error is the same errs.Unauthenticated.
func (s *Service) Authenticate(ctx context.Context, school models.SchoolID, token string) (models.Actor, error) {
	var actor models.Actor
	var err error
	switch {
	case len(token) > 200:
		err = errs.New(errs.NotFound, "not-found")
	case strings.HasPrefix(token, sessionPrefix):
		actor, err = s.sessionActor(ctx, school, token)
	case strings.HasPrefix(token, keyPrefix):
		actor, err = s.keyActor(ctx, school, token)
	case strings.HasPrefix(token, operatorPrefix):
		actor, err = s.operatorActor(ctx, school, token)
	default:
		err = errs.New(errs.NotFound, "not-found")
	}
	switch errs.KindOf(err) {
	case errs.Unavailable:
		return models.Actor{}, err
	default:
		if err != nil {
			return models.Actor{}, errs.Because(errs.Unauthenticated, "not-logged-in", err)
		}
	}
	return actor, nil
}
