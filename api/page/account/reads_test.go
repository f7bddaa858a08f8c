package account_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/api/page/staff"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/auth/reading"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// lastRead gives the newest line of the record, how many there are, and the index of an account.
func (s *site) lastRead(t *testing.T, of models.AccountID) (row models.Read, count int, index []byte) {
	t.Helper()
	err := s.Database.Store.For(models.System(s.school.ID, "test")).Read(t.Context(), func(tx *store.Tx) error {
		rows, err := store.List[models.Read](tx)
		for _, one := range rows {
			if one.ID.Compare(row.ID) > 0 {
				row = one
			}
		}
		count, index = len(rows), reading.Index(tx, models.PersonAccount, of)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return row, count, index
}

func TestWhomPagesOfStaffShowIsWrittenDown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.admin(t)
	id := s.school.NewAccount(t, account.New{Login: "balie@linde.example", Name: "Joke", Roles: []models.Role{models.RoleReception}})
	at := "/people/" + id.String()
	for _, test := range []struct {
		route string
		get   func()
	}{
		{"GET /:school/staff/people", func() { b.get("/people").want(http.StatusOK, "", "Joke") }},
		{"GET /:school/staff/people/:account", func() { b.get(at).want(http.StatusOK, "", "Joke") }},
		{"POST /:school/staff/people/:account", func() {
			b.send(at, "login", "geen", "name", "Joke", "role-reception", "1").want(http.StatusUnprocessableEntity, "")
		}},
	} {
		_, before, _ := s.lastRead(t, id)
		test.get()
		row, after, index := s.lastRead(t, id)
		if after != before+1 || row.Route != test.route || row.ActorKind != models.ActorStaff || row.ActorID.IsZero() || !bytes.Contains(row.Persons, index) {
			t.Errorf("%s: %d reads more, the last is %+v", test.route, after-before, row)
		}
	}
	_, before, _ := s.lastRead(t, id)
	b.get("/account").want(http.StatusOK, "")
	s.browser(t).get("").want(http.StatusOK, "")
	s.browser(t).get("/people").want(http.StatusOK, "")
	if _, after, _ := s.lastRead(t, id); after != before {
		t.Error("who sees their own account, or a log-in, is shown nobody else")
	}
	// What cannot be written down is not shown.
	if _, err := s.Database.Raw(t).Exec("ALTER TABLE reads RENAME TO elsewhere"); err != nil {
		t.Fatal(err)
	}
	if b.get("/people"); b.status != http.StatusServiceUnavailable || strings.Contains(b.page, "Joke") {
		t.Errorf("%d %s", b.status, b.page)
	}
}

// A page that does not say whom it shows does not go out.
func TestAPageOfStaffThatSaysNothingDoesNotGoOut(t *testing.T) {
	t.Parallel()
	show := func(says bool) func(*staff.Visit) error {
		return func(v *staff.Visit) error {
			if says {
				v.Shows(v.Actor.Account)
			}
			return v.Echo.HTML(http.StatusOK, "Sanne")
		}
	}
	needs := []access.Action{access.ReadRoster}
	planted := staff.Set{Templates: fstest.MapFS{}, Sentences: fstest.MapFS{}, Routes: []staff.Route{
		{Method: http.MethodGet, Path: "/silent", Needs: needs, Handle: show(false)},
		{Method: http.MethodGet, Path: "/telling", Needs: needs, Handle: show(true)},
		{Method: http.MethodGet, Path: "/mixed", Needs: []access.Action{access.OwnAccount, access.ReadRoster}, Handle: show(false)},
	}}
	s := newSite(t, func(router *echo.Echo, base *staff.Base) error {
		return base.Mount(router, planted)
	})
	for path, want := range map[string]int{"/silent": http.StatusInternalServerError, "/mixed": http.StatusInternalServerError, "/telling": http.StatusOK} {
		answer := s.Do(t, apitest.Call{Method: http.MethodGet, Path: "/linde/staff" + path, Header: http.Header{"Cookie": {"staff-linde=" + s.school.Admin}}})
		if answer.Status != want || strings.Contains(string(answer.Body), "Sanne") != (want == http.StatusOK) {
			t.Errorf("%s: %d %s", path, answer.Status, answer.Body)
		}
	}
}
