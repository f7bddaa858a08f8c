package config

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// prefix begins the names of variables that are settings.
const prefix = "OUDERAVOND_"

// otherVariables are those that are no settings: secrets of commands, what a program hands to its successor, and what tests read.
var otherVariables = []string{"PASSWORD", "OPERATOR_KEY", "HANDED_OVER", "HANDED_CONNECTIONS", "SCREENSHOTS"}

// Unused returns the variables of an environment (as "NAME=value") that look like settings and are none, sorted: a misspelt one changes nothing, which somebody should be told.
func Unused(environment []string) (unused []string) {
	names := settingNames()
	for _, line := range environment {
		variable, _, _ := strings.Cut(line, "=")
		rest, ours := strings.CutPrefix(variable, prefix)
		if !ours || strings.HasPrefix(rest, "TEST_") || slices.Contains(otherVariables, rest) {
			continue
		}
		if _, known := names[strings.ToLower(strings.ReplaceAll(rest, "_", "-"))]; !known {
			unused = append(unused, variable)
		}
	}
	slices.Sort(unused)
	return unused
}

// Told returns what somebody who starts the program wants to see of it, as names and values for a log: whether the settings took. No secret is among them.
func (s *Settings) Told() []any {
	engine, mail, sms, copies := "sqlite", "folder", "folder", "none"
	if s.OnPostgreSQL() {
		engine = "postgresql"
	}
	if s.SMTPHost != "" {
		mail = s.SMTPHost
	}
	if s.TwilioAccount != "" {
		sms = "twilio"
	}
	if s.BackupFolder != "" && !s.OnPostgreSQL() { // of PostgreSQL the program makes none
		copies = datafolder.Short(s.BackupFolder)
	}
	return []any{"database", engine, "mail", mail, "sms", sms, "copies", copies, "tls", s.TLSCert != ""}
}
