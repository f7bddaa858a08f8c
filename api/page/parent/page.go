package parent

import (
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
)

//go:embed templates/*.html
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
