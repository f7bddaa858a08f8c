package mail_test

import (
	"bytes"
	"encoding/base64"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/mail"
)

var update = flag.Bool("update", false, "write the golden files anew")

// calendar is as much of a calendar file as a mail looks at.
func calendar(method string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nVERSION:2.0\r\nX-NAME:Zoë\r\nEND:VCALENDAR\r\n")
}

// letter is a message with everything in it.
func letter() mail.Message {
	return mail.Message{
		School: "school-1",
		From:   "gesprekken@deregenboog.example", FromName: "De Regenboog", ReplyTo: "info@deregenboog.example",
		To:       "ouder@example.org",
		Subject:  "De Regenboog: uw gesprekken op dinsdag 24 november 2026 staan vast",
		Text:     "Goedendag,\n\nZoë, met mevrouw De Vries – 19:10\n.\nTot dan!\n",
		HTML:     "<!doctype html><html lang=\"nl\"><title>x</title><p>Zoë, met mevrouw De Vries – 19:10</p></html>\n",
		Calendar: calendar("REQUEST"), CalendarMethod: "REQUEST",
		MessageID: "0198f000.1@deregenboog.example",
		Headers:   map[string]string{"X-Ouderavond-Kind": "confirmation"},
		Date:      time.Date(2026, time.November, 2, 9, 0, 0, 0, time.FixedZone("CET", 3600)),
	}
}

// with changes a copy of that message.
func with(change func(*mail.Message)) mail.Message {
	m := letter()
	change(&m)
	return m
}

// variants are the messages that have a golden file, by its name.
func variants() map[string]mail.Message {
	return map[string]mail.Message{
		"confirmation": letter(),
		"cancellation": with(func(m *mail.Message) { m.Calendar, m.CalendarMethod = calendar("CANCEL"), "CANCEL" }),
		"no-calendar":  with(func(m *mail.Message) { m.Calendar, m.CalendarMethod = nil, "" }),
		"text-only":    with(func(m *mail.Message) { m.HTML, m.Calendar, m.CalendarMethod, m.Headers = "", nil, "", nil }),
		"text-and-calendar": with(func(m *mail.Message) {
			m.HTML = ""
		}),
		"foreign-names": with(func(m *mail.Message) {
			m.FromName = `Basisschool "’t Kofschip", Zuid <x@example.org>`
			m.Subject = "Gesprekken – " + strings.Repeat("één ", 40)
			m.To = "ouder@bücher.example"
		}),
		"list": with(func(m *mail.Message) {
			m.Headers = map[string]string{
				"List-Unsubscribe":      "<https://deregenboog.example/af?t=1>",
				"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
			}
		}),
	}
}

func TestMailsAreTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for name, message := range variants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := mail.Compose(message)
			if err != nil {
				t.Fatalf("Compose: %v", err)
			}
			file := filepath.Join("testdata", name+".eml")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("differs from %s:\n%s", file, got)
			}
			checkWire(t, got)
		})
	}
}

// checkWire looks at what every server must be able to take.
func checkWire(t *testing.T, raw []byte) {
	t.Helper()
	if rest := bytes.ReplaceAll(raw, []byte("\r\n"), nil); bytes.ContainsAny(rest, "\r\n") {
		t.Error("half a line end")
	}
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	for _, b := range raw {
		if b >= 0x80 {
			t.Fatal("not ASCII")
		}
	}
}

// leaf is a part that has no parts.
type leaf struct {
	kind, disposition, content string
	params                     map[string]string
}

