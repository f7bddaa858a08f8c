package parent

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
)

//go:embed templates/*.html parts/*.html
var templateFiles embed.FS

// Pages are the parents' pages. They are safe for concurrent use.
type Pages struct {
	config Config
	site   *layout.Site
}

// New makes the pages. It fails if a service is missing or if what is built into the program cannot be read.
func New(config Config) (*Pages, error) {
	if config.Booking == nil || config.Auth == nil || config.Clock == nil {
		return nil, errors.New("page: the booking service, the auth service and the clock are needed")
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Address == nil {
		config.Address = peerAddress
	}
	site, err := layout.NewSite(layout.SiteConfig{Templates: templateFiles, Clock: config.Clock, Logger: config.Logger, NoteCause: config.NoteCause, Secure: config.Secure, Demo: config.Demo})
	if err != nil {
		return nil, err
	}
	return &Pages{config: config, site: site}, nil
}

// peerAddress is the address at the other end of the connection.
func peerAddress(request *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(request.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr()
}

// Mount adds the pages to a router, and lets them answer browsers where nothing else does: an address that is not there, a method that it does not have, a
// fault. What is below /api, and who asks for no HTML, is left to the error handler that the router had. Routes of others must not be named like a school's
// slug; booking refuses slugs that the program itself uses.
func (p *Pages) Mount(e *echo.Echo) {
	p.site.Mount(e)
	for _, r := range p.routes() {
		handler := p.serve(r)
		e.Add(r.method, r.path, handler)
		if r.method == http.MethodGet {
			e.Add(http.MethodHead, r.path, handler)
		}
	}
	before := e.HTTPErrorHandler
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if before != nil && !forBrowsers(c.Request()) {
			before(err, c)
			return
		}
		p.ErrorHandler(err, c)
	}
}

// forBrowsers tells whether somebody looks at the answer as a page.
func forBrowsers(request *http.Request) bool {
	path := request.URL.Path
	return path != "/api" && !strings.HasPrefix(path, "/api/") && strings.Contains(request.Header.Get("Accept"), "text/html")
}

// ErrorHandler answers with a page what went wrong in a request that no page took. It fits echo.HTTPErrorHandler.
func (p *Pages) ErrorHandler(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p.fail(p.visitOf(c), err)
}

// Config is what the pages need.
type Config struct {
	Booking *booking.Services
	Auth    *auth.Services
	// Clock tells how long it is until booking opens.
	Clock models.Clock
	// Logger gets the causes of failures, with the template of the route and never its values. Nil throws them away.
	Logger *slog.Logger
	// NoteSchool and NoteCause add the school and the cause of a failure to the line that the server logs of a request. With NoteCause, Logger gets no
	// causes: they would be there twice. Both may be nil.
	NoteSchool func(ctx context.Context, school models.SchoolID)
	NoteCause  func(ctx context.Context, cause error)
	// Secure tells that browsers reach the pages over HTTPS: cookies get the __Host- prefix and the Secure attribute (RFC 6265bis, section 4.1.3.2).
	Secure bool
	// Address returns the browser's address, as the trusted proxies saw it. Nil takes the connection's own.
	Address func(*http.Request) netip.Addr
	// Calendar returns the session's appointments as a calendar file (RFC 5545). Nil hides the download.
	Calendar func(ctx context.Context, school models.SchoolID, actor models.Actor) ([]byte, error)
	// Demo shows the start page with the demonstration's schools and the mailbox. Never where a real school is: anybody can read the mailbox then.
	Demo bool
	// DemoNotes returns the demonstration's schools with families that a visitor can log in as. Only asked where Demo is set; nil is none.
	DemoNotes func(ctx context.Context) ([]DemoSchool, error)
	// Mailbox reads the messages of the demonstration's schools. Only asked where Demo is set.
	Mailbox Mailbox
}

// DemoSchool is a school of the demonstration, with invented people.
type DemoSchool struct {
	Slug     string
	Name     string
	Families []DemoFamily
}

// DemoFamily is how a visitor of the demonstration logs in as a family.
type DemoFamily struct {
	// About says in a sentence what is special about the family, by language tag; a language that is missing gets the Dutch one.
	About map[string]string
	// Child is the full name of one of its children.
	Child string
	// Answers are the child's factors, as a parent types them.
	Answers map[models.Factor]string
	// FamilyCode is the code of the school's letter; empty if the family has none.
	FamilyCode string
}

// Mailbox reads the folder in which the demonstration's messages stay instead of being sent. School is the id of a school as text. A function that is nil
// shows nothing of its kind. An id that is not in the mailbox is errs.NotFound or any error that wraps fs.ErrNotExist.
type Mailbox struct {
	// Mails lists a school's mails, newest first, at most limit of them; their contents may be left out.
	Mails func(ctx context.Context, school string, limit int) ([]Mail, error)
	// Mail opens one mail.
	Mail func(ctx context.Context, school, id string) (Mail, error)
	// Texts lists a school's text messages, newest first, at most limit of them.
	Texts func(ctx context.Context, school string, limit int) ([]Text, error)
}

// Mail is a mail of the mailbox.
type Mail struct {
	ID                string
	Date              time.Time // UTC
	From, To, Subject string
	Text, HTML        string
	Calendar          string // the calendar file of it, or empty
}

// Text is a text message of the mailbox.
type Text struct {
	ID       string
	Date     time.Time // UTC
	From, To string
	Body     string
}
