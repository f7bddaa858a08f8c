package bounce_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/notify/mail/bounce"
)

// shapes are reports as servers write them, with what they say.
var shapes = map[string]struct {
	raw    string
	action bounce.Action
	status string
}{
	"Postfix, nobody there":               {report(postfixHead, postfixPeople, postfixMachines), bounce.Failed, "5.1.1"},
	"Postfix, still trying":               {report(postfixHead, postfixPeople, postfixDelayed), bounce.Delayed, "4.4.1"},
	"Postfix, letters beyond ASCII":       {report(postfixHead, postfixPeople, postfixGlobal), bounce.Failed, "5.6.7"},
	"Postfix, through a pipe":             {"From MAILER-DAEMON  Mon Nov  2 19:00:05 2026\n" + unix(report(postfixHead, postfixPeople, postfixMachines)), bounce.Failed, "5.1.1"},
	"Exchange Online, nobody there":       {report(exchangeHead, exchangePeople, exchangeMachines), bounce.Failed, "5.1.10"},
	"Exchange, a full mailbox":            {report(exchangeHead, exchangePeople, exchangeFull), bounce.Failed, "5.2.2"},
	"Exchange, delivered":                 {report(exchangeHead, exchangePeople, exchangeDelivered), bounce.Delivered, "2.0.0"},
	"Gmail, nobody there":                 {report(gmailHead, gmailPeople, gmailMachines), bounce.Failed, "5.1.1"},
	"Gmail, blocked":                      {report(gmailHead, gmailPeople, gmailVague), bounce.Failed, "5.7.26"},
	"Gmail, still trying":                 {report(gmailHead, gmailPeople, gmailDelayed), bounce.Delayed, "4.4.1"},
	"Exim":                                {report(postfixHead, postfixPeople, eximMachines), bounce.Failed, "5.1.1"},
	"Sendmail":                            {report(postfixHead, postfixPeople, sendmailMachines), bounce.Failed, "5.1.1"},
	"a part in base 64":                   {report(postfixHead, postfixPeople, inBase64(postfixMachines)), bounce.Failed, "5.1.1"},
	"several recipients":                  {report(postfixHead, postfixPeople, group("Action: delivered\nStatus: 2.0.0", "Action: failed\nStatus: 5.2.1", "Action: expanded\nStatus: 2.0.0")), bounce.Failed, "5.2.1"},
	"an action with a comment":            {report(postfixHead, postfixPeople, group("Action: Failed (nobody is there)\nStatus: 5.1.1")), bounce.Failed, "5.1.1"},
	"no status, an answer":                {report(postfixHead, postfixPeople, group("Action: failed\nDiagnostic-Code: smtp; 550 5.7.1 no")), bounce.Failed, "5.7.1"},
	"no status at all":                    {report(postfixHead, postfixPeople, group("Action: failed")), bounce.Failed, ""},
	"an answer that contradicts":          {report(postfixHead, postfixPeople, group("Action: failed\nStatus: 4.0.0\nDiagnostic-Code: smtp; 550 5.1.1 no")), bounce.Failed, "4.0.0"},
	"an address that looks like a status": {report(postfixHead, postfixPeople, group("Action: failed\nDiagnostic-Code: smtp; host 5.1.1.2 said no")), bounce.Failed, ""},
	"empty lines between groups":          {report(postfixHead, postfixPeople, group("", "", "Action: failed\nStatus: 5.1.1")), bounce.Failed, "5.1.1"},
	"a line that is no field":             {report(postfixHead, postfixPeople, group("this line is none\nAction: failed\nStatus: 5.1.1")), bounce.Failed, "5.1.1"},
	"an answer that was not folded":       {report(postfixHead, postfixPeople, group("Diagnostic-Code: smtp; 550 no\nsuch user here\nAction: failed\nStatus: 5.1.1")), bounce.Failed, "5.1.1"},
	"no report type":                      {strings.Replace(report(postfixHead, postfixPeople, postfixMachines), " report-type=delivery-status;", "", 1), bounce.Failed, "5.1.1"},
	"cut off behind the groups":           {before(report(postfixHead, postfixPeople, postfixMachines), "--=_b1\r\nContent-Type: message/rfc822"), bounce.Failed, "5.1.1"},
}

