package rest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/shape"
)

// Problem is what answers a request that failed (RFC 9457), as application/problem+json.
type Problem struct {
	Type   string `json:"type" doc:"Names the sort of problem, the same for every occurrence and installation: a reference to its explanation." example:"/api/problems/booking.items"`
	Title  string `json:"title" doc:"The problem in a few words, in the language asked for." example:"Not everything could be booked"`
	Status int    `json:"status" doc:"The HTTP status." example:"409"`
	Code   string `json:"code" doc:"Stable code of the problem, for programs." example:"booking.items"`
	Detail string `json:"detail,omitempty" doc:"What to do about it, for a person. Never repeats what was sent." example:"Nothing was changed. Choose another time for the items that could not be booked."`

	Errors        []fieldFault        `json:"errors,omitempty" doc:"The fields at fault."`
	Items         []ItemFault         `json:"items,omitempty" doc:"The items of a booking that could not be."`
	Proposals     string              `json:"proposals,omitempty" doc:"Where to ask for proposals from the state as it is now, after a booking that could not be." example:"/api/v1/schools/linde/family/bookings/proposals"`
	Ways          []string            `json:"ways,omitempty" doc:"Other ways to log in: a code sent to a contact on the school's file, the family code of the school's letter, a code read out at the school's desk, or asking the school." enum:"code,family_code,desk_code,school" example:"[\"code\",\"family_code\",\"desk_code\",\"school\"]"`
	Try           string              `json:"try,omitempty" doc:"After a log-in that failed: send it back with the next try, so that your own slips are taken back once you get in." example:"ot_mZ1Qk0cJw2yqv8lTn3oXbA"`
	MissingScopes []string            `json:"missing_scopes,omitempty" doc:"The scopes that an API key lacks for this." example:"[\"roster:write\"]"`
	RetryAfter    int                 `json:"retry_after,omitempty" doc:"Seconds after which to try again; the Retry-After header says the same." example:"900"`
	Report        *shape.RosterReport `json:"report,omitempty" doc:"What was found in files that could not be read."`

	headers http.Header
}

// fieldFault is a fault in one field of a request.
type fieldFault struct {
	Field   string   `json:"field" doc:"The field as the request names it." example:"make[0].start"`
	Code    string   `json:"code" doc:"Stable code of the fault." example:"required"`
	Detail  string   `json:"detail" doc:"The fault for a person." example:"This is needed."`
	Allowed []string `json:"allowed,omitempty" doc:"The words of which it must be one, where there is such a list." example:"[\"mentor\",\"group\"]"`
}

// ItemFault is an item of a booking that could not be.
type ItemFault struct {
	Ref          string        `json:"ref" doc:"The item's own name in the request." example:"anna-wiskunde"`
	Reason       string        `json:"reason" doc:"Why not." enum:"taken,overlap,too_far,limit,closed,not_offered" example:"taken"`
	Detail       string        `json:"detail" doc:"The reason for a person." example:"This time was just taken."`
	Alternatives []alternative `json:"alternatives" doc:"Up to three times that are possible instead, the nearest first."`
}

// alternative is a possible time instead of a failing item's.
type alternative struct {
	Start time.Time `json:"start" doc:"Start of the talk, UTC." example:"2026-11-24T18:20:00Z"`
	Local string    `json:"local,omitempty" doc:"The same start as the school's clocks show it." example:"2026-11-24T19:20"`
	Staff []string  `json:"staff" doc:"Ids of the teachers." example:"[\"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192\"]"`
	Day   string    `json:"day" doc:"Id of the conference's day." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708193"`
}

// Error is for the log: no value of anybody.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status; huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are the headers that go with the problem; huma asks for them.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType makes the answer's type that of a problem; huma asks for it.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// Finish sets the headers that follow from the problem's own fields.
func (p *Problem) Finish(lang string) *Problem {
	p.headers = http.Header{"Content-Language": {lang}, "Vary": {"Accept-Language"}}
	if p.Status == http.StatusUnauthorized {
		p.headers.Set("WWW-Authenticate", "Bearer")
	}
	if p.RetryAfter > 0 {
		p.headers.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	return p
}

// write answers with a problem where no operation does.
func (p *Problem) write(c echo.Context) error {
	for name, values := range p.headers {
		c.Response().Header()[name] = values
	}
	c.Response().Header().Set(echo.HeaderContentType, p.ContentType(""))
	c.Response().WriteHeader(p.Status)
	// The same encoder as the operations', so that the same problem has the same bytes wherever it was found.
	return EncodeJSON(c.Response(), p)
}

// EncodeJSON writes a value as JSON, as every answer of the API is written.
func EncodeJSON(into interface{ Write([]byte) (int, error) }, value any) error {
	encoder := json.NewEncoder(into)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
