package main

import (
	"strings"
	"testing"
)

func TestASecretaryWorksByHandAndTheNextImportKeepsIt(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.drafted("group")
	by := func(arguments ...string) string {
		t.Helper()
		return s.must("", append(arguments, "--school", "de-linde")...)
	}
	s.contains(by("pupil", "add", "--given", "Lot", "--surname", "Kok", "--group", "G3A", "--factor", "birth_date=1-1-2016"), "Lot Kok", "by hand: added")
	s.contains(by("pupil", "set", "Sanne van den Berg", "--surname", "Bergh", "--adult"), "by hand: adult, surname")
	s.contains(by("teacher", "set", "LK01", "--name", "Juf Ayşe"), "Juf Ayşe")
	s.contains(by("household", "guardian", "add", "Lot Kok", "Oma Kok", "--email", "oma@example.com"), "Oma Kok (added by hand)  oma@example.com")
	s.contains(by("household", "guardian", "Lot Kok", "Oma Kok", "--no-informed"), "(told nothing)")
	s.contains(by("household", "contact", "add", "Lot Kok", "Oma Kok", "--phone", "06 12345678"), "+31612345678")
	s.contains(by("household", "set", "Lot Kok", "--interpreter", "Tigrinya"), "interpreter: Tigrinya", "by hand: interpreter")
	by("household", "contact", "remove", "Lot Kok", "+31612345678")
	by("household", "guardian", "remove", "Lot Kok", "Oma Kok")
	s.contains(by("household", "list"), "removed_guardians")
	out := by("roster", "import", "--yes", samples+"edex-2.1-schema-valid.xml")
	s.contains(out, "Sanne: surname", "Juf Ayşe: name of the teacher", "Nothing changes")
	s.contains(by("pupil", "set", "Sanne van den Bergh", "--release", "surname,adult"), "Sanne van den Bergh")
	s.contains(by("roster", "import", "--yes", samples+"edex-2.1-schema-valid.xml"), "Sanne: adult_from, surname", "Done.")
	if list := by("pupil", "list"); strings.Contains(list, "Bergh") || !strings.Contains(list, "by hand: added") {
		t.Errorf("pupils\n%s", list)
	}
	ties := by("teaching", "list", "--teacher", "LK01")
	s.contains(ties, "Juf Ayşe", "3A Zeesterren")
	s.contains(by("teaching", "substitute", "LK01", "--by", "LK02", "--yes"), " for Juf Ayşe", "by hand: substitute", "Done.")
	s.contains(by("roster", "import", "--yes", samples+"edex-2.1-schema-valid.xml"), "Juf Ayşe: a substitute", "Nothing changes")
	s.contains(by("teaching", "substitute", "LK01", "--back", "--yes"), "Done.")
	if now := by("teaching", "list", "--teacher", "LK01"); now != ties {
		t.Errorf("taken back:\n%s\nbefore:\n%s", now, ties)
	}
	s.contains(by("teaching", "add", "LK02", "--pupil", "Lot Kok", "--role", "care", "--subject", "Rekenen", "--yes"), "Lot Kok", "by hand: added", "Done.")
	fields := strings.Fields(ties)
	s.contains(by("teaching", "remove", fields[len(fields)-1], "--yes"), "by hand: removed")
	s.contains(by("teaching", "release", fields[len(fields)-1], "--yes"), "Done.")
	by("pupil", "erase", "Lot Kok", "--yes")
	if list := by("pupil", "list"); strings.Contains(list, "Lot Kok") {
		t.Errorf("pupils\n%s", list)
	}
}
