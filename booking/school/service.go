package school

import (
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models/store"
)

// Service keeps schools. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// wake tells the dispatcher of messages that something was queued.
	wake     func()
	carriers rules.Carriers
}

// NewService makes the service. wake is called after each commit that queued a message.
func NewService(rows *store.Store, wake func(), carriers rules.Carriers) *Service {
	return &Service{store: rows, wake: wake, carriers: carriers}
}
