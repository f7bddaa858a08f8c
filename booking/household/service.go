package household

import (
	"context"

	"github.com/ouderavond/ouderavond/models/store"
)

// Service keeps households. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// wake tells the dispatcher of messages that something was queued.
	wake  func()
	reach func(context.Context)
}

// NewService makes the service. wake is called after each commit that may have queued a message, reach after each that erased somebody: it erases what lies
// outside the database.
func NewService(rows *store.Store, wake func(), reach func(context.Context)) *Service {
	return &Service{store: rows, wake: wake, reach: reach}
}
