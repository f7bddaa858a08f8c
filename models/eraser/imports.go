package eraser

import (
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// OpenImports are the states in which an import lies there with its files.
var OpenImports = []models.ImportState{models.ImportReading, models.ImportUnreadable, models.ImportReady}

// Imports withdraws the imports that lie there, applied ones with questions too, and deletes their files and what was found in them. Whoever erases a person by hand
// calls it: the person may be in the files, and would come back.
func Imports(tx *store.Tx, of ...store.Condition) (int64, error) {
	open, err := store.List[models.Import](tx, append(of, store.In("state", append([]models.ImportState{models.ImportApplied}, OpenImports...)))...)
	ended := int64(0)
	for i := range open {
		row := &open[i]
		if row.State == models.ImportApplied && row.Questions == 0 {
			continue
		}
		if row.State != models.ImportApplied {
			row.State = models.ImportWithdrawn
		}
		if err := EndImport(tx, row); err != nil {
			return ended, err
		}
		ended++
	}
	return ended, err
}

// EndImport deletes the files of an import and what was found in them, and writes its state.
func EndImport(tx *store.Tx, row *models.Import) error {
	if _, err := store.Delete[models.ImportFile](tx, store.Eq("import_id", row.ID)); err != nil {
		return err
	}
	row.At, row.Questions, row.Details, row.Outcome = tx.Now(), 0, models.ImportDetails{}, nil
	return store.Update(tx, row, "at", "state", "questions", "details", "outcome")
}
