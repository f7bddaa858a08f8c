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
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// InvitationKept is how long an invitation can be accepted.
const InvitationKept = 14 * 24 * time.Hour

const (
	maxLogin, maxName      = 120, 200
	codeForbidden          = "forbidden"
	codeLoginTaken         = "login-taken"
	codeLastAdmin          = "account.last-administrator"
	codeOwn                = "account.own"
	codeNotInvited         = "account.accepted"
	fieldLogin, fieldRoles = "login", "roles"
)

// New is an account to be made.
type New struct {
	// Login is the address of mail to which the invitation goes; with a password it may be any name.
	Login, Name string
	Roles       []models.Role
	Staff       models.StaffID // the member of staff that it is; needed for a teacher
	// Password makes an account that is active at once, without an invitation; for programs.
	Password string
	// Untold makes an invitation without sending it: whoever asked hands the link on.
	Untold bool
}

// Made is an account that was made.
type Made struct {
	ID models.AccountID
	// Token is that of the invitation; empty where there is none. It is good for [InvitationKept].
	Token string
}

// Fold returns a login as it is compared: without spaces around it, in small letters.
func Fold(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// Create makes an account and invites its owner. Errors: errs.Invalid, errs.Conflict where the login is taken, and errs.Forbidden for an API key that would make somebody
// who may do more than any key.
func (s *Service) Create(ctx context.Context, actor models.Actor, wanted New) (made Made, err error) {
	account, err := checked(actor, wanted)
	if err != nil {
		return made, err
	}
	hash := ""
	if wanted.Password != "" {
		if err := credential.CheckPassword(wanted.Password, account.Details.Login, account.Details.Name); err != nil {
			return made, err
		}
		account.State, hash = models.AccountActive, credential.HashPassword(wanted.Password)
	}
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if !wanted.Staff.IsZero() {
			if _, err := store.Get[models.Staff](tx, wanted.Staff); err != nil {
				return errs.InvalidField("teacher", errs.CodeUnknown)
			}
		}
		account.CreatedAt = tx.Now()
		if err := insert(tx, account); err != nil {
			return err
		}
		if hash != "" {
			err = credential.SetPassword(tx, account.ID, hash)
		} else {
			made.Token, err = s.invite(tx, account, !wanted.Untold)
		}
		if err != nil {
			return err
		}
		return tx.Audited("account", account.ID, nil)
	})
	made.ID = account.ID
	return made, err
}

func insert(tx *store.Tx, account *models.Account) error {
	account.LoginIndex = tx.Index("login", account.Details.Login)
	err := store.Insert(tx, account)
	if err != nil && errs.CodeOf(err) == errs.CodeExists {
		return errs.Because(errs.Conflict, codeLoginTaken, err)
	}
	return err
}

// checked makes the row of an account that is wanted, if nothing is wrong with it; everything that is wrong is told at once.
func checked(actor models.Actor, wanted New) (*models.Account, error) {
	login, name := Fold(wanted.Login), typed.OneLine(wanted.Name)
	var faults []errs.Field
	blame := func(field, code string) { faults = append(faults, errs.Field{Name: field, Code: code}) }
	address, isAddress := contactpoint.Email(login)
	switch {
	case login == "":
		blame(fieldLogin, errs.CodeRequired)
	case utf8.RuneCountInString(login) > maxLogin:
		blame(fieldLogin, "too-long")
	case wanted.Password == "" && !isAddress:
		blame(fieldLogin, "not-an-email-address")
	case wanted.Password == "":
		login = address
	}
	if utf8.RuneCountInString(name) > maxName {
		blame("name", "too-long")
	}
	roles, err := rolesOf(actor, wanted.Roles, wanted.Staff)
	if found, ok := errs.As(err); ok && found.Kind == errs.Invalid {
		faults = append(faults, found.Fields...)
	} else if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		return nil, errs.InvalidFields(faults...)
	}
	return &models.Account{
		ID: models.New[models.AccountID](), State: models.AccountInvited, Roles: roles, StaffID: wanted.Staff, Details: models.AccountDetails{Login: login, Name: name},
	}, nil
}

// rolesOf returns a set of roles in the order of models.AllRoles, if the actor may give them.
func rolesOf(actor models.Actor, wanted []models.Role, staff models.StaffID) ([]models.Role, error) {
	var roles []models.Role
	for _, role := range models.AllRoles() {
		if slices.Contains(wanted, role) {
			roles = append(roles, role)
		}
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(wanted)))
	switch {
	case len(wanted) == 0:
		return nil, errs.InvalidField(fieldRoles, errs.CodeRequired)
	case len(roles) != len(distinct):
		return nil, errs.InvalidField(fieldRoles, errs.CodeUnknown)
	case actor.Kind == models.ActorKey && slices.ContainsFunc(roles, models.Role.Strong):
		// Who has such a role may do what no key may; a key that could make one could, too.
		return nil, errs.New(errs.Forbidden, codeForbidden)
	case slices.Contains(roles, models.RoleTeacher) && staff.IsZero():
		return nil, errs.InvalidField("teacher", errs.CodeRequired)
	}
	return roles, nil
}

