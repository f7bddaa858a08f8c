package office

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/office"
)

// Chapter answers the routes of a chapter of the API: families as the office sees them.
type Chapter struct {
	base     *rest.Base
	families *office.Service
}

// New makes the chapter. It knows its routes even where services are missing.
func New(base *rest.Base, services booking.Services) *Chapter {
	return &Chapter{base: base, families: services.Office}
}

// Routes returns the chapter's rows of the route table, in the order of the description.
func (s *Chapter) Routes() []rest.Route { return s.routes() }

// listOf names a list of the school that is asked, for its cursors.
func listOf(ctx context.Context, name string) string {
	return name + " " + rest.CallOf(ctx).School.String()
}
