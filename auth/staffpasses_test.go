package auth_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

const wrongPassword = "verkeerd wachtwoord"

func (w *world) staffFrom(login, typed, address, device string) (*session.Opened, error) {
	return w.service.Staff.LogIn(w.Context(), w.school, login, typed, "", staff.Origin{Address: netip.MustParseAddr(address), Device: device})
}

// besieged makes an account that logged in on a browser, and for whose login name 200 strangers have typed wrong passwords since. It returns the browser's receipt.
func (w *world) besieged(login string) string {
	w.Helper()
	w.account(login, models.RoleAdministrator)
	opened, err := w.staffFrom(login, password, "192.0.2.1", "")
	if err != nil {
		w.Fatal(err)
	}
	w.Clock.Advance(24 * time.Hour)
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Budget{Name: budget.StaffAll.Name, Subject: tx.Index("budget login", login), Window: tx.Now().Truncate(time.Minute), Spent: budget.StaffAll.Max - 1})
	})
	_, err = w.staffFrom(login, wrongPassword, "198.51.100.1", "")
	wantKind(w, "the last stranger", err, errs.Unauthenticated, "login.staff")
	return opened.Device
}

func TestABrowserThatIsKnownIsLetInWhateverStrangersType(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.besieged("admin")
	_, err := w.staffFrom("admin", password, "192.0.2.1", "")
	wantKind(t, "an unknown browser", err, errs.TooMany, "login.too-many")
	_, err = w.staffFrom("admin", password, "192.0.2.1", session.NewToken(session.DevicePrefix))
	wantKind(t, "a receipt that nobody was given", err, errs.TooMany, "login.too-many")
	opened, err := w.staffFrom("admin", password, "203.0.113.9", receipt)
	if err != nil || opened.Device != receipt {
		t.Fatalf("the known browser: %v", err)
	}
	// Its own budget is ten wrong passwords; then it is as unknown as any.
	for n := range 10 {
		_, err := w.staffFrom("admin", wrongPassword, fmt.Sprintf("203.0.113.%d", n+10), receipt)
		wantKind(t, "a slip", err, errs.Unauthenticated, "login.staff")
	}
	_, err = w.staffFrom("admin", password, "203.0.113.30", receipt)
	wantKind(t, "after ten slips", err, errs.TooMany, "login.too-many")
	w.Clock.Advance(17 * time.Minute)
	if _, err = w.staffFrom("admin", password, "203.0.113.30", receipt); err != nil {
		t.Errorf("a quarter of an hour later: %v", err)
	}
}

func TestABrowserIsKnownToItsOwnAccountFor180Days(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.besieged("admin")
	w.account("ander", models.RoleAdministrator)
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Budget{Name: budget.StaffAll.Name, Subject: tx.Index("budget login", "ander"), Window: tx.Now().Truncate(time.Minute), Spent: budget.StaffAll.Max})
	})
	_, err := w.staffFrom("ander", password, "192.0.2.1", receipt)
	wantKind(t, "another account", err, errs.TooMany, "login.too-many")
	w.Clock.Advance(180 * 24 * time.Hour)
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Budget{Name: budget.StaffAll.Name, Subject: tx.Index("budget login", "admin"), Window: tx.Now().Truncate(time.Minute), Spent: budget.StaffAll.Max})
	})
	_, err = w.staffFrom("admin", password, "192.0.2.1", receipt)
	wantKind(t, "after 180 days", err, errs.TooMany, "login.too-many")
}

// Somebody at the school's own network must not keep its administrator out either.
func TestABrowserThatIsKnownIsLetInFromAnAddressThatHasWaited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("admin", models.RoleAdministrator)
	opened, err := w.staffFrom("admin", password, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		_, err := w.staffFrom("admin", wrongPassword, "192.0.2.1", "")
		wantKind(t, "a pupil", err, errs.Unauthenticated, "login.staff")
	}
	_, err = w.staffFrom("admin", password, "192.0.2.1", "")
	wantKind(t, "unknown", err, errs.TooMany, "login.too-many")
	if _, err := w.staffFrom("admin", password, "192.0.2.1", opened.Device); err != nil {
		t.Errorf("known: %v", err)
	}
}

func TestAnAddressIsOpenedForAnAccountForAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.besieged("admin")
	for range 10 {
		_, _ = w.staffFrom("admin", wrongPassword, "203.0.113.5", "")
	}
	id := rows[models.Account](w)[0].ID
	operator := models.Actor{Kind: models.ActorOperator, School: w.school}
	until, err := w.service.Staff.OpenFrom(t.Context(), operator, id, netip.MustParseAddr("203.0.113.5"))
	if err != nil || !until.Equal(w.Clock.Now().Add(time.Hour)) {
		t.Fatalf("until %v, %v", until, err)
	}
	if _, err := w.staffFrom("admin", password, "203.0.113.5", ""); err != nil {
		t.Errorf("there: %v", err)
	}
	_, err = w.staffFrom("admin", password, "203.0.113.6", "")
	wantKind(t, "elsewhere", err, errs.TooMany, "login.too-many")
	for range 10 {
		_, err := w.staffFrom("admin", wrongPassword, "203.0.113.5", "")
		wantKind(t, "wrong", err, errs.Unauthenticated, "login.staff")
	}
	_, err = w.staffFrom("admin", password, "203.0.113.5", "")
	wantKind(t, "after ten there", err, errs.TooMany, "login.too-many")
	_, err = w.service.Staff.OpenFrom(t.Context(), operator, id, netip.Addr{})
	wantKind(t, "no address", err, errs.Invalid, "invalid")
	key := models.Actor{Kind: models.ActorKey, School: w.school, Scopes: models.AllScopes()}
	_, err = w.service.Staff.OpenFrom(t.Context(), key, id, netip.MustParseAddr("203.0.113.5"))
	wantKind(t, "by a key", err, errs.Forbidden, "forbidden")
	strangers := func() {
		w.write(func(tx *store.Tx) error {
			return store.Insert(tx, &models.Budget{Name: budget.StaffAll.Name, Subject: tx.Index("budget login", "admin"), Window: tx.Now().Truncate(time.Minute), Spent: budget.StaffAll.Max})
		})
	}
	w.Clock.Advance(59 * time.Minute)
	strangers()
	if _, err := w.staffFrom("admin", password, "203.0.113.5", ""); err != nil {
		t.Errorf("a minute before the hour: %v", err)
	}
	w.Clock.Advance(2 * time.Minute)
	strangers()
	_, err = w.staffFrom("admin", password, "203.0.113.5", "")
	wantKind(t, "after an hour", err, errs.TooMany, "login.too-many")
}

func TestOnlySoManyBrowsersAreRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("admin", models.RoleAdministrator)
	for range 25 {
		w.Clock.Advance(time.Minute)
		w.staffIn("admin")
	}
	if got := len(rows[models.StaffPass](w)); got != 20 {
		t.Errorf("%d are remembered", got)
	}
	id := rows[models.Account](w)[0].ID
	if err := w.service.Accounts.LogOutEverywhere(t.Context(), admin(w.school), id); err != nil {
		t.Fatal(err)
	}
	if got := len(rows[models.StaffPass](w)); got != 0 {
		t.Errorf("%d are remembered of an account that was logged out everywhere", got)
	}
}
