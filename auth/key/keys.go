package key

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// withChecksum appends a checksum, so that a mistyped or truncated key is known as such without asking the database.
func withChecksum(token string) string {
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(token)))
	return token + base64.RawURLEncoding.EncodeToString(sum)
}

// checksumLength is the length of a checksum's text.
const checksumLength = 6

func checksumRight(token string) bool {
	return len(token) > checksumLength && withChecksum(token[:len(token)-checksumLength]) == token
}

// NewKey is an API key to be made.
type NewKey struct {
	Name   string
	Scopes []models.Scope
	Until  *time.Time // nil: until revoked
}

// Create makes an API key of a school. The text is shown this once; what is kept is a keyed index of it.
func (s *Service) Create(ctx context.Context, actor models.Actor, wanted NewKey) (models.APIKeyID, string, error) {
	if len(wanted.Scopes) == 0 {
		return models.APIKeyID{}, "", errs.InvalidField("scopes", errs.CodeRequired)
	}
	for _, scope := range wanted.Scopes {
		if !slices.Contains(models.AllScopes(), scope) {
			return models.APIKeyID{}, "", errs.InvalidField("scopes", errs.CodeUnknown)
		}
		// A key may not make a key that can do more than itself.
		if actor.Kind == models.ActorKey && !slices.Contains(actor.Scopes, scope) {
			return models.APIKeyID{}, "", errs.New(errs.Forbidden, "forbidden")
		}
	}
	text := withChecksum(session.NewToken(session.KeyPrefix))
	key := &models.APIKey{ID: models.New[models.APIKeyID](), Scopes: wanted.Scopes, ExpiresAt: wanted.Until, Details: models.APIKeyDetails{Name: wanted.Name}}
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if wanted.Until != nil && !wanted.Until.After(tx.Now()) {
			return errs.InvalidField("until", "past")
		}
		key.KeyIndex, key.CreatedAt = tx.Index("api key", text), tx.Now()
		if err := store.Insert(tx, key); err != nil {
			return err
		}
		return tx.Audited("api-key", key.ID, nil)
	})
	if err != nil {
		return models.APIKeyID{}, "", err
	}
	return key.ID, text, nil
}

// List lists a school's API keys, without the keys themselves.
func (s *Service) List(ctx context.Context, actor models.Actor) (keys []models.APIKey, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		keys, err = store.List[models.APIKey](tx)
		return err
	})
	return keys, err
}

// Revoke ends an API key at once.
func (s *Service) Revoke(ctx context.Context, actor models.Actor, id models.APIKeyID) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		key, err := store.Get[models.APIKey](tx, id)
		if err != nil {
			return err
		}
		now := tx.Now()
		key.RevokedAt = &now
		if err := store.Update(tx, key, "revoked_at"); err != nil {
			return err
		}
		return tx.Audited("api-key-revoked", id, nil)
	})
}

// OfSchool returns the actor of a school's API key. Any that is not right, or not of this school, is errs.NotFound.
func (s *Service) OfSchool(ctx context.Context, school models.SchoolID, text string) (models.Actor, error) {
	if !checksumRight(text) || school.IsZero() {
		return models.Actor{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	var actor models.Actor
	err := s.store.For(models.System(school, "api key")).Read(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		key, err := store.First[models.APIKey](tx, store.Eq("key_index", tx.Index("api key", text)))
		if err != nil {
			return err
		}
		if key.RevokedAt != nil || key.ExpiresAt != nil && !tx.Now().Before(*key.ExpiresAt) {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		actor = models.Actor{Kind: models.ActorKey, School: school, ID: key.ID, Scopes: key.Scopes}
		return nil
	})
	return actor, err
}

// CreateForOperator makes a key of the operator. It is for the people who run the installation, over the machine's own socket.
func (s *Service) CreateForOperator(ctx context.Context, actor models.Actor) (string, error) {
	text := withChecksum(session.NewToken(session.OperatorPrefix))
	index := s.store.Master().Index("operator key", text)
	if err := s.store.Installation(actor).AddOperatorKey(ctx, models.New[models.APIKeyID](), index); err != nil {
		return "", err
	}
	return text, nil
}

// OfOperator returns the actor of an operator's key, who acts for the school if one is given. Any that is not right is errs.NotFound.
func (s *Service) OfOperator(ctx context.Context, school models.SchoolID, text string) (models.Actor, error) {
	if !checksumRight(text) {
		return models.Actor{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	id, err := s.store.OperatorKey(ctx, s.store.Master().Index("operator key", text))
	return models.Actor{Kind: models.ActorOperator, School: school, ID: id}, err
}
