package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// manualSteps gives the blocks of commands of the chapter on PostgreSQL in docs/operating.md: how copies are made, and how one is put back.
func manualSteps(t *testing.T) (copies, restore string) {
	t.Helper()
	manual, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	_, chapter, _ := strings.Cut(string(manual), "\n## PostgreSQL\n")
	chapter, _, _ = strings.Cut(chapter, "\n## ")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(chapter, -1)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of commands", len(blocks))
	}
	return blocks[0][1], blocks[1][1]
}

// operator is somebody at a machine who types what the manual says. The folders of the manual are others here.
type operator struct {
	t       *testing.T
	folders *strings.Replacer
	values  []string // of the environment
}

func newOperator(t *testing.T, folders map[string]string, values ...string) *operator {
	t.Helper()
	for _, tool := range []string{"pg_dump", "pg_restore", "psql"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("CI") != "true" {
			t.Skip(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(self, filepath.Join(bin, "ouderavond")); err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for name, path := range folders {
		pairs = append(pairs, name, path)
	}
	return &operator{t, strings.NewReplacer(pairs...), append(values, asProgram+"=1", "PATH="+bin+":"+os.Getenv("PATH"))}
}

// types runs a block of commands in a shell that stops at the first that fails, and gives what they printed.
func (o *operator) types(block, answers string) string {
	o.t.Helper()
	shell := exec.Command("/bin/sh", "-eu", "-c", o.folders.Replace(block))
	shell.Env = append(os.Environ(), o.values...)
	shell.Stdin = strings.NewReader(answers)
	out, err := shell.CombinedOutput()
	if err != nil {
		o.t.Fatalf("%v\n%s\n%s", err, block, out)
	}
	return string(out)
}

// TestTheManualsStepsRestorePostgreSQL does what docs/operating.md says, line by line: two running instances, a dump, two wipes by the one, the dump put back
// by the other, which has not heard of the wipes.
func TestTheManualsStepsRestorePostgreSQL(t *testing.T) {
	t.Parallel()
	address, key := postgres(t), strings.Repeat("5c", 32)
	database := []string{"--database", address, "--master-key", key}
	one, other, shelf, receipts := emptyShell(t), emptyShell(t), t.TempDir(), filepath.Join(t.TempDir(), "receipts")
	typist := newOperator(t, map[string]string{"/var/lib/ouderavond": other.data, "/var/backups/ouderavond": shelf, "/root/receipts": receipts},
		"OUDERAVOND_DATABASE="+address, "OUDERAVOND_MASTER_KEY="+key)
	copying, restoring := manualSteps(t)

	// A mail server that is away, so that a message waits in the dump.
	_, port, _ := strings.Cut(cmdtest.FreeAddress(t), ":")
	first := start(t, os.Args[0], one.data, append(database, "--smtp-host", "127.0.0.1", "--smtp-port", port)...)
	second := start(t, os.Args[0], other.data, append(database, "--smtp-host", "127.0.0.1", "--smtp-port", port)...)
	for _, slug := range []string{"de-linde", "de-eik"} {
		one.must("", "school", "create", slug, "--name", slug)
		one.must("", "roster", "import", "--school", slug, "--yes", samples+"leerlingen-semicolon-windows1252.csv")
		one.must("", "admin", "create", "--school", slug, "--login", "office", "--password", "zeven paarse olifanten op klompen")
		one.must("", "school", "test-message", slug, "--email", "administratie@school.example")
	}
	office := &familySession{client: &http.Client{Timeout: cmdtest.WaitFor, Transport: &http.Transport{}}, base: "http://" + first.address + "/api/v1/schools/de-eik"}
	defer office.client.CloseIdleConnections()
	var opened struct{ Token string }
	if status, err := office.send(http.MethodPost, "/staff/session", map[string]string{"login": "office", "password": "zeven paarse olifanten op klompen"}, &opened); err != nil || status != http.StatusCreated {
		t.Fatalf("log in: %d %v", status, err)
	}
	typist.types(copying, "")
	one.must("", "school", "create", "de-beuk", "--name", "made after the copy")
	for _, slug := range []string{"de-linde", "de-beuk"} {
		one.must("", "school", "cancel", slug, "--yes")
	}
	first.stop()
	second.stop()

	if err := os.CopyFS(receipts, os.DirFS((datafolder.Folder{Path: one.data}).Receipts())); err != nil {
		t.Fatal(err)
	}
	dumps, err := filepath.Glob(filepath.Join(shelf, "ouderavond-*.dump"))
	if err != nil || len(dumps) != 1 {
		t.Fatal(dumps, err)
	}
	typist.values = append(typist.values, "COPY="+dumps[0])
	out := typist.types(restoring, "yes\n")
	other.contains(out, "known to have been wiped: 2; of these in the copy, and wiped from it again: 1", "ended     1 sessions", "messages  1 were waiting", "ready     1 schools")

	second = start(t, os.Args[0], other.data, database...)
	if out := other.must("", "school", "list"); strings.Contains(out, "de-linde") || strings.Contains(out, "de-beuk") || !strings.Contains(out, "de-eik") {
		t.Errorf("schools: %s", out)
	}
	if ledger := other.must("", "school", "receipts"); strings.Count(ledger, `"signature"`) != 2 || strings.Contains(ledger, `"signature": ""`) {
		t.Errorf("the ledger does not know both wipes: %s", ledger)
	}
	office.base, office.token = "http://"+second.address+"/api/v1/schools/de-eik", opened.Token
	if status, err := office.send(http.MethodGet, "", nil, nil); err != nil || status != http.StatusUnauthorized {
		t.Errorf("a session of the copy goes on: %d %v", status, err)
	}
	if waiting, unknown := messageStates(t, other.data, "de-eik"); waiting != 0 || unknown != 1 || mails(t, other.data) != 0 {
		t.Errorf("%d messages wait, %d are marked, %d went out", waiting, unknown, mails(t, other.data))
	}
	second.stop()

	// The way back works by the same steps, and so does everything a second time: both schools are still forgotten, by this instance's own receipts.
	dumps, err = filepath.Glob(filepath.Join(shelf, "before-restore-*.dump"))
	if err != nil || len(dumps) != 1 {
		t.Fatal(dumps, err)
	}
	typist.values = append(typist.values, "COPY="+dumps[0])
	other.contains(typist.types(restoring, "yes\n"), "known to have been wiped: 2; of these in the copy, and wiped from it again: 0", "ready     1 schools")
}

func TestOnPostgreSQLARestoreWipesByGenuineReceiptsOnly(t *testing.T) {
	t.Parallel()
	address := postgres(t)
	s, shelf := emptyShell(t), t.TempDir()
	database := []string{"--database", address, "--master-key", strings.Repeat("5c", 32)}
	s.must("", append(database, "school", "create", "de-linde", "--name", "De Linde")...)
	id := strings.Fields(s.must("", append(database, "school", "list")...))[1]
	if err := os.WriteFile(filepath.Join(shelf, id+datafolder.ReceiptSuffix), []byte(`{"school":"`+id+`","rows":{},"public_key":"","signature":""}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := s.run("", append(database, "restore", "--yes", "--receipts", shelf)...); code != 1 || !strings.Contains(out, "signature") {
		t.Errorf("%d\n%s", code, out)
	}
	if code, out := s.run("no\n", append(database, "restore")...); code != 1 || !strings.Contains(out, "Nothing was changed") {
		t.Errorf("a no was no no: %d\n%s", code, out)
	}
	s.contains(s.must("", append(database, "school", "list")...), "de-linde")
	if code, out := emptyShell(t).run("", "restore"); code != 1 || !strings.Contains(out, "which copy") {
		t.Errorf("on SQLite without a file: %d\n%s", code, out)
	}
}
