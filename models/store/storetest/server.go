package storetest

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/migrate"
)

// defaultServer is where tests look for PostgreSQL if OUDERAVOND_TEST_POSTGRES does not say otherwise. The user must be a superuser of a server that is for
// tests only.
const defaultServer = "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"

// prefix begins the name of every database of the tests. Others are not touched.
const prefix = "ouderavond_test_"

// server is the PostgreSQL of the tests. Databases are copied from a template that has the schema, and used again by later tests, of other programs too: to
// empty one takes a hundredth of the time that it takes to drop it. Whoever uses one holds its advisory lock.
type server struct {
	address  *url.URL
	template string
	class    int32 // of the advisory locks: the schema's

	mutex  sync.Mutex
	locks  *pgx.Conn // holds what this program uses
	inUse  map[int32]bool
	tables []string
}

var theServer = sync.OnceValues(func() (*server, error) {
	text := os.Getenv("OUDERAVOND_TEST_POSTGRES")
	if text == "" {
		text = defaultServer
	}
	address, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("OUDERAVOND_TEST_POSTGRES is no address")
	}
	steps, err := migrate.Fingerprint(migrate.PostgreSQL)
	if err != nil {
		return nil, err
	}
	s := &server{address: address, template: fmt.Sprintf("%s%x", prefix, steps[:6]), class: int32(binary.BigEndian.Uint32(steps[:])), inUse: map[int32]bool{}}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if s.locks, err = pgx.Connect(ctx, text); err != nil {
		return nil, err
	}
	return s, s.prepare(ctx)
})

// required tells whether tests fail where no server answers, instead of being skipped.
func required() bool {
	return os.Getenv("CI") == "true" || os.Getenv("OUDERAVOND_TEST_ENGINES") == "all"
}

// serverOf gives the server, or skips the test if none answers.
func serverOf(t testing.TB) *server {
	t.Helper()
	found, err := theServer()
	var away *pgconn.ConnectError
	switch {
	case err == nil:
		return found
	case errors.As(err, &away) && !required():
		t.Skipf("no PostgreSQL for tests: %v", err)
	default:
		t.Fatalf("PostgreSQL: %v", err)
	}
	return nil
}

// of gives the address of a database of the server.
func (s *server) of(name string) string {
	address := *s.address
	address.Path = "/" + name
	return address.String()
}

// The locks of a schema: of its template while it is made, and of every program that uses it. Those of databases count from 0.
const (
	templateLock = -1
	programLock  = -2
)

// prepare makes the template if nobody has, and drops what tests of another schema left.
func (s *server) prepare(ctx context.Context) (err error) {
	if _, err := s.locks.Exec(ctx, "SELECT pg_advisory_lock($1, $2)", s.class, templateLock); err != nil {
		return err
	}
	defer func() {
		_, unlocked := s.locks.Exec(ctx, "SELECT pg_advisory_unlock($1, $2)", s.class, templateLock)
		if err == nil {
			err = unlocked
		}
	}()
	if _, err := s.locks.Exec(ctx, "SELECT pg_advisory_lock_shared($1, $2)", s.class, programLock); err != nil {
		return err
	}
	there, err := s.has(ctx, s.template)
	if err != nil {
		return err
	}
	if !there {
		if err := s.makeTemplate(ctx); err != nil {
			return err
		}
	}
	return s.listTables(ctx)
}

func (s *server) has(ctx context.Context, name string) (there bool, err error) {
	err = s.locks.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there)
	return there, err
}

// makeTemplate opens a store on a new database under another name: the template is whole or not there.
func (s *server) makeTemplate(ctx context.Context) error {
	if err := s.dropOthers(ctx); err != nil {
		return err
	}
	unfinished := s.template + "_unfinished"
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + unfinished + " WITH (FORCE)",
		"CREATE DATABASE " + unfinished + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
	} {
		if _, err := s.locks.Exec(ctx, statement); err != nil {
			return err
		}
	}
	master, err := seal.NewMaster(Secret())
	if err != nil {
		return err
	}
	opened, err := store.Open(ctx, store.Config{URL: s.of(unfinished), Master: master, Clock: NewClock(Start())})
	if err != nil {
		return fmt.Errorf("template: %w", err)
	}
	if err := opened.Close(); err != nil {
		return err
	}
	_, err = s.locks.Exec(ctx, "ALTER DATABASE "+unfinished+" RENAME TO "+s.template)
	return err
}

