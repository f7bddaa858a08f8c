package auth

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/auth/limit"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// NewAccount is a staff account to be made.
type NewAccount struct {
	Login    string
	Name     string
	Password string
	Role     models.Role
	Staff    models.StaffID // the teacher that it is; needed for a teacher
}

// CreateAccount makes a staff account. A login name that is taken is errs.Conflict.
func (s *Service) CreateAccount(ctx context.Context, actor models.Actor, wanted NewAccount) (models.AccountID, error) {
	login := foldLogin(wanted.Login)
	switch {
	case login == "" || utf8.RuneCountInString(login) > 120:
		return models.AccountID{}, errs.InvalidField("login", "required")
	case utf8.RuneCountInString(wanted.Password) < minPassword:
		return models.AccountID{}, errs.InvalidField("password", "too-short")
	case len(wanted.Password) > 1000:
		return models.AccountID{}, errs.InvalidField("password", "too-long")
	case wanted.Role != models.RoleAdministrator && wanted.Role != models.RoleTeacher:
		return models.AccountID{}, errs.InvalidField("role", "unknown")
	case wanted.Role == models.RoleTeacher && wanted.Staff.IsZero():
		return models.AccountID{}, errs.InvalidField("teacher", "required")
	}
	hash := hashPassword(wanted.Password)
	account := &models.Account{ID: models.New[models.AccountID](), Role: wanted.Role, StaffID: wanted.Staff, PasswordHash: hash, Details: models.AccountDetails{Login: login, Name: wanted.Name}}
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account.LoginIndex, account.CreatedAt = tx.Index("login", login), tx.Now()
		if !wanted.Staff.IsZero() {
			if _, err := store.Get[models.Staff](tx, wanted.Staff); err != nil {
				return errs.InvalidField("teacher", "unknown")
			}
		}
		if err := store.Insert(tx, account); err != nil {
			if errs.CodeOf(err) == "exists" {
				return errs.Because(errs.Conflict, "login-taken", err)
			}
			return err
		}
		return tx.Audited("account", account.ID, nil)
	})
	return account.ID, err
}

func foldLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// LogInStaff opens a session for a staff account. Whatever is wrong is errs.Unauthenticated with one code; after ten failures in a quarter of an hour it is
// errs.TooMany.
func (s *Service) LogInStaff(ctx context.Context, school models.SchoolID, login, password string) (*Opened, error) {
	login = foldLogin(login)
	system := models.System(school, "staff log-in")
	var account *models.Account
	blocked := false
	err := s.store.For(system).Read(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, "not-found")
		}
		var err error
		if blocked, err = limit.Exhausted(tx, limit.Staff, tx.Index("budget login", login)); err != nil {
			return err
		}
		account, err = store.First[models.Account](tx, store.Eq("login_index", tx.Index("login", login)))
		if errs.KindOf(err) == errs.NotFound && err != nil {
			account, err = nil, nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if blocked {
		busy := errs.New(errs.TooMany, "login.too-many")
		busy.RetryAfter = limit.Staff.Within
		return nil, busy
	}
	hash := decoyHash
	if account != nil {
		hash = account.PasswordHash
	}
	right, err := s.verifyPassword(ctx, password, hash)
	if err != nil {
		return nil, err
	}
	if !right || account == nil || account.Disabled {
		return nil, s.staffFailed(ctx, system, login)
	}
	return s.openStaff(ctx, system, account)
}

func (s *Service) staffFailed(ctx context.Context, system models.Actor, login string) error {
	err := s.store.For(system).Write(ctx, func(tx *store.Tx) error {
		return limit.Spend(tx, limit.Staff, tx.Index("budget login", login))
	})
	if err != nil {
		return err
	}
	return errs.New(errs.Unauthenticated, "login.staff")
}

func (s *Service) openStaff(ctx context.Context, system models.Actor, account *models.Account) (*Opened, error) {
	opened := &Opened{Token: newToken(sessionPrefix)}
	err := s.store.For(system).Write(ctx, func(tx *store.Tx) error {
		session := &models.Session{
			ID: models.New[models.SessionID](), Kind: models.SessionStaff, TokenIndex: tx.Index("session", opened.Token), AccountID: account.ID,
			CreatedAt: tx.Now(), SeenAt: tx.Now(), ExpiresAt: tx.Now().Add(staffLife.total),
		}
		opened.ExpiresAt = session.ExpiresAt
		if err := store.Insert(tx, session); err != nil {
			return err
		}
		var err error
		opened.Actor, err = actorOf(tx, session)
		return err
	})
	return opened, err
}
