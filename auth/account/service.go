package account

import (
	"github.com/ouderavond/ouderavond/models/store"
)

// Service keeps accounts. It is safe for concurrent use.
type Service struct {
	store *store.Store
	wake  func()
}

// NewService makes the service. wake is called after a commit that queued a message.
func NewService(rows *store.Store, wake func()) *Service { return &Service{store: rows, wake: wake} }
