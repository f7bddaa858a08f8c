package conference

import (
	"slices"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/evening"
)

// Chapter answers the routes of a chapter of the API: conferences with their days, talk kinds, offers, availability and schedules.
type Chapter struct {
	base        *rest.Base
	conferences *conference.Service
	parts       *conference.Parts
	hours       *availability.Service
	evenings    *evening.Service
}

// New makes the chapter. It knows its routes even where services are missing.
func New(base *rest.Base, services booking.Services) *Chapter {
	return &Chapter{base: base, conferences: services.Conferences, parts: services.Parts, hours: services.Availability, evenings: services.Evenings}
}

// Routes returns the chapter's rows of the route table, in the order of the description.
func (s *Chapter) Routes() []rest.Route {
	return slices.Concat(s.conferenceRoutes(), s.eveningRoutes())
}
