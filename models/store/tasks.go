package store

import (
	"fmt"

	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

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
