package store_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// described is a schema as both engines can tell it. Each line of a table says one thing: a column, a key, a reference, a check, an index.
type described map[string]*describedTable

type describedTable struct {
	lines      []string
	primary    []string
	uniques    [][]string
	references []describedReference
}

type describedReference struct {
	columns []string
	parent  string
	deletes string
}

func (d described) table(name string) *describedTable {
	if d[name] == nil {
		d[name] = &describedTable{}
	}
	return d[name]
}

func (t *describedTable) say(format string, values ...any) {
	t.lines = append(t.lines, fmt.Sprintf(format, values...))
}

// each calls a function with the columns of every row of a query, as texts; NULL is empty.
func each(t *testing.T, db *sql.DB, query string, row func(columns []string)) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		columns := make([]string, len(names))
		for i := range values {
			columns[i] = values[i].String
		}
		row(columns)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

const sqliteTables = "m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'"

// describeSQLite reads the schema of a SQLite database.
func describeSQLite(t *testing.T, db *sql.DB) described {
	t.Helper()
	schema := described{}
	each(t, db, "SELECT m.name, m.sql FROM sqlite_master m WHERE "+sqliteTables, func(c []string) { describeChecks(schema.table(c[0]), c[1]) })
	each(t, db, `SELECT m.name, c.name, c.type, c."notnull", coalesce(c.dflt_value, ''), c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE `+sqliteTables+` ORDER BY m.name, c.pk`, func(c []string) {
		table := schema.table(c[0])
		kind := sqliteKind(table, c[1], c[2])
		table.say("column %s: %s%s%s", c[1], kind, notNull(c[3] == "1"), defaulted(kind, c[4]))
		if c[5] != "0" {
			table.primary = append(table.primary, c[1])
		}
	})
	each(t, db, `SELECT m.name, i.name, i."unique", i.origin, group_concat(c.name ORDER BY c.seqno), coalesce(x.sql, '') FROM sqlite_master m
		JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c LEFT JOIN sqlite_master x ON x.name = i.name
		WHERE `+sqliteTables+` GROUP BY m.name, i.name`, func(c []string) { describeIndex(schema.table(c[0]), c[1], c[2] == "1", c[3], c[4], c[5]) })
	each(t, db, `SELECT m.name, group_concat(f."from" ORDER BY f.seq), f."table", group_concat(f."to" ORDER BY f.seq), f.on_delete FROM sqlite_master m
		JOIN pragma_foreign_key_list(m.name) f WHERE `+sqliteTables+` GROUP BY m.name, f.id`, func(c []string) { describeReference(schema.table(c[0]), c[1:]) })
	return schema.finish()
}

// describePostgreSQL reads the schema of a PostgreSQL database.
func describePostgreSQL(t *testing.T, db *sql.DB) described {
	t.Helper()
	const tables = "r.relnamespace = 'public'::regnamespace AND r.relkind = 'r' AND r.relname <> 'goose_db_version'"
	const columnsOf = "(SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(%s) WITH ORDINALITY k(number, place) JOIN pg_attribute a ON a.attrelid = %s AND a.attnum = k.number)"
	schema := described{}
	each(t, db, `SELECT r.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, coalesce(pg_get_expr(d.adbin, d.adrelid), '') FROM pg_class r
		JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
		WHERE `+tables, func(c []string) {
		kind := postgresKinds[c[2]]
		if kind == "" {
			t.Errorf("%s.%s has the type %s, which has no counterpart", c[0], c[1], c[2])
		}
		schema.table(c[0]).say("column %s: %s%s%s", c[1], kind, notNull(c[3] == "true"), defaulted(kind, c[4]))
	})
	each(t, db, `SELECT r.relname, i.relname, x.indisunique, CASE WHEN x.indisprimary THEN 'pk' WHEN c.oid IS NOT NULL THEN 'u' ELSE 'c' END,
		`+fmt.Sprintf(columnsOf, "x.indkey::int2[]", "r.oid")+`, coalesce('WHERE ' || pg_get_expr(x.indpred, x.indrelid), '') FROM pg_class r
		JOIN pg_index x ON x.indrelid = r.oid JOIN pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype = 'u'
		WHERE `+tables, func(c []string) {
		table := schema.table(c[0])
		if c[3] == "pk" {
			table.primary = strings.Split(c[4], ",")
		}
		describeIndex(table, c[1], c[2] == "true", c[3], c[4], c[5])
	})
	each(t, db, `SELECT r.relname, `+fmt.Sprintf(columnsOf, "c.conkey", "c.conrelid")+`, p.relname, `+fmt.Sprintf(columnsOf, "c.confkey", "c.confrelid")+`,
		CASE c.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'c' THEN 'CASCADE' WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END
		FROM pg_class r JOIN pg_constraint c ON c.conrelid = r.oid AND c.contype = 'f' JOIN pg_class p ON p.oid = c.confrelid WHERE `+tables,
		func(c []string) { describeReference(schema.table(c[0]), c[1:]) })
	each(t, db, `SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_class r JOIN pg_constraint c ON c.conrelid = r.oid AND c.contype IN ('c', 'u')
		WHERE `+tables, func(c []string) {
		if check, is := strings.CutPrefix(c[2], "CHECK "); is {
			schema.table(c[0]).say("check %s", plainCheck(check))
		} else if !strings.HasSuffix(c[1], "_key") { // the server's own name for one without
			schema.table(c[0]).say("name %s", c[1])
		}
	})
	return schema.finish()
}

