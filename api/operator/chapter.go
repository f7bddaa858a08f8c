package operator

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/erasure"
	"github.com/ouderavond/ouderavond/booking/school"
)

// Chapter answers the routes of a chapter of the API: for the people who run the installation: schools, wiping one, receipts, keys.
type Chapter struct {
	base     *rest.Base
	schools  *school.Service
	erasures *erasure.Service
	auth     *auth.Services
	wiping   func(ctx context.Context, wipe func(context.Context) error) error
	wait     func(ctx context.Context, pause time.Duration) error
}

// New makes the chapter. It knows its routes even where services are missing.
// Wiping runs the wipe of a school while no other program is at one; the context that it hands in ends if that is not sure any more.
// Wait pauses between tries of a wipe to empty the write-ahead log, and ends early with an error if the context does.
func New(base *rest.Base, services booking.Services, accounts *auth.Services, wiping func(ctx context.Context, wipe func(context.Context) error) error, wait func(ctx context.Context, pause time.Duration) error) *Chapter {
	return &Chapter{base: base, schools: services.Schools, erasures: services.Erasures, auth: accounts, wiping: wiping, wait: wait}
}

// Routes returns the chapter's rows of the route table, in the order of the description.
func (s *Chapter) Routes() []rest.Route { return s.routes() }
