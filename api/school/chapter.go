package school

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
)

// Chapter answers the routes of a chapter of the API: the school's own settings, keys and mailbox.
type Chapter struct {
	base    *rest.Base
	schools *school.Service
	auth    *auth.Services
	mailbox func(ctx context.Context, school models.SchoolID, limit int) ([]rest.MailboxMessage, error)
}

// New makes the chapter. It knows its routes even where services are missing.
// Mailbox reads a school's messages in the mailbox folder, newest first; nil where there is none.
func New(base *rest.Base, services booking.Services, accounts *auth.Services, mailbox func(ctx context.Context, school models.SchoolID, limit int) ([]rest.MailboxMessage, error)) *Chapter {
	return &Chapter{base: base, schools: services.Schools, auth: accounts, mailbox: mailbox}
}

// Routes returns the chapter's rows of the route table, in the order of the description.
func (s *Chapter) Routes() []rest.Route { return s.routes() }
