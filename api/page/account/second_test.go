package account_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

var shownKey = regexp.MustCompile(`<code>([A-Z2-7 ]+)</code>`)

// keyOf is the key that a page of setting the second step up shows.
func keyOf(t *testing.T, page string) string {
	t.Helper()
	found := shownKey.FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("no key on the page:\n%s", page)
	}
	return strings.ReplaceAll(found[1], " ", "")
}

func digits(t *testing.T, key string, now time.Time) string {
	t.Helper()
	text, err := totp.GenerateCode(key, now)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// admin is a browser in which the administrator is logged in.
func (s *site) admin(t *testing.T) *browser {
	t.Helper()
	codes := s.school.Recovery("admin")
	b := s.browser(t)
	b.get("").send("", "login", "admin", "password", password)
	return b.send("/second", "code", codes[len(codes)-1]).want(200, "/people")
}
