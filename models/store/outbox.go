package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// free holds for messages that nobody has leased.
func (tx *Tx) free() Condition {
	return Condition{clause.Or(
		clause.Eq{Column: column("leased_until"), Value: nil},
		clause.Lte{Column: column("leased_until"), Value: tx.now},
	)}
}

// DueMessages gives the messages of the school that are to be sent now and meet the conditions, the longest due first: queued ones, and those whose sender died.
//
// The two states are asked for one by one: each is then read in the order of its index until there are enough, however many wait.
func (tx *Tx) DueMessages(limit int, conditions ...Condition) ([]models.Message, error) {
	due := append([]Condition{{clause.Lte{Column: column("due_at"), Value: tx.now}}, tx.free()}, conditions...)
	var rows []models.Message
	for _, state := range []models.MessageState{models.MessageSending, models.MessageQueued} {
		var found []models.Message
		db := tx.where(append(due, Eq("state", state))).Order(clause.OrderByColumn{Column: column("due_at")}).Order(clause.OrderByColumn{Column: column("id")})
		if err := db.Limit(limit).Find(&found).Error; err != nil {
			return nil, engine.Translate(err)
		}
		rows = append(rows, found...)
	}
	slices.SortStableFunc(rows, func(a, b models.Message) int { return cmp.Or(a.DueAt.Compare(b.DueAt), a.ID.Compare(b.ID)) })
	rows = rows[:min(limit, len(rows))]
	return rows, openMessages(tx, rows)
}

// FollowUps gives the messages of the school about which a carrier is to be asked now what became of them.
func (tx *Tx) FollowUps(limit int) ([]models.Message, error) {
	var rows []models.Message
	err := tx.where([]Condition{{clause.Lte{Column: column("follow_up_at"), Value: tx.now}}, tx.free()}).
		Order(clause.OrderByColumn{Column: column("follow_up_at")}).Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, engine.Translate(err)
	}
	return rows, openMessages(tx, rows)
}

// LatestMessages gives the newest messages of the school that meet the conditions, newest first, at most limit of them.
func (tx *Tx) LatestMessages(limit int, conditions ...Condition) ([]models.Message, error) {
	var rows []models.Message
	err := tx.where(conditions).Order(clause.OrderByColumn{Column: column("id"), Desc: true}).Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, engine.Translate(err)
	}
	return rows, openMessages(tx, rows)
}

func openMessages(tx *Tx, rows []models.Message) error {
	for i := range rows {
		if err := openRow(tx, &rows[i], false); err != nil {
			return err
		}
	}
	return nil
}

// Advance writes the named columns of a message if it still stands as it was read: in the state and under the lease of before. It tells false, and writes
// nothing, if somebody else changed one of the two meanwhile, on this machine or another.
func (tx *Tx) Advance(before models.Message, after *models.Message, columns ...string) (bool, error) {
	if before.ID.IsZero() || before.ID != after.ID {
		return false, fmt.Errorf("advance of a message without its id")
	}
	if len(columns) == 0 {
		return false, fmt.Errorf("advance of a message without a column")
	}
	if err := tx.ready(after, columns); err != nil {
		return false, err
	}
	lease := Null("leased_until")
	if before.LeasedUntil != nil {
		lease = Eq("leased_until", *before.LeasedUntil)
	}
	result := tx.where([]Condition{Eq("state", before.State), lease}).Model(after).Select(columns).Updates(after)
	return result.RowsAffected == 1, engine.Translate(result.Error)
}

// Revise raises the revision of a household and returns it: greater than that of anything the household was told before, by whichever program and whatever the
// clocks say. Whoever else raises it waits until this transaction ends, so revisions are in the order of the commits. errs.NotFound if there is no such household.
func (tx *Tx) Revise(household models.HouseholdID) (int64, error) {
	if err := tx.mayWrite(); err != nil {
		return 0, err
	}
	one, err := tx.store.statements.get(tx.db, form{verb: revising, row: reflect.TypeFor[models.Household]()}, writeRevision)
	if err != nil {
		return 0, err
	}
	var revision int64
	err = tx.db.Statement.ConnPool.QueryRowContext(tx.db.Statement.Context, one.text, tx.actor.School, household).Scan(&revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errs.Because(errs.NotFound, errs.CodeNotFound, err)
	}
	return revision, engine.Translate(err)
}

func writeRevision(w *writer, _ form) error {
	w.text("UPDATE ").table().text(" SET revision = revision + 1 WHERE ").name("school_id").text(" = ").places(1)
	w.text(" AND ").name("id").text(" = ").places(1).text(" RETURNING revision")
	return nil
}

// Pressing holds for messages that are not held back while families wait for the program: those that were queued by an instant, those that staff asked for once
// more, and tests of a channel. Somebody looks at the screen for the latter two. One-time codes are not asked about: they are nobody's to hold back.
func Pressing(queuedBy time.Time) Condition {
	return Condition{clause.Or(
		clause.Lte{Column: column("created_at"), Value: queuedBy.UTC()}, clause.Eq{Column: column("again"), Value: true}, clause.Eq{Column: column("kind"), Value: models.MessageTest},
	)}
}

// OpenTasks returns the tasks of the school that nobody has leased and that are not at their end, the oldest first.
func (tx *Tx) OpenTasks(limit int) ([]models.Task, error) {
	var rows []models.Task
	err := tx.where([]Condition{In("state", []models.TaskState{models.TaskWaiting, models.TaskRunning}), tx.free()}).
		Order(clause.OrderByColumn{Column: column("created_at")}).Order(clause.OrderByColumn{Column: column("id")}).Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, engine.Translate(err)
	}
	for i := range rows {
		if err := openRow(tx, &rows[i], false); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// AdvanceTask writes the named columns of a task if it is still in the epoch that the caller knows. It returns false, and writes nothing, if another program has
// taken the task meanwhile, or it has ended.
func (tx *Tx) AdvanceTask(epoch int64, after *models.Task, columns ...string) (bool, error) {
	if len(columns) == 0 {
		return false, fmt.Errorf("advance of a task without a column")
	}
	if err := tx.ready(after, columns); err != nil {
		return false, err
	}
	stands := []Condition{Eq("epoch", epoch), In("state", []models.TaskState{models.TaskWaiting, models.TaskRunning})}
	result := tx.where(stands).Model(after).Select(columns).Updates(after)
	return result.RowsAffected == 1, engine.Translate(result.Error)
}
