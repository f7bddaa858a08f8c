package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
	"github.com/ouderavond/ouderavond/notify/notifytest"
)

// backDomain is where mail servers send what could not be delivered.
const backDomain = "terug.ouderavond.example"

// mailing runs a server that hands its mail to a mail server on this machine.
func mailing(t *testing.T, data string) (*program, *notifytest.SMTP) {
	t.Helper()
	server := notifytest.NewSMTP(t, notifytest.SMTPOptions{})
	return start(t, os.Args[0], data, "--smtp-host", "127.0.0.1", "--smtp-port", strconv.Itoa(server.Port), "--smtp-security", "none",
		"--mail-from", "afspraak@ouderavond.example", "--bounce-domain", backDomain), server
}

// nthLetter waits for a mail.
func nthLetter(t *testing.T, server *notifytest.SMTP, nth int) notifytest.Letter {
	t.Helper()
	cmdtest.Until(t, "a mail", func() bool { return len(server.Letters()) > nth })
	return server.Letters()[nth]
}

// testLink finds the link of a test message.
func testLink(t *testing.T, letter notifytest.Letter) string {
	t.Helper()
	text := strings.ReplaceAll(letter.Text, "=\r\n", "") // quoted-printable breaks long lines
	link := regexp.MustCompile(`http://\S+/t/[A-Za-z0-9_-]+`).FindString(text)
	if link == "" {
		t.Fatalf("there is no link in\n%s", letter.Text)
	}
	return link
}

// askPage asks for a page as a browser does that has no script.
func askPage(t *testing.T, method, address string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Language", "en")
	if method == http.MethodPost { // a form without fields
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// readyToOpen makes a school with pupils and a conference to which nothing is missing but a test message, and gives the conference's id.
func readyToOpen(s *shell) string {
	s.t.Helper()
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	s.must("", "roster", "import", "--school", "de-linde", "--yes", samples+"leerlingen-semicolon-windows1252.csv")
	conference := s.conference()
	s.must("", "conference", "hours", "--school", "de-linde", conference, "--from", "19:00", "--until", "21:00")
	return conference
}

func TestAConferenceOpensOnceATestMessageHasArrived(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	p, server := mailing(t, s.data)
	conference := readyToOpen(s)
	// The command knows nothing of the server's settings, and tells its address all the same.
	s.contains(s.must("", "school", "create", "de-eik", "--name", "De Eik"), "parents log in at http://"+p.address+"/de-eik\n")
	refused := func(when string) {
		t.Helper()
		if code, out := s.run("", "conference", "open", "--school", "de-linde", conference); code != 1 || !strings.Contains(out, "No test message has arrived by e-mail yet") {
			t.Fatalf("%s: exit %d\n%s", when, code, out)
		}
	}
	refused("untried")
	s.contains(s.must("", "school", "test-message", "de-linde"), "mail  on, by smtp, not tried out yet")
	for _, wrong := range [][]string{{"--email", "nobody"}, {"--phone", "12"}, {"--arrived", "http://" + p.address + "/de-linde/t/dAAB"}} {
		if code, out := s.run("", append([]string{"school", "test-message", "de-linde"}, wrong...)...); code != 1 {
			t.Errorf("%v: exit %d\n%s", wrong, code, out)
		}
	}
	s.must("", "school", "test-message", "de-linde", "--email", "administratie@delinde.example")
	letter := nthLetter(t, server, 0)
	if letter.To != "administratie@delinde.example" {
		t.Errorf("to %s", letter.To)
	}
	refused("sent, but nobody has said that it arrived")

	// Looking at the page says nothing: programs that read mail follow links too. Pressing its button does.
	link := testLink(t, letter)
	if status, page := askPage(t, http.MethodGet, link); status != http.StatusOK || !strings.Contains(page, ` method="post">`) {
		t.Errorf("the page: %d\n%s", status, page)
	}
	refused("looked at")
	for name, other := range map[string]string{"another token": link[:len(link)-1] + "_", "half a token": link[:len(link)-9], "another school": strings.Replace(link, "/de-linde/", "/de-eik/", 1)} {
		if status, _ := askPage(t, http.MethodPost, other); status != http.StatusNotFound {
			t.Errorf("%s: %d", name, status)
		}
	}
	refused("other links")
	for range 2 { // a button may be pressed twice
		if status, page := askPage(t, http.MethodPost, link); status != http.StatusOK || !strings.Contains(page, "messages arrive") {
			t.Errorf("the button: %d\n%s", status, page)
		}
	}
	s.contains(s.must("", "school", "test-message", "de-linde"), "mail  on, by smtp, works; the last test message is delivered")
	s.contains(s.must("", "conference", "open", "--school", "de-linde", conference), "is open")
	p.stop()
}

func TestTheOfficeMaySayAtTheTerminalThatATestMessageArrived(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	p, server := mailing(t, s.data)
	conference := readyToOpen(s)
	s.must("", "school", "test-message", "de-linde", "--email", "administratie@delinde.example", "--language", "en")
	s.contains(s.must("", "school", "test-message", "de-linde", "--arrived", testLink(t, nthLetter(t, server, 0))), "works")
	s.contains(s.must("", "conference", "open", "--school", "de-linde", conference), "is open")
	p.stop()
}