func unix(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func before(text, end string) string {
	text, _, _ = strings.Cut(text, end)
	return text
}

// group is the part for machines with these groups of fields about recipients.
func group(recipients ...string) string {
	return "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n" + strings.Join(recipients, "\n\n")
}

func inBase64(part string) string {
	head, body, _ := strings.Cut(part, "\n\n")
	return head + "\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(wire(body)))
}

func TestReportsAsServersWriteThem(t *testing.T) {
	t.Parallel()
	for name, tt := range shapes {
		got, err := bounce.Read([]byte(tt.raw))
		if err != nil || got.Action != tt.action || got.Status != tt.status {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if !slices.Contains(got.To, back) {
			t.Errorf("%s: came to %v", name, got.To)
		}
	}
}

func TestWhatIsNoReport(t *testing.T) {
	t.Parallel()
	whole := report(postfixHead, postfixPeople, postfixMachines)
	for name, raw := range map[string]string{
		"nothing":                        "",
		"no mail":                        "\x89PNG\r\n\x1a\n",
		"a line of a mailbox only":       "From MAILER-DAEMON",
		"an answer":                      "From: ouder@example.com\r\nSubject: Re: Uw gesprek\r\n\r\nDank u.\r\n",
		"an absence":                     "Auto-Submitted: auto-replied\r\nContent-Type: text/plain\r\n\r\nIk ben er niet. Action: failed\r\n",
		"a report that a mail was read":  strings.Replace(whole, "report-type=delivery-status", "report-type=disposition-notification", 1),
		"a complaint about spam":         strings.Replace(whole, "report-type=delivery-status", "report-type=feedback-report", 1),
		"no boundary":                    strings.Replace(whole, ` boundary="=_b1"`, "", 1),
		"another boundary":               strings.Replace(whole, ` boundary="=_b1"`, ` boundary="=_b2"`, 1),
		"no part for machines":           report(postfixHead, postfixPeople, "Content-Type: text/plain\n\nAction: failed\nStatus: 5.1.1"),
		"a part without a recipient":     report(postfixHead, postfixPeople, group("")),
		"an action that nobody knows":    report(postfixHead, postfixPeople, group("Action: vanished\nStatus: 5.1.1")),
		"cut off before the groups":      before(whole, "Final-Recipient"),
		"a part in base 64 that is none": report(postfixHead, postfixPeople, "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n!!!!"),
		"too many parts":                 report(postfixHead, strings.Repeat("Content-Type: text/plain\n\nx\n\n--=_b1\n", 30)+postfixPeople, postfixMachines),
		"too many groups":                report(postfixHead, postfixPeople, group(strings.Repeat("X: y\n\n", 200)+"Action: failed")),
		"too long":                       whole + strings.Repeat("x", bounce.SizeLimit),
	} {
		if got, err := bounce.Read([]byte(raw)); !errors.Is(err, bounce.ErrNoReport) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestWhereAReportCameTo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		head string
		want []string
	}{
		"the writer's word":       {"To: Terug <" + back + ">", []string{back}},
		"the server's word first": {"To: postmaster@example.net\nDelivered-To: " + back, []string{back, "postmaster@example.net"}},
		"many":                    {"To: a@example.net, " + back, []string{"a@example.net", back}},
		"no address":              {"To: undisclosed-recipients:;\nX-Original-To: <" + back + ">", []string{back}},
		"no list of addresses":    {"To: a@@b", []string{"a@@b"}},
		"nobody":                  {"Subject: x", nil},
	} {
		got, err := bounce.Read([]byte(report(tt.head, postfixPeople, postfixMachines)))
		if err != nil || !slices.Equal(got.To, tt.want) {
			t.Errorf("%s: %v, %v", name, got.To, err)
		}
	}
}

// statusForm is what a status may look like, whatever was in the mail.
var statusForm = regexp.MustCompile(`^$|^[245]\.\d{1,3}\.\d{1,3}$`)

// FuzzRead holds that anybody may write to such an address: a mail is a report of a known form, or none, and its words go nowhere else.
func FuzzRead(f *testing.F) {
	for _, shape := range shapes {
		f.Add([]byte(shape.raw))
		f.Add([]byte(shape.raw[:len(shape.raw)/2]))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		kept := bytes.Clone(raw)
		got, err := bounce.Read(raw)
		if !bytes.Equal(raw, kept) {
			t.Error("the mail was changed")
		}
		if err != nil {
			if !errors.Is(err, bounce.ErrNoReport) || got.Action != "" || got.Status != "" {
				t.Errorf("%+v, %v", got, err)
			}
			return
		}
		known := []bounce.Action{bounce.Failed, bounce.Delayed, bounce.Delivered, bounce.Relayed, bounce.Expanded}
		if !slices.Contains(known, got.Action) || !statusForm.MatchString(got.Status) {
			t.Errorf("%+v", got)
		}
	})
}