// invite makes the one link that accepts an account's invitation, and queues the message that brings it.
func (s *Service) invite(tx *store.Tx, account *models.Account, send bool) (string, error) {
	if _, err := store.Delete[models.AccountToken](tx, store.Eq("account_id", account.ID), store.Eq("purpose", models.TokenInvitation)); err != nil {
		return "", err
	}
	token, err := NewToken(tx, account.ID, models.TokenInvitation, InvitationKept)
	if err != nil || !send {
		return token, err
	}
	return token, s.Send(tx, account, models.TokenInvitation, token, InvitationKept)
}

// NewToken makes a link of an account that is good once, for a length of time, in the caller's transaction.
func NewToken(tx *store.Tx, account models.AccountID, purpose models.TokenPurpose, kept time.Duration) (string, error) {
	token := sessions.NewLink()
	return token, store.Insert(tx, &models.AccountToken{
		ID: models.New[models.RowID](), AccountID: account, Purpose: purpose, TokenIndex: tx.Index("account token", token), CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(kept),
	})
}

// Send queues the message that brings a link to an account's address, in the caller's transaction. Nothing is sent to an account whose login is no address.
func (s *Service) Send(tx *store.Tx, account *models.Account, purpose models.TokenPurpose, token string, kept time.Duration) error {
	to, ok := contactpoint.Email(account.Details.Login)
	if !ok {
		return nil
	}
	_, err := outbox.Queue(tx, outbox.Message{
		Kind: models.MessageStaffLink, Channel: models.ChannelMail, Until: tx.Now().Add(kept),
		Details: models.MessageDetails{To: to, Link: token, Purpose: purpose, Name: account.Details.Name},
	})
	tx.AfterCommit(s.wake)
	return err
}

// InviteAgain sends an account's invitation anew; links that were sent before are of no use any more. It returns the new link's token. Errors: errs.Conflict where the
// invitation was accepted.
func (s *Service) InviteAgain(ctx context.Context, actor models.Actor, id models.AccountID, untold bool) (token string, err error) {
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account, _, err := theirs(tx, actor, id)
		if err != nil {
			return err
		}
		if account.State != models.AccountInvited {
			return errs.New(errs.Conflict, codeNotInvited)
		}
		if token, err = s.invite(tx, account, !untold); err != nil {
			return err
		}
		return tx.Audited("account-invited", account.ID, nil)
	})
	return token, err
}

// Invited says what came of inviting all teachers.
type Invited struct {
	New     int              // teachers who have an account from now on
	Again   int              // teachers who have not accepted yet and were sent another link
	Have    int              // teachers who had accepted
	Missing []models.StaffID // teachers without an address, or with one that somebody else has: they have to be invited by hand
}

// InviteTeachers invites every teacher of the roster who has no account and, if asked for, those anew who have not accepted.
func (s *Service) InviteTeachers(ctx context.Context, actor models.Actor, again bool) (done Invited, err error) {
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		done = Invited{}
		people, err := store.List[models.Staff](tx, store.Eq("state", models.PersonActive))
		if err != nil {
			return err
		}
		accounts, err := store.List[models.Account](tx)
		if err != nil {
			return err
		}
		of, taken := map[models.StaffID]*models.Account{}, map[string]bool{}
		for i := range accounts {
			taken[accounts[i].Details.Login] = true
			if !accounts[i].StaffID.IsZero() {
				of[accounts[i].StaffID] = &accounts[i]
			}
		}
		for i := range people {
			if err := s.inviteTeacher(tx, &people[i], of[people[i].ID], taken, again, &done); err != nil {
				return err
			}
		}
		return tx.Audited("teachers-invited", models.AccountID{}, map[string]int{"new": done.New, "again": done.Again})
	})
	return done, err
}

func (s *Service) inviteTeacher(tx *store.Tx, person *models.Staff, account *models.Account, taken map[string]bool, again bool, done *Invited) error {
	switch {
	case account == nil:
		address, ok := contactpoint.Email(Fold(person.Details.Email))
		if !ok || taken[address] {
			done.Missing = append(done.Missing, person.ID)
			return nil
		}
		taken[address] = true
		account = &models.Account{
			ID: models.New[models.AccountID](), State: models.AccountInvited, Roles: []models.Role{models.RoleTeacher}, StaffID: person.ID, CreatedAt: tx.Now(),
			Details: models.AccountDetails{Login: address, Name: person.Details.DisplayName},
		}
		if err := insert(tx, account); err != nil {
			return err
		}
		done.New++
	case account.State != models.AccountInvited:
		done.Have++
		return nil
	case !again:
		return nil
	default:
		done.Again++
	}
	_, err := s.invite(tx, account, true)
	return err
}

// Check returns what is wrong with an account that is wanted, as far as that can be said before the school is asked.
func Check(actor models.Actor, wanted New) error {
	_, err := checked(actor, wanted)
	return err
}
