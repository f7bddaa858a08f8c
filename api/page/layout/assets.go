package layout

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// asset is a file that browsers keep for good: its path changes with its content.
type asset struct {
	kind    string
	content []byte
}

// paths are the addresses of what pages name in their heads.
type paths struct{ style, staffStyle, icon, script string }

// staffOnly are the files of the style sheet that no page of a family needs: the sheet of a family's telephone is that much smaller.
var staffOnly = []string{"80-tables.css", "90-staff.css"}

func (s *Site) readAssets() error {
	s.assets = map[string]asset{}
	names, err := fs.Glob(assetFiles, "assets/style/*.css")
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	var everyone, staff strings.Builder
	for _, name := range names {
		content, err := assetFiles.ReadFile(name)
		if err != nil {
			return fmt.Errorf("page: %w", err)
		}
		staff.Write(content)
		if !slices.Contains(staffOnly, strings.TrimPrefix(name, "assets/style/")) {
			everyone.Write(content)
		}
	}
	icon, err := assetFiles.ReadFile("assets/icon.svg")
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	script, err := assetFiles.ReadFile("assets/htmx.min.js")
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	const css = "text/css; charset=utf-8"
	s.paths = paths{
		style:      s.addAsset("page", "css", css, shortened(everyone.String())),
		staffStyle: s.addAsset("staff", "css", css, shortened(staff.String())),
		icon:       s.addAsset("icon", "svg", "image/svg+xml", trimLines(string(icon))),
		script:     s.addAsset("htmx", "js", "text/javascript; charset=utf-8", string(script)),
	}
	return nil
}

// addAsset keeps a file, and returns the path that it is served at.
func (s *Site) addAsset(name, extension, kind, content string) string {
	path := "/assets/" + name + "." + hashOf(content) + "." + extension
	s.assets[path] = asset{kind, []byte(content)}
	return path
}

// hashOf is what an address names a content by.
func hashOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

var (
	// comments are those of a style sheet.
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
	// spaced are the signs of a style sheet that need no space around them. One before a colon has a meaning in a selector, and those around a plus have one in a sum: they stay.
	spaced = strings.NewReplacer(": ", ":", ", ", ",", "; ", ";", " {", "{", "{ ", "{", " }", "}", " > ", ">", "\n", "")
)

// shortened takes what only people need out of a style sheet.
func shortened(sheet string) string {
	sheet = trimLines(comments.ReplaceAllString(sheet, ""))
	return strings.ReplaceAll(spaced.Replace(sheet), ";}", "}")
}

// trimLines takes indentation and empty lines away, which only people need.
func trimLines(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			kept.WriteString(line + "\n")
		}
	}
	return kept.String()
}

func (s *Site) serveAsset(c echo.Context) error {
	file, ok := s.assets[c.Path()]
	if !ok {
		return echo.ErrNotFound
	}
	keepForGood(c.Response().Header())
	return c.Blob(http.StatusOK, file.kind, file.content)
}

// keepForGood are the headers of a file whose address changes with its content.
func keepForGood(header http.Header) {
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'")
}
