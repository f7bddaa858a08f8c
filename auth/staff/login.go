package staff

import (
	"context"
	"net/netip"
	"time"

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
}

// LogIn opens a session for a staff account. Whatever is wrong is errs.Unauthenticated with one code; after ten failures from one address in a quarter of an hour it is
// errs.TooMany. A try is taken before the password is looked at, and given back if it was right: many at once get no more tries than one after another. Strangers who
// spend the tries of a login name do not keep a browser out that logged in with the account before, nor an address that was opened for it.
func (s *Service) LogIn(ctx context.Context, school models.SchoolID, login, password string, origin Origin) (*sessions.Opened, error) {
	system := models.System(school, "staff log-in")
	account, taken, err := s.takeTry(ctx, system, foldLogin(login), origin)
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
	return s.openStaff(ctx, system, account, taken, origin.Device)
}

// try is one of the tries that a login name has: what it was spent on, and when.
type try struct {
	spent []budget.Count
	at    time.Time
}

func fromAddress(tx *store.Tx, login string, address netip.Addr) budget.Count {
	return budget.Count{Budget: budget.Staff, Subject: tx.Index("budget login", login+"|"+budget.Network(address))}
}

// takeTry spends a try that a login name has, from one address, from all, and from one browser that is known; and finds its account, nil if there is none.
func (s *Service) takeTry(ctx context.Context, system models.Actor, login string, origin Origin) (account *models.Account, taken try, err error) {
	err = s.store.For(system).Write(ctx, func(tx *store.Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		if account, err = accountOf(tx, login); err != nil {
			return err
		}
		ofDevice := budget.Count{Budget: budget.StaffDevice, Subject: tx.Index("budget login", login+"|"+origin.Device)}
		taken = try{[]budget.Count{fromAddress(tx, login, origin.Address), {Budget: budget.StaffAll, Subject: tx.Index("budget login", login)}}, tx.Now()}
		spent, err := budget.SpentOf(tx, append(taken.spent, ofDevice)...)
		if err != nil {
			return err
		}
		known, opened, err := passes(tx, account, origin)
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
	return account, taken, err
}

// accountOf finds the account of a login name; nil if there is none. Whoever has left is let in as little as one whose account is disabled.
func accountOf(tx *store.Tx, login string) (*models.Account, error) {
	account, err := store.First[models.Account](tx, store.Eq("login_index", tx.Index("login", login)))
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return nil, nil //nolint:nilnil // that there is none is what is asked
	}
	if err != nil {
		return nil, err
	}
	left, err := sessions.TeacherLeft(tx, account)
	account.Disabled = account.Disabled || left
	return account, err
}

func (s *Service) openStaff(ctx context.Context, system models.Actor, account *models.Account, taken try, device string) (*sessions.Opened, error) {
	opened := &sessions.Opened{Token: sessions.NewToken(sessions.SessionPrefix)}
	err := s.store.For(system).Write(ctx, func(tx *store.Tx) error {
		session := &models.Session{
			ID: models.New[models.SessionID](), Kind: models.SessionStaff, TokenIndex: tx.Index("session", opened.Token), AccountID: account.ID,
			CreatedAt: tx.Now(), SeenAt: tx.Now(), ExpiresAt: tx.Now().Add(sessions.StaffLife.Total),
		}
		opened.ExpiresAt = session.ExpiresAt
		for _, count := range taken.spent {
			if err := budget.Return(tx, count.Budget, count.Subject, taken.at); err != nil {
				return err
			}
		}
		if err := store.Insert(tx, session); err != nil {
			return err
		}
		var err error
		if opened.Device, err = remember(tx, account, device); err != nil {
			return err
		}
		opened.Actor, err = sessions.ActorOf(tx, session)
		return err
	})
	if err != nil {
		return nil, err
	}
	return opened, nil
}
