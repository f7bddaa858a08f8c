package backup

import (
	"context"
	"database/sql"
	"fmt"
)

// Lost is what the present database has of a school and a copy has not: it is gone once the copy is in its place.
type Lost struct {
	Slug string
	// School says that the copy does not have the school at all.
	School                                 bool
	Pupils, Households, Contacts, Bookings int64
}

// WouldLose compares a copy with the present database, school by school, and lists those of which something would be lost, by slug. It changes neither.
func WouldLose(ctx context.Context, path, present string) ([]Lost, error) {
	db, err := open(path, readWrite) // a copy taken by hand may have a write-ahead log beside it
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, "ATTACH DATABASE ? AS present", present); err != nil {
		return nil, damage(ctx, err)
	}
	lost, err := lostSchools(ctx, db)
	if err != nil {
		return nil, damage(ctx, err)
	}
	return lost, nil
}

func lostSchools(ctx context.Context, db *sql.DB) (all []Lost, err error) {
	// A school that is being wiped is not lost by going back.
	query := "SELECT s.slug, NOT EXISTS (SELECT 1 FROM main.schools c WHERE c.id = s.id)"
	for _, table := range []string{"pupils", "households", "contacts", "bookings"} {
		query += fmt.Sprintf(", (SELECT count(*) FROM present.%[1]s p WHERE p.school_id = s.id AND NOT EXISTS (SELECT 1 FROM main.%[1]s c WHERE c.school_id = p.school_id AND c.id = p.id))", table)
	}
	rows, err := db.QueryContext(ctx, query+" FROM present.schools s WHERE s.state = 'active' ORDER BY s.slug")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one Lost
		if err := rows.Scan(&one.Slug, &one.School, &one.Pupils, &one.Households, &one.Contacts, &one.Bookings); err != nil {
			return nil, err
		}
		if one.School || one.Pupils+one.Households+one.Contacts+one.Bookings > 0 {
			all = append(all, one)
		}
	}
	return all, rows.Err()
}
