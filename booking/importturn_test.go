package booking_test

import (
	"database/sql"
	"flag"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

var (
	turnPupils = flag.Int("turn.pupils", 1200, "how many pupils the school has whose import is measured")
	turnRatio  = flag.Float64("turn.ratio", 4, "how many times plain inserts of the same rows a write beside an import may wait at most")
)

// TestAnImportKeepsNobodyWaiting imports a whole school while others write: what they wait longest is measured against putting the same rows into an empty file with
// one prepared statement for each table, which is as short as a turn of the one writer could be. The bound is loose, for other tests run beside this one; by itself:
//
//	go test ./booking -run TestAnImportKeepsNobodyWaiting -v -turn.pupils 3000 -turn.ratio 1.5
func TestAnImportKeepsNobodyWaiting(t *testing.T) {
	w := emptySchool(t, askedOfAll)
	if w.db.Path == "" {
		t.Skip("one writer holds the whole file only with SQLite")
	}
	spec := sample.Secondary()
	spec.Groups, spec.Teachers, spec.Pupils = *turnPupils/25, *turnPupils/15, *turnPupils
	made := sample.Generate(spec)
	first := []roster.File{{Name: "leerlingen.xml", Data: made.EdeXML(sample.EdeXMLOptions{})}, {Name: "ouders.csv", Data: made.CSV(sample.ContactsCSV())}}
	for _, one := range []struct {
		name  string
		files []roster.File
	}{{"everybody is new", first}, {"the same again", first}} {
		longest := w.waitBeside(func() {
			began := time.Now()
			result, err := w.booking.People.Import(w.ctx, w.operator, people.ImportRequest{Files: one.files})
			w.must(err)
			if !result.Applied {
				t.Fatal(result.Report.Errors)
			}
			t.Logf("%s: %d pupils added in %v", one.name, len(result.Change.Added), time.Since(began))
		})
		plain, rows := w.plainInserts(t)
		ratio := float64(longest) / float64(plain)
		t.Logf("%s: a write beside it waited at most %v; %d plain inserts take %v: ratio %.2f", one.name, longest, rows, plain, ratio)
		if ratio > *turnRatio {
			t.Errorf("a write beside an import waits %.2f times as long as plain inserts of the same rows take", ratio)
		}
	}
}

// waitBeside returns how long the slowest of many small writes took while work was done.
func (w *world) waitBeside(work func()) (longest time.Duration) {
	done := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			began := time.Now()
			w.must(w.store.For(w.operator).Write(w.ctx, func(tx *store.Tx) error { return tx.Audited("test", [16]byte{}, nil) }))
			longest = max(longest, time.Since(began))
		}
	})
	work()
	close(done)
	writing.Wait()
	return longest
}

// peoplesTables are the tables into which an import puts rows, in an order that their foreign keys allow.
var peoplesTables = []string{
	"schools", "groups", "staff", "pupils", "pupil_groups", "households", "household_pupils", "guardians", "contacts", "teachings", "external_keys", "merge_suggestions",
}

// plainInserts puts the rows of the school's people into an empty database, in one transaction.
func (w *world) plainInserts(t *testing.T) (took time.Duration, rows int) {
	t.Helper()
	from, to := w.db.Raw(t), storetest.NewSQLite(t).Raw(t)
	content := map[string][][]any{}
	for _, table := range peoplesTables {
		content[table] = rowsOf(t, from, table)
	}
	began := time.Now()
	tx, err := to.Begin()
	wantNoError(t, err)
	for _, table := range peoplesTables {
		if len(content[table]) == 0 {
			continue
		}
		insert, err := tx.Prepare("INSERT INTO " + table + " VALUES (?" + strings.Repeat(",?", len(content[table][0])-1) + ")")
		wantNoError(t, err)
		for _, row := range content[table] {
			_, err := insert.Exec(row...)
			wantNoError(t, err)
			rows++
		}
	}
	wantNoError(t, tx.Commit())
	return time.Since(began), rows
}

func rowsOf(t *testing.T, from *sql.DB, table string) (list [][]any) {
	t.Helper()
	rows, err := from.Query("SELECT * FROM " + table)
	wantNoError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	wantNoError(t, err)
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		wantNoError(t, rows.Scan(into...))
		list = append(list, values)
	}
	wantNoError(t, rows.Err())
	return list
}

func wantNoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
