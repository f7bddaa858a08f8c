package auth_test

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

const password = "een lang wachtwoord"

func admin(school models.SchoolID) models.Actor {
	return models.Actor{Kind: models.ActorStaff, School: school, Role: models.RoleAdministrator}
}

// account makes an account with the password of the tests, and gives its login name.
func (w *world) account(login string, role models.Role) string {
	w.Helper()
	wanted := staff.NewAccount{Login: login, Name: "Beheerder", Password: password, Role: role}
	if role == models.RoleTeacher {
		wanted.Staff = storetest.ID[models.StaffID]("teacher")
		w.write(func(tx *store.Tx) error {
			_, err := store.InsertNew(tx, &models.Staff{ID: wanted.Staff, State: models.PersonActive})
			return err
		})
	}
	if _, err := w.service.Staff.CreateAccount(context.Background(), admin(w.school), wanted); err != nil {
		w.Fatal(err)
	}
	return login
}

func (w *world) staff(login, password string) (*session.Opened, error) {
	return w.service.Staff.LogIn(context.Background(), w.school, login, password, staff.Origin{})
}

func (w *world) staffIn(login string) *session.Opened {
	w.Helper()
	opened, err := w.staff(login, password)
	if err != nil {
		w.Fatal(err)
	}
	return opened
}

func TestStaffLogInWithTheirPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("Beheer@School.example", models.RoleAdministrator)
	w.account("docent", models.RoleTeacher)
	for _, login := range []string{"beheer@school.example", " BEHEER@SCHOOL.EXAMPLE "} {
		opened := w.staffIn(login)
		if opened.Actor.Kind != models.ActorStaff || opened.Actor.Role != models.RoleAdministrator || !opened.Actor.Staff.IsZero() || opened.Actor.School != w.school || opened.Device == "" {
			t.Errorf("actor %+v", opened.Actor)
		}
		if !opened.ExpiresAt.Equal(w.Clock.Now().Add(12 * time.Hour)) {
			t.Errorf("until %v", opened.ExpiresAt)
		}
		actor, err := w.authenticate(opened.Token)
		if err != nil || actor.Role != models.RoleAdministrator || actor.ID != opened.Actor.ID {
			t.Errorf("actor %+v, %v", actor, err)
		}
	}
	if opened := w.staffIn("docent"); opened.Actor.Role != models.RoleTeacher || opened.Actor.Staff != storetest.ID[models.StaffID]("teacher") {
		t.Errorf("actor %+v", opened.Actor)
	}
	for _, account := range rows[models.Account](w) {
		if !strings.HasPrefix(account.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(account.PasswordHash, password) {
			t.Errorf("hash %q", account.PasswordHash)
		}
	}
	if got := w.spent(budget.Staff) + w.spent(budget.StaffAll); got != 0 {
		t.Errorf("right passwords cost %d tries", got)
	}
}

func TestEveryFailureOfStaffIsTheSameAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer", models.RoleAdministrator)
	w.account("uit", models.RoleAdministrator)
	w.disable("uit")
	for name, try := range map[string][2]string{
		"a wrong password": {"beheer", "een lang wachtwoord!"}, "no password": {"beheer", ""}, "an unknown login": {"niemand", password}, "no login": {"", password},
		"a disabled account": {"uit", password}, "capitals": {"beheer", strings.ToUpper(password)}, "a space behind": {"beheer", password + " "}, "the hash": {"beheer", rows[models.Account](w)[0].PasswordHash},
		"a very long password": {"beheer", strings.Repeat("x", 100_000)},
	} {
		opened, err := w.staff(try[0], try[1])
		if opened != nil {
			t.Errorf("%s: got in", name)
		}
		wantKind(t, name, err, errs.Unauthenticated, "login.staff")
		if err != nil && err.Error() != "login.staff" {
			t.Errorf("%s: %q", name, err)
		}
	}
	_, err := w.service.Staff.LogIn(t.Context(), w.other, "beheer", password, staff.Origin{})
	wantKind(t, "at another school", err, errs.Unauthenticated, "login.staff")
}

// disable switches an account off.
func (w *world) disable(login string) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		account, err := store.First[models.Account](tx, store.Eq("login_index", tx.Index("login", login)))
		if err != nil {
			return err
		}
		account.Disabled = true
		return store.Update(tx, account, "disabled")
	})
}

func TestDisablingAnAccountEndsItsSessionsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opened := w.staffIn(w.account("beheer", models.RoleAdministrator))
	other := w.staffIn(w.account("ander", models.RoleAdministrator))
	w.disable("beheer")
	wantAlive(w, "disabled", opened.Token, false)
	wantAlive(w, "another account", other.Token, true)
}

func TestAfterTenFailuresALoginNameWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer", models.RoleAdministrator)
	w.account("ander", models.RoleAdministrator)
	for range 9 {
		_, err := w.staff("beheer", "verkeerd wachtwoord")
		wantKind(t, "wrong", err, errs.Unauthenticated, "login.staff")
	}
	w.staffIn("beheer")
	_, err := w.staff(" BEHEER", "verkeerd wachtwoord")
	wantKind(t, "the tenth", err, errs.Unauthenticated, "login.staff")
	for _, typed := range []string{password, "verkeerd wachtwoord"} {
		_, err := w.staff("beheer", typed)
		wantKind(t, "after ten", err, errs.TooMany, "login.too-many")
		if found, ok := errs.As(err); ok && found.RetryAfter != 15*time.Minute {
			t.Errorf("again after %v", found.RetryAfter)
		}
	}
	w.staffIn("ander")
	w.Clock.Advance(16 * time.Minute)
	w.staffIn("beheer")
	for range 10 {
		_, err = w.staff("niemand", "verkeerd wachtwoord")
		wantKind(t, "nobody", err, errs.Unauthenticated, "login.staff")
	}
	_, err = w.staff("niemand", "verkeerd wachtwoord")
	wantKind(t, "nobody, after ten", err, errs.TooMany, "login.too-many")
}

