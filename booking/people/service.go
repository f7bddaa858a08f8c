package people

import (
	"context"

	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Service keeps pupils and staff. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// wake tells the dispatcher of messages that something was queued.
	wake func()
	// reach erases what lies outside the database of those whose rows are gone.
	reach func(context.Context)
}

// NewService makes the service. wake is called after each commit that queued a message, reach after each that erased somebody.
func NewService(rows *store.Store, wake func(), reach func(context.Context)) *Service {
	return &Service{store: rows, wake: wake, reach: reach}
}

// change carries out a change of the roster in one transaction. Talks keep the time of those who are in them afterwards.
func (s *Service) change(ctx context.Context, actor models.Actor, work func(*store.Tx) error) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		return household.Change(tx, func() error { return work(tx) })
	})
}
