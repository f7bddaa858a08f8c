package storetest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/migrate"
)

// Database is a store of a test's own, empty of schools.
type Database struct {
	Store *store.Store
	// Clock gives the store its time; it stands at Start until it is moved.
	Clock *Clock
	// Path is the file of the rows of SQLite, beside which lie the engine's own files, whose names begin with it; URL the address of a database of
	// PostgreSQL. One of them is empty.
	Path, URL string
}

// Config is how another store opens the same database, as a second program does.
func (d *Database) Config() store.Config {
	return store.Config{Path: d.Path, URL: d.URL, Clock: d.Clock}
}

// Secret is the master key of every test. It keeps nothing secret.
func Secret() []byte {
	sum := sha256.Sum256([]byte("the master key of the tests"))
	return sum[:]
}

// Master is the opened master key of every test.
func Master(t testing.TB) *seal.Master {
	t.Helper()
	master, err := seal.NewMaster(Secret())
	if err != nil {
		t.Fatal(err)
	}
	return master
}

// New gives a database of the engine that OUDERAVOND_TEST_ENGINE names, sqlite or postgres; SQLite if it is not set.
func New(t testing.TB) *Database {
	t.Helper()
	switch name := os.Getenv("OUDERAVOND_TEST_ENGINE"); name {
	case "", string(migrate.SQLite):
		return NewSQLite(t)
	case string(migrate.PostgreSQL):
		return NewPostgreSQL(t)
	default:
		t.Fatalf("OUDERAVOND_TEST_ENGINE: no engine is called %q", name)
		return nil
	}
}

// NewSQLite gives a SQLite database in a folder of the test's own. The schema is migrated once in each process and copied from then on. It is closed when
// the test ends.
func NewSQLite(t testing.TB) *Database {
	t.Helper()
	content, err := template()
	if err != nil {
		t.Fatal(err)
	}
	return fromFile(t, content)
}

func fromFile(t testing.TB, content []byte) *Database {
	t.Helper()
	db := &Database{Path: filepath.Join(t.TempDir(), "ouderavond.db"), Clock: NewClock(Start())}
	if err := os.WriteFile(db.Path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	db.Store = Open(t, db.Config())
	return db
}

// NewPostgreSQL gives a database of the PostgreSQL server at OUDERAVOND_TEST_POSTGRES that nobody else uses until the test ends. Where no server answers the
// test is skipped; it fails if CI is "true" or OUDERAVOND_TEST_ENGINES is "all".
func NewPostgreSQL(t testing.TB) *Database {
	t.Helper()
	db := &Database{URL: serverOf(t).take(t), Clock: NewClock(Start())}
	db.Store = Open(t, db.Config())
	return db
}

// NewHeard gives a database of PostgreSQL, as NewPostgreSQL does, and who hears what its store says.
func NewHeard(t testing.TB) (*Database, *Between) {
	t.Helper()
	between, through := NewBetween(t, serverOf(t).take(t))
	db := &Database{URL: through, Clock: NewClock(Start())}
	db.Store = Open(t, db.Config())
	return db, between
}

// Open opens a store that is closed when the test ends. A configuration without a master key gets that of the tests.
func Open(t testing.TB, config store.Config) *store.Store {
	t.Helper()
	if config.Master == nil {
		config.Master = Master(t)
	}
	opened, err := store.Open(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return opened
}

// template is the content of a migrated file without a school.
var template = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "ouderavond-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	master, err := seal.NewMaster(Secret())
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, "template.db")
	opened, err := store.Open(context.Background(), store.Config{Path: path, Master: master, Clock: NewClock(Start())})
	if err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	// Closing the last connection brings the write-ahead log into the file.
	if err := opened.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Operator is the actor of the people who run the installation.
func Operator() models.Actor { return models.Actor{Kind: models.ActorOperator} }

// As is a job of the program for one school: what most tests read and write as.
func As(school models.SchoolID) models.Actor { return models.System(school, "test") }

// School makes a school with a key of its own: active, Dutch time, mail and text messages on, and a policy of birth date and postcode.
func School(t testing.TB, rows *store.Store, slug string) models.SchoolID {
	t.Helper()
	school := NewSchool(slug)
	if err := rows.Installation(Operator()).CreateSchool(context.Background(), school); err != nil {
		t.Fatal(err)
	}
	return school.ID
}

// NewSchool is a school as School makes it, not stored yet.
func NewSchool(slug string) *models.School {
	return &models.School{
		ID: models.New[models.SchoolID](), Slug: slug, State: models.SchoolActive, Kind: models.SecondarySchool, Zone: "Europe/Amsterdam", Languages: []string{"nl", "en"},
		Policy: models.Policy{
			Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeAll,
		},
		Channels: models.Channels{Mail: true, SMS: true},
		UndoDays: models.UndoDays,
		Details:  models.SchoolDetails{Name: "School " + slug},
	}
}
