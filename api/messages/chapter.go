package messages

import (
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/messages"
	"github.com/ouderavond/ouderavond/booking/school"
)

// Chapter answers the routes of a chapter of the API: the school's outbox and channels, and what carriers and mail servers tell.
type Chapter struct {
	base     *rest.Base
	messages *messages.Service
	schools  *school.Service
	reports  Reports
}

// New makes the chapter. It knows its routes even where services are missing.
// Reports takes what carriers and mail servers tell; nil where nothing is listened to.
func New(base *rest.Base, services booking.Services, reports Reports) *Chapter {
	return &Chapter{base: base, messages: services.Messages, schools: services.Schools, reports: reports}
}

// Routes returns the chapter's rows of the route table, in the order of the description.
func (s *Chapter) Routes() []rest.Route { return s.routes() }
