package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/migrate"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// released is the newest version of the schema that was released. Each up to it has a file of rows for each engine in testdata: a row in each table, as a program
// of that version left it. When a version is released, raise it and run go test ./models/store -run Released -write-released once.
const released = 4

var writeReleased = flag.Bool("write-released", false, "write the rows of the newest released schema to testdata")

// renamed are tables and words that have another name today.
var renamed = map[string]string{"proposals": "merge_suggestions"}

// gone are tables that no program reads any more.
var gone = []string{"requests"}

// moved are columns whose values are elsewhere today, by table, and a question that counts the rows in which they arrived as they were in the files.
var moved = map[string]struct {
	columns []string
	arrived string
}{
	"accounts": {
		[]string{"disabled", "password_hash", "role"},
		`SELECT count(*) FROM accounts a JOIN credentials c ON c.school_id = a.school_id AND c.account_id = a.id WHERE a.state = 'disabled' AND a.roles = '["teacher"]'
			AND c.kind = 'password' AND c.hash_before = 'Kwartel hash 0'`,
	},
}

// staying are the columns of a table that are there still.
func staying(name string, columns []string) []string {
	return slices.DeleteFunc(columns, func(column string) bool { return slices.Contains(moved[name].columns, column) })
}

// earlier is a database of one engine as a program of an earlier version made it.
type earlier struct {
	engine  migrate.Engine
	version int64
	config  store.Config
	raw     *sql.DB
}