func (d described) finish() described {
	for _, table := range d {
		table.say("primary key %v", table.primary)
		slices.Sort(table.lines)
	}
	return d
}

func describeIndex(table *describedTable, name string, unique bool, origin, columns, definition string) {
	where := ""
	if at := strings.Index(definition, "WHERE "); at >= 0 {
		where = " where " + plainCheck(definition[at+len("WHERE "):])
	}
	if unique {
		table.uniques = append(table.uniques, strings.Split(columns, ","))
	}
	switch {
	case origin == "pk":
	case origin == "u":
		table.say("unique %s", columns)
	case unique:
		table.say("unique index %s on %s%s", name, columns, where)
	default:
		table.say("index %s on %s%s", name, columns, where)
	}
}

// describeReference takes columns, parent, columns of the parent, and what a deletion does.
func describeReference(table *describedTable, c []string) {
	table.references = append(table.references, describedReference{strings.Split(c[0], ","), c[1], c[3]})
	table.say("reference %s to %s (%s) on delete %s", c[0], c[1], c[2], c[3])
}

func notNull(is bool) string {
	if is {
		return ", not null"
	}
	return ""
}

func defaulted(kind, value string) string {
	if value == "" {
		return ""
	}
	value = plainCheck(value)
	if kind == "flag" {
		value = strings.NewReplacer("0", "false", "1", "true").Replace(value)
	}
	return ", default " + value
}

// postgresKinds and sqliteKind call the types of both engines by one name.
var postgresKinds = map[string]string{
	"uuid": "id", "bytea": "bytes", "timestamp with time zone": "instant", "boolean": "flag", "bigint": "number", "text": "text",
}

func sqliteKind(table *describedTable, column, declared string) string {
	idCheck, flagCheck := "check length"+column+"=16", "check "+column+"IN0,1"
	has := func(check string) bool {
		at := slices.Index(table.lines, check)
		if at >= 0 {
			table.lines = slices.Delete(table.lines, at, at+1) // the other engine's type says it
		}
		return at >= 0
	}
	switch declared {
	case "BLOB":
		if has(idCheck) || column == "school_id" {
			return "id"
		}
		return "bytes"
	case "INTEGER":
		if has(flagCheck) {
			return "flag"
		}
		return "number"
	case "DATETIME":
		return "instant"
	case "TEXT":
		return "text"
	}
	return declared
}

var namedUnique = regexp.MustCompile(`CONSTRAINT (\w+) UNIQUE`)

// describeChecks finds the checks and the names of unique keys in the text of a table's making.
func describeChecks(table *describedTable, made string) {
	for _, found := range namedUnique.FindAllStringSubmatch(made, -1) {
		table.say("name %s", found[1])
	}
	for {
		_, rest, found := strings.Cut(made, "CHECK (")
		if !found {
			return
		}
		depth := 1
		end := strings.IndexFunc(rest, func(r rune) bool {
			if r == '(' {
				depth++
			}
			if r == ')' {
				depth--
			}
			return depth == 0
		})
		table.say("check %s", plainCheck(rest[:end]))
		made = rest[end:]
	}
}

var (
	cast  = regexp.MustCompile(`::[a-z ]+(\[\])?`)
	anyOf = regexp.MustCompile(`=ANYARRAY\[([^\]]*)\]`)
)

// plainCheck leaves of an expression what both engines write alike.
func plainCheck(expression string) string {
	plain := strings.NewReplacer("(", "", ")", "", " ", "", "\n", "", "\t", "").Replace(cast.ReplaceAllString(expression, ""))
	return anyOf.ReplaceAllString(plain, "IN$1")
}

// bothSchemas gives what fresh databases of the engines look like.
func bothSchemas(t *testing.T) map[string]described {
	t.Helper()
	sqlite, postgres := storetest.NewSQLite(t), storetest.NewPostgreSQL(t)
	return map[string]described{"SQLite": describeSQLite(t, sqlite.Raw(t)), "PostgreSQL": describePostgreSQL(t, postgres.Raw(t))}
}

func TestFreshSchemasOfBothEnginesAreTheSame(t *testing.T) {
	t.Parallel()
	schemas := bothSchemas(t)
	for one, other := range map[string]string{"SQLite": "PostgreSQL", "PostgreSQL": "SQLite"} {
		if len(schemas[one]) < 35 {
			t.Fatalf("%s has %d tables", one, len(schemas[one]))
		}
		for name, table := range schemas[one] {
			if schemas[other][name] == nil {
				t.Errorf("%s has a table %s, and %s has none", one, name, other)
				continue
			}
			for _, line := range table.lines {
				if !slices.Contains(schemas[other][name].lines, line) {
					t.Errorf("%s only: %s: %s", one, name, line)
				}
			}
			if len(table.lines) != len(schemas[other][name].lines) {
				t.Errorf("%s: %s has %d lines, %s %d", name, one, len(table.lines), other, len(schemas[other][name].lines))
			}
		}
	}
}
