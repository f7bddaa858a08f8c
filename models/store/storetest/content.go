package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx" of Raw
)

// Content is everything that was in a database at a moment, for copies of it to begin with. It is of one engine.
type Content struct {
	file   []byte
	tables map[string][]byte
}

// IsZero tells that it is the content of no database.
func (c Content) IsZero() bool { return c.file == nil && c.tables == nil }

// Raw opens a connection to the database past the store, with the engine's own driver and placeholders.
func (d *Database) Raw(t testing.TB) *sql.DB {
	t.Helper()
	name, address := "pgx", d.URL
	if d.Path != "" {
		name, address = "sqlite3", "file:"+d.Path+"?_busy_timeout=10000&_foreign_keys=on"
	}
	db, err := sql.Open(name, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Content takes down what is in the database now. The store may stay open.
func (d *Database) Content(t testing.TB) Content {
	t.Helper()
	if d.URL != "" {
		return contentOfServer(t, d.URL)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if _, err := d.Raw(t).Exec("VACUUM INTO ?", path); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return Content{file: file}
}

// Bytes gives every byte that the database keeps: of SQLite its file and those beside it, of PostgreSQL the rows of its tables.
func (d *Database) Bytes(t testing.TB) []byte {
	t.Helper()
	var all []byte
	if d.URL != "" {
		for _, rows := range contentOfServer(t, d.URL).tables {
			all = append(all, rows...)
		}
		return all
	}
	files, err := filepath.Glob(d.Path + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("files of %s: %v, %v", d.Path, files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, content...)
	}
	return all
}

// From gives a database of the test's own with that content, of the same engine. Its clock stands at Start.
func From(t testing.TB, content Content) *Database {
	t.Helper()
	if content.file != nil {
		return fromFile(t, content.file)
	}
	db := &Database{URL: serverOf(t).take(t), Clock: NewClock(Start())}
	copyIn(t, db.URL, content.tables)
	db.Store = Open(t, db.Config())
	return db
}

func contentOfServer(t testing.TB, address string) Content {
	t.Helper()
	ctx := context.Background()
	db, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(ctx) }()
	content := Content{tables: map[string][]byte{}}
	for _, table := range serverOf(t).tables {
		var rows bytes.Buffer
		if _, err := db.PgConn().CopyTo(ctx, &rows, "COPY "+pgx.Identifier{table}.Sanitize()+" TO STDOUT (FORMAT binary)"); err != nil {
			t.Fatal(err)
		}
		content.tables[table] = rows.Bytes()
	}
	return content
}

func copyIn(t testing.TB, address string, tables map[string][]byte) {
	t.Helper()
	ctx := context.Background()
	db, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(ctx) }()
	// References are not looked at: the tables come in any order.
	if _, err := db.Exec(ctx, "SET session_replication_role = replica; SET synchronous_commit = off; DELETE FROM installation"); err != nil {
		t.Fatal(err)
	}
	for table, rows := range tables {
		if _, err := db.PgConn().CopyFrom(ctx, bytes.NewReader(rows), "COPY "+pgx.Identifier{table}.Sanitize()+" FROM STDIN (FORMAT binary)"); err != nil {
			t.Fatal(err)
		}
	}
}