func newEarlier(t *testing.T, engine migrate.Engine, version int64) *earlier {
	t.Helper()
	e := &earlier{engine: engine, version: version}
	if engine == migrate.SQLite {
		e.config = store.Config{Path: filepath.Join(t.TempDir(), "ouderavond.db")}
		e.raw = raw(t, e.config.Path)
	} else {
		db := storetest.NewPostgreSQL(t)
		if err := db.Store.Close(); err != nil {
			t.Fatal(err)
		}
		e.config, e.raw = store.Config{URL: db.URL}, db.Raw(t)
		exec(t, e.raw, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
	}
	e.config.Clock, e.config.Master = storetest.NewClock(storetest.Start()), storetest.Master(t)
	if err := migrate.UpTo(context.Background(), engine, e.raw, version); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *earlier) file() string {
	return filepath.Join("testdata", fmt.Sprintf("schema-%05d.%s.sql", e.version, e.engine))
}

func describedBy(t *testing.T, engine migrate.Engine, db *sql.DB) described {
	t.Helper()
	if engine == migrate.SQLite {
		return describeSQLite(t, db)
	}
	return describePostgreSQL(t, db)
}

// columnsOf are the columns of a table, in their order by name.
func columnsOf(table *describedTable) (names []string) {
	for _, line := range table.lines {
		if rest, is := strings.CutPrefix(line, "column "); is {
			name, _, _ := strings.Cut(rest, ":")
			names = append(names, name)
		}
	}
	return names
}

// rows gives a table's rows, each as the engine's own words for the values of the columns.
func rowsOf(t *testing.T, engine migrate.Engine, db *sql.DB, table string, columns []string) (all []string) {
	t.Helper()
	quoted := make([]string, len(columns))
	for i, name := range columns {
		quoted[i] = fmt.Sprintf("quote(%q)", name)
		if engine == migrate.PostgreSQL {
			quoted[i] = fmt.Sprintf("quote_nullable(%q::text)", name)
		}
	}
	each(t, db, "SELECT "+strings.Join(quoted, ", ")+" FROM "+table, func(c []string) { all = append(all, strings.Join(c, ", ")) })
	slices.Sort(all)
	return all
}

// load runs the file of rows. References are not looked at meanwhile: rows stand in the order of their tables' names.
func (e *earlier) load(t *testing.T) {
	t.Helper()
	content, err := os.ReadFile(e.file())
	if err != nil {
		t.Fatal(err)
	}
	before, after := "PRAGMA foreign_keys = OFF;\nBEGIN;\n", "\nCOMMIT;\nPRAGMA foreign_keys = ON"
	if e.engine == migrate.PostgreSQL {
		before, after = "BEGIN;\nSET LOCAL session_replication_role = replica;\nSET LOCAL timezone = 'UTC';\n", "\nCOMMIT"
	}
	e.raw.SetMaxOpenConns(1)
	exec(t, e.raw, before+string(content)+after)
	e.raw.SetMaxOpenConns(0)
}

// write makes the file of rows from what today's program writes, with what the version knows.
func (e *earlier) write(t *testing.T) {
	t.Helper()
	open := storetest.NewSQLite
	if e.engine == migrate.PostgreSQL {
		open = storetest.NewPostgreSQL
	}
	today := open(t)
	school := storetest.School(t, today.Store, "kwartel")
	storetest.Fill(t, today.Store, school, storetest.NewSample("Kwartel", 0))
	ctx, in := context.Background(), today.Store.Installation(storetest.Operator())
	if err := in.AddOperatorKey(ctx, models.New[models.APIKeyID](), []byte("operator")); err != nil {
		t.Fatal(err)
	}
	if err := in.RecordErasure(ctx, &models.Erasure{SchoolID: models.RawSchoolID(models.New[models.SchoolID]()), AskedAt: storetest.Start(), Receipt: "{}"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := in.TakeJob(ctx, "tidy", time.Hour); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	now := describedBy(t, e.engine, today.Raw(t))
	then := describedBy(t, e.engine, e.raw)
	for _, name := range sortedTables(then) {
		present := name
		if other := renamed[name]; other != "" {
			present = other
		}
		if slices.Contains(gone, name) {
			writeRequest(t, &out, e.engine, today.Raw(t))
			continue
		}
		columns := columnsOf(then[name])
		columns = slices.DeleteFunc(columns, func(c string) bool { return !slices.Contains(columnsOf(now[present]), c) })
		for _, row := range rowsOf(t, e.engine, today.Raw(t), present, columns) {
			fmt.Fprintf(&out, "INSERT INTO %s (\"%s\") VALUES (%s);\n", name, strings.Join(columns, `", "`), row)
		}
	}
	if err := os.WriteFile(e.file(), []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// writeRequest makes the row of a table that no program writes any more.
func writeRequest(t *testing.T, out *strings.Builder, engine migrate.Engine, today *sql.DB) {
	t.Helper()
	row := rowsOf(t, engine, today, "appointments", []string{"school_id", "id", "conference_id", "talk_kind_id", "pupil_id", "household_id"})[0]
	fmt.Fprintf(out, "INSERT INTO requests (school_id, id, conference_id, talk_kind_id, pupil_id, household_id, staff_ids, rank, obligation, state, at) VALUES (%s, '[]', 1, 'optional', 'wanted', '2026-11-02 18:00:00+00:00');\n", row)
}

func sortedTables(schema described) []string {
	names := make([]string, 0, len(schema))
	for name := range schema {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestDatabasesOfEveryReleasedSchemaOpenWithTheirRows(t *testing.T) {
	t.Parallel()
	for _, engine := range []migrate.Engine{migrate.SQLite, migrate.PostgreSQL} {
		for version := int64(1); version <= released; version++ {
			t.Run(fmt.Sprint(engine, " ", version), func(t *testing.T) {
				t.Parallel()
				e := newEarlier(t, engine, version)
				if *writeReleased {
					e.write(t)
				}
				e.load(t)
				then := describedBy(t, engine, e.raw)
				rows := map[string][]string{}
				for name, table := range then {
					if rows[name] = rowsOf(t, engine, e.raw, name, staying(name, columnsOf(table))); len(rows[name]) == 0 {
						t.Errorf("%s has no row", name)
					}
				}
				opened := storetest.Open(t, e.config)
				now := describedBy(t, engine, e.raw)
				for name, before := range rows {
					if slices.Contains(gone, name) {
						continue
					}
					if other := renamed[name]; other != "" {
						then[other], name = then[name], other
					}
					if now[name] == nil {
						t.Errorf("%s is gone, with its rows", name)
						continue
					}
					if after := rowsOf(t, engine, e.raw, name, staying(name, columnsOf(then[name]))); !slices.Equal(before, after) {
						t.Errorf("rows of %s:\n%v\nbefore:\n%v", name, after, before)
					}
					if elsewhere := moved[name].arrived; elsewhere != "" {
						var arrived int
						if err := e.raw.QueryRow(elsewhere).Scan(&arrived); err != nil || arrived != len(before) {
							t.Errorf("of %s %d of %d rows arrived elsewhere: %v", name, arrived, len(before), err)
						}
					}
				}
				wantReadable(t, opened)
			})
		}
	}
}

// wantReadable reads what was there through today's store: everything of it opens.
func wantReadable(t *testing.T, opened *store.Store) {
	t.Helper()
	ctx := context.Background()
	school, err := opened.SchoolBySlug(ctx, "kwartel")
	if err != nil {
		t.Fatal(err)
	}
	if listed, err := opened.Installation(storetest.Operator()).Schools(ctx); err != nil || len(listed) != 1 || listed[0].Details.Name != "School kwartel" {
		t.Errorf("schools %v, %v", listed, err)
	}
	err = opened.For(storetest.As(school)).Read(ctx, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		plan, err := tx.Programme()
		if err != nil {
			return err
		}
		if len(people.Pupils()) == 0 || !strings.HasPrefix(people.Pupils()[0].Details.Given, "Kwartel") || len(plan.Conferences()) == 0 {
			t.Error("the roster or the conferences are not as they were")
		}
		for name, read := range map[string]func() (int, error){
			"accounts": listed[models.Account](tx), "contacts": listed[models.Contact](tx), "keys": listed[models.APIKey](tx), "sessions": listed[models.Session](tx),
			"suggestions": listed[models.MergeSuggestion](tx), "appointments": listed[models.Appointment](tx), "claims": listed[models.Claim](tx), "audits": listed[models.Audit](tx),
		} {
			if count, err := read(); err != nil || count == 0 {
				t.Errorf("%s: %d, %v", name, count, err)
			}
		}
		return wantRevisions(t, tx)
	})
	if err != nil {
		t.Error(err)
	}
}

func listed[T any](tx *store.Tx) func() (int, error) {
	return func() (int, error) {
		rows, err := store.List[T](tx)
		return len(rows), err
	}
}

// wantRevisions holds that a household goes on above all that it has told anybody.
func wantRevisions(t *testing.T, tx *store.Tx) error {
	t.Helper()
	households, err := store.List[models.Household](tx)
	if err != nil {
		return err
	}
	messages, err := store.List[models.Message](tx)
	if err != nil {
		return err
	}
	entries, err := store.List[models.Invitation](tx)
	if err != nil {
		return err
	}
	for _, household := range households {
		for _, message := range messages {
			if message.Kind == models.MessageConfirmation && message.HouseholdID == household.ID && (message.Revision == 0 || message.Revision > household.Revision) {
				t.Errorf("a message has the revision %d, its household %d", message.Revision, household.Revision)
			}
		}
		for _, entry := range entries {
			if entry.HouseholdID == household.ID && int64(entry.Sequence) > household.Revision {
				t.Errorf("a calendar entry has the sequence %d, its household the revision %d", entry.Sequence, household.Revision)
			}
		}
	}
	if len(messages) == 0 || len(entries) == 0 {
		t.Error("no message or no calendar entry was looked at")
	}
	return nil
}

// releasedSteps are the steps that were released, and how their hash begins: databases have run them, so none is ever edited.
var releasedSteps = map[string]string{
	"migrate/postgres/00001_first_schema.sql":     "8b4d4652cf2e0c52",
	"migrate/postgres/00002_messages.sql":         "b32344e603f54a14",
	"migrate/postgres/00003_indexes.sql":          "dce303657c427d47",
	"migrate/postgres/00004_words_tasks_jobs.sql": "390afebb0c332134",
	"migrate/sqlite/00001_first_schema.sql":       "95b1c302dce98290",
	"migrate/sqlite/00002_messages.sql":           "a27cb92ba20a3798",
	"migrate/sqlite/00003_indexes.sql":            "93590cb4ae38e589",
	"migrate/sqlite/00004_words_tasks_jobs.sql":   "21e398c0042d96fe",
}

func TestAStepThatWasReleasedIsNeverEdited(t *testing.T) {
	t.Parallel()
	for name, want := range releasedSteps {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); !strings.HasPrefix(hex.EncodeToString(sum[:]), want) {
			t.Errorf("%s was edited: databases that have run it stay as they are. Write a new step", name)
		}
	}
	if len(releasedSteps) != 2*released {
		t.Errorf("%d steps are held, %d were released", len(releasedSteps), 2*released)
	}
}
