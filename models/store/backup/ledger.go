package backup

import (
	"context"
	"database/sql"
	"time"

	"github.com/ouderavond/ouderavond/models"
)

// Wiped is a school that was wiped, or whose wipe has begun: a line of the erasure ledger, or a receipt.
type Wiped struct {
	School     models.SchoolID
	AskedAt    time.Time
	FinishedAt *time.Time // nil: the wipe was not finished
	Counts     string     // rows per table, as JSON
	Receipt    string     // signed, as JSON
}

// ReadLedger gives the erasure ledger of a database, and the schools that are being closed in it.
func ReadLedger(ctx context.Context, path string) ([]Wiped, error) {
	db, err := open(path, readWrite) // a database whose program died is brought into order first
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(ctx, `SELECT school_id, asked_at, finished_at, counts, receipt FROM erasure_ledger
		UNION ALL SELECT id, created_at, NULL, '{}', '{}' FROM schools WHERE state = 'closing' AND id NOT IN (SELECT school_id FROM erasure_ledger)`)
	if err != nil {
		return nil, damage(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	var all []Wiped
	for rows.Next() {
		var line Wiped
		var asked, finished any
		if err := rows.Scan(&line.School, &asked, &finished, &line.Counts, &line.Receipt); err != nil {
			return nil, damage(ctx, err)
		}
		if line.AskedAt, err = instant(asked); err != nil {
			return nil, err
		}
		if finished != nil {
			end, err := instant(finished)
			if err != nil {
				return nil, err
			}
			line.FinishedAt = &end
		}
		all = append(all, line)
	}
	return all, rows.Err()
}

// instant reads a time as the driver gives it: a column of a UNION has no declared type, so it may be text.
func instant(column any) (time.Time, error) {
	switch value := column.(type) {
	case time.Time:
		return value.UTC(), nil
	case []byte:
		return parseInstant(string(value))
	case string:
		return parseInstant(value)
	}
	return time.Time{}, ErrDamaged
}

func parseInstant(text string) (time.Time, error) {
	at, err := time.Parse("2006-01-02 15:04:05.999999999-07:00", text)
	if err != nil {
		return at, ErrDamaged
	}
	return at.UTC(), nil
}

// MergeLedger writes into a copy's ledger what is known of wipes from elsewhere, and gives the schools of the copy that have to be wiped again. Their lines
// are left without an end and without figures: the program that opens the copy finishes them, and the figures are those of that wipe.
func MergeLedger(ctx context.Context, path string, wiped []Wiped) ([]models.SchoolID, error) {
	var again []models.SchoolID
	err := within(ctx, path, func(tx *sql.Tx) error {
		again = nil
		for _, line := range wiped {
			there, err := mergeLine(ctx, tx, line)
			if err != nil {
				return err
			}
			if there {
				again = append(again, line.School)
			}
		}
		return nil
	})
	return again, err
}

func mergeLine(ctx context.Context, tx *sql.Tx, line Wiped) (there bool, err error) {
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM schools WHERE id = ?)", line.School).Scan(&there); err != nil {
		return false, err
	}
	if there {
		line.FinishedAt, line.Counts, line.Receipt = nil, "{}", "{}"
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO erasure_ledger (school_id, asked_at, finished_at, counts, receipt) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (school_id) DO UPDATE SET finished_at = excluded.finished_at, counts = excluded.counts, receipt = excluded.receipt
		WHERE EXISTS (SELECT 1 FROM schools WHERE id = excluded.school_id) OR erasure_ledger.finished_at IS NULL`,
		line.School, line.AskedAt, line.FinishedAt, line.Counts, line.Receipt)
	return there, err
}

// within runs a function in one transaction on a database's file.
func within(ctx context.Context, path string, work func(*sql.Tx) error) error {
	db, err := open(path, readWrite)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}
