package key

import "github.com/ouderavond/ouderavond/models/store"

// Service keeps API keys. It is safe for concurrent use.
type Service struct {
	store *store.Store
}

// NewService makes the service.
func NewService(rows *store.Store) *Service {
	return &Service{store: rows}
}
