package staff

import (
	"context"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	sessions "github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
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

// LogIn opens a session for a staff account. Whatever is wrong is errs.Unauthenticated with one code; after ten failures from one address in a quarter of an hour it is
// errs.TooMany. A try is taken before the password is looked at, and given back if it was right: many at once get no more tries than one after another.
func (s *Service) LogIn(ctx context.Context, school models.SchoolID, login, password string, address netip.Addr) (*sessions.Opened, error) {
	login = foldLogin(login)
	system := models.System(school, "staff log-in")
	account, taken, err := s.takeTry(ctx, system, login, address)
	if err != nil {
		return nil, err
	}
	hash := decoyHash
	if account != nil {
		hash = account.PasswordHash
	}
	right, err := s.verifyPassword(ctx, password, hash)
	if err != nil {
		return nil, errs.Because(errs.Unavailable, "cancelled", err)
	}
	if !right || account == nil || account.Disabled {
		return nil, errs.New(errs.Unauthenticated, "login.staff")
	}
	return s.openStaff(ctx, system, account, taken)
}

// try is one of the tries that a login name has: from one address, and from all.
type try struct {
	from, anywhere []byte
	at             time.Time
}

// takeTry spends a try that a login name has from one address, so that nobody is locked out from elsewhere, and finds its account; nil if there is none.
func (s *Service) takeTry(ctx context.Context, system models.Actor, login string, address netip.Addr) (account *models.Account, taken try, err error) {
	err = s.store.For(system).Write(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		taken = try{tx.Index("budget login", login+"|"+budget.Network(address)), tx.Index("budget login", login), tx.Now()}
		blocked, err := budget.Exhausted(tx, budget.Staff, taken.from)
		if err != nil {
			return err
		}
		all, err := budget.Exhausted(tx, budget.StaffAll, taken.anywhere)
		if err != nil {
			return err
		}
		if blocked || all {
			busy := errs.New(errs.TooMany, "login.too-many")
			busy.RetryAfter = budget.Staff.Within
			return busy
		}
		account, err = store.First[models.Account](tx, store.Eq("login_index", tx.Index("login", login)))
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		if account != nil && err == nil {
			left, err := sessions.TeacherLeft(tx, account)
			if err != nil {
				return err
			}
			account.Disabled = account.Disabled || left // whoever has left is let in as little
		}
		if err := budget.Spend(tx, budget.StaffAll, taken.anywhere); err != nil {
			return err
		}
		return budget.Spend(tx, budget.Staff, taken.from)
	})
	return account, taken, err
}

func (s *Service) openStaff(ctx context.Context, system models.Actor, account *models.Account, taken try) (*sessions.Opened, error) {
	opened := &sessions.Opened{Token: sessions.NewToken(sessions.SessionPrefix)}
	err := s.store.For(system).Write(ctx, func(tx *store.Tx) error {
		session := &models.Session{
			ID: models.New[models.SessionID](), Kind: models.SessionStaff, TokenIndex: tx.Index("session", opened.Token), AccountID: account.ID,
			CreatedAt: tx.Now(), SeenAt: tx.Now(), ExpiresAt: tx.Now().Add(sessions.StaffLife.Total),
		}
		opened.ExpiresAt = session.ExpiresAt
		if err := budget.Return(tx, budget.Staff, taken.from, taken.at); err != nil {
			return err
		}
		if err := budget.Return(tx, budget.StaffAll, taken.anywhere, taken.at); err != nil {
			return err
		}
		if err := store.Insert(tx, session); err != nil {
			return err
		}
		var err error
		opened.Actor, err = sessions.ActorOf(tx, session)
		return err
	})
	if err != nil {
		return nil, err
	}
	return opened, nil
}
