package staff

import (
	"context"
	"net/netip"
	"time"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/credential"
	sessions "github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// Origin is where a log-in of staff comes from.
type Origin struct {
	Address netip.Addr // the zero address counts as one
	Device  string     // the device receipt of an earlier log-in, if the browser has one
	// Language is the tag that the browser asks for.
	Language string
}

// LogIn opens a session for a staff account. Where the account has a second factor and a code is given, both are proved at once; without one the session waits for it,
// and can do nothing that needs it. Whatever is wrong is errs.Unauthenticated with one code; after ten failures from one address in a quarter of an hour it is
// errs.TooMany. A try is taken before the password is looked at, and given back if it was right: many at once get no more tries than one after another. Strangers who
// spend the tries of a login name do not keep a browser out that logged in with the account before, nor an address that was opened for it.
func (s *Service) LogIn(ctx context.Context, school models.SchoolID, login, password, code string, origin Origin) (*sessions.Opened, error) {
	system := models.System(school, "staff log-in")
	found, taken, err := s.takeTry(ctx, system, account.Fold(login), origin)
	if err != nil {
		return nil, err
	}
	hash := credential.DecoyHash
	if found.password != nil {
		hash = credential.HashOf(found.password)
	}
	right, err := s.credentials.VerifyPassword(ctx, password, hash)
	if err != nil {
		return nil, errs.Because(errs.Unavailable, "cancelled", err)
	}
	if !right || found.account == nil || found.password == nil || !found.open {
		return nil, wrong()
	}
	return s.openStaff(ctx, system, found, taken, code, origin)
}

func wrong() error { return errs.New(errs.Unauthenticated, "login.staff") }

// found is the account of a login name, as far as there is one.
type found struct {
	account  *models.Account
	password *models.Credential
	open     bool // it lets somebody in
}

// try is one of the tries that a login name has: what it was spent on, and when.
type try struct {
	spent []budget.Count
	at    time.Time
}

// giveBack returns a try that was none: the password was right.
func (t try) giveBack(tx *store.Tx) error {
	for _, count := range t.spent {
		if err := budget.Return(tx, count.Budget, count.Subject, t.at); err != nil {
			return err
		}
	}
	return nil
}

func fromAddress(tx *store.Tx, login string, address netip.Addr) budget.Count {
	return budget.Count{Budget: budget.Staff, Subject: tx.Index("budget login", login+"|"+budget.Network(address))}
}

// takeTry spends a try that a login name has, from one address, from all, and from one browser that is known; and finds its account, nil if there is none.
func (s *Service) takeTry(ctx context.Context, system models.Actor, login string, origin Origin) (of found, taken try, err error) {
	err = s.store.For(system).Write(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		if of, err = accountOf(tx, login); err != nil {
			return err
		}
		ofDevice := budget.Count{Budget: budget.StaffDevice, Subject: tx.Index("budget login", login+"|"+origin.Device)}
		taken = try{[]budget.Count{fromAddress(tx, login, origin.Address), {Budget: budget.StaffAll, Subject: tx.Index("budget login", login)}}, tx.Now()}
		spent, err := budget.SpentOf(tx, append(taken.spent, ofDevice)...)
		if err != nil {
			return err
		}
		known, opened, err := passes(tx, of.account, origin)
		if err != nil {
			return err
		}
		if known {
			taken.spent = append(taken.spent, ofDevice)
		}
		blocked, all, device := spent[0] >= budget.Staff.Max, spent[1] >= budget.StaffAll.Max, spent[2] >= budget.StaffDevice.Max
		if through := known && !device || opened && !blocked; !through && (blocked || all) {
			busy := errs.New(errs.TooMany, "login.too-many")
			busy.RetryAfter = budget.Staff.Within
			return busy
		}
		for _, count := range taken.spent {
			if err := budget.Spend(tx, count.Budget, count.Subject); err != nil {
				return err
			}
		}
		return nil
	})
	return of, taken, err
}

// accountOf finds the account of a login name. Whoever has left is let in as little as one whose account is disabled.
func accountOf(tx *store.Tx, login string) (of found, err error) {
	of.account, err = store.First[models.Account](tx, store.Eq("login_index", tx.Index("login", login)))
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return found{}, nil
	}
	if err != nil {
		return of, err
	}
	left, err := sessions.TeacherLeft(tx, of.account)
	if err != nil {
		return of, err
	}
	of.open = of.account.State == models.AccountActive && !left
	of.password, err = credential.PasswordOf(tx, of.account.ID)
	return of, err
}

func (s *Service) openStaff(ctx context.Context, system models.Actor, of found, taken try, code string, origin Origin) (opened *sessions.Opened, err error) {
	refused := error(nil)
	err = s.store.For(system).Write(ctx, func(tx *store.Tx) error {
		how := sessions.StaffOpening{Account: of.account, By: []models.ProofKind{models.ProvedByPassword}, Language: origin.Language}
		if code != "" {
			kind, err := second(tx, of.account.ID, code)
			if err != nil {
				if errs.KindOf(err) != errs.Unauthenticated && errs.KindOf(err) != errs.TooMany {
					return err
				}
				refused = err // what it cost is kept
				return nil
			}
			how.By = append(how.By, kind)
		}
		if err := taken.giveBack(tx); err != nil {
			return err
		}
		if err := credential.SealPassword(tx, of.account.ID); err != nil {
			return err
		}
		if opened, err = sessions.OpenStaff(tx, how); err != nil {
			return err
		}
		opened.Device, err = remember(tx, of.account, origin.Device)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return nil, err
	}
	return opened, nil
}

// second uses a second factor up. What is wrong is counted against the account, in the caller's transaction, which must be kept whatever the answer is.
func second(tx *store.Tx, account models.AccountID, typed string) (models.ProofKind, error) {
	subject := tx.Index("budget second", account.String())
	exhausted, err := budget.Exhausted(tx, budget.StaffSecond, subject)
	if err != nil {
		return "", err
	}
	if exhausted {
		busy := errs.New(errs.TooMany, "login.too-many")
		busy.RetryAfter = budget.StaffSecond.Within
		return "", busy
	}
	kind, right, err := credential.SpendSecond(tx, account, typed)
	if err != nil {
		return "", err
	}
	if !right {
		if err := budget.Spend(tx, budget.StaffSecond, subject); err != nil {
			return "", err
		}
		return "", errs.New(errs.Unauthenticated, "login.code")
	}
	return kind, nil
}
