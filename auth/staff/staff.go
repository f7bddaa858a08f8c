package staff

import (
	"context"
	"strings"
	"unicode/utf8"

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
	unfit := checkPassword(wanted.Password)
	switch {
	case login == "" || utf8.RuneCountInString(login) > 120:
		return models.AccountID{}, errs.InvalidField("login", errs.CodeRequired)
	case unfit != nil:
		return models.AccountID{}, unfit
	case wanted.Role != models.RoleAdministrator && wanted.Role != models.RoleTeacher:
		return models.AccountID{}, errs.InvalidField("role", errs.CodeUnknown)
	case wanted.Role == models.RoleAdministrator && actor.Kind == models.ActorKey:
		// An administrator may do everything; a key that could make one could, too.
		return models.AccountID{}, errs.New(errs.Forbidden, "forbidden")
	case wanted.Role == models.RoleTeacher && wanted.Staff.IsZero():
		return models.AccountID{}, errs.InvalidField("teacher", errs.CodeRequired)
	}
	hash := hashPassword(wanted.Password)
	account := &models.Account{ID: models.New[models.AccountID](), Role: wanted.Role, StaffID: wanted.Staff, PasswordHash: hash, Details: models.AccountDetails{Login: login, Name: wanted.Name}}
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account.LoginIndex, account.CreatedAt = tx.Index("login", login), tx.Now()
		if !wanted.Staff.IsZero() {
			if _, err := store.Get[models.Staff](tx, wanted.Staff); err != nil {
				return errs.InvalidField("teacher", errs.CodeUnknown)
			}
		}
		if err := store.Insert(tx, account); err != nil {
			if errs.CodeOf(err) == errs.CodeExists {
				return errs.Because(errs.Conflict, "login-taken", err)
			}
			return err
		}
		return tx.Audited("account", account.ID, nil)
	})
	return account.ID, err
}

func foldLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }
