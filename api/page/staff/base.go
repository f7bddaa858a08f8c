package staff

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/language"
)

//go:embed locale/*.json
var localeFiles embed.FS

// Config is what the pages of staff need. Booking, Auth and Clock are needed.
type Config struct {
	Booking *booking.Services
	Auth    *auth.Services
	Clock   models.Clock
	// Logger gets the causes of failures, with the template of the route and never its values. Nil throws them away.
	Logger *slog.Logger
	// NoteSchool and NoteCause add the school and the cause of a failure to the line that the server logs of a request. Both may be nil.
	NoteSchool func(ctx context.Context, school models.SchoolID)
	NoteCause  func(ctx context.Context, cause error)
	// Secure says that browsers reach the pages over HTTPS.
	Secure bool
	// Address returns the browser's address, as the trusted proxies saw it. Nil takes the connection's own.
	Address func(*http.Request) netip.Addr
	// Demo says on every page that the program is a demonstration.
	Demo bool
}

// Base is what all sets of pages stand on. It is safe for concurrent use once all sets are mounted.
type Base struct {
	config Config
	texts  *language.Catalogue // of the menu
	asking func(v *Visit, path string, carried Carried, expired bool) error
	routes []Route
}

// Route is a page: a row of the table of a set.
type Route struct {
	Method string
	// Path stands behind the school's part of the address and /staff.
	Path string
	// Needs are the actions that whoever asks must be allowed, all of them. Public says instead why anybody may; one of the two is set.
	Needs  []access.Action
	Public string
	// Handle answers. Where it may show somebody else than who asks it says whom, by Visit.Shows, or the page does not go out (package trail).
	Handle func(*Visit) error
}

// recorded tells whether it is written down whom the page shows: not where it shows nobody, or to whoever asks nobody else.
func (r Route) recorded() bool {
	return slices.ContainsFunc(r.Needs, func(action access.Action) bool { return action != access.OwnAccount })
}

// Set is a set of pages with what they are made of.
type Set struct {
	Templates, Sentences fs.FS
	Routes               []Route
}

// New makes the base. It fails if a service is missing.
func New(config Config) (*Base, error) {
	if config.Booking == nil || config.Auth == nil || config.Clock == nil {
		return nil, errors.New("page: the booking service, the auth service and the clock are needed")
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Address == nil {
		config.Address = peerAddress
	}
	texts, err := layout.Catalogue(localeFiles)
	if err != nil {
		return nil, err
	}
	return &Base{config: config, texts: texts}, nil
}

// peerAddress is the address at the other end of the connection.
func peerAddress(request *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(request.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr()
}

// Mount adds a set of pages to a router. Sets are mounted before the first request.
func (b *Base) Mount(e *echo.Echo, set Set) error {
	site, err := layout.NewSite(layout.SiteConfig{
		Templates: set.Templates, Sentences: set.Sentences, Clock: b.config.Clock, Logger: b.config.Logger, NoteCause: b.config.NoteCause, Secure: b.config.Secure, Demo: b.config.Demo,
	})
	if err != nil {
		return err
	}
	site.Mount(e)
	for _, route := range set.Routes {
		if (route.Public == "") == (len(route.Needs) == 0) {
			return errors.New("page: " + route.Method + " " + route.Path + " must either need something or say why anybody may see it")
		}
		b.routes = append(b.routes, route)
		handler := b.serve(site, route)
		if route.recorded() {
			handler = trail.Page(b.config.Auth.Reads, route.Method+" "+Prefix+route.Path, handler)
		}
		e.Add(route.Method, Prefix+route.Path, handler)
		if route.Method == http.MethodGet {
			e.Add(http.MethodHead, Prefix+route.Path, handler)
		}
	}
	return nil
}

// Prefix stands before the path of every page, in the words of the router.
const Prefix = "/:school/staff"

// Routes returns all pages that were mounted.
func (b *Base) Routes() []Route { return b.routes }

// Auth and Booking are the services that pages call.
func (b *Base) Auth() *auth.Services { return b.config.Auth }

// Booking are the services of what families and the school do.
func (b *Base) Booking() *booking.Services { return b.config.Booking }
