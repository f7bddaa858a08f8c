package store

import (
	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
)

// AddToBudget adds a row's count to the row that is there with the same key, in one statement.
func (tx *Tx) AddToBudget(row *models.Budget) error {
	if err := tx.mayWrite(); err != nil {
		return err
	}
	return translate(tx.where([]Condition{Eq("name", row.Name), Eq("subject", row.Subject), Eq("window", row.Window)}).
		Model(&models.Budget{}).UpdateColumn("spent", gorm.Expr("spent + ?", row.Spent)).Error)
}
