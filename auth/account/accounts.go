package account

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/auth/credential"
	sessions "github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// View is an account as administrators see it.
type View struct {
	ID          models.AccountID
	Login, Name string
	State       models.AccountState
	Roles       []models.Role
	Staff       models.StaffID // zero for who is not in the roster
	Left        bool           // the teacher has left, or is not there any more: the account lets nobody in
	Held        credential.Held
	CreatedAt   time.Time  // UTC
	SeenAt      *time.Time // the last log-in, UTC; nil: none yet
	// InvitedUntil is when the invitation that was sent last ends, UTC; nil where there is none to accept.
	InvitedUntil *time.Time
}

// Strong reports whether one of the roles asks for a second factor.
func (v View) Strong() bool { return slices.ContainsFunc(v.Roles, models.Role.Strong) }

// Patch is what changes of an account; nil stays as it is.
type Patch struct {
	Login, Name *string
	Password    *string
	Disabled    *bool
	Roles       []models.Role
	// Staff is the member of staff that it is; the zero id says that it is none.
	Staff *models.StaffID
	// NoSecond takes the second factor away: its owner has lost it, and sets up another at the next log-in.
	NoSecond bool
}

// List returns the accounts of the school by their logins.
func (s *Service) List(ctx context.Context, actor models.Actor) (views []View, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		rows, err := store.List[models.Account](tx)
		if err != nil {
			return err
		}
		views, err = viewsOf(tx, rows)
		return err
	})
	slices.SortFunc(views, func(a, b View) int { return strings.Compare(a.Login, b.Login) })
	return views, err
}

// viewsOf shows accounts, with a few questions for all.
func viewsOf(tx *store.Tx, rows []models.Account) ([]View, error) {
	held, err := credential.All(tx)
	if err != nil {
		return nil, err
	}
	present, err := store.List[models.Staff](tx, store.Eq("state", models.PersonActive))
	if err != nil {
		return nil, err
	}
	there := map[models.StaffID]bool{{}: true} // who is in no roster has not left it
	for i := range present {
		there[present[i].ID] = true
	}
	invitations, err := store.List[models.AccountToken](tx, store.Eq("purpose", models.TokenInvitation), store.Null("used_at"))
	if err != nil {
		return nil, err
	}
	until := map[models.AccountID]*time.Time{}
	for i := range invitations {
		if end := invitations[i].ExpiresAt; end.After(tx.Now()) {
			until[invitations[i].AccountID] = &end
		}
	}
	var views []View
	for i := range rows {
		row := &rows[i]
		views = append(views, View{
			ID: row.ID, Login: row.Details.Login, Name: row.Details.Name, State: row.State, Roles: row.Roles, Staff: row.StaffID, Left: !there[row.StaffID], Held: held[row.ID],
			CreatedAt: row.CreatedAt, SeenAt: row.SeenAt, InvitedUntil: until[row.ID],
		})
	}
	return views, nil
}

// Get returns an account as administrators see it.
func (s *Service) Get(ctx context.Context, actor models.Actor, id models.AccountID) (view View, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		account, err := store.Get[models.Account](tx, id)
		if err != nil {
			return err
		}
		views, err := viewsOf(tx, []models.Account{*account})
		if err == nil {
			view = views[0]
		}
		return err
	})
	return view, err
}

// Update changes an account. Whoever was logged in with it is out at once if it is disabled, gets another password or loses its second factor, but for the session that
// asks. Errors: errs.Conflict for disabling one's own account or taking the last administrator away, or a login that is taken; errs.Forbidden where an API key
// would change somebody who may do more than any key.
func (s *Service) Update(ctx context.Context, actor models.Actor, id models.AccountID, patch Patch) (view View, err error) {
	hash := ""
	if patch.Password != nil {
		if err := credential.CheckPassword(*patch.Password); err != nil {
			return view, err
		}
		hash = credential.HashPassword(*patch.Password)
	}
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account, own, err := theirs(tx, actor, id)
		if err != nil {
			return err
		}
		before := governs(account)
		if err := patch.apply(tx, actor, account, own); err != nil {
			return err
		}
		if hash != "" {
			if err := credential.SetPassword(tx, id, hash); err != nil {
				return err
			}
			if account.State == models.AccountInvited {
				account.State = models.AccountActive
			}
		}
		if patch.NoSecond {
			if err := credential.RemoveSecond(tx, id); err != nil {
				return err
			}
		}
		if err := store.Update(tx, account, "state", "roles", "staff_id", "login_index", "details"); err != nil {
			if errs.CodeOf(err) == errs.CodeExists {
				return errs.Because(errs.Conflict, codeLoginTaken, err)
			}
			return err
		}
		if account.State == models.AccountDisabled || hash != "" || patch.NoSecond {
			if err := sessions.EndOf(tx, id, models.SessionID(actor.ID)); err != nil {
				return err
			}
		}
		if before && !governs(account) {
			if err := someAdministrator(tx, actor); err != nil {
				return err
			}
		}
		views, err := viewsOf(tx, []models.Account{*account})
		if err != nil {
			return err
		}
		view = views[0]
		return tx.Audited("account-changed", id, nil)
	})
	return view, err
}

