package session

import "github.com/ouderavond/ouderavond/models/store"

// Service keeps sessions. It is safe for concurrent use.
type Service struct {
	store *store.Store
}

// NewService makes the service.
func NewService(rows *store.Store) *Service {
	return &Service{store: rows}
}
