package account_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/models"
)

const password = apitest.Password

func TestAnAdministratorGetsInByPasswordAndSecondStep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	codes := s.school.Recovery("admin")
	b := s.browser(t)
	b.get("/people").want(http.StatusOK, "?next=%2Flinde%2Fstaff%2Fpeople", "Voor medewerkers")
	b.send("", "login", "admin", "password", "verkeerd").want(http.StatusUnprocessableEntity, "", "klopt niet")
	b.send("", "login", "admin", "password", password).want(http.StatusOK, "", "De tweede stap")
	before := b.page
	b.get("/people").want(http.StatusOK, "/second?next=%2Flinde%2Fstaff%2Fpeople")
	b.page = before
	b.send("/second", "code", "123456").want(http.StatusUnprocessableEntity, "/second", "Deze code klopt niet")
	b.send("/second", "code", codes[0]).want(http.StatusOK, "/people", "Medewerkers", "teacher")
	b.get("/account").want(http.StatusOK, "/account", "Log overal uit, behalve hier")
	b.send("/account/others").want(http.StatusOK, "/account?done=others", "uitgelogd")
	b.send("/account/password", "present", "verkeerd", "password", "acht groene nijlpaarden zingen", "repeat", "acht groene nijlpaarden zingen").want(http.StatusUnprocessableEntity, "", "klopt niet")
	b.send("/account/password", "present", password, "password", "acht groene nijlpaarden zingen", "repeat", "acht groene nijlpaarden zingen").want(http.StatusOK, "/account?done=password", "gewijzigd")
	b.send("/account/recovery").want(http.StatusOK, "", "Bewaar deze tien codes")
	b.send("/leave").want(http.StatusOK, "", "Voor medewerkers")
	b.get("/people").want(http.StatusOK, "?next=%2Flinde%2Fstaff%2Fpeople")
}

func TestSomebodyIsInvitedAcceptsAndSetsTheSecondStepUp(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.admin(t)
	office.get("/people/new").want(http.StatusOK, "/people/new")
	office.send("/people/new", "login", "geen adres", "name", "K. Haddad").want(http.StatusUnprocessableEntity, "", "Dit is geen e-mailadres", "Kies minstens één rol", `value="K. Haddad"`)
	office.send("/people/new", "login", "Haddad@linde.example", "name", "K. Haddad", "role-coordinator", "1").want(http.StatusOK, "/people?done=invited&part=office", "K. Haddad", "uitgenodigd")

	b := s.browser(t)
	link := "/link/" + s.link(t, "haddad@linde.example")
	b.get(link).want(http.StatusOK, "", "Welkom bij", "haddad@linde.example", "coördinator")
	b.get(link).want(http.StatusOK, "", "Uitnodiging aannemen") // looking uses nothing up
	b.send(link, "password", "Welkom2026!!!", "repeat", "Welkom2026!!!").want(http.StatusUnprocessableEntity, "", "te makkelijk te raden")
	b.send(link, "password", password, "repeat", "iets anders").want(http.StatusUnprocessableEntity, "", "niet hetzelfde")
	b.send(link, "password", password, "repeat", password).want(http.StatusOK, "", "Stel uw tweede stap in", "data:image/png;base64,")
	first := keyOf(t, b.page)
	b.get("/set-up")
	if keyOf(t, b.page) != first {
		t.Error("the picture is another one after a reload")
	}
	b.send("/set-up", "digits", "000000").want(http.StatusUnprocessableEntity, "", "Deze cijfers kloppen niet")
	if keyOf(t, b.page) != first {
		t.Error("the picture is another one after wrong digits")
	}
	b.send("/set-up", "digits", digits(t, first, s.Database.Clock.Now())).want(http.StatusOK, "", "Uw herstelcodes")
	if count := strings.Count(b.page, "<code>"); count != 10 {
		t.Errorf("%d codes are shown", count)
	}
	b.get("/account").want(http.StatusOK, "/account", "U heeft nog 10 herstelcodes", "K. Haddad")
	b.get("/people").want(http.StatusForbidden, "")
	again := s.browser(t)
	again.get(link).want(http.StatusNotFound, "", "al gebruikt")
}

