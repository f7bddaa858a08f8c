package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
)

// The running program asks its successor whether it can start before it ends. What stops a start has to be found then.
func TestTheCheckFindsWhatStopsAStart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		settings []string
		want     string
	}{
		"a mail server elsewhere without encryption": {[]string{"--smtp-host", "mail", "--smtp-security", "none"}, "only a server on this machine"},
		"a carrier of text messages without sense":   {[]string{"--twilio-account", "AC1", "--twilio-token", "t", "--twilio-from", "1", "--twilio-url", "http://sms.example"}, "https"},
		"PostgreSQL without a master key":            {[]string{"--database", "postgres://nobody@127.0.0.1:1/none"}, "the master key is given"},
		"a folder for copies that is none":           {[]string{"--backup-folder", file}, "backup folder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := emptyShell(t)
			code, checked := s.run("", append(tt.settings, "serve", "--check")...)
			if code != 1 || !strings.Contains(checked, tt.want) {
				t.Errorf("the check: exit %d, %s", code, checked)
			}
			if code, started := s.run("", append(tt.settings, "--listen", cmdtest.FreeAddress(t), "serve")...); code != 1 || started != checked {
				t.Errorf("the start: exit %d, %s", code, started)
			}
		})
	}
	s := newShell(t)
	s.must("", "school", "list") // makes a database
	if code, out := s.run("", "--master-key", strings.Repeat("5c", 32), "serve", "--check"); code != 1 || !strings.Contains(out, "another master key") {
		t.Errorf("a database of another key: exit %d, %s", code, out)
	}
	if code, out := s.run("", "serve", "--check"); code != 0 {
		t.Errorf("its own database: exit %d, %s", code, out)
	}
	if code, out := newShell(t).run("", "serve", "--check"); code != 0 || !strings.Contains(out, "can start") {
		t.Errorf("nothing is wrong: exit %d, %s", code, out)
	}
}
