package account_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/ouderavond/ouderavond/api/page/pagetest"
	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/models"
)

// TestBrowserThePagesOfAccounts walks what somebody does who is invited as the second administrator, on a telephone and a computer, light and dark.
func TestBrowserThePagesOfAccounts(t *testing.T) {
	t.Parallel()
	for _, how := range []struct {
		width int64
		dark  bool
	}{{390, false}, {1280, true}, {320, false}} {
		t.Run(fmt.Sprint(how.width), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			for _, one := range []account.New{
				{Login: "balie@linde.example", Name: "Joke de Leeuw", Roles: []models.Role{models.RoleReception}}, {Login: "coordinator@linde.example", Name: "Karim Haddad", Roles: []models.Role{models.RoleCoordinator, models.RoleReadOnly}},
			} {
				if _, err := s.Auth.Accounts.Create(t.Context(), s.school.Actor(), one); err != nil {
					t.Fatal(err)
				}
			}
			ctx := pagetest.Browser(t, how.dark)
			pagetest.Run(t, ctx, pagetest.Screen(how.width, 844))
			scheme := "light"
			if how.dark {
				scheme = "dark"
			}
			look := func(name string) { pagetest.Look(t, ctx, fmt.Sprintf("staff-%s-%d-%s", name, how.width, scheme)) }
			open := func(path, name string) {
				pagetest.Run(t, ctx, pagetest.Open(s.url+path))
				if heading, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("h1"))); err != nil || strings.Contains(heading, "wrong with us") {
					t.Errorf("%s: %q, %v", name, heading, err)
				}
				look(name)
			}
			codes := s.school.Recovery("admin")
			open("", "log-in")
			submit := func(form string) chromedp.Action[chromedp.Void] {
				return chromedp.Steps(chromedp.Submit(chromedp.CSS(form)), chromedp.WaitReady(chromedp.CSS("h1")))
			}
			pagetest.Run(t, ctx, chromedp.Click(chromedp.CSS("summary")), chromedp.SendKeys(chromedp.CSS("#login"), "admin"), chromedp.SendKeys(chromedp.CSS("#password"), "verkeerd"), submit("#password"), chromedp.WaitVisible(chromedp.CSS(".note.bad")))
			look("log-in-wrong")
			pagetest.Run(t, ctx, chromedp.SendKeys(chromedp.CSS("#password"), password), submit("#password"), chromedp.WaitVisible(chromedp.CSS("#code")))
			look("second")
			pagetest.Run(t, ctx, chromedp.SendKeys(chromedp.CSS("#code"), codes[3]), submit("#code"), chromedp.WaitVisible(chromedp.CSS("table")))
			look("people")
			open("/people?part=teachers", "people-teachers")
			open("/people/new", "person-new")
			pagetest.Run(t, ctx, chromedp.SetValue(chromedp.CSS("#login"), "geen adres"), chromedp.Submit(chromedp.CSS("#login")), chromedp.WaitVisible(chromedp.CSS(".note.bad")))
			look("person-wrong")
			accounts, err := s.Auth.Accounts.List(t.Context(), s.school.Actor())
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range accounts {
				if strings.HasPrefix(one.Login, "balie") {
					open("/people/"+one.ID.String(), "person")
				}
			}
			open("/account", "own")
			open("/proof", "proof")
			open("/link/nonsense", "link-dead")
			open("/link/"+s.link(t, "coordinator@linde.example"), "link")
			pagetest.Run(t, ctx, chromedp.SendKeys(chromedp.CSS("#password"), password), chromedp.SendKeys(chromedp.CSS("#repeat"), password), chromedp.Submit(chromedp.CSS("#repeat")), chromedp.WaitVisible(chromedp.CSS("#digits")))
			look("set-up")
			key, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("code").textContent`))
			if err != nil {
				t.Fatal(err)
			}
			pagetest.Run(t, ctx, chromedp.SendKeys(chromedp.CSS("#digits"), digits(t, strings.ReplaceAll(key, " ", ""), s.Database.Clock.Now())), chromedp.Submit(chromedp.CSS("#digits")), chromedp.WaitVisible(chromedp.CSS("ol code")))
			look("codes")
		})
	}
}