// leaves reads all parts of a message, in their order.
func leaves(t *testing.T, header string, encoding, disposition string, body io.Reader) []leaf {
	t.Helper()
	kind, params, err := mime.ParseMediaType(header)
	if err != nil {
		t.Fatalf("content type %q: %v", header, err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		if encoding == "base64" {
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		return []leaf{{kind, disposition, string(content), params}}
	}
	var all []leaf
	reader := multipart.NewReader(body, params["boundary"])
	for {
		part, err := reader.NextPart() // undoes quoted-printable
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		all = append(all, leaves(t, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"),
			part.Header.Get("Content-Disposition"), part)...)
	}
}

func TestPartsStandInTheOrderThatClientsExpect(t *testing.T) {
	t.Parallel()
	m := letter()
	raw, err := mail.Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	message, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	parts := leaves(t, message.Header.Get("Content-Type"), "", "", message.Body)
	if len(parts) != 4 {
		t.Fatalf("%d parts", len(parts))
	}
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	for i, want := range []struct{ kind, content string }{
		{"text/plain", crlf(m.Text)}, {"text/html", crlf(m.HTML)},
		{"text/calendar", string(m.Calendar)}, {"application/ics", string(m.Calendar)},
	} {
		if parts[i].kind != want.kind || parts[i].content != want.content {
			t.Errorf("part %d is %s: %q, want %s: %q", i, parts[i].kind, parts[i].content, want.kind, want.content)
		}
	}
	if parts[2].params["method"] != "REQUEST" || !strings.EqualFold(parts[2].params["charset"], "utf-8") {
		t.Errorf("calendar's parameters %v", parts[2].params)
	}
	if !strings.Contains(parts[3].disposition, `filename="invite.ics"`) {
		t.Errorf("attachment %q", parts[3].disposition)
	}
}

func TestHeadersSayWhoAndThatAMachineWrites(t *testing.T) {
	t.Parallel()
	raw, err := mail.Compose(letter())
	if err != nil {
		t.Fatal(err)
	}
	message, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"From": `"De Regenboog" <gesprekken@deregenboog.example>`, "To": "<ouder@example.org>",
		"Reply-To": "<info@deregenboog.example>", "Message-Id": "<0198f000.1@deregenboog.example>",
		"Date": "Mon, 02 Nov 2026 09:00:00 +0100", "Auto-Submitted": "auto-generated", "X-Mailer": "Ouderavond",
		"X-Ouderavond-Kind": "confirmation", "User-Agent": "",
	} {
		if got := message.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if bytes.Contains(raw, []byte("school-1")) {
		t.Error("the school's id is sent")
	}
}

func TestComposeRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*mail.Message){
		"a subject with a line end":            func(m *mail.Message) { m.Subject = "a\r\nBcc: x@example.org" },
		"a subject with a lone line feed":      func(m *mail.Message) { m.Subject = "a\nBcc: x@example.org" },
		"a subject with a lone return":         func(m *mail.Message) { m.Subject = "a\rb" },
		"a subject with a Unicode line end":    func(m *mail.Message) { m.Subject = "a\u2028b" },
		"a subject that is not UTF-8":          func(m *mail.Message) { m.Subject = "a\xff" },
		"an empty subject":                     func(m *mail.Message) { m.Subject = " " },
		"a subject without end":                func(m *mail.Message) { m.Subject = strings.Repeat("x", 901) },
		"a sender's name with a line end":      func(m *mail.Message) { m.FromName = "a\r\nBcc: x@example.org" },
		"a sender's address that is none":      func(m *mail.Message) { m.From = "school" },
		"a recipient with a line end":          func(m *mail.Message) { m.To = "a@example.org\r\nBcc: x@example.org" },
		"two recipients":                       func(m *mail.Message) { m.To = "a@example.org, b@example.org" },
		"a recipient with a name":              func(m *mail.Message) { m.To = "A <a@example.org>" },
		"a malformed address for answers":      func(m *mail.Message) { m.ReplyTo = "a@example.org>\r\nX: y" },
		"a message id with angle brackets":     func(m *mail.Message) { m.MessageID = "<a@b>" },
		"a message id with a line end":         func(m *mail.Message) { m.MessageID = "a@b\r\nX: y" },
		"no message id":                        func(m *mail.Message) { m.MessageID = "" },
		"no date":                              func(m *mail.Message) { m.Date = time.Time{} },
		"no text":                              func(m *mail.Message) { m.Text = "\n" },
		"text that is not UTF-8":               func(m *mail.Message) { m.Text = "\xff" },
		"HTML that is not UTF-8":               func(m *mail.Message) { m.HTML = "\xff" },
		"a text without end":                   func(m *mail.Message) { m.Text = strings.Repeat("x", 4<<20+1) },
		"a method that is not the calendar's":  func(m *mail.Message) { m.CalendarMethod = "CANCEL" },
		"a calendar without a method named":    func(m *mail.Message) { m.CalendarMethod = "" },
		"a method without a calendar":          func(m *mail.Message) { m.Calendar = nil },
		"a calendar with two methods":          func(m *mail.Message) { m.Calendar = append(calendar("REQUEST"), calendar("REQUEST")...) },
		"a hidden copy":                        func(m *mail.Message) { m.Headers = map[string]string{"Bcc": "x@example.org"} },
		"another content type":                 func(m *mail.Message) { m.Headers = map[string]string{"Content-Type": "text/html"} },
		"a header in other letters":            func(m *mail.Message) { m.Headers = map[string]string{"bCC": "x@example.org"} },
		"a header name with a line end":        func(m *mail.Message) { m.Headers = map[string]string{"X-Ouderavond-A\r\nBcc": "x"} },
		"a header value with a line end":       func(m *mail.Message) { m.Headers = map[string]string{"X-Ouderavond-A": "x\r\nBcc: y"} },
		"a header value that is not plain":     func(m *mail.Message) { m.Headers = map[string]string{"X-Ouderavond-A": "é"} },
		"a header value without end":           func(m *mail.Message) { m.Headers = map[string]string{"List-Id": strings.Repeat("x", 901)} },
		"a header value with a control inside": func(m *mail.Message) { m.Headers = map[string]string{"List-Id": "a\x1bb"} },
	}
	for title, change := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			raw, err := mail.Compose(with(change))
			if carrier.ClassOf(err) != carrier.Permanent {
				t.Errorf("got %v", err)
			}
			if raw != nil || err != nil && strings.Contains(err.Error(), "example.org") {
				t.Errorf("bytes or an address came with %v", err)
			}
		})
	}
}

