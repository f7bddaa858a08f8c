package roster

import (
	"context"

	"slices"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/imports"
	"github.com/ouderavond/ouderavond/booking/mapping"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/booking/teaching"
	"github.com/ouderavond/ouderavond/booking/undo"
)

// Chapter answers the routes of a chapter of the API: pupils, groups, teachers and families, by file or one by one.
type Chapter struct {
	base       *rest.Base
	people     *people.Service
	decisions  *people.Decisions
	households *household.Service
	byHand     *byhand.Service
	imports    *imports.Service
	mappings   *mapping.Service
	teachings  *teaching.Service
	undo       *undo.Service
	schools    *school.Service
	auth       *auth.Services
}

// New makes the chapter. It knows its routes even where services are missing.
func New(base *rest.Base, services booking.Services, accounts *auth.Services) *Chapter {
	return &Chapter{base: base, people: services.People, decisions: services.Decisions, households: services.Households, byHand: services.ByHand, teachings: services.Teachings, imports: services.Imports, undo: services.Undo, mappings: services.Mappings, schools: services.Schools, auth: accounts}
}

// Routes returns the chapter's rows of the route table, in the order of the description.
func (s *Chapter) Routes() []rest.Route {
	return slices.Concat(s.rosterRoutes(), s.importRoutes(), s.mappingRoutes(), s.pupilRoutes(), s.householdRoutes(), s.teachingRoutes(), s.linkRoutes(), s.undecidedRoutes(), s.undoRoutes())
}

// listOf names a list of the school that is asked, for its cursors.
func listOf(ctx context.Context, name string) string {
	return name + " " + rest.CallOf(ctx).School.String()
}
