package staff

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/auth/credential"
	sessions "github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// Own is an account as its owner sees it.
type Own struct {
	ID          models.AccountID
	Login, Name string
	Roles       []models.Role // those that this session may use
	Withheld    []models.Role // those that wait for the second factor
	Proof       models.Proof
	Staff       models.StaffID
	Held        credential.Held
	Sessions    []OwnSession // the newest first
}

// Next tells what the owner has to do before all roles can be used: nothing, give the second factor, or set one up.
func (o Own) Next() string {
	switch {
	case len(o.Withheld) == 0:
		return ""
	case o.Held.Second:
		return "second-factor"
	default:
		return "set-up"
	}
}

// OwnSession is a session of an account as its owner sees it.
type OwnSession struct {
	ID         models.SessionID
	Here       bool // the one that asks
	Remembered bool
	CreatedAt  time.Time // UTC
	SeenAt     time.Time // UTC; moves once a minute at most
}

// Own returns the actor's own account.
func (s *Service) Own(ctx context.Context, actor models.Actor) (own Own, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		account, err := store.Get[models.Account](tx, actor.Account)
		if err != nil {
			return err
		}
		own = Own{
			ID: account.ID, Login: account.Details.Login, Name: account.Details.Name, Roles: actor.Roles, Withheld: actor.Withheld, Proof: actor.Proof, Staff: account.StaffID,
		}
		if own.Held, err = credential.Has(tx, account.ID); err != nil {
			return err
		}
		rows, err := store.List[models.Session](tx, store.Eq("account_id", account.ID), store.From("expires_at", tx.Now()))
		for i := range rows {
			own.Sessions = append(own.Sessions, OwnSession{
				ID: rows[i].ID, Here: rows[i].ID == models.SessionID(actor.ID), Remembered: rows[i].Data.Remembered, CreatedAt: rows[i].CreatedAt, SeenAt: rows[i].SeenAt,
			})
		}
		slices.SortFunc(own.Sessions, func(a, b OwnSession) int { return b.CreatedAt.Compare(a.CreatedAt) })
		return err
	})
	return own, err
}

// EndOthers ends the sessions of the actor's own account, but for the one that asks, and forgets the browsers that it is known from.
func (s *Service) EndOthers(ctx context.Context, actor models.Actor) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if err := sessions.EndOf(tx, actor.Account, models.SessionID(actor.ID)); err != nil {
			return err
		}
		if _, err := store.Delete[models.StaffPass](tx, store.Eq("account_id", actor.Account)); err != nil {
			return err
		}
		return tx.Audited("account-logged-out", actor.Account, nil)
	})
}

// ProveSecond gives the second factor of the actor's session: digits, or a recovery code. It returns the actor as it is from now on. Errors: errs.Unauthenticated where it
// is wrong, errs.TooMany after ten that were.
func (s *Service) ProveSecond(ctx context.Context, actor models.Actor, typed string) (now models.Actor, err error) {
	refused := error(nil)
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		kind, err := second(tx, actor.Account, typed)
		if err != nil {
			if errs.KindOf(err) != errs.Unauthenticated && errs.KindOf(err) != errs.TooMany {
				return err
			}
			refused = err // what it cost is kept
			return nil
		}
		now, err = sessions.Prove(tx, actor, kind)
		return err
	})
	if err == nil {
		err = refused
	}
	return now, err
}

// ProvePassword types the account's password once more, in the actor's session. It returns the actor as it is from now on. Errors: errs.Unauthenticated where it is
// wrong, errs.TooMany after ten that were.
func (s *Service) ProvePassword(ctx context.Context, actor models.Actor, password string, origin Origin) (now models.Actor, err error) {
	login := ""
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		account, err := store.Get[models.Account](tx, actor.Account)
		if err == nil {
			login = account.Details.Login
		}
		return err
	})
	if err != nil {
		return now, err
	}
	of, taken, err := s.takeTry(ctx, models.System(actor.School, "staff log-in"), login, origin)
	if err != nil {
		return now, err
	}
	hash := credential.DecoyHash
	if of.password != nil {
		hash = credential.HashOf(of.password)
	}
	right, err := s.credentials.VerifyPassword(ctx, password, hash)
	if err != nil {
		return now, errs.Because(errs.Unavailable, "cancelled", err)
	}
	if !right || of.password == nil || !of.open {
		return now, wrong()
	}
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if err := taken.giveBack(tx); err != nil {
			return err
		}
		now, err = sessions.Prove(tx, actor, models.ProvedByPassword)
		return err
	})
	return now, err
}

// NameOf returns what the owner of the actor's account is called: the name, or else the login.
func (s *Service) NameOf(ctx context.Context, actor models.Actor) (name string, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		account, err := store.Get[models.Account](tx, actor.Account)
		if err == nil {
			name = cmp.Or(account.Details.Name, account.Details.Login)
		}
		return err
	})
	return name, err
}
