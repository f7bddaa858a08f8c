package conference

import (
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models/store"
)

// Service keeps conferences. It is safe for concurrent use.
type Service struct {
	store    *store.Store
	carriers rules.Carriers
}

// NewService makes the service.
func NewService(rows *store.Store, carriers rules.Carriers) *Service {
	return &Service{store: rows, carriers: carriers}
}
