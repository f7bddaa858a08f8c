package main

import (
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/models"
)

// postgres makes an empty database at the PostgreSQL server that OUDERAVOND_TEST_POSTGRES names, and gives its address. At home the test is skipped where
// there is none.
func postgres(t *testing.T) string {
	t.Helper()
	server := os.Getenv("OUDERAVOND_TEST_POSTGRES")
	if server == "" {
		server = "postgres://postgres@127.0.0.1:5432/postgres"
	}
	name := "ouderavond_replay_" + strings.ReplaceAll(models.New[models.RowID]().String(), "-", "")
	if out, err := psql(server, "CREATE DATABASE "+name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("PostgreSQL: %v %s", err, out)
		}
		t.Skipf("no PostgreSQL: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := psql(server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Logf("drop: %v %s", err, out)
		}
	})
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

// psql runs a statement with PostgreSQL's own client, as an operator would.
func psql(address, statement string) (string, error) {
	out, err := exec.Command("psql", "-qAt", "-d", address, "-c", statement).CombinedOutput()
	return string(out), err
}

// TestADumpOfPostgreSQLRestoredAfterAWipeForgetsTheSchool is the drill of docs/operating.md for PostgreSQL: two instances, a dump, a wipe by one of them, the
// dump restored, and the other one started first.
func TestADumpOfPostgreSQLRestoredAfterAWipeForgetsTheSchool(t *testing.T) {
	t.Parallel()
	address := postgres(t)
	key := strings.Repeat("5c", 32)
	one, other := emptyShell(t), emptyShell(t)
	on := func(s *shell, arguments ...string) string {
		return s.must("", append([]string{"--database", address, "--master-key", key}, arguments...)...)
	}
	on(one, "school", "create", "de-linde", "--name", "De Linde")
	on(one, "school", "create", "de-eik", "--name", "De Eik")
	dump, err := exec.Command("pg_dump", "-d", address).Output()
	if err != nil {
		t.Fatal(err)
	}
	on(one, "school", "cancel", "de-linde", "--yes")
	on(other, "school", "list") // the other instance starts or looks before the accident, and so has the receipt too

	for _, statement := range []string{"DROP SCHEMA public CASCADE", "CREATE SCHEMA public"} {
		if out, err := psql(address, statement); err != nil {
			t.Fatal(out)
		}
	}
	restore := exec.Command("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", address)
	restore.Stdin = strings.NewReader(string(dump))
	if out, err := restore.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if there, err := psql(address, "SELECT count(*) FROM schools"); err != nil || strings.TrimSpace(there) != "2" {
		t.Fatalf("the dump holds %s schools: %v", there, err)
	}
	if out := on(other, "school", "list"); strings.Contains(out, "linde") || !strings.Contains(out, "de-eik") {
		t.Errorf("the wiped school came back: %s", out)
	}
	for _, command := range [][]string{{"backup", "--to", t.TempDir()}, {"restore", "--yes", "x.db"}} {
		if code, out := other.run("", append([]string{"--database", address, "--master-key", key}, command...)...); code != 1 || !strings.Contains(out, "own tools") {
			t.Errorf("%v: %d\n%s", command, code, out)
		}
	}
}

func TestWithPostgreSQLNoMasterKeyIsMade(t *testing.T) {
	t.Parallel()
	s := emptyShell(t)
	code, out := s.run("", "--database", "postgres://nobody@127.0.0.1:1/nothing", "school", "list")
	if code != 1 || !strings.Contains(out, "master key is given") {
		t.Errorf("%d\n%s", code, out)
	}
	if _, err := os.Stat((datafolder.Folder{Path: s.data}).KeyFile()); err == nil {
		t.Error("a key was made")
	}
}
