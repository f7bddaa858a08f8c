package booking

import (
	"github.com/ouderavond/ouderavond/models/store"
)

// Service is the booking side of the product. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// wake tells the dispatcher of messages that something was queued.
	wake func()
	// mailbox erases a school's messages from the mailbox folder, for the wipe.
	mailbox Eraser
}

// Eraser removes whatever of a school is kept outside the database.
type Eraser interface {
	// EraseSchool removes everything of a school, whose id is given as text, and tells how many things it removed.
	EraseSchool(school string) (int, error)
}

// NewService makes the service. wake is called after each commit that queued a message; eraser may be nil where nothing is kept outside the database.
func NewService(rows *store.Store, wake func(), eraser Eraser) *Service {
	if wake == nil {
		wake = func() {}
	}
	return &Service{store: rows, wake: wake, mailbox: eraser}
}
