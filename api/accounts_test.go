package api_test

import (
	"net/http"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
)

func TestAnOfficeListsDisablesAndRemovesAccounts(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	school := w.School(t, "de-linde", apitest.Setup{Families: 1, Draft: true})
	office := school.Admin
	made := w.Post(t, office, school.Path+"/accounts", map[string]any{"login": "J.Visser", "name": "J. Visser", "password": apitest.Password, "roles": []string{"reception"}}).Want(t, http.StatusCreated)
	one := school.Path + "/accounts/" + made.Text("id")
	visser := school.LogInStaff(t, "j.visser")
	w.Get(t, visser, school.Path+"/pupils").Want(t, http.StatusOK)
	w.Get(t, visser, school.Path+"/accounts").Want(t, http.StatusForbidden)

	changed := w.Do(t, apitest.Call{Method: http.MethodPatch, Path: one, Token: office, Body: `{"disabled": true}`}).Want(t, http.StatusOK)
	if changed.Text("state") != "disabled" || changed.Text("login") != "j.visser" {
		t.Errorf("%v", changed)
	}
	w.Get(t, visser, school.Path+"/pupils").Want(t, http.StatusUnauthorized)
	w.Do(t, apitest.Call{Method: http.MethodPatch, Path: one, Token: office, Body: `{"disabled": false, "password": "short"}`}).Want(t, http.StatusUnprocessableEntity)
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: one, Token: office}).Want(t, http.StatusNoContent)
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: one, Token: office}).Want(t, http.StatusNotFound)
}