func TestALoginNameThatWaitsAtOneAddressIsOpenAtAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer", models.RoleAdministrator)
	from := func(address, typed string) error {
		_, err := w.service.Staff.LogIn(t.Context(), w.school, "beheer", typed, staff.Origin{Address: netip.MustParseAddr(address)})
		return err
	}
	for range 10 {
		wantKind(t, "wrong", from("203.0.113.5", "verkeerd wachtwoord"), errs.Unauthenticated, "login.staff")
	}
	wantKind(t, "there", from("203.0.113.5", password), errs.TooMany, "login.too-many")
	if err := from("203.0.113.6", password); err != nil {
		t.Errorf("elsewhere: %v", err)
	}
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Budget{Name: budget.StaffAll.Name, Subject: tx.Index("budget login", "beheer"), Window: tx.Now().Add(-time.Minute), Spent: budget.StaffAll.Max - 10})
	})
	wantKind(t, "from everywhere too many", from("203.0.113.7", password), errs.TooMany, "login.too-many")
	w.Clock.Advance(18 * time.Minute)
	if err := from("203.0.113.5", password); err != nil {
		t.Errorf("later: %v", err)
	}
}

func TestAKeyMakesNoAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := models.Actor{Kind: models.ActorKey, School: w.school, Scopes: models.AllScopes()}
	_, err := w.service.Staff.CreateAccount(t.Context(), key, staff.NewAccount{Login: "nieuw", Password: password, Role: models.RoleAdministrator})
	wantKind(t, "administrator", err, errs.Forbidden, "forbidden")
	if accounts := rows[models.Account](w); len(accounts) != 0 {
		t.Errorf("accounts %+v", accounts)
	}
}

func TestManyTriesOfOneInstantAreNoMoreThanTen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer", models.RoleAdministrator)
	var group sync.WaitGroup
	looked := make(chan bool, 60)
	for range cap(looked) {
		group.Go(func() {
			_, err := w.staff("beheer", "verkeerd wachtwoord")
			switch errs.KindOf(err) {
			case errs.Unauthenticated:
				looked <- true
			case errs.TooMany:
			default:
				t.Errorf("error %v", err)
			}
		})
	}
	group.Wait()
	if len(looked) != budget.Staff.Max {
		t.Errorf("%d passwords were looked at", len(looked))
	}
}

func TestStaffWhoGiveUpWaitingAreToldSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer", models.RoleAdministrator)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := w.service.Staff.LogIn(ctx, w.school, "beheer", password, staff.Origin{})
	wantKind(t, "gone", err, errs.Unavailable, "cancelled")
}

func TestAnAccountIsCheckedBeforeItIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer", models.RoleAdministrator)
	good := staff.NewAccount{Login: "nieuw", Password: password, Role: models.RoleAdministrator}
	tests := map[string]struct {
		change      func(*staff.NewAccount)
		kind        errs.Kind
		field, code string
	}{
		"no login":                        {func(a *staff.NewAccount) { a.Login = " " }, errs.Invalid, "login", "required"},
		"a login that is too long":        {func(a *staff.NewAccount) { a.Login = strings.Repeat("é", 121) }, errs.Invalid, "login", "required"},
		"a short password":                {func(a *staff.NewAccount) { a.Password = "elf tekens!" }, errs.Invalid, "password", "too-short"},
		"a password that is far too long": {func(a *staff.NewAccount) { a.Password = strings.Repeat("x", 1001) }, errs.Invalid, "password", "too-long"},
		"no role":                         {func(a *staff.NewAccount) { a.Role = "" }, errs.Invalid, "role", "unknown"},
		"the operator's role":             {func(a *staff.NewAccount) { a.Role = "operator" }, errs.Invalid, "role", "unknown"},
		"a teacher who is nobody":         {func(a *staff.NewAccount) { a.Role = models.RoleTeacher }, errs.Invalid, "teacher", "required"},
		"a teacher who is not there":      {func(a *staff.NewAccount) { a.Role, a.Staff = models.RoleTeacher, models.New[models.StaffID]() }, errs.Invalid, "teacher", "unknown"},
		"a login that is taken":           {func(a *staff.NewAccount) { a.Login = "BEHEER" }, errs.Conflict, "", "login-taken"},
	}
	for name, tt := range tests {
		wanted := good
		tt.change(&wanted)
		_, err := w.service.Staff.CreateAccount(t.Context(), admin(w.school), wanted)
		found, ok := errs.As(err)
		if !ok || found.Kind != tt.kind || tt.field != "" && (found.Fields[0].Name != tt.field || found.Fields[0].Code != tt.code) || tt.field == "" && found.Code != tt.code {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), wanted.Password) {
			t.Errorf("%s: the password is in the error", name)
		}
	}
	if accounts := rows[models.Account](w); len(accounts) != 1 || accounts[0].Details.Login != "beheer" {
		t.Errorf("accounts %+v", accounts)
	}
	id, err := w.service.Staff.CreateAccount(t.Context(), admin(w.other), staff.NewAccount{Login: "beheer", Password: password, Role: models.RoleAdministrator})
	if err != nil || id.IsZero() {
		t.Errorf("the same login at another school: %v", err)
	}
}
