package staff

import "github.com/ouderavond/ouderavond/models/store"

// Service lets the school's people in. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// workers bound how many passwords are checked at once.
	workers chan struct{}
}

// NewService makes the service.
func NewService(rows *store.Store) *Service {
	return &Service{store: rows, workers: make(chan struct{}, passwordWorkers)}
}
