package staff

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	sessions "github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// AccountView is a staff account as administrators see it.
type AccountView struct {
	ID          models.AccountID
	Login, Name string
	Role        models.Role
	Staff       models.StaffID // zero for who is no teacher
	Disabled    bool           // switched off by an administrator
	Left        bool           // the teacher has left, or is not there any more: the account lets nobody in
	CreatedAt   time.Time      // UTC
}

// AccountPatch is what changes of an account; nil stays as it is.
type AccountPatch struct {
	Name     *string
	Password *string
	Disabled *bool
}

// Accounts returns the staff accounts of the school by their login names.
func (s *Service) Accounts(ctx context.Context, actor models.Actor) (views []AccountView, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		rows, err := store.List[models.Account](tx)
		if err != nil {
			return err
		}
		views = nil
		for i := range rows {
			view, err := viewOf(tx, &rows[i])
			if err != nil {
				return err
			}
			views = append(views, view)
		}
		return nil
	})
	slices.SortFunc(views, func(a, b AccountView) int { return strings.Compare(a.Login, b.Login) })
	return views, err
}

func viewOf(tx *store.Tx, account *models.Account) (AccountView, error) {
	left, err := sessions.TeacherLeft(tx, account)
	return AccountView{
		ID: account.ID, Login: account.Details.Login, Name: account.Details.Name, Role: account.Role, Staff: account.StaffID, Disabled: account.Disabled, Left: left,
		CreatedAt: account.CreatedAt,
	}, err
}

// UpdateAccount changes an account. Whoever was logged in with it is out at once if it is disabled or gets another password, but for the session that asks. One's own
// account cannot be disabled (errs.Conflict), and an API key changes no administrator (errs.Forbidden).
func (s *Service) UpdateAccount(ctx context.Context, actor models.Actor, id models.AccountID, patch AccountPatch) (view AccountView, err error) {
	hash := ""
	if patch.Password != nil {
		if err := checkPassword(*patch.Password); err != nil {
			return view, err
		}
		hash = hashPassword(*patch.Password)
	}
	if patch.Name != nil {
		if name := typed.OneLine(*patch.Name); utf8.RuneCountInString(name) > 200 {
			return view, errs.InvalidField("name", "too-long")
		}
	}
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account, own, err := theirs(tx, actor, id)
		if err != nil {
			return err
		}
		if patch.Disabled != nil {
			if own && *patch.Disabled {
				return errs.New(errs.Conflict, "account.own")
			}
			account.Disabled = *patch.Disabled
		}
		if patch.Name != nil {
			account.Details.Name = typed.OneLine(*patch.Name)
		}
		if hash != "" {
			account.PasswordHash = hash
		}
		if err := store.Update(tx, account, "disabled", "password_hash", "details"); err != nil {
			return err
		}
		if account.Disabled || hash != "" {
			if err := endSessions(tx, account.ID, actor); err != nil {
				return err
			}
		}
		if view, err = viewOf(tx, account); err != nil {
			return err
		}
		return tx.Audited("account-changed", account.ID, nil)
	})
	return view, err
}

// RemoveAccount removes an account with its sessions. One's own cannot be removed (errs.Conflict), and an API key removes no administrator (errs.Forbidden).
func (s *Service) RemoveAccount(ctx context.Context, actor models.Actor, id models.AccountID) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account, own, err := theirs(tx, actor, id)
		if err != nil {
			return err
		}
		if own {
			return errs.New(errs.Conflict, "account.own")
		}
		if _, err := store.Delete[models.Session](tx, store.Eq("account_id", account.ID)); err != nil {
			return err
		}
		if _, err := store.Delete[models.Account](tx, store.Eq("id", account.ID)); err != nil {
			return err
		}
		return tx.Audited("account-removed", account.ID, nil)
	})
}

// LogOutEverywhere ends all sessions of an account, the one that asks included, and forgets the browsers that it is known from.
func (s *Service) LogOutEverywhere(ctx context.Context, actor models.Actor, id models.AccountID) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account, _, err := theirs(tx, actor, id)
		if err != nil {
			return err
		}
		if _, err := store.Delete[models.Session](tx, store.Eq("account_id", account.ID)); err != nil {
			return err
		}
		if _, err := store.Delete[models.StaffPass](tx, store.Eq("account_id", account.ID)); err != nil {
			return err
		}
		return tx.Audited("account-logged-out", account.ID, nil)
	})
}

// theirs finds an account that the actor may change, and reports whether it is the actor's own.
func theirs(tx *store.Tx, actor models.Actor, id models.AccountID) (account *models.Account, own bool, err error) {
	if account, err = store.Get[models.Account](tx, id); err != nil {
		return nil, false, err
	}
	if account.Role == models.RoleAdministrator && actor.Kind == models.ActorKey {
		// A key that could change an administrator's password could do everything.
		return nil, false, errs.New(errs.Forbidden, "forbidden")
	}
	if actor.Kind == models.ActorStaff {
		session, err := store.Get[models.Session](tx, models.SessionID(actor.ID))
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return nil, false, err
		}
		own = err == nil && session.AccountID == id
	}
	return account, own, nil
}

// endSessions ends the sessions of an account, but for the one that the actor came with.
func endSessions(tx *store.Tx, account models.AccountID, actor models.Actor) error {
	rows, err := store.List[models.Session](tx, store.Eq("account_id", account))
	if err != nil {
		return err
	}
	var ended []models.SessionID
	for _, row := range rows {
		if row.ID != models.SessionID(actor.ID) {
			ended = append(ended, row.ID)
		}
	}
	if len(ended) == 0 {
		return nil
	}
	_, err = store.Delete[models.Session](tx, store.In("id", ended))
	return err
}

// checkPassword returns what is wrong with a new password; nil if nothing is.
func checkPassword(password string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return errs.InvalidField("password", "too-short")
	case len(password) > 1000:
		return errs.InvalidField("password", "too-long")
	}
	return nil
}
