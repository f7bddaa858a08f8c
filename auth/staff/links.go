package staff

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/credential"
	sessions "github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// How long a link is good that was asked for.
const (
	LogInKept    = 30 * time.Minute
	PasswordKept = time.Hour
)

// AskLink sends a link to the address of an account: to log in, or to choose another password. Whoever has only roles that need a second factor is sent the latter, for
// such a role is not opened by a link. Somebody who has not accepted the invitation is sent that anew. The answer is the same whether there is such an account or not;
// errs.TooMany where too many links were asked for from one address.
func (s *Service) AskLink(ctx context.Context, school models.SchoolID, address string, purpose models.TokenPurpose, origin Origin) error {
	login := account.Fold(address)
	return s.store.For(models.System(school, "staff link")).Write(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		from := budget.Count{Budget: budget.StaffMails, Subject: tx.Index("budget address", budget.Network(origin.Address))}
		of := budget.Count{Budget: budget.StaffMail, Subject: tx.Index("budget login", login)}
		spent, err := budget.SpentOf(tx, from, of)
		if err != nil {
			return err
		}
		if spent[0] >= from.Budget.Max {
			busy := errs.New(errs.TooMany, "login.too-many")
			busy.RetryAfter = from.Budget.Within
			return busy
		}
		for _, count := range []budget.Count{from, of} {
			if err := budget.Spend(tx, count.Budget, count.Subject); err != nil {
				return err
			}
		}
		if spent[1] >= of.Budget.Max {
			return nil
		}
		owner, err := accountOf(tx, login)
		if err != nil || owner.account == nil {
			return err
		}
		return s.sendLink(tx, owner, purpose)
	})
}

// sendLink sends the link that an account's owner has use for.
func (s *Service) sendLink(tx *store.Tx, owner found, purpose models.TokenPurpose) error {
	kept := LogInKept
	switch {
	case owner.account.State == models.AccountInvited:
		purpose, kept = models.TokenInvitation, account.InvitationKept
		if _, err := store.Delete[models.AccountToken](tx, store.Eq("account_id", owner.account.ID), store.Eq("purpose", purpose)); err != nil {
			return err
		}
	case !owner.open:
		return nil
	case purpose == models.TokenPassword || !slices.ContainsFunc(owner.account.Roles, func(role models.Role) bool { return !role.Strong() }):
		purpose, kept = models.TokenPassword, PasswordKept
	}
	token, err := account.NewToken(tx, owner.account.ID, purpose, kept)
	if err != nil {
		return err
	}
	return s.accounts.Send(tx, owner.account, purpose, token, kept)
}

// Link is what a link opens.
type Link struct {
	Purpose     models.TokenPurpose
	Login, Name string
	Roles       []models.Role
	// Password says that a password is chosen by it.
	Password bool
}

// Look returns what a link opens, and uses nothing up: programs that look through mail open every link. Errors: errs.NotFound for one that is none, has ended or was
// used, with codes of their own where the school knows it still.
func (s *Service) Look(ctx context.Context, school models.SchoolID, token string) (link Link, err error) {
	err = s.store.For(models.System(school, "staff link")).Read(ctx, func(tx *store.Tx) error {
		row, owner, err := opened(tx, token)
		if err != nil {
			return err
		}
		link = linkOf(row, owner)
		return nil
	})
	return link, err
}

func linkOf(row *models.AccountToken, owner *models.Account) Link {
	return Link{
		Purpose: row.Purpose, Login: owner.Details.Login, Name: owner.Details.Name, Roles: owner.Roles,
		Password: row.Purpose == models.TokenPassword || row.Purpose == models.TokenInvitation && owner.Strong(),
	}
}

// opened finds a link that is good, and whose it is.
func opened(tx *store.Tx, token string) (*models.AccountToken, *models.Account, error) {
	if tx.School().State != models.SchoolActive {
		return nil, nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	row, err := store.First[models.AccountToken](tx, store.Eq("token_index", tx.Index("account token", token)))
	switch {
	case err != nil && errs.KindOf(err) == errs.NotFound:
		return nil, nil, errs.New(errs.NotFound, "staff-link.unknown")
	case err != nil:
		return nil, nil, err
	case row.UsedAt != nil:
		return nil, nil, errs.New(errs.NotFound, "staff-link.used")
	case !tx.Now().Before(row.ExpiresAt):
		return nil, nil, errs.New(errs.NotFound, "staff-link.ended")
	}
	owner, err := store.Get[models.Account](tx, row.AccountID)
	if err != nil {
		return nil, nil, err
	}
	left, err := sessions.TeacherLeft(tx, owner)
	if err != nil {
		return nil, nil, err
	}
	if left || owner.State == models.AccountDisabled {
		return nil, nil, errs.New(errs.NotFound, "staff-link.unknown")
	}
	return row, owner, nil
}

// Use is how somebody uses a link.
type Use struct {
	Token string
	// Password is the new one, where a link lets choose one.
	Password string
	// Remember keeps the device for thirty days; only where the link alone logs in.
	Remember bool
}

// UseLink opens a session by a link, which is used up by that: it accepts an invitation, logs in, or chooses a password, which ends the account's other sessions. Errors:
// those of Look, and errs.Invalid for a password that is too easy.
func (s *Service) UseLink(ctx context.Context, school models.SchoolID, use Use, origin Origin) (session *sessions.Opened, err error) {
	link, err := s.Look(ctx, school, use.Token)
	if err != nil {
		return nil, err
	}
	hash := ""
	if link.Password {
		if err := credential.CheckPassword(use.Password, link.Login, link.Name); err != nil {
			return nil, err
		}
		hash = credential.HashPassword(use.Password)
	}
	err = s.store.For(models.System(school, "staff link")).Write(ctx, func(tx *store.Tx) error {
		row, owner, err := opened(tx, use.Token) // somebody may have used it meanwhile
		if err != nil {
			return err
		}
		if linkOf(row, owner).Password != link.Password {
			return errs.New(errs.NotFound, "staff-link.unknown")
		}
		row.UsedAt = new(tx.Now())
		if err := store.Update(tx, row, "used_at"); err != nil {
			return err
		}
		how := sessions.StaffOpening{Account: owner, By: []models.ProofKind{models.ProvedByLink}, Remembered: use.Remember && !link.Password, Language: origin.Language}
		if hash != "" {
			how.By = []models.ProofKind{models.ProvedByPassword}
			if err := credential.SetPassword(tx, owner.ID, hash); err != nil {
				return err
			}
			if err := sessions.EndOf(tx, owner.ID, models.SessionID{}); err != nil {
				return err
			}
		}
		if owner.State == models.AccountInvited {
			owner.State = models.AccountActive
			if err := store.Update(tx, owner, "state"); err != nil {
				return err
			}
		}
		if session, err = sessions.OpenStaff(tx, how); err != nil {
			return err
		}
		if session.Device, err = remember(tx, owner, origin.Device); err != nil {
			return err
		}
		return tx.Audited("account-link-"+string(row.Purpose), owner.ID, nil)
	})
	return session, err
}
