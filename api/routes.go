package api

import (
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ouderavond/ouderavond/api/account"
	"github.com/ouderavond/ouderavond/api/conference"
	"github.com/ouderavond/ouderavond/api/family"
	"github.com/ouderavond/ouderavond/api/messages"
	"github.com/ouderavond/ouderavond/api/office"
	"github.com/ouderavond/ouderavond/api/operator"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/roster"
	"github.com/ouderavond/ouderavond/api/school"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking"
)

// table is all routes, in the order of the description. written is the description itself.
func (s *Server) table(written *document) []rest.Route {
	services := booking.Services{} // for the table alone
	if s.config.Booking != nil {
		services = *s.config.Booking
	}
	families := family.New(s.base, services, s.config.Auth)
	return slices.Concat(
		s.machineRoutes(written),
		operator.New(s.base, services, s.config.Auth, s.config.Wiping, s.config.Wait).Routes(),
		families.Routes(),
		account.New(s.base, s.config.Auth).Routes(),
		school.New(s.base, services, s.config.Auth, s.config.Mailbox).Routes(),
		messages.New(s.base, services, s.config.Reports).Routes(),
		roster.New(s.base, services, s.config.Auth).Routes(),
		conference.New(s.base, services).Routes(),
		office.New(s.base, services).Routes(),
		families.OfficeRoutes(),
	)
}

// tags are the chapters of the description, in their order.
var tags = []*huma.Tag{
	{Name: "operator", Description: "For the people who run the installation: schools, wiping one, receipts."},
	{Name: "log-in", Description: "Opening and ending sessions. Every refused log-in has the same answer, whatever was wrong."},
	{Name: "family", Description: "What a parent's session sees and books: all children of the family, over all open conferences, all or nothing."},
	{Name: "own account", Description: "What a member of staff does with the own account: the second factor, the password, the sessions."},
	{Name: "school", Description: "The school's own settings, accounts, keys and messages."},
	{Name: "roster", Description: "Pupils, groups, teachers and families, by file or one by one."},
	{Name: "imports", Description: "Files that lie there until somebody has seen what they do, answered what they ask, and committed or withdrawn them."},
	{Name: "conferences", Description: "Conferences with their days, talk kinds, offers, availability and schedules."},
	{Name: "families", Description: "Families as the school's office sees them: finding one, who has not booked, everything about one."},
	{Name: "machine", Description: "For monitors."},
}

// Route is a row of the route table, for tests that walk it and for documents.
type Route struct {
	Method, Path string
	ID           string
	Needs        []access.Action // all of them must be allowed
	Public       string          // why anybody may call it; empty if not everybody may
	Local        bool            // on the machine's own socket only
	JSON         bool            // takes a JSON body
	Upload       bool            // takes files
	// Answer is the type of what it answers; nil of a plain one. Telling ones say themselves whom they show (package trail).
	Answer  reflect.Type
	Telling bool
}

// Routes gives the route table.
func Routes() []Route {
	return shape.Mapped((&Server{}).table(nil), func(r rest.Route) Route {
		return Route{Method: r.Method, Path: r.Path, ID: r.ID, Needs: r.Needs, Public: r.Public, Local: r.Local, JSON: r.Operation.Body, Upload: r.Upload != nil, Answer: r.Operation.Answer, Telling: r.Operation.Telling}
	})
}