func TestATeacherGetsInByALinkAndIsRemembered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.admin(t)
	if _, err := s.Auth.Accounts.Create(t.Context(), s.school.Actor(), account.New{Login: "visser@linde.example", Name: "J. Visser", Roles: []models.Role{models.RoleTeacher}, Staff: s.school.Mentor}); err != nil {
		t.Fatal(err)
	}
	b := s.browser(t)
	b.get("").send("/link", "address", "").want(http.StatusUnprocessableEntity, "", "Vul uw e-mailadres")
	unknown := b.send("/link", "address", "niemand@linde.example").want(http.StatusOK, "/link", "Kijk in uw mail").page
	known := b.send("/link", "address", "visser@linde.example").want(http.StatusOK, "/link", "Kijk in uw mail").page
	if strings.ReplaceAll(unknown, "niemand@", "visser@") != known {
		t.Error("the page tells which addresses there are")
	}
	b.send("/link/"+s.link(t, "visser@linde.example"), "remember", "1").want(http.StatusOK, "/account", "30 dagen onthouden", "J. Visser")
	s.Database.Clock.Advance(20 * 24 * time.Hour)
	b.get("/account").want(http.StatusOK, "/account", "J. Visser")
	b.get("/people").want(http.StatusForbidden, "")
	s.Database.Clock.Advance(10 * 24 * time.Hour)
	b.get("/account").want(http.StatusOK, "?again=1&next=%2Flinde%2Fstaff%2Faccount", "een tijdje weg")
	office.get("/people").want(http.StatusOK, "?again=1&next=%2Flinde%2Fstaff%2Fpeople")
}

func TestNothingTypedIsLostWhenTheSessionEnds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	codes := s.school.Recovery("admin")
	b := s.admin(t)
	b.get("/people/new")
	s.Database.Clock.Advance(3 * time.Hour)
	b.send("/people/new", "login", "bos@linde.example", "name", "T. Bos & <zoon>", "role-reception", "1").want(http.StatusOK, "/people/new", "is bewaard")
	b.send("", "login", "admin", "password", password).want(http.StatusOK, "", "De tweede stap")
	b.send("/second", "code", codes[1]).want(http.StatusOK, "", "Nu versturen")
	if strings.Contains(b.page, password) {
		t.Error("the password travels along")
	}
	b.send("/people/new").want(http.StatusOK, "/people?done=invited&part=office", "T. Bos &amp; &lt;zoon&gt;")

	b.get("/people/new")
	s.Database.Clock.Advance(20 * time.Minute)
	b.send("/people/new", "login", "vos@linde.example", "name", "V. Vos", "role-reception", "1").want(http.StatusOK, "/people/new", "laten zien dat u het bent")
	b.send("/proof", "code", codes[2]).want(http.StatusOK, "", "Nu versturen")
	b.send("/people/new").want(http.StatusOK, "/people?done=invited&part=office", "V. Vos")
}

func TestWhoIsSentSomewhereElseStaysHere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, next := range []string{"https://boos.example/", "//boos.example", "/linde/staff//boos.example", "/beuk/staff/people", "/linde/staff/../x", "/linde/staff\\boos", "javascript:alert(1)", strings.Repeat("/linde/staff/", 60)} {
		b := s.browser(t)
		b.get("?next=" + next)
		if strings.Contains(b.page, "boos") || strings.Contains(b.page, `name="next"`) {
			t.Errorf("%q travels along", next)
		}
	}
}

func TestAccountsAreLookedAfterByPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.admin(t)
	id := s.school.NewAccount(t, account.New{Login: "balie@linde.example", Name: "Joke", Roles: []models.Role{models.RoleReception}})
	at := "/people/" + id.String()
	b.get(at).want(http.StatusOK, at, "Joke", "balie")
	b.send(at, "login", "balie@linde.example", "name", "Joke de Leeuw", "role-read-only", "1").want(http.StatusOK, at+"?done=saved", "Opgeslagen", "Joke de Leeuw")
	b.send(at, "login", "admin2", "name", "Joke", "role-read-only", "1").want(http.StatusUnprocessableEntity, at, "geen e-mailadres")
	b.send(at, "login", "balie@linde.example", "name", "Joke", "role-teacher", "1").want(http.StatusUnprocessableEntity, at, "Kies wie dit is")
	b.send(at+"/act", "act", "disable").want(http.StatusOK, at+"?done=disable", "gesloten")
	b.send(at+"/act", "act", "nonsense").want(http.StatusBadRequest, "")
	b.send(at+"/act", "act", "remove").want(http.StatusOK, "/people?done=removed", "verwijderd")
	b.get(at).want(http.StatusNotFound, "")
	b.get("/people?part=teachers").want(http.StatusOK, "", "teacher")
	b.get("/people/00000000-0000-0000-0000-000000000001").want(http.StatusNotFound, "")
	b.get("/people/nonsense").want(http.StatusNotFound, "")
}

func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.admin(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/people/teachers", strings.NewReader("again=1"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	b.shown(b.client.Do(request)).want(http.StatusForbidden, "")
}
