package appointment

import (
	"github.com/ouderavond/ouderavond/models/store"
)

// Service books. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// wake tells the dispatcher of messages that something was queued.
	wake func()
}

// NewService makes the service. wake is called after each commit that queued a message.
func NewService(rows *store.Store, wake func()) *Service { return &Service{store: rows, wake: wake} }
