package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// What Citus demands of tables that are distributed by school is looked up in the catalogue, so that a new table is held to it without being named here.

// TestTheSchemaCanBeDistributedBySchool holds that every primary and unique key of a school's rows, and of the schools, holds the column by which they are
// distributed; that references stand between tables of schools only, with the school in the same place on both sides; and that tables of no school neither refer
// to others nor are referred to.
func TestTheSchemaCanBeDistributedBySchool(t *testing.T) {
	t.Parallel()
	db := storetest.NewPostgreSQL(t)
	scoped, err := db.Store.ScopedTables(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	faults, keys, references := undistributable(t, db.Raw(t), scoped)
	for _, fault := range faults {
		t.Error(fault)
	}
	if keys < 45 || references < 80 {
		t.Errorf("only %d keys and %d references were looked at", keys, references)
	}
}

func TestASchemaThatCannotBeDistributedIsFound(t *testing.T) {
	t.Parallel()
	db := storetest.NewPostgreSQL(t)
	raw := db.Raw(t)
	scoped, err := db.Store.ScopedTables(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, spoiled := range []struct{ by, undo, want string }{
		{"CREATE UNIQUE INDEX spoiled ON schools (slug)", "DROP INDEX spoiled", "schools_spoiled"},
		{"CREATE UNIQUE INDEX spoiled ON pupils (id)", "DROP INDEX spoiled", "pupils_spoiled"},
		{"ALTER TABLE school_slugs ADD CONSTRAINT spoiled FOREIGN KEY (school) REFERENCES schools (id)", "ALTER TABLE school_slugs DROP CONSTRAINT spoiled", "school_slugs_spoiled"},
		{"ALTER TABLE jobs ADD COLUMN pupil UUID, ADD CONSTRAINT spoiled UNIQUE (pupil)", "ALTER TABLE jobs DROP COLUMN pupil", ""},
		{"ALTER TABLE pupils ADD CONSTRAINT spoiled EXCLUDE USING hash (id WITH =)", "ALTER TABLE pupils DROP CONSTRAINT spoiled", "pupils_spoiled"},
		{
			"ALTER TABLE imports ADD COLUMN other UUID, ADD CONSTRAINT spoiled FOREIGN KEY (other) REFERENCES schools (id)", "ALTER TABLE imports DROP COLUMN other",
			"imports_spoiled",
		},
	} {
		if _, err := raw.Exec(spoiled.by); err != nil {
			t.Fatalf("%s: %v", spoiled.by, err)
		}
		faults, _, _ := undistributable(t, raw, scoped)
		if found := len(faults) == 1 && strings.Contains(faults[0], spoiled.want); found != (spoiled.want != "") || spoiled.want == "" && len(faults) > 0 {
			t.Errorf("%s: faults %v", spoiled.by, faults)
		}
		if _, err := raw.Exec(spoiled.undo); err != nil {
			t.Fatal(err)
		}
	}
}

// undistributable tells what stands in the way of distributing a schema.
func undistributable(t *testing.T, db *sql.DB, scoped []string) (faults []string, keys, references int) {
	t.Helper()
	columnOf := func(table string) string {
		switch {
		case table == "schools":
			return "id"
		case slices.Contains(scoped, table):
			return "school_id"
		}
		return ""
	}
	const columns = "(SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(%s) WITH ORDINALITY k(number, place) LEFT JOIN pg_attribute a ON a.attrelid = %s AND a.attnum = k.number)"
	each(t, db, `SELECT r.relname, i.relname, `+fmt.Sprintf(columns, "x.indkey::int2[]", "r.oid")+` FROM pg_index x JOIN pg_class r ON r.oid = x.indrelid
		JOIN pg_class i ON i.oid = x.indexrelid WHERE r.relnamespace = 'public'::regnamespace AND (x.indisunique OR x.indisexclusion)`, func(c []string) {
		keys++
		if by := columnOf(c[0]); by != "" && !slices.Contains(strings.Split(c[2], ","), by) {
			faults = append(faults, fmt.Sprintf("the key %s_%s (%s) does not hold %s", c[0], c[1], c[2], by))
		}
	})
	each(t, db, `SELECT child.relname, c.conname, parent.relname, `+fmt.Sprintf(columns, "c.conkey", "c.conrelid")+`, `+fmt.Sprintf(columns, "c.confkey", "c.confrelid")+`
		FROM pg_constraint c JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
		WHERE c.contype = 'f' AND child.relnamespace = 'public'::regnamespace`, func(c []string) {
		references++
		from, to := columnOf(c[0]), columnOf(c[2])
		place := slices.Index(strings.Split(c[3], ","), from)
		if from == "" || to == "" || place < 0 || place != slices.Index(strings.Split(c[4], ","), to) {
			faults = append(faults, fmt.Sprintf("the reference %s_%s (%s) to %s (%s) does not keep to one school", c[0], c[1], c[3], c[2], c[4]))
		}
	})
	return faults, keys, references
}

// standIns are what the command calls, as far as its work can be seen without Citus: they note what is distributed how, and refuse what Citus refuses.
const standIns = `
CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partmethod "char" NOT NULL, repmodel "char" NOT NULL, colocationid int NOT NULL,
  emptied boolean NOT NULL DEFAULT false);
CREATE FUNCTION apart(one regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_constraint c WHERE c.contype = 'f' AND (c.conrelid = one AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = c.confrelid)
    OR c.confrelid = one AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = c.conrelid))) THEN
    RAISE EXCEPTION 'cannot create foreign key constraint: %', one;
  END IF;
END $$;
CREATE FUNCTION create_distributed_table(table_name regclass, distribution_column text, colocate_with text DEFAULT 'default') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM apart(table_name);
  IF EXISTS (SELECT FROM pg_index x WHERE x.indrelid = table_name AND x.indisunique AND NOT (SELECT attnum FROM pg_attribute
    WHERE attrelid = table_name AND attname = distribution_column) = ANY (x.indkey::int2[])) THEN
    RAISE EXCEPTION 'cannot create constraint on "%"', table_name;
  END IF;
  INSERT INTO pg_dist_partition VALUES (table_name, 'h', 's', CASE colocate_with WHEN 'none' THEN 7
    ELSE (SELECT colocationid FROM pg_dist_partition WHERE logicalrelid = colocate_with::regclass) END);
END $$;
CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM apart(table_name);
  INSERT INTO pg_dist_partition VALUES (table_name, 'n', 't', 3);
END $$;
CREATE FUNCTION truncate_local_data_after_distributing_table(function_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM apart(function_name);
  UPDATE pg_dist_partition SET emptied = true WHERE logicalrelid = function_name;
END $$;`

// distributable is a migrated database with the stand-ins and a filled school, that nobody has open.
func distributable(t *testing.T) (*storetest.Database, *sql.DB) {
	t.Helper()
	db := storetest.NewPostgreSQL(t)
	school := storetest.School(t, db.Store, "here")
	storetest.Fill(t, db.Store, school, storetest.NewSample("Kwartel", 0))
	if err := db.Store.Close(); err != nil {
		t.Fatal(err)
	}
	raw := db.Raw(t)
	// A schema of their own, as that of an extension is: found by name, and no table of the product's.
	t.Cleanup(func() { _, _ = raw.Exec("DROP SCHEMA stand_ins CASCADE") }) // the database is used again
	for _, statement := range []string{"DROP SCHEMA IF EXISTS stand_ins CASCADE", "CREATE SCHEMA stand_ins", "SET search_path = stand_ins", standIns, "RESET search_path"} {
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	db.URL += withSetting(db.URL, "search_path", "public,stand_ins")
	return db, raw
}

func withSetting(address, name, value string) string {
	if strings.Contains(address, "?") {
		return "&" + name + "=" + value
	}
	return "?" + name + "=" + value
}

func distribute(t *testing.T, db *storetest.Database) (string, error) {
	t.Helper()
	var said strings.Builder
	err := store.Distribute(context.Background(), db.Config(), func(format string, values ...any) { fmt.Fprintf(&said, format+"\n", values...) })
	return said.String(), err
}

func TestADatabaseIsDistributedBySchoolAsOftenAsItIsAskedFor(t *testing.T) {
	t.Parallel()
	db, raw := distributable(t)
	before := describePostgreSQL(t, raw)
	said, err := distribute(t, db)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	spread := func() map[string]string {
		all := map[string]string{}
		each(t, raw, "SELECT logicalrelid::regclass::text, partmethod::text || colocationid FROM stand_ins.pg_dist_partition WHERE emptied", func(c []string) { all[c[0]] = c[1] })
		return all
	}
	wantSpread(t, before, spread())
	wantSame(t, before, describePostgreSQL(t, raw))

	// Again, with nothing to do; then after a migration has added a table of each kind.
	if said, err = distribute(t, db); err != nil || !strings.Contains(said, "of which 0 are to be distributed; 0 references") {
		t.Errorf("again: %v\n%s", err, said)
	}
	_, err = raw.Exec(`CREATE TABLE wishes (school_id UUID NOT NULL REFERENCES schools (id), id UUID NOT NULL, pupil_id UUID NOT NULL, PRIMARY KEY (school_id, id),
		FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE); CREATE TABLE notices (id UUID PRIMARY KEY)`)
	if err != nil {
		t.Fatal(err)
	}
	after := describePostgreSQL(t, raw)
	if _, err := store.Open(context.Background(), config(t, db)); err == nil || !strings.Contains(err.Error(), "database distribute") || !strings.Contains(err.Error(), "notices, wishes") {
		t.Errorf("the program starts on a database that is not distributed as a whole: %v", err)
	}
	if said, err = distribute(t, db); err != nil || !strings.Contains(said, "of which 2 are to be distributed; 2 references") {
		t.Errorf("after a migration: %v\n%s", err, said)
	}
	wantSpread(t, after, spread())
	wantSame(t, after, describePostgreSQL(t, raw))
	opened, err := store.Open(context.Background(), config(t, db))
	if err != nil {
		t.Fatal(err)
	}
	if said, err := distribute(t, db); err == nil || !strings.Contains(err.Error(), "stop every instance") {
		t.Errorf("beside a program: %v\n%s", err, said)
	}
	if err := opened.Close(); err != nil {
		t.Error(err)
	}
}

func config(t *testing.T, db *storetest.Database) store.Config {
	of := db.Config()
	of.Master = storetest.Master(t)
	return of
}

func wantSpread(t *testing.T, tables described, spread map[string]string) {
	t.Helper()
	for name, table := range tables {
		want := "n3"
		if name == "schools" || slices.Contains(table.primary, "school_id") && len(table.primary) > 1 {
			want = "h7"
		}
		if spread[name] != want {
			t.Errorf("%s is %q, want %q", name, spread[name], want)
		}
	}
	if len(spread) != len(tables) {
		t.Errorf("%d tables are spread of %d", len(spread), len(tables))
	}
}

func wantSame(t *testing.T, before, after described) {
	t.Helper()
	for name, table := range before {
		if after[name] == nil || !slices.Equal(table.lines, after[name].lines) {
			t.Errorf("%s is not as before", name)
		}
	}
	if len(before) != len(after) {
		t.Errorf("%d tables, %d before", len(after), len(before))
	}
}

// TestADistributionThatWasCutOffIsBroughtToItsEnd lets one table after another fail, and each reference's coming back.
func TestADistributionThatWasCutOffIsBroughtToItsEnd(t *testing.T) {
	t.Parallel()
	db, raw := distributable(t)
	before := describePostgreSQL(t, raw)
	must := func(statement string) {
		t.Helper()
		if _, err := raw.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	must(`ALTER TABLE stand_ins.pg_dist_partition ADD CONSTRAINT cut CHECK (logicalrelid::oid <> 'public.messages'::regclass::oid)`)
	if said, err := distribute(t, db); err == nil {
		t.Fatalf("nothing failed:\n%s", said)
	}
	if _, err := store.Open(context.Background(), config(t, db)); err == nil {
		t.Error("the program starts on half of it")
	}
	must("ALTER TABLE stand_ins.pg_dist_partition DROP CONSTRAINT cut")
	// Then a reference cannot come back, because a row has lost what it refers to.
	must("UPDATE teachings SET group_id = gen_random_uuid() WHERE group_id IS NOT NULL")
	must("CREATE TABLE lost AS SELECT id, group_id FROM teachings")
	if said, err := distribute(t, db); err == nil || !strings.Contains(err.Error(), "teachings") {
		t.Fatalf("%v\n%s", err, said)
	}
	if _, err := store.Open(context.Background(), config(t, db)); err == nil || !strings.Contains(err.Error(), "references") {
		t.Errorf("the program starts without its references: %v", err)
	}
	must("UPDATE teachings SET group_id = NULL; DROP TABLE lost")
	if said, err := distribute(t, db); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	wantSame(t, before, describePostgreSQL(t, raw))
}

func TestWithoutCitusNothingIsDistributed(t *testing.T) {
	t.Parallel()
	db := storetest.NewPostgreSQL(t)
	before := describePostgreSQL(t, db.Raw(t))
	if _, err := distribute(t, db); err == nil || !strings.Contains(err.Error(), "no Citus") {
		t.Errorf("got %v", err)
	}
	wantSame(t, before, describePostgreSQL(t, db.Raw(t)))
}

func TestSlugsOfSchoolsThatAreGoneAreTidiedAway(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]storetest.Opener{"SQLite": storetest.NewSQLite, "PostgreSQL": storetest.NewPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			ctx := context.Background()
			here := storetest.School(t, db.Store, "here")
			wiped := storetest.School(t, db.Store, "wiped")
			in := db.Store.Installation(storetest.Operator())
			if _, err := in.EraseSchool(ctx, wiped); err != nil {
				t.Fatal(err)
			}
			slugs := func() []string { return texts(t, db.Raw(t), "SELECT slug FROM school_slugs ORDER BY slug") }
			if got := slugs(); !slices.Equal(got, []string{"here"}) {
				t.Fatalf("after a wipe: %v", got)
			}
			storetest.School(t, db.Store, "wiped") // the name is free again
			if _, err := db.Raw(t).Exec("UPDATE school_slugs SET school = (SELECT school FROM school_slugs WHERE slug = 'here'), slug = 'other' WHERE slug = 'wiped'"); err != nil {
				t.Fatal(err)
			}
			orphan := models.New[models.SchoolID]()
			place := map[string]string{"SQLite": "?", "PostgreSQL": "$1"}[name]
			if _, err := db.Raw(t).Exec("INSERT INTO school_slugs (slug, school) VALUES ('orphan', "+place+")", orphan); err != nil {
				t.Fatal(err)
			}
			if removed, err := in.TidySlugs(ctx); err != nil || removed != 1 {
				t.Errorf("removed %d, %v", removed, err)
			}
			if got, err := db.Store.SchoolBySlug(ctx, "here"); err != nil || got != here {
				t.Errorf("the other school's address: %v, %v", got, err)
			}
			if _, err := db.Store.SchoolBySlug(ctx, "orphan"); err == nil {
				t.Error("an address of no school leads somewhere")
			}
		})
	}
}