func TestNoTextCanImitateABoundary(t *testing.T) {
	t.Parallel()
	first, err := mail.Compose(letter())
	if err != nil {
		t.Fatal(err)
	}
	message, err := netmail.ReadMessage(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	evil := with(func(m *mail.Message) {
		m.Text = "x\n--" + params["boundary"] + "\nContent-Type: text/html\n\n<b>evil</b>\n--" + params["boundary"] + "--\n"
	})
	raw, err := mail.Compose(evil)
	if err != nil {
		t.Fatal(err)
	}
	message, err = netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if parts := leaves(t, message.Header.Get("Content-Type"), "", "", message.Body); len(parts) != 4 {
		t.Errorf("%d parts", len(parts))
	}
}

func FuzzCompose(f *testing.F) {
	f.Add("Subject", "From Name", "text")
	f.Add("a\r\nBcc: x", "\"", "\r\n.\r\n")
	f.Add("é=?utf-8?q?x?=", "a, b <c>", "--=_")
	f.Fuzz(func(t *testing.T, subject, name, text string) {
		raw, err := mail.Compose(with(func(m *mail.Message) { m.Subject, m.FromName, m.Text = subject, name, text }))
		if err != nil {
			return
		}
		checkWire(t, raw)
		message, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("read back: %v", err)
		}
		if len(message.Header["Bcc"]) > 0 || len(message.Header) != 11 {
			t.Fatalf("headers %v", message.Header)
		}
		if parts := leaves(t, message.Header.Get("Content-Type"), "", "", message.Body); len(parts) != 4 {
			t.Fatalf("%d parts", len(parts))
		}
	})
}
