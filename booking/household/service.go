package household

import (
	"context"

	"github.com/ouderavond/ouderavond/models/store"
)

// Service keeps households. It is safe for concurrent use.
type Service struct {
	store *store.Store
	reach func(context.Context)
}

// NewService makes the service. reach is called after each commit that erased somebody: it erases what lies outside the database.
func NewService(rows *store.Store, reach func(context.Context)) *Service {
	return &Service{store: rows, reach: reach}
}
