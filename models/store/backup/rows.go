package backup

import (
	"context"
	"fmt"
)

// Rows counts the rows of each table of a SQLite database that another program may be using.
func Rows(ctx context.Context, path string) (map[string]int64, error) {
	db, err := open(path, readOnly)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	tables, err := db.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		return nil, err
	}
	rows := map[string]int64{}
	for tables.Next() {
		var name string
		if err := tables.Scan(&name); err != nil {
			return nil, err
		}
		rows[name] = 0
	}
	if err := tables.Close(); err != nil {
		return nil, err
	}
	for name := range rows {
		var count int64
		if err := db.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM %q", name)).Scan(&count); err != nil {
			return nil, err
		}
		rows[name] = count
	}
	return rows, tables.Err()
}
