package auth_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// idOf finds an account by its login name.
func (w *world) idOf(login string) models.AccountID {
	w.Helper()
	views, err := w.service.Accounts.List(w.Context(), admin(w.school))
	if err != nil {
		w.Fatal(err)
	}
	for _, view := range views {
		if view.Login == login {
			return view.ID
		}
	}
	w.Fatalf("no account %s in %+v", login, views)
	return models.AccountID{}
}

func TestWhoeverLosesAnAccountIsOutAtOnce(t *testing.T) {
	t.Parallel()
	yes, other := true, "acht groene nijlpaarden zingen"
	for name, act := range map[string]func(w *world, id models.AccountID) error{
		"disabled": func(w *world, id models.AccountID) error {
			_, err := w.service.Accounts.Update(w.Context(), admin(w.school), id, account.Patch{Disabled: &yes})
			return err
		},
		"another password": func(w *world, id models.AccountID) error {
			_, err := w.service.Accounts.Update(w.Context(), admin(w.school), id, account.Patch{Password: &other})
			return err
		},
		"removed": func(w *world, id models.AccountID) error {
			return w.service.Accounts.Remove(w.Context(), admin(w.school), id)
		},
		"logged out everywhere": func(w *world, id models.AccountID) error {
			return w.service.Accounts.LogOutEverywhere(w.Context(), admin(w.school), id)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			opened, again := w.staffIn(w.account("docent", models.RoleTeacher)), w.staffIn("docent")
			office := w.staffIn(w.account("beheer", models.RoleAdministrator))
			if err := act(w, w.idOf("docent")); err != nil {
				t.Fatal(err)
			}
			wantAlive(w, name, opened.Token, false)
			wantAlive(w, name, again.Token, false)
			wantAlive(w, "somebody else", office.Token, true)
			if _, err := w.staff("docent", password); (err == nil) != (name == "logged out everywhere") {
				t.Errorf("logging in again: %v", err)
			}
		})
	}
}

func TestATeacherWhoHasLeftIsOutAndComesBackWithTheSchoolsWord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opened := w.staffIn(w.account("docent", models.RoleTeacher))
	state := func(state models.PersonState) {
		w.write(func(tx *store.Tx) error {
			row, err := store.Get[models.Staff](tx, storetest.ID[models.StaffID]("teacher"))
			if err != nil {
				return err
			}
			row.State = state
			return store.Update(tx, row, "state")
		})
	}
	state(models.PersonLeft)
	wantAlive(w, "left", opened.Token, false)
	_, err := w.staff("docent", password)
	wantKind(t, "left", err, errs.Unauthenticated, "login.staff")
	if views, err := w.service.Accounts.List(t.Context(), admin(w.school)); err != nil || len(views) != 1 || !views[0].Left || views[0].State != models.AccountActive {
		t.Errorf("accounts %+v, %v", views, err)
	}
	state(models.PersonActive)
	w.staffIn("docent")
}

func TestAnAdministratorKeepsTheOwnAccountAndAKeyTouchesNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opened, elsewhere := w.staffIn(w.account("beheer", models.RoleAdministrator)), w.staffIn("beheer")
	yes, other, short := true, "acht groene nijlpaarden zingen", "short"
	own := w.idOf("beheer")
	service := w.service.Accounts
	_, err := service.Update(t.Context(), opened.Actor, own, account.Patch{Disabled: &yes})
	wantKind(t, "disabling one's own", err, errs.Conflict, "account.own")
	wantKind(t, "removing one's own", service.Remove(t.Context(), opened.Actor, own), errs.Conflict, "account.own")
	_, err = service.Update(t.Context(), opened.Actor, own, account.Patch{Password: &short})
	if errs.KindOf(err) != errs.Invalid {
		t.Errorf("a short password: %v", err)
	}
	if _, err = service.Update(t.Context(), opened.Actor, own, account.Patch{Password: &other}); err != nil {
		t.Fatal(err)
	}
	wantAlive(w, "the session that asked", opened.Token, true)
	wantAlive(w, "another session", elsewhere.Token, false)
	if _, err := w.staff("beheer", other); err != nil {
		t.Errorf("the new password: %v", err)
	}
	key := models.Actor{School: w.school, Kind: models.ActorKey, Scopes: []models.Scope{models.ScopeAccounts}}
	_, err = service.Update(t.Context(), key, own, account.Patch{Password: &other})
	wantKind(t, "a key and an administrator", err, errs.Forbidden, "forbidden")
	wantKind(t, "a key and an administrator", service.Remove(t.Context(), key, own), errs.Forbidden, "forbidden")
	wantKind(t, "a key and an administrator", service.LogOutEverywhere(t.Context(), key, own), errs.Forbidden, "forbidden")
	wantKind(t, "of another school", service.Remove(t.Context(), admin(w.other), own), errs.NotFound, "not-found")
}
