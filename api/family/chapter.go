package family

import (
	"slices"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/household"
)

// Chapter answers the routes of a chapter of the API: log-in, and what a parent's session sees and books.
type Chapter struct {
	base         *rest.Base
	families     *family.Service
	appointments *appointment.Service
	households   *household.Service
	auth         *auth.Services
}

// New makes the chapter. It knows its routes even where services are missing.
func New(base *rest.Base, services booking.Services, accounts *auth.Services) *Chapter {
	return &Chapter{base: base, families: services.Families, appointments: services.Appointments, households: services.Households, auth: accounts}
}

// Routes returns the chapter's rows of the route table, in the order of the description.
func (s *Chapter) Routes() []rest.Route { return slices.Concat(s.frontRoutes(), s.familyRoutes()) }

// OfficeRoutes returns what the school's office does for a family.
func (s *Chapter) OfficeRoutes() []rest.Route { return s.officeRoutes() }
