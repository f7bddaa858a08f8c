package rest

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/auth/reading"
)

// The paths under which the API is.
const (
	AtVersion1 = "/api/v1"
	AtSchools  = AtVersion1 + "/schools"
	AtSchool   = AtSchools + "/{school}"
)

// Route is one row of the route table.
type Route struct {
	Method, Path string
	ID           string // of the operation, unique
	// Needs lists the actions that the caller must be allowed, all of them. public says instead why anybody may; one of the two is set.
	Needs  []access.Action
	Public string
	// Session tells of a public route that a parent's session may come along.
	Session bool
	// Local routes exist on the machine's own socket only.
	Local bool
	// Nearby routes need nobody where the caller is a program on the same machine, such as a collector of metrics.
	Nearby bool
	// Closing routes reach a school whose wipe was cut off.
	Closing bool

	Tag, Summary, About string
	Status              int   // of success
	Problems            []int // statuses beside those that follow from the rest of the row
	Upload              *Upload
	// File is the type of an answer that is a file, such as text/csv; empty for JSON. FileExample is what one looks like.
	File, FileExample string
	Operation         Operation
}

// Operation is a handler with what the table must know of its types.
type Operation struct {
	Body bool // takes a JSON body
	// Answer is the type of the handler's output; nil of a plain one, which shows nobody. Telling ones say by package trail whom they show, beside the ids in the type.
	Answer  reflect.Type
	Telling bool
	Mount   func(*Base, huma.API, huma.Operation)
	Plain   func(echo.Context) error // instead of mount: stands outside the description
}

// Handle makes an operation of a handler. The input's and output's fields are the description's. Whose ids stand in the output, they are written down before it goes out to
// staff, a key or the operator.
func Handle[I, O any](run func(context.Context, *I) (*O, error)) Operation {
	return operationOf(run, false)
}

// Telling makes an operation of a handler whose output shows somebody without a typed id, as a file does: the handler says whom, by trail.Shown and the like, and if it
// does not the answer is refused as a fault.
func Telling[I, O any](run func(context.Context, *I) (*O, error)) Operation {
	return operationOf(run, true)
}

func operationOf[I, O any](run func(context.Context, *I) (*O, error), telling bool) Operation {
	return Operation{
		Body: hasField[I]("Body"), Answer: reflect.TypeFor[O](), Telling: telling,
		Mount: func(base *Base, mux huma.API, described huma.Operation) {
			huma.Register(mux, described, func(ctx context.Context, in *I) (*O, error) {
				out, err := recorded(ctx, base, described.OperationID, telling, func(ctx context.Context) (*O, error) { return run(ctx, in) })
				if err != nil {
					return nil, base.problemOf(ctx, err)
				}
				return out, nil
			})
		},
	}
}

// recorded runs a handler and has it written down whom its answer shows.
func recorded[O any](ctx context.Context, base *Base, route string, telling bool, run func(context.Context) (*O, error)) (*O, error) {
	actor := CallOf(ctx).Actor
	if !reading.Recorded(actor.Kind) {
		return run(ctx)
	}
	ctx, answer := trail.Begin(ctx)
	out, err := run(ctx)
	if err != nil {
		return nil, err
	}
	if telling && !answer.Said() {
		return nil, trail.ErrSilent
	}
	if out != nil {
		answer.Collect(reflect.ValueOf(out))
	}
	return out, answer.Keep(ctx, base.auth.Reads, actor, route)
}

// Only returns the actions of a route that no actor may use by right of anything else.
func Only(actions ...access.Action) []access.Action { return actions }

// The statuses of problems that the table names most.
const (
	Conflict = http.StatusConflict
	Stale    = http.StatusPreconditionFailed
	TooMany  = http.StatusTooManyRequests
)

// hasField reports whether an input or output type has a field.
func hasField[T any](name string) bool {
	_, ok := reflect.TypeFor[T]().FieldByName(name)
	return ok
}
