package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/notify/mail/bounce"
)

// pipe hands a mail to the command as a mail server's pipe does, and gives the exit code of its process and what it said.
func pipe(t *testing.T, data string, mail []byte, arguments ...string) (int, string) {
	t.Helper()
	command := asProgramCommand(context.Background(), os.Args[0], append([]string{"--data", data, "bounce"}, arguments...)...)
	command.Stdin = bytes.NewReader(mail)
	out, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), strings.TrimSpace(string(out))
}

// postfixReport is what Postfix sends back of a mail that nobody took.
func postfixReport(to string) []byte {
	return []byte(strings.ReplaceAll(`Return-Path: <>
Date: Mon,  2 Nov 2026 19:00:05 +0100 (CET)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: `+to+`
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4Xq0000000z9c.1793642405/mx.example.net"

--4Xq0000000z9c.1793642405/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4Xq0000000z9c.1793642405/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4Xq0000000z9c
Arrival-Date: Mon,  2 Nov 2026 19:00:04 +0100 (CET)

Final-Recipient: rfc822; weg@delinde.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown in virtual mailbox table

--4Xq0000000z9c.1793642405/mx.example.net--
`, "\n", "\r\n"))
}

func TestAMailThatCameBackReachesTheRunningServer(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	p, server := mailing(t, s.data)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	s.must("", "school", "test-message", "de-linde", "--email", "weg@delinde.example")
	back := nthLetter(t, server, 0).From
	if !strings.HasSuffix(back, "@"+backDomain) {
		t.Fatalf("the envelope is from %s", back)
	}
	forged := "a" + back[1:]
	if forged == back {
		forged = "b" + back[1:]
	}
	report, unix := postfixReport(back), bytes.ReplaceAll(postfixReport(back), []byte("\r\n"), []byte("\n"))
	for name, tt := range map[string]struct {
		mail []byte
		to   string
		says string
	}{
		"of nobody that we wrote to":   {postfixReport(forged), forged, "stranger"},
		"to an ordinary address":       {postfixReport("info@delinde.example"), "info@delinde.example", "stranger"},
		"somebody's absence":           {[]byte("To: " + back + "\r\nSubject: Afwezig\r\n\r\nIk ben er niet.\r\n"), back, "ignored"},
		"a report that ends too early": {report[:len(report)/3], back, "ignored"},
		"no mail":                      {[]byte("\x89PNG\r\n\x1a\n\x00\xff"), back, "ignored"},
		"nothing":                      {nil, back, "left alone"},
		"far too much":                 {bytes.Repeat([]byte("x"), bounce.SizeLimit+1), back, "left alone"},
	} {
		if code, out := pipe(t, s.data, tt.mail, "--recipient", tt.to); code != 0 || !strings.Contains(out, tt.says) {
			t.Errorf("%s: exit %d, %s", name, code, out)
		}
	}
	if out := s.must("", "school", "test-message", "de-linde"); strings.Contains(out, "failed") {
		t.Errorf("one of them counted: %s", out)
	}
	// As Postfix hands it to a pipe with its flags F and h: the line of a mailbox file before it, and the line ends of the machine.
	if code, out := pipe(t, s.data, append([]byte("From MAILER-DAEMON  Mon Nov  2 19:00:05 2026\n"), unix...)); code != 0 || out != "taken" {
		t.Errorf("exit %d, %s", code, out)
	}
	s.contains(s.must("", "school", "test-message", "de-linde"), "the last test message is failed: Nobody is at that address or number.")
	if log := p.log.String(); strings.Contains(log, "weg@") || strings.Contains(log, back) {
		t.Errorf("the log names an address:\n%s", log)
	}

	// Once the server is away the mail server keeps the mail.
	p.signal(syscall.SIGKILL)
	<-p.done
	if _, err := os.Stat((datafolder.Folder{Path: s.data}).Socket()); err != nil {
		t.Fatal(err) // the dead server's socket is still there
	}
	if code, out := pipe(t, s.data, report); code != tryLater || strings.Contains(out, "@") {
		t.Errorf("without a server: exit %d, %s", code, out)
	}
	p, _ = mailing(t, s.data)
	if code, out := pipe(t, s.data, report); code != 0 || out != "taken" {
		t.Errorf("with one again: exit %d, %s", code, out)
	}
	p.stop()
	if code, out := pipe(t, s.data, report); code != tryLater {
		t.Errorf("after it stopped: exit %d, %s", code, out)
	}
}

func TestAMailThatCameBackOpensNoDataFolder(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "elsewhere")
	if code, out := pipe(t, data, postfixReport("x@"+backDomain)); code != tryLater || !strings.Contains(out, "no server answers") {
		t.Errorf("exit %d, %s", code, out)
	}
	if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a data folder was made: %v", err)
	}
}
