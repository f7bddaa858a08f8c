package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// twelvePupils is a list of twelve pupils, with other numbers than usual for some.
func twelvePupils(renumbered int) string {
	var text strings.Builder
	text.WriteString("Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Klas\n")
	for i := range 12 {
		number := 4000 + i
		if i < renumbered {
			number += 5000
		}
		fmt.Fprintf(&text, "%d;Kind%c;Familie%c;%d-3-2015;1A\n", number, 'a'+i, 'a'+i, i+1)
	}
	return text.String()
}

func TestAnImportIsAnsweredAtTheTerminal(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	first, second := filepath.Join(t.TempDir(), "eerste.csv"), filepath.Join(t.TempDir(), "tweede.csv")
	writeFile(t, first, twelvePupils(0))
	writeFile(t, second, twelvePupils(2))
	s.must("", "roster", "import", "--school", "de-linde", "--yes", first)

	if code, out := s.run("", "roster", "import", "--school", "de-linde", "--yes", second); code != 1 || !strings.Contains(out, "another number") {
		t.Errorf("done unasked: %d %s", code, out)
	}
	s.contains(s.must("", "roster", "imports", "--school", "de-linde", "--open"), "") // and nothing of it lies there
	s.contains(s.must("one\nyes\nlater\nyes\n", "roster", "import", "--school", "de-linde", second), "another number: 4000 is now 9000", "Done.")
	open := s.must("", "roster", "imports", "--school", "de-linde", "--open")
	if strings.Count(open, "questions: 1") != 1 {
		t.Fatalf("lies there: %s", open)
	}
	id := strings.Fields(open)[0]
	s.contains(s.must("", "roster", "show", "--school", "de-linde", id), "who:9001 = ? 4001, new")
	s.contains(s.must("", "roster", "answer", "--school", "de-linde", id, "who:9001=4001"), "Questions that are open: 0")
	s.contains(s.must("yes\n", "roster", "commit", "--school", "de-linde", id), "9001", "Done.")
	s.contains(s.must("", "roster", "import", "--school", "de-linde", "--yes", second), "Nothing changes.")
	if code, _ := s.run("", "roster", "commit", "--school", "de-linde", "--yes"); code != 1 {
		t.Error("an import is committed although none lies there")
	}
}

func TestWhatAppearsInAFolderIsTaken(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	folder := t.TempDir()
	s.contains(s.must("", "roster", "watch", "--once", "--school", "de-linde", folder), "Nothing lies there")
	writeFile(t, filepath.Join(folder, "leerlingen.csv"), twelvePupils(0))
	writeFile(t, filepath.Join(folder, "half.csv.part"), "Leerl")
	s.contains(s.must("", "roster", "watch", "--once", "--school", "de-linde", folder), "applied", "12 added")
	if left := names(t, folder); len(left) != 2 || left[0] != "half.csv.part" || len(names(t, filepath.Join(folder, "taken"))) != 0 {
		t.Errorf("left: %q", left)
	}

	writeFile(t, filepath.Join(folder, "leerlingen.csv"), twelvePupils(3))
	s.contains(s.must("", "roster", "watch", "--once", "--keep", "--school", "de-linde", folder), "applied", "questions: 3")
	if kept := names(t, filepath.Join(folder, "done")); len(kept) != 1 {
		t.Errorf("kept: %q", kept)
	}

	writeFile(t, filepath.Join(folder, "brief.pdf"), "%PDF-1.7 nothing of a list")
	s.contains(s.must("", "roster", "watch", "--once", "--school", "de-linde", folder), "unreadable")
	refused := names(t, filepath.Join(folder, "refused"))
	if len(refused) != 1 || len(names(t, filepath.Join(folder, "refused", refused[0]))) != 2 {
		t.Errorf("refused: %q", refused)
	}
}

func names(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
