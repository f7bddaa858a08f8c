package account

import (
	"slices"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth"
)

// Chapter answers the routes of a chapter of the API. It is safe for concurrent use.
type Chapter struct {
	base *rest.Base
	auth *auth.Services
}

// New makes the chapter. It knows its routes even where services are missing.
func New(base *rest.Base, accounts *auth.Services) *Chapter {
	return &Chapter{base: base, auth: accounts}
}

// Routes returns the chapter's rows of the route table, in the order of the description.
func (s *Chapter) Routes() []rest.Route {
	return slices.Concat(s.waysIn(), s.ownRoutes(), s.accountRoutes())
}
