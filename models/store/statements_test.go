package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// heardAll collects who heard the stores of several tests.
type heardAll struct {
	mutex sync.Mutex
	all   []*storetest.Between
}

func (h *heardAll) open(t testing.TB) *storetest.Database {
	db, between := storetest.NewHeard(t)
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.all = append(h.all, between)
	return db
}

func TestEveryStatementOnASchoolsRowsNamesTheSchool(t *testing.T) {
	t.Parallel()
	db := storetest.NewPostgreSQL(t)
	scoped, err := db.Store.ScopedTables(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var heard heardAll
	t.Run("of the whole suite", func(t *testing.T) { storetest.Run(t, heard.open) })
	t.Run("of writers beside one another", func(t *testing.T) { besideOneAnother(t, heard.open(t)) })
	statements, kinds := 0, map[string]bool{}
	for _, between := range heard.all {
		for _, fault := range between.Faults(scoped) {
			t.Error(fault)
		}
		for statement, times := range between.Heard() {
			statements += times
			for _, kind := range []string{"SELECT", "INSERT", "UPDATE", "DELETE", "VACUUM", "FOR NO KEY UPDATE", "ON CONFLICT", "advisory"} {
				if strings.Contains(statement, kind) {
					kinds[kind] = true
				}
			}
		}
	}
	if statements < 2000 || len(kinds) < 8 {
		t.Errorf("only %d statements were heard, of %v", statements, kinds)
	}
}

// besideOneAnother does what only WriteBeside does.
func besideOneAnother(t *testing.T, db *storetest.Database) {
	t.Helper()
	school := storetest.School(t, db.Store, "here")
	storetest.Fill(t, db.Store, school, storetest.NewSample("Kwartel", 0))
	err := db.Store.For(storetest.As(school)).WriteConcurrent(context.Background(), func(tx *store.Tx) error {
		if err := tx.InTurn(tx.Index("turn", "one"), tx.Index("turn", "two")); err != nil {
			return err
		}
		others, err := tx.Lock([]models.HouseholdID{storetest.ID[models.HouseholdID]("household")}, []models.PupilID{storetest.ID[models.PupilID]("pupil")},
			[]models.StaffID{storetest.ID[models.StaffID]("staff")})
		if err != nil || !others {
			t.Errorf("locked: others %v, %v", others, err)
		}
		_, err = store.GetLocked[models.Session](tx, storetest.ID[models.SessionID]("session"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	in := db.Store.Installation(storetest.Operator())
	err = in.WipeAlone(context.Background(), nil, func(ctx context.Context) error {
		return in.Truncate(ctx, func(context.Context, time.Duration) error { return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStatementThatNamesNoSchoolIsFound(t *testing.T) {
	t.Parallel()
	scoped := []string{"pupils", "messages", "claims"}
	bad := []string{
		`SELECT * FROM "pupils"`,
		`SELECT * FROM "pupils" WHERE "pupils"."id" = $1`,
		`SELECT * FROM pupils WHERE id = $1 OR "pupils"."school_id" = $2`,
		`SELECT * FROM pupils WHERE (id = $1 OR school_id = $2)`,
		`SELECT * FROM pupils WHERE school_id <> $1`,
		`SELECT * FROM pupils WHERE school_id IN ($1,$2)`,
		`SELECT * FROM pupils p JOIN claims c ON c.holder = p.id`,
		`UPDATE "pupils" SET "year" = $1 WHERE "id" = $2`,
		`UPDATE "pupils" SET "school_id" = $1 WHERE "pupils"."school_id" = $2`,
		`DELETE FROM "claims" WHERE "tick" < $1`,
		`INSERT INTO "claims" ("holder","tick") VALUES ($1,$2)`,
		`INSERT INTO "claims" ("school_id","holder") SELECT $1, id FROM pupils`,
		`INSERT INTO "claims" ("school_id","holder") VALUES ($1,$2) ON CONFLICT ("school_id","holder") DO UPDATE SET "tick" = $3`,
		`INSERT INTO "claims" ("school_id","holder","tick") VALUES ($1,$2,$3) ON CONFLICT ("holder") DO UPDATE SET "tick" = excluded."tick"`,
		`SELECT id FROM messages WHERE state = 'queued' LIMIT 10 FOR UPDATE SKIP LOCKED`,
		`SELECT school_id FROM messages WHERE state = 'queued' LIMIT $1 FOR UPDATE SKIP LOCKED`,
		`SELECT * FROM "schools" WHERE "slug" = $1 FOR UPDATE`,
		`SELECT * FROM "schools" FOR KEY SHARE`,
		`SELECT * FROM "schools" WHERE id = $1 FOR KEY SHARE`,
		`SELECT * FROM "schools" WHERE "id" = $1 AND "schools"."id" = $2 LIMIT $3 FOR UPDATE`,
	}
	for _, statement := range bad {
		if storetest.FaultOf(statement, scoped) == "" {
			t.Errorf("nothing is wrong with %s", statement)
		}
	}
	good := []string{
		`SELECT * FROM "pupils" WHERE "pupils"."id" = $1 AND "pupils"."school_id" = $2`,
		`SELECT * FROM "pupils" WHERE ("pupils"."id" = $1 OR "pupils"."id" = $2) AND "pupils"."school_id" = $3 ORDER BY "pupils"."id" FOR NO KEY UPDATE`,
		`INSERT INTO "claims" ("school_id","holder") VALUES ($1,$2) ON CONFLICT DO NOTHING`,
		`INSERT INTO "claims" ("school_id","holder","tick") VALUES ($1,$2,$3) ON CONFLICT ("school_id","holder") DO UPDATE SET "tick" = excluded."tick"`,
		`UPDATE "pupils" SET "year"=$1 WHERE "pupils"."school_id" = $2 AND "id" = $3`,
		`SELECT * FROM "schools" ORDER BY slug`,
		`VACUUM (INDEX_CLEANUP ON) "pupils"`,
		`SELECT school_id, SUM(CASE WHEN due_at <= $1 THEN 1 ELSE 0 END) AS codes FROM messages WHERE state = 'queued' GROUP BY school_id LIMIT $2`,
		`SELECT id FROM messages WHERE school_id = $1 LIMIT 10 FOR UPDATE SKIP LOCKED`,
	}
	for _, statement := range good {
		if fault := storetest.FaultOf(statement, scoped); fault != "" {
			t.Errorf("%s: %s", fault, statement)
		}
	}
}