// dropOthers drops the tests' databases of schemas that no program uses any more.
func (s *server) dropOthers(ctx context.Context) error {
	rows, err := s.locks.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1) AND NOT starts_with(datname, $2)", prefix, s.template)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		class, ok := classOf(name)
		if !ok {
			continue
		}
		var unused bool
		if err := s.locks.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, $2)", class, programLock).Scan(&unused); err != nil || !unused {
			continue
		}
		_, err := s.locks.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
		if _, unlocked := s.locks.Exec(ctx, "SELECT pg_advisory_unlock($1, $2)", class, programLock); err != nil || unlocked != nil {
			return errors.Join(err, unlocked)
		}
	}
	return nil
}

// classOf gives the class of the locks of the schema that a database's name tells.
func classOf(name string) (int32, bool) {
	class, err := hex.DecodeString(name[len(prefix):min(len(name), len(prefix)+8)])
	if err != nil || len(class) != 4 {
		return 0, false
	}
	return int32(binary.BigEndian.Uint32(class)), true
}

func (s *server) listTables(ctx context.Context) error {
	db, err := pgx.Connect(ctx, s.of(s.template))
	if err != nil {
		return err
	}
	rows, err := db.Query(ctx, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version' ORDER BY tablename")
	if err == nil {
		s.tables, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if closed := db.Close(ctx); err == nil {
		err = closed // while somebody is connected, nobody can copy it
	}
	return err
}

// take gives the address of an empty database that nobody else uses until the test ends.
func (s *server) take(t testing.TB) string {
	t.Helper()
	ctx := context.Background()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	number, err := s.lockFree(ctx)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("%s_%d", s.template, number)
	t.Cleanup(func() { s.giveBack(t, number, name) })
	there, err := s.has(ctx, name)
	if err == nil && there && !s.emptied(ctx, name) {
		_, err = s.locks.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
		there = false
	}
	if err == nil && !there {
		_, err = s.locks.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+s.template)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s.of(name)
}

// lockFree finds the first database that nobody uses and locks it. The mutex is held.
func (s *server) lockFree(ctx context.Context) (int32, error) {
	for number := int32(0); ; number++ {
		if s.inUse[number] {
			continue // one connection gets its own lock as often as it asks
		}
		var free bool
		if err := s.locks.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, $2)", s.class, number).Scan(&free); err != nil {
			return 0, err
		}
		if free {
			s.inUse[number] = true
			return number, nil
		}
	}
}

func (s *server) giveBack(t testing.TB, number int32, name string) {
	ctx := context.Background()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, err := s.locks.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name); err != nil {
		t.Error(err)
	}
	if _, err := s.locks.Exec(ctx, "SELECT pg_advisory_unlock($1, $2)", s.class, number); err != nil {
		t.Error(err)
	}
	delete(s.inUse, number)
}

// emptied brings a used database to the state of the template. It tells false if that cannot be done, because its schema was changed.
func (s *server) emptied(ctx context.Context, name string) bool {
	db, err := pgx.Connect(ctx, s.of(name))
	if err != nil {
		return false
	}
	defer func() { _ = db.Close(ctx) }()
	same, err := sameSchema(ctx, db, s.tables)
	if err != nil || !same {
		return false
	}
	var statements strings.Builder
	statements.WriteString("SET synchronous_commit = off; SET session_replication_role = replica;") // neither disk nor references
	for _, table := range s.tables {
		fmt.Fprintf(&statements, "DELETE FROM %s;", pgx.Identifier{table}.Sanitize())
	}
	_, err = db.PgConn().Exec(ctx, statements.String()).ReadAll()
	return err == nil
}

// sameSchema tells whether nobody added a step or a table. Tests that change more than that drop their tables.
func sameSchema(ctx context.Context, db *pgx.Conn, tables []string) (bool, error) {
	var newest int64
	if err := db.QueryRow(ctx, "SELECT max(version_id) FROM goose_db_version").Scan(&newest); err != nil {
		return false, err
	}
	known, err := migrate.Newest(migrate.PostgreSQL)
	if err != nil || newest != known {
		return false, err
	}
	rows, err := db.Query(ctx, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version' ORDER BY tablename")
	if err != nil {
		return false, err
	}
	present, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return slices.Equal(present, tables), err
}
