package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/auth/access"
)

const (
	atVersion1 = "/api/v1"
	atSchools  = atVersion1 + "/schools"
	atSchool   = atSchools + "/{school}"
)

// route is one row of the route table.
type route struct {
	method, path string
	id           string // of the operation, unique
	// needs lists the actions that the caller must be allowed, all of them. public says instead why anybody may; one of the two is set.
	needs  []access.Action
	public string
	// session tells of a public route that a parent's session may come along.
	session bool
	// local routes exist on the machine's own socket only.
	local bool
	// nearby routes need nobody where the caller is a program on the same machine, such as a collector of metrics.
	nearby bool
	// closing routes reach a school whose wipe was cut off.
	closing bool

	tag, summary, about string
	status              int   // of success
	problems            []int // statuses beside those that follow from the rest of the row
	upload              *upload
	operation           operation
}

// operation is a handler with what the table must know of its types.
type operation struct {
	body  bool // takes a JSON body
	mount func(*Server, huma.API, huma.Operation)
	plain func(*Server, *document, echo.Context) error // instead of mount: stands outside the description
}

// handle makes an operation of a handler. The input's and output's fields are the description's.
func handle[I, O any](run func(*Server, context.Context, *I) (*O, error)) operation {
	return operation{
		body: hasField[I]("Body"),
		mount: func(s *Server, mux huma.API, described huma.Operation) {
			huma.Register(mux, described, func(ctx context.Context, in *I) (*O, error) {
				out, err := run(s, ctx, in)
				if err != nil {
					return nil, s.problemOf(ctx, err)
				}
				return out, nil
			})
		},
	}
}

// table is all routes, in the order of the description.
func table() []route {
	return slices.Concat(machineRoutes(), operatorRoutes(), frontRoutes(), familyRoutes(), schoolRoutes(), messageRoutes(), rosterRoutes(), pupilRoutes(), householdRoutes(),
		conferenceRoutes(), eveningRoutes())
}

// tags are the chapters of the description, in their order.
var tags = []*huma.Tag{
	{Name: "operator", Description: "For the people who run the installation: schools, wiping one, receipts."},
	{Name: "log-in", Description: "Opening and ending sessions. Every refused log-in has the same answer, whatever was wrong."},
	{Name: "family", Description: "What a parent's session sees and books: all children of the family, over all open conferences, all or nothing."},
	{Name: "school", Description: "The school's own settings, accounts, keys and messages."},
	{Name: "roster", Description: "Pupils, groups, teachers and families, by file or one by one."},
	{Name: "conferences", Description: "Conferences with their days, talk kinds, offers, availability and schedules."},
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
}

// Routes gives the route table.
func Routes() []Route {
	return mapped(table(), func(r route) Route {
		return Route{Method: r.method, Path: r.path, ID: r.id, Needs: r.needs, Public: r.public, Local: r.local, JSON: r.operation.body, Upload: r.upload != nil}
	})
}

func only(actions ...access.Action) []access.Action { return actions }

// The statuses of problems that the table names most.
const (
	conflict = http.StatusConflict
	stale    = http.StatusPreconditionFailed
	tooMany  = http.StatusTooManyRequests
)
