package auth_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// enrolled is an account with a second factor.
type enrolled struct {
	w     *world
	login string
	key   string
	codes []string
}

// enrol sets a second factor up for an account, as its owner does after a log-in.
func (w *world) enrol(login string) *enrolled {
	w.Helper()
	actor := w.staffIn(login).Actor
	begun, err := w.service.Credentials.BeginTOTP(w.Context(), actor)
	if err != nil {
		w.Fatal(err)
	}
	e := &enrolled{w: w, login: login, key: begun.Key}
	if e.codes, err = w.service.Credentials.ConfirmTOTP(w.Context(), actor, e.digits()); err != nil {
		w.Fatal(err)
	}
	return e
}

// digits are what the telephone shows at this moment.
func (e *enrolled) digits() string {
	e.w.Helper()
	digits, err := totp.GenerateCode(e.key, e.w.Clock.Now())
	if err != nil {
		e.w.Fatal(err)
	}
	return digits
}

func (e *enrolled) logIn(code string) (models.Actor, error) {
	opened, err := e.w.service.Staff.LogIn(e.w.Context(), e.w.school, e.login, password, code, staff.Origin{})
	if err != nil {
		return models.Actor{}, err
	}
	return e.w.authenticate(opened.Token)
}

func TestAnAdministratorIsOneFromTheSecondFactorOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opened := w.staffIn(w.account("beheer", models.RoleAdministrator))
	begun, err := w.service.Credentials.BeginTOTP(t.Context(), opened.Actor)
	if err != nil || !strings.HasPrefix(begun.URL, "otpauth://totp/") || len(begun.Key) != 32 {
		t.Fatalf("%+v, %v", begun, err)
	}
	e := &enrolled{w: w, login: "beheer", key: begun.Key}
	_, err = w.service.Credentials.ConfirmTOTP(t.Context(), opened.Actor, "000000")
	if errs.KindOf(err) != errs.Invalid {
		t.Errorf("wrong digits: %v", err)
	}
	codes, err := w.service.Credentials.ConfirmTOTP(t.Context(), opened.Actor, " "+e.digits()[:3]+" "+e.digits()[3:])
	if err != nil || len(codes) != 10 {
		t.Fatalf("%v, %v", codes, err)
	}
	if actor, err := w.authenticate(opened.Token); err != nil || !slices.Equal(actor.Roles, []models.Role{models.RoleAdministrator}) || actor.Proof != models.ProofRecent {
		t.Errorf("%+v, %v", actor, err)
	}
	_, err = e.logIn(e.digits())
	wantKind(t, "the digits that set it up", err, errs.Unauthenticated, "login.code")
	w.Clock.Advance(30 * time.Second)
	digits := e.digits()
	if actor, err := e.logIn(digits); err != nil || actor.Proof != models.ProofRecent || len(actor.Roles) != 1 {
		t.Errorf("%+v, %v", actor, err)
	}
	_, err = e.logIn(digits)
	wantKind(t, "the same digits", err, errs.Unauthenticated, "login.code")
	if actor, err := e.logIn(strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))); err != nil || len(actor.Roles) != 1 {
		t.Errorf("a recovery code: %+v, %v", actor, err)
	}
	_, err = e.logIn(codes[3])
	wantKind(t, "a recovery code again", err, errs.Unauthenticated, "login.code")

	actor, err := e.logIn("")
	if err != nil || len(actor.Roles) != 0 || len(actor.Withheld) != 1 {
		t.Fatalf("%+v, %v", actor, err)
	}
	if _, err := w.service.Credentials.BeginTOTP(t.Context(), actor); errs.CodeOf(err) != "login.second-factor" {
		t.Errorf("another telephone without the second factor: %v", err)
	}
	if _, err := w.service.Credentials.NewRecoveryCodes(t.Context(), actor); errs.CodeOf(err) != "login.second-factor" {
		t.Errorf("other codes without the second factor: %v", err)
	}
	w.Clock.Advance(20 * time.Minute)
	actor, err = w.service.Staff.ProveSecond(t.Context(), actor, e.digits())
	if err != nil || len(actor.Roles) != 1 || actor.Proof != models.ProofRecent {
		t.Errorf("%+v, %v", actor, err)
	}
}

func TestOfManyWhoTypeTheSameDigitsOneGetsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.enrol(w.account("beheer", models.RoleAdministrator))
	w.Clock.Advance(time.Minute)
	for name, typed := range map[string]string{"digits": e.digits(), "a recovery code": e.codes[0]} {
		var in atomic.Int32
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				if _, err := e.logIn(typed); err == nil {
					in.Add(1)
				}
			})
		}
		group.Wait()
		if in.Load() != 1 {
			t.Errorf("%s: %d got in", name, in.Load())
		}
	}
}

func TestTenWrongDigitsWaitAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.enrol(w.account("beheer", models.RoleAdministrator))
	actor, err := e.logIn("")
	if err != nil {
		t.Fatal(err)
	}
	for range budget.StaffSecond.Max {
		_, err = w.service.Staff.ProveSecond(t.Context(), actor, "123456")
		wantKind(t, "wrong", err, errs.Unauthenticated, "login.code")
	}
	w.Clock.Advance(time.Minute)
	_, err = w.service.Staff.ProveSecond(t.Context(), actor, e.digits())
	wantKind(t, "right, too late", err, errs.TooMany, "login.too-many")
	w.Clock.Advance(62 * time.Minute)
	if _, err = w.service.Staff.ProveSecond(t.Context(), actor, e.digits()); err != nil {
		t.Error(err)
	}
}

func TestALostSecondFactorIsTakenAwayByAnotherAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.enrol(w.account("beheer", models.RoleAdministrator))
	w.Clock.Advance(time.Minute)
	opened, err := w.service.Staff.LogIn(t.Context(), w.school, e.login, password, e.digits(), staff.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.Accounts.Update(t.Context(), admin(w.school), w.idOf("beheer"), account.Patch{NoSecond: true}); err != nil {
		t.Fatal(err)
	}
	wantAlive(w, "the session", opened.Token, false)
	_, err = e.logIn(e.codes[0])
	wantKind(t, "a recovery code from before", err, errs.Unauthenticated, "login.code")
	actor := w.staffIn("beheer").Actor
	if own, err := w.service.Staff.Own(t.Context(), actor); err != nil || own.Next() != "set-up" || own.Held.Recovery != 0 {
		t.Errorf("%+v, %v", own, err)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.staffIn(w.account("een", models.RoleAdministrator)), w.staffIn(w.account("twee", models.RoleAdministrator))
	yes := true
	if _, err := w.service.Accounts.Update(t.Context(), one.Actor, w.idOf("twee"), account.Patch{Disabled: &yes}); err != nil {
		t.Fatal(err)
	}
	wantAlive(w, "disabled", two.Token, false)
	_, err := w.service.Accounts.Update(t.Context(), one.Actor, w.idOf("een"), account.Patch{Roles: []models.Role{models.RoleReception}})
	wantKind(t, "gives the role away", err, errs.Conflict, "account.last-administrator")
	if _, err := w.service.Accounts.Update(t.Context(), models.Actor{Kind: models.ActorOperator, School: w.school}, w.idOf("een"), account.Patch{Disabled: &yes}); err != nil {
		t.Errorf("the operator: %v", err)
	}
}

func TestARightFollowsTheAccountAtTheNextRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer", models.RoleAdministrator)
	w.enrol("beheer")
	made, err := w.service.Accounts.Create(t.Context(), admin(w.school), account.New{Login: "balie", Password: password, Roles: []models.Role{models.RoleReception}})
	if err != nil {
		t.Fatal(err)
	}
	opened := w.staffIn("balie")
	if _, err := w.service.Accounts.Update(t.Context(), admin(w.school), made.ID, account.Patch{Roles: []models.Role{models.RoleReadOnly, models.RoleCoordinator}}); err != nil {
		t.Fatal(err)
	}
	actor, err := w.authenticate(opened.Token)
	if err != nil || !slices.Equal(actor.Roles, []models.Role{models.RoleReadOnly}) || !slices.Equal(actor.Withheld, []models.Role{models.RoleCoordinator}) {
		t.Errorf("%+v, %v", actor, err)
	}
}

func TestAHashFromBeforeIsSealedAtTheNextLogIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account("beheer", models.RoleAdministrator)
	w.write(func(tx *store.Tx) error {
		row, err := store.First[models.Credential](tx, store.Eq("kind", models.CredentialPassword))
		if err != nil {
			return err
		}
		row.HashBefore, row.Secret.Hash = row.Secret.Hash, ""
		return store.Update(tx, row, "hash_before", "secret")
	})
	w.staffIn("beheer")
	if kept := rows[models.Credential](w); kept[0].HashBefore != "" || kept[0].Secret.Hash == "" {
		t.Errorf("%+v", kept[0])
	}
	w.staffIn("beheer")
}

func TestOnesOwnPasswordIsChangedWithThePresentOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opened, elsewhere := w.staffIn(w.account("beheer", models.RoleAdministrator)), w.staffIn("beheer")
	other := "negen blauwe walvissen fluiten"
	wantKind(t, "a wrong one", w.service.Credentials.ChangePassword(t.Context(), opened.Actor, "verkeerd", other), errs.Unauthenticated, "login.staff")
	if err := w.service.Credentials.ChangePassword(t.Context(), opened.Actor, password, "beheer beheer"); errs.KindOf(err) != errs.Invalid {
		t.Errorf("easy: %v", err)
	}
	if err := w.service.Credentials.ChangePassword(t.Context(), opened.Actor, password, other); err != nil {
		t.Fatal(err)
	}
	wantAlive(w, "here", opened.Token, true)
	wantAlive(w, "elsewhere", elsewhere.Token, false)
	actor, err := w.service.Staff.ProvePassword(t.Context(), opened.Actor, other, staff.Origin{})
	if err != nil || len(actor.Withheld) != 1 {
		t.Errorf("%+v, %v", actor, err)
	}
	_, err = w.service.Staff.ProvePassword(t.Context(), opened.Actor, password, staff.Origin{})
	wantKind(t, "the former one", err, errs.Unauthenticated, "login.staff")
}
