package crashtest_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// engine is a database that the program can run on.
type engine struct {
	name string
	site func(t testing.TB) *site
}

// engines are SQLite, and PostgreSQL where a server answers; where the environment says CI it has to.
func engines(t testing.TB) []engine {
	t.Helper()
	list := []engine{{"SQLite", func(t testing.TB) *site { return newSite(t, nil) }}}
	if !knowsPostgres(t) {
		return list
	}
	return append(list, engine{"PostgreSQL", func(t testing.TB) *site {
		return onPostgres(newSite(t, nil), newDatabase(t), newKey())
	}})
}

// newKey makes a master key.
func newKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	return hex.EncodeToString(key)
}

// onPostgres lets a site work on a PostgreSQL database.
func onPostgres(s *site, database, key string) *site {
	s.database, s.key = database, key
	return s
}

// knowsPostgres tells whether the program has the second engine.
func knowsPostgres(t testing.TB) bool {
	t.Helper()
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	help, _ := exec.Command(program, "serve", "--help").CombinedOutput()
	return strings.Contains(string(help), "--database=URL")
}

// testServer is the address of the PostgreSQL server for tests.
func testServer() string {
	if address := os.Getenv("OUDERAVOND_TEST_POSTGRES"); address != "" {
		return address
	}
	return "postgres://postgres@127.0.0.1:5432"
}

// newDatabase makes an empty PostgreSQL database that lives as long as the test, and gives its address.
func newDatabase(t testing.TB) string {
	t.Helper()
	address := testServer()
	server, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	name := "crash_" + strings.ToLower(rand.Text())
	if _, err := server.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("PostgreSQL does not answer: %v", err)
		}
		t.Skipf("PostgreSQL does not answer: %v", err)
	}
	t.Cleanup(func() {
		if _, err := server.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	where, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	where.Path = "/" + name
	return where.String()
}

// exec does statements on the site's database, behind the program's back.
func (s *site) exec(statement string) {
	s.t.Helper()
	driver, source := "sqlite3", "file:"+s.data+"/ouderavond.db?_busy_timeout=5000"
	if s.database != "" {
		driver, source = "pgx", s.database
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = db.Exec(statement)
	if err = errors.Join(err, db.Close()); err != nil {
		s.t.Fatal(err)
	}
}

// timePasses lets the leases of messages run out and makes everything due, as some minutes without the program would. With SQLite it must not run meanwhile.
func (s *site) timePasses() {
	s.t.Helper()
	s.exec("UPDATE messages SET leased_until = NULL, due_at = '2020-01-01 00:00:00+00:00' WHERE state IN ('queued', 'sending')")
}
