package layout

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/language"
)

//go:embed templates/*.html parts/*.html
var layoutFiles embed.FS

//go:embed locale/*.json
var localeFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// Site is what all pages share: sentences, templates, the style sheet, and how browsers are answered. It is safe for concurrent use.
type Site struct {
	config    SiteConfig
	texts     *language.Catalogue
	templates map[string]map[string]*template.Template // by language and page
	assets    map[string]asset                         // by path
	paths     paths
	guard     *http.CrossOriginProtection
	bodies    sync.Pool // of *bytes.Buffer, in which pages are made
}

// SiteConfig is what a Site needs. NoteCause may be nil.
type SiteConfig struct {
	// Templates are the pages' own: each file of templates/*.html is a page of that name and defines "main"; those of parts/*.html define what several of them use.
	Templates fs.FS
	// Sentences are the pages' own, in locale/active.*.json. Nil where the pages have none beside those that all share; ids must not be the same as theirs.
	Sentences fs.FS
	Clock     models.Clock
	// Logger gets the causes of failures, with the template of the route and never its values.
	Logger *slog.Logger
	// NoteCause adds the cause of a failure to the line that the server logs of a request. With it, Logger gets no causes: they would be there twice.
	NoteCause func(ctx context.Context, cause error)
	// Secure says that browsers reach the pages over HTTPS: cookies get the __Host- prefix and the Secure attribute (RFC 6265bis, section 4.1.3.2).
	Secure bool
	// Demo says on every page that the program is a demonstration.
	Demo bool
}

// NewSite makes a Site. It fails if what is built into the program cannot be read.
func NewSite(config SiteConfig) (*Site, error) {
	texts, err := Catalogue(config.Sentences)
	if err != nil {
		return nil, err
	}
	templates := map[string]map[string]*template.Template{}
	for _, tag := range texts.Languages() {
		if templates[tag], err = readTemplates(texts.For(tag), layoutFiles, config.Templates); err != nil {
			return nil, err
		}
	}
	s := &Site{config: config, texts: texts, templates: templates, guard: http.NewCrossOriginProtection()}
	if err := s.readAssets(); err != nil {
		return nil, err
	}
	return s, nil
}

// Catalogue opens the sentences that all pages share, and those of a kind of page; nil adds none.
func Catalogue(own fs.FS) (*language.Catalogue, error) {
	texts, err := language.New(localeFiles, "locale")
	if err == nil && own != nil {
		err = texts.Add(own, "locale")
	}
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return texts, nil
}

// Mount adds the style sheets, the icon and the script to a router. Several sites may do so: their files and addresses are the same.
func (s *Site) Mount(e *echo.Echo) {
	for path := range s.assets {
		e.Match([]string{http.MethodGet, http.MethodHead}, path, s.serveAsset)
	}
}
