package store

import (
	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
)

// DueMessages gives the messages of the school that are to be sent now, the longest due first: queued ones, and those whose sender died.
func (tx *Tx) DueMessages(limit int) ([]models.Message, error) {
	free := clause.Or(
		clause.Eq{Column: column("leased_until"), Value: nil},
		clause.Lte{Column: column("leased_until"), Value: tx.now},
	)
	var rows []models.Message
	err := tx.where([]Condition{In("state", []models.MessageState{models.MessageQueued, models.MessageSending}), {clause.Lte{Column: column("due_at"), Value: tx.now}}, {free}}).
		Order(clause.OrderByColumn{Column: column("due_at")}).Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	for i := range rows {
		if err := openRow(tx, &rows[i], false); err != nil {
			return nil, err
		}
	}
	return rows, nil
}
