package family

import (
	"github.com/ouderavond/ouderavond/models/store"
)

// Service shows a family what it can choose. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// popularity is what proposals know of the moments that many families want.
	popularity popularity
}

// NewService makes the service.
func NewService(rows *store.Store) *Service { return &Service{store: rows} }
