package staff

import (
	"bytes"
	"context"
	"net/netip"
	"slices"
	"time"

	sessions "github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

const (
	// deviceKept is how long a browser is known again after a log-in.
	deviceKept = 180 * 24 * time.Hour
	// addressOpen is how long an address stays open for an account.
	addressOpen = time.Hour
	// mostPasses is how many browsers and addresses are remembered of one account: a program that logs in without its receipt is a new one each time.
	mostPasses = 20
)

func deviceSubject(tx *store.Tx, device string) []byte { return tx.Index("staff device", device) }

func addressSubject(tx *store.Tx, address netip.Addr) []byte {
	return tx.Index("staff address", budget.Network(address))
}

// passes reports whether an account knows the browser, and whether the address was opened for it.
func passes(tx *store.Tx, account *models.Account, origin Origin) (known, opened bool, err error) {
	// Where there is no account the same is asked, so that it takes as long.
	var id models.AccountID
	if account != nil {
		id = account.ID
	}
	device, address := deviceSubject(tx, origin.Device), addressSubject(tx, origin.Address)
	rows, err := store.List[models.StaffPass](tx, store.Eq("account_id", id), store.In("subject_index", [][]byte{device, address}), store.From("expires_at", tx.Now()))
	for _, row := range rows {
		known = known || bytes.Equal(row.SubjectIndex, device)
		opened = opened || bytes.Equal(row.SubjectIndex, address)
	}
	return known, opened, err
}

// remember makes the browser known to the account, and returns its receipt. A receipt that nobody of the school has got is not taken over: somebody may have planted it.
func remember(tx *store.Tx, account *models.Account, device string) (string, error) {
	known, err := store.Count[models.StaffPass](tx, store.Eq("subject_index", deviceSubject(tx, device)), store.From("expires_at", tx.Now()))
	if err != nil {
		return "", err
	}
	if known == 0 {
		device = sessions.NewToken(sessions.DevicePrefix)
	}
	return device, pass(tx, account, deviceSubject(tx, device), deviceKept)
}

// pass lets a subject pass for some time, and forgets the ones that end first if the account has too many.
func pass(tx *store.Tx, account *models.Account, subject []byte, kept time.Duration) error {
	row := &models.StaffPass{AccountID: account.ID, SubjectIndex: subject, CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(kept)}
	added, err := store.InsertNew(tx, row)
	if err != nil {
		return err
	}
	if added == 0 {
		return store.Update(tx, row, "expires_at")
	}
	rows, err := store.List[models.StaffPass](tx, store.Eq("account_id", account.ID))
	if err != nil || len(rows) <= mostPasses {
		return err
	}
	slices.SortFunc(rows, func(a, b models.StaffPass) int { return a.ExpiresAt.Compare(b.ExpiresAt) })
	var forgotten [][]byte
	for _, one := range rows[:len(rows)-mostPasses] {
		if !bytes.Equal(one.SubjectIndex, subject) {
			forgotten = append(forgotten, one.SubjectIndex)
		}
	}
	_, err = store.Delete[models.StaffPass](tx, store.Eq("account_id", account.ID), store.In("subject_index", forgotten))
	return err
}

// OpenFrom keeps an account's log-in open from an address for an hour, and returns until when, UTC: wrong passwords from elsewhere do not count there, and the ten that
// count there begin anew. An API key opens no administrator's (errs.Forbidden).
func (s *Service) OpenFrom(ctx context.Context, actor models.Actor, id models.AccountID, address netip.Addr) (until time.Time, err error) {
	if !address.IsValid() {
		return until, errs.InvalidField("address", errs.CodeUnknown)
	}
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		account, err := store.Get[models.Account](tx, id)
		if err != nil {
			return err
		}
		if actor.Kind == models.ActorKey && account.Strong() {
			return errs.New(errs.Forbidden, "forbidden")
		}
		until = tx.Now().Add(addressOpen)
		if err := pass(tx, account, addressSubject(tx, address), addressOpen); err != nil {
			return err
		}
		spent := fromAddress(tx, account.Details.Login, address)
		if _, err := store.Delete[models.Budget](tx, store.Eq("name", spent.Budget.Name), store.Eq("subject", spent.Subject)); err != nil {
			return err
		}
		return tx.Audited("account-opened", account.ID, nil)
	})
	return until, err
}
