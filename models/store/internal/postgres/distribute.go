package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

var (
	// ErrNoCitus tells that the server cannot distribute tables.
	ErrNoCitus = errors.New("the database has no Citus: CREATE EXTENSION citus in it, on all nodes, and add the workers (citus_add_node), see docs/operating.md")
	// ErrInUse tells that a program is on the database.
	ErrInUse = errors.New("a program runs on the database: stop every instance first")
	// ErrNotWhole tells that a distributed database has tables that are not.
	ErrNotWhole = errors.New("the database is distributed and these tables are not yet: run `ouderavond database distribute` before the program is started")
)

// aside is the table that keeps references between the moment that they are taken away and the moment that they are back. It is there only meanwhile.
const aside = "references_aside"

// local are the tables that stay on the coordinator: the notes of migrations, which only a migration reads, and what this file keeps.
var local = []string{"goose_db_version", aside}

// distributing is one run of Distribute.
type distributing struct {
	conn *pgx.Conn
	// shared are the tables that have a school's id and belong to no school.
	shared []string
	say    func(format string, values ...any)
}

// Distribute spreads a database over the nodes of Citus by school, and brings in what was added since by migrations: schools by its id and the tables of a school's
// rows by the school, on the same node; those of no school are copied to every node. References cannot stand between tables that are distributed and others, so
// they are taken from the catalogue, taken away, and put back. What was begun and cut off is brought to its end by another run. It tells what it does.
func Distribute(ctx context.Context, config engine.Options, shared []string, say func(format string, values ...any)) (err error) {
	if err := prepare(ctx, config); err != nil {
		return err
	}
	server, err := pgx.ParseConfig(config.URL)
	if err != nil {
		return fmt.Errorf("address of the database: %w", err) // the driver leaves the password out
	}
	server.RuntimeParams["application_name"] = "ouderavond distribute"
	conn, err := pgx.ConnectConfig(ctx, server)
	if err != nil {
		return engine.Translate(err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	d := &distributing{conn: conn, shared: shared, say: say}
	for _, step := range []func(context.Context) error{d.begin, d.setAside, d.spread, d.dropLocalRows, d.putBack, d.check} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// begin makes sure that nothing is in the way: Citus is there, no program is on the database, and nobody else does the same.
func (d *distributing) begin(ctx context.Context) error {
	there, err := d.has(ctx, "create_distributed_table")
	if err != nil || !there {
		return errors.Join(err, ErrNoCitus)
	}
	var mine bool
	if err := d.conn.QueryRow(ctx, fmt.Sprintf("SELECT pg_try_advisory_lock(%d, 0)", distributors)).Scan(&mine); err != nil || !mine {
		return errors.Join(err, ErrInUse)
	}
	var others int
	for range 20 { // sessions that have just ended are seen for a moment
		if err := d.conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
			AND application_name LIKE 'ouderavond%'`).Scan(&others); err != nil || others == 0 {
			return err
		}
		if err := pause(ctx, 1); err != nil {
			return err
		}
	}
	return ErrInUse
}

// has reports whether the server has a function of that name.
func (d *distributing) has(ctx context.Context, function string) (there bool, err error) {
	err = d.conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = $1 AND pg_function_is_visible(oid))", function).Scan(&there)
	return there, err
}

// table is a table as it is spread over the nodes, or is to be.
type table struct {
	name   string
	scoped bool // its rows belong to schools
	spread bool // it is distributed by school, or copied to every node, as it should be
	column string
}

const tablesOf = `
	SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'school_id' AND NOT a.attisdropped),
		coalesce((SELECT p.partmethod = 'h' FROM pg_dist_partition p WHERE p.logicalrelid = c.oid), false),
		coalesce((SELECT p.partmethod = 'n' AND p.repmodel = 't' FROM pg_dist_partition p WHERE p.logicalrelid = c.oid), false)
	FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND NOT c.relname = ANY ($1)
		AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
	ORDER BY c.relname <> 'schools', c.relname`

// querier is a connection, or a transaction on it.
type querier interface {
	Query(ctx context.Context, text string, values ...any) (pgx.Rows, error)
}

// tables lists the product's tables, that of the schools first.
func tables(ctx context.Context, from querier, shared []string) ([]table, error) {
	rows, err := from.Query(ctx, tablesOf, local)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t table, err error) {
		var named, hashed, copied bool
		err = row.Scan(&t.name, &named, &hashed, &copied)
		switch {
		case t.name == "schools":
			t.column = "id"
		case named && !slices.Contains(shared, t.name):
			t.column = "school_id"
		}
		t.scoped = t.column != ""
		t.spread = t.scoped && hashed || !t.scoped && copied
		return t, err
	})
}

// setAside takes away the references that stand between a table that is not distributed yet and another, and keeps what they say.
func (d *distributing) setAside(ctx context.Context) error {
	if _, err := d.conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS "+aside+" (child TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (child, name))"); err != nil {
		return err
	}
	all, err := tables(ctx, d.conn, d.shared)
	if err != nil {
		return err
	}
	var missing []string
	for _, one := range all {
		if !one.spread {
			missing = append(missing, one.name)
		}
	}
	return pgx.BeginFunc(ctx, d.conn, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `INSERT INTO `+aside+` SELECT child.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
			JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
			WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace AND (child.relname = ANY ($1) OR parent.relname = ANY ($1))
			RETURNING child, name`, missing)
		if err != nil {
			return err
		}
		type reference struct{ Child, Name string }
		taken, err := pgx.CollectRows(rows, pgx.RowToStructByPos[reference])
		if err != nil {
			return err
		}
		for _, one := range taken {
			if _, err := tx.Exec(ctx, "ALTER TABLE "+quoted(one.Child)+" DROP CONSTRAINT "+quoted(one.Name)); err != nil {
				return err
			}
		}
		d.say("tables    %d, of which %d are to be distributed; %d references taken away meanwhile", len(all), len(missing), len(taken))
		return nil
	})
}

// spread distributes what is not distributed yet.
func (d *distributing) spread(ctx context.Context) error {
	all, err := tables(ctx, d.conn, d.shared)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.spread {
			continue
		}
		statement := "SELECT create_reference_table(" + literal(one.name) + ")"
		if one.scoped {
			with := "'none'"
			if one.name != "schools" {
				with = literal("schools")
			}
			statement = "SELECT create_distributed_table(" + literal(one.name) + ", " + text(one.column) + ", colocate_with => " + with + ")"
		}
		if _, err := d.conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		if one.scoped {
			d.say("by school %s", one.name)
		} else {
			d.say("to all    %s", one.name)
		}
	}
	return nil
}

// dropLocalRows removes the rows that Citus leaves behind on the coordinator when it copies a table to the nodes: no statement sees them any more, a wipe neither.
func (d *distributing) dropLocalRows(ctx context.Context) error {
	there, err := d.has(ctx, "truncate_local_data_after_distributing_table")
	if err != nil || !there {
		return err
	}
	all, err := tables(ctx, d.conn, d.shared)
	if err != nil {
		return err
	}
	for _, one := range all {
		if _, err := d.conn.Exec(ctx, "SELECT truncate_local_data_after_distributing_table("+literal(one.name)+")"); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return nil
}

// putBack adds the references again, each with its note in one transaction.
func (d *distributing) putBack(ctx context.Context) error {
	rows, err := d.conn.Query(ctx, "SELECT child, name, definition FROM "+aside+" ORDER BY child, name")
	if err != nil {
		return err
	}
	type reference struct{ Child, Name, Definition string }
	kept, err := pgx.CollectRows(rows, pgx.RowToStructByPos[reference])
	if err != nil {
		return err
	}
	for _, one := range kept {
		err := pgx.BeginFunc(ctx, d.conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "ALTER TABLE "+quoted(one.Child)+" ADD CONSTRAINT "+quoted(one.Name)+" "+one.Definition); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "DELETE FROM "+aside+" WHERE child = $1 AND name = $2", one.Child, one.Name)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s of %s: %w", one.Name, one.Child, err)
		}
	}
	if _, err := d.conn.Exec(ctx, "DROP TABLE "+aside); err != nil {
		return err
	}
	d.say("added     %d references again", len(kept))
	return nil
}

// check makes sure that everything is where it should be: a school's rows of all tables on one node.
func (d *distributing) check(ctx context.Context) error {
	all, err := tables(ctx, d.conn, d.shared)
	if err != nil {
		return err
	}
	if err := whole(all); err != nil {
		return err
	}
	var apart []string
	err = d.conn.QueryRow(ctx, `SELECT coalesce(array_agg(c.relname ORDER BY c.relname), '{}') FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
		WHERE c.relnamespace = current_schema()::regnamespace AND p.partmethod = 'h'
			AND p.colocationid <> (SELECT s.colocationid FROM pg_dist_partition s WHERE s.logicalrelid = to_regclass('schools'))`).Scan(&apart)
	if err == nil && len(apart) > 0 {
		err = fmt.Errorf("these tables do not lie with their schools: %s", strings.Join(apart, ", "))
	}
	if err == nil {
		d.say("done      the rows of a school lie together, on one node")
	}
	return err
}

// whole refuses a database of which only some tables are distributed.
func whole(all []table) error {
	var missing []string
	for _, one := range all {
		if !one.spread {
			missing = append(missing, one.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: %s", ErrNotWhole, strings.Join(missing, ", "))
	}
	return nil
}

// distributedWhole refuses a database that was distributed before migrations added tables. One that was never distributed is left alone.
func distributedWhole(ctx context.Context, config engine.Options) (err error) {
	conn, err := pgx.Connect(ctx, config.URL)
	if err != nil {
		return engine.Translate(err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	var there bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass('pg_dist_partition') IS NOT NULL").Scan(&there); err != nil || !there {
		return engine.Translate(err)
	}
	all, err := tables(ctx, conn, config.Shared)
	if err != nil {
		return engine.Translate(err)
	}
	if at := slices.IndexFunc(all, func(one table) bool { return one.name == "schools" }); at < 0 || !all[at].spread {
		return nil
	}
	var left bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", aside).Scan(&left); err != nil {
		return engine.Translate(err)
	}
	if left {
		return fmt.Errorf("%w: references were taken away and are not back", ErrNotWhole)
	}
	return whole(all)
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// literal writes the name of a table as a text; text writes any.
func literal(name string) string { return text(quoted(name)) }

func text(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
