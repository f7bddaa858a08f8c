package backup

import (
	"context"
	"errors"

	"github.com/ouderavond/ouderavond/models/seal"
)

// Fits tells whether the program would refuse a SQLite database that another one may be using: ErrNewerSchema, ErrOtherMasterKey. It reads two rows and changes
// nothing. What cannot be read is no refusal: whoever opens it says what is wrong.
func Fits(ctx context.Context, path string, master *seal.Master) error {
	db, err := open(path, readOnly)
	if err != nil {
		return nil
	}
	defer func() { _ = db.Close() }()
	err = new(Content).read(ctx, db, master)
	if errors.Is(err, ErrNewerSchema) || errors.Is(err, ErrOtherMasterKey) {
		return err
	}
	return nil
}
