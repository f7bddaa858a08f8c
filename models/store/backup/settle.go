package backup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/ouderavond/ouderavond/models"
)

// leap is added to every counter that people outside have seen. What they saw after the copy was made has then a smaller number than anything that comes,
// so a calendar takes the next invitation (RFC 5546, section 2.1.4), and no form filled in before the restore passes for one of the restored state.
const leap = 1000

// settling are the statements that make a copy fit to be used again, and what each is counted as.
var settling = []struct{ what, statement string }{
	{"sessions", "DELETE FROM sessions"},
	{"codes", "DELETE FROM codes"},
	{"", "DELETE FROM account_tokens"},
	{"messages", "UPDATE messages SET state = 'unknown', problem = '" + models.ProblemRestored + "', leased_until = NULL WHERE state IN ('queued', 'sending') AND kind <> 'code'"},
	{"", "UPDATE messages SET state = 'superseded', problem = '" + models.ProblemRestored + "', leased_until = NULL, details = NULL WHERE state IN ('queued', 'sending')"},
	{"", fmt.Sprintf("UPDATE households SET revision = revision + %d", leap)},
	{"", fmt.Sprintf("UPDATE invitations SET sequence = sequence + %d", leap)},
	{"", fmt.Sprintf("UPDATE appointments SET version = version + %d", leap)},
	{"", fmt.Sprintf("UPDATE conferences SET version = version + %d", leap)},
	{"", fmt.Sprintf("UPDATE schools SET roster_version = roster_version + %d, programme_version = programme_version + %d", leap, leap)},
}

// keeping are the statements that carry over from the present database what must not be undone by going back: what was revoked stays revoked.
var keeping = []struct{ what, statement string }{
	{"api-keys", `UPDATE api_keys SET revoked_at = (SELECT p.revoked_at FROM present.api_keys p WHERE p.school_id = api_keys.school_id AND p.id = api_keys.id)
		WHERE revoked_at IS NULL AND EXISTS (SELECT 1 FROM present.api_keys p WHERE p.school_id = api_keys.school_id AND p.id = api_keys.id AND p.revoked_at IS NOT NULL)`},
	{"operator-keys", `UPDATE operator_keys SET revoked_at = (SELECT p.revoked_at FROM present.operator_keys p WHERE p.id = operator_keys.id)
		WHERE revoked_at IS NULL AND EXISTS (SELECT 1 FROM present.operator_keys p WHERE p.id = operator_keys.id AND p.revoked_at IS NOT NULL)`},
	{"accounts", `UPDATE accounts SET state = 'disabled'
		WHERE state <> 'disabled' AND NOT EXISTS (SELECT 1 FROM present.accounts p WHERE p.school_id = accounts.school_id AND p.id = accounts.id AND p.state <> 'disabled')`},
	{"roles", `UPDATE accounts SET roles = (SELECT p.roles FROM present.accounts p WHERE p.school_id = accounts.school_id AND p.id = accounts.id)
		WHERE EXISTS (SELECT 1 FROM present.accounts p WHERE p.school_id = accounts.school_id AND p.id = accounts.id AND p.roles <> accounts.roles)`},
	// What proves who somebody is is that of today: another password, a second factor that was lost, recovery codes that were used. The secrets are sealed with the
	// school's key, which going back does not change.
	{"", `DELETE FROM credentials WHERE EXISTS (SELECT 1 FROM present.accounts p WHERE p.school_id = credentials.school_id AND p.id = credentials.account_id)`},
	{"credentials", `INSERT INTO credentials SELECT p.* FROM present.credentials p JOIN accounts a ON a.school_id = p.school_id AND a.id = p.account_id`},
}

// Settle makes a restored copy fit to be used: everybody is logged out, one-time codes are void, and what was waiting to be sent is not sent, because it may
// have been. It tells how many rows of each kind that were.
func Settle(ctx context.Context, path string) (map[string]int64, error) {
	counts := map[string]int64{}
	err := within(ctx, path, func(tx *sql.Tx) error {
		for _, step := range settling {
			done, err := tx.ExecContext(ctx, step.statement)
			if err != nil {
				return err
			}
			if changed, err := done.RowsAffected(); err == nil && step.what != "" {
				counts[step.what] = changed
			}
		}
		return nil
	})
	return counts, err
}

// Difference is what the present database has and a copy has not.
type Difference struct {
	// Bookings are acts that families or staff made since; they are lost by restoring the copy.
	Bookings int64
	// Pupils of the copy are gone from the present database: they left the roster, or the school is not there any more.
	Pupils int64
	// Erased are those of them whom a school erased by hand.
	Erased []Pupil
	// Kept counts what was revoked or changed since and stays so: keys, accounts, roles, credentials.
	Kept map[string]int64
}

// Pupil names a pupil of a school.
type Pupil struct {
	School models.SchoolID
	Pupil  models.PupilID
}

// Compare looks what a copy lacks that the present database has, and carries into the copy what must not be undone.
func Compare(ctx context.Context, path, present string) (*Difference, error) {
	db, err := open(path, readWrite)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, "ATTACH DATABASE ? AS present", present); err != nil {
		return nil, damage(ctx, err)
	}
	difference := &Difference{Kept: map[string]int64{}}
	if err := difference.read(ctx, db); err != nil {
		return nil, damage(ctx, err)
	}
	for _, step := range keeping {
		done, err := db.ExecContext(ctx, step.statement)
		if err != nil {
			return nil, err
		}
		if difference.Kept[step.what], err = done.RowsAffected(); err != nil {
			return nil, err
		}
	}
	return difference, nil
}

func (d *Difference) read(ctx context.Context, db *sql.DB) error {
	err := errors.Join(
		db.QueryRowContext(ctx, "SELECT count(*) FROM present.bookings p WHERE NOT EXISTS (SELECT 1 FROM bookings b WHERE b.school_id = p.school_id AND b.id = p.id)").Scan(&d.Bookings),
		db.QueryRowContext(ctx, "SELECT count(*) FROM pupils c WHERE NOT EXISTS (SELECT 1 FROM present.pupils p WHERE p.school_id = c.school_id AND p.id = c.id)").Scan(&d.Pupils),
	)
	if err != nil {
		return err
	}
	rows, err := db.QueryContext(ctx, `SELECT DISTINCT a.school_id, a.subject FROM present.audits a JOIN pupils c ON c.school_id = a.school_id AND c.id = a.subject
		WHERE a.action = 'pupil-erased'`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one Pupil
		if err := rows.Scan(&one.School, &one.Pupil); err != nil {
			return err
		}
		d.Erased = append(d.Erased, one)
	}
	return rows.Err()
}

// Compact writes a database anew, into one file without a write-ahead log: nothing that was deleted is in its bytes.
func Compact(ctx context.Context, path string) error {
	db, err := open(path, readWrite)
	if err != nil {
		return err
	}
	for _, statement := range []string{"PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode = DELETE", "VACUUM"} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return errors.Join(damage(ctx, err), db.Close())
		}
	}
	return db.Close()
}