// apply changes the row of an account, as far as the patch is about it.
func (p Patch) apply(tx *store.Tx, actor models.Actor, account *models.Account, own bool) error {
	if p.Disabled != nil {
		if own && *p.Disabled {
			return errs.New(errs.Conflict, codeOwn)
		}
		if err := switchAccount(tx, account, *p.Disabled); err != nil {
			return err
		}
	}
	if p.Name != nil {
		name := typed.OneLine(*p.Name)
		if utf8.RuneCountInString(name) > maxName {
			return errs.InvalidField("name", "too-long")
		}
		account.Details.Name = name
	}
	if p.Login != nil && Fold(*p.Login) != account.Details.Login {
		address, ok := contactpoint.Email(Fold(*p.Login))
		if !ok {
			return errs.InvalidField(fieldLogin, "not-an-email-address")
		}
		account.Details.Login, account.LoginIndex = address, tx.Index("login", address)
		// A link that went to the former address must not open the account any more.
		if _, err := store.Delete[models.AccountToken](tx, store.Eq("account_id", account.ID)); err != nil {
			return err
		}
	}
	if p.Staff != nil {
		if !p.Staff.IsZero() {
			if _, err := store.Get[models.Staff](tx, *p.Staff); err != nil {
				return errs.InvalidField("teacher", errs.CodeUnknown)
			}
		}
		account.StaffID = *p.Staff
	}
	if p.Roles != nil || p.Staff != nil {
		wanted := p.Roles
		if wanted == nil {
			wanted = account.Roles
		}
		roles, err := rolesOf(actor, wanted, account.StaffID)
		if err != nil {
			return err
		}
		account.Roles = roles
	}
	return nil
}

// switchAccount switches an account off or on. One whose invitation nobody accepted waits for that again.
func switchAccount(tx *store.Tx, account *models.Account, off bool) error {
	if off {
		account.State = models.AccountDisabled
		_, err := store.Delete[models.AccountToken](tx, store.Eq("account_id", account.ID))
		return err
	}
	if account.State == models.AccountDisabled {
		account.State = models.AccountActive
		if account.SeenAt == nil {
			held, err := credential.Has(tx, account.ID)
			if err != nil {
				return err
			}
			if !held.Password {
				account.State = models.AccountInvited
			}
		}
	}
	return nil
}

// governs reports whether an account is one of an administrator who can log in.
func governs(account *models.Account) bool {
	return account.State == models.AccountActive && slices.Contains(account.Roles, models.RoleAdministrator)
}

// someAdministrator refuses what leaves a school without anybody who can let people in: only the operator could help then, who may do it.
func someAdministrator(tx *store.Tx, actor models.Actor) error {
	if actor.Kind != models.ActorStaff {
		return nil
	}
	rows, err := store.List[models.Account](tx, store.Eq("state", models.AccountActive))
	if err != nil {
		return err
	}
	for i := range rows {
		if !governs(&rows[i]) {
			continue
		}
		left, err := sessions.TeacherLeft(tx, &rows[i])
		if err != nil || !left {
			return err
		}
	}
	return errs.New(errs.Conflict, codeLastAdmin)
}

// Remove removes an account with its sessions. Errors: errs.Conflict for one's own or the last administrator's, errs.Forbidden where an API key would remove somebody
// who may do more than any key.
func (s *Service) Remove(ctx context.Context, actor models.Actor, id models.AccountID) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account, own, err := theirs(tx, actor, id)
		if err != nil {
			return err
		}
		if own {
			return errs.New(errs.Conflict, codeOwn)
		}
		if err := sessions.EndOf(tx, id, models.SessionID{}); err != nil {
			return err
		}
		if _, err := store.Delete[models.Account](tx, store.Eq("id", account.ID)); err != nil {
			return err
		}
		if governs(account) {
			if err := someAdministrator(tx, actor); err != nil {
				return err
			}
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
		if err := sessions.EndOf(tx, id, models.SessionID{}); err != nil {
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
	if actor.Kind == models.ActorKey && account.Strong() {
		// A key that could change an administrator's password could do everything.
		return nil, false, errs.New(errs.Forbidden, codeForbidden)
	}
	return account, actor.Kind == models.ActorStaff && actor.Account == id, nil
}
