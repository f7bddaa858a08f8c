package household

import (
	"context"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Service keeps households. It is safe for concurrent use.
type Service struct {
	store *store.Store
	// wake tells the dispatcher of messages that something was queued.
	wake  func()
	reach func(context.Context)
}

// NewService makes the service. wake is called after each commit that may have queued a message, reach after each that erased somebody: it erases what lies
// outside the database.
func NewService(rows *store.Store, wake func(), reach func(context.Context)) *Service {
	return &Service{store: rows, wake: wake, reach: reach}
}

// Change carries out a change of who belongs to whom within a transaction. Talks hold the time of whoever is in them afterwards.
func Change(tx *store.Tx, work func() error) error { return appointment.KeepHeld(tx, work) }

// change carries out such a change in a transaction of its own.
func (s *Service) change(ctx context.Context, actor models.Actor, work func(*store.Tx) error) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error { return Change(tx, func() error { return work(tx) }) })
}
