package auth_test

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

const password = "zeven paarse olifanten op klompen"

func admin(school models.SchoolID) models.Actor {
	return models.Actor{Kind: models.ActorStaff, School: school, Roles: []models.Role{models.RoleAdministrator}, Proof: models.ProofRecent}
}

// account makes an account with the password of the tests, and gives its login name.
func (w *world) account(login string, role models.Role) string {
	w.Helper()
	wanted := account.New{Login: login, Name: "Beheerder", Password: password, Roles: []models.Role{role}}
	if role == models.RoleTeacher {
		wanted.Staff = storetest.ID[models.StaffID]("teacher")
		w.write(func(tx *store.Tx) error {
			_, err := store.InsertNew(tx, &models.Staff{ID: wanted.Staff, State: models.PersonActive})
			return err
		})
	}
	if _, err := w.service.Accounts.Create(context.Background(), admin(w.school), wanted); err != nil {
		w.Fatal(err)
	}
	return login
}

func (w *world) staff(login, password string) (*session.Opened, error) {
	return w.service.Staff.LogIn(context.Background(), w.school, login, password, "", staff.Origin{})
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
		if opened.Actor.Kind != models.ActorStaff || !slices.Equal(opened.Actor.Withheld, []models.Role{models.RoleAdministrator}) || len(opened.Actor.Roles) != 0 || !opened.Actor.Staff.IsZero() || opened.Actor.School != w.school || opened.Device == "" {
			t.Errorf("actor %+v", opened.Actor)
		}
		if !opened.ExpiresAt.Equal(w.Clock.Now().Add(12 * time.Hour)) {
			t.Errorf("until %v", opened.ExpiresAt)
		}
		actor, err := w.authenticate(opened.Token)
		if err != nil || !slices.Equal(actor.Withheld, []models.Role{models.RoleAdministrator}) || actor.Proof != models.ProofNone || actor.ID != opened.Actor.ID {
			t.Errorf("actor %+v, %v", actor, err)
		}
	}
	if opened := w.staffIn("docent"); !slices.Equal(opened.Actor.Roles, []models.Role{models.RoleTeacher}) || opened.Actor.Proof != models.ProofRecent || opened.Actor.Staff != storetest.ID[models.StaffID]("teacher") {
		t.Errorf("actor %+v", opened.Actor)
	}
	for _, kept := range rows[models.Credential](w) {
		if !strings.HasPrefix(kept.Secret.Hash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(kept.Secret.Hash, password) || kept.HashBefore != "" {
			t.Errorf("hash %q", kept.Secret.Hash)
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
		"a wrong password": {"beheer", password + "!"}, "no password": {"beheer", ""}, "an unknown login": {"niemand", password}, "no login": {"", password},
		"a disabled account": {"uit", password}, "capitals": {"beheer", strings.ToUpper(password)}, "a space behind": {"beheer", password + " "}, "the hash": {"beheer", rows[models.Credential](w)[0].Secret.Hash},
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
	_, err := w.service.Staff.LogIn(t.Context(), w.other, "beheer", password, "", staff.Origin{})
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
		account.State = models.AccountDisabled
		return store.Update(tx, account, "state")
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
		_, err := w.service.Staff.LogIn(t.Context(), w.school, "beheer", typed, "", staff.Origin{Address: netip.MustParseAddr(address)})
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
	_, err := w.service.Accounts.Create(t.Context(), key, account.New{Login: "nieuw", Password: password, Roles: []models.Role{models.RoleAdministrator}})
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
	_, err := w.service.Staff.LogIn(ctx, w.school, "beheer", password, "", staff.Origin{})
	wantKind(t, "gone", err, errs.Unavailable, "cancelled")
}

func TestAnAccountIsCheckedBeforeItIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer", models.RoleAdministrator)
	good := account.New{Login: "nieuw", Password: password, Roles: []models.Role{models.RoleAdministrator}}
	tests := map[string]struct {
		change      func(*account.New)
		kind        errs.Kind
		field, code string
	}{
		"no login":                        {func(a *account.New) { a.Login = " " }, errs.Invalid, "login", "required"},
		"a login that is too long":        {func(a *account.New) { a.Login = strings.Repeat("é", 121) }, errs.Invalid, "login", "too-long"},
		"a short password":                {func(a *account.New) { a.Password = "elf tekens!" }, errs.Invalid, "password", "too-short"},
		"a password that is far too long": {func(a *account.New) { a.Password = strings.Repeat("x", 1001) }, errs.Invalid, "password", "too-long"},
		"a password of everybody":         {func(a *account.New) { a.Password = "Welkom2026Welkom!" }, errs.Invalid, "password", "known"},
		"no address, and no password":     {func(a *account.New) { a.Password = "" }, errs.Invalid, "login", "not-an-email-address"},
		"no role":                         {func(a *account.New) { a.Roles = nil }, errs.Invalid, "roles", "required"},
		"the operator's role":             {func(a *account.New) { a.Roles = []models.Role{"operator"} }, errs.Invalid, "roles", "unknown"},
		"a teacher who is nobody":         {func(a *account.New) { a.Roles = []models.Role{models.RoleTeacher} }, errs.Invalid, "teacher", "required"},
		"a teacher who is not there": {func(a *account.New) {
			a.Roles, a.Staff = []models.Role{models.RoleTeacher}, models.New[models.StaffID]()
		}, errs.Invalid, "teacher", "unknown"},
		"a login that is taken": {func(a *account.New) { a.Login = "BEHEER" }, errs.Conflict, "", "login-taken"},
	}
	for name, tt := range tests {
		wanted := good
		tt.change(&wanted)
		_, err := w.service.Accounts.Create(t.Context(), admin(w.school), wanted)
		found, ok := errs.As(err)
		if !ok || found.Kind != tt.kind || tt.field != "" && (found.Fields[0].Name != tt.field || found.Fields[0].Code != tt.code) || tt.field == "" && found.Code != tt.code {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && wanted.Password != "" && strings.Contains(err.Error(), wanted.Password) {
			t.Errorf("%s: the password is in the error", name)
		}
	}
	if accounts := rows[models.Account](w); len(accounts) != 1 || accounts[0].Details.Login != "beheer" {
		t.Errorf("accounts %+v", accounts)
	}
	made, err := w.service.Accounts.Create(t.Context(), admin(w.other), account.New{Login: "beheer", Password: password, Roles: []models.Role{models.RoleAdministrator}})
	if err != nil || made.ID.IsZero() || made.Token != "" {
		t.Errorf("the same login at another school: %v", err)
	}
}
