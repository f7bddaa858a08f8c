package layout

import (
	"bytes"
	"compress/gzip"
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
	kind            string
	content, packed []byte // packed is the content compressed by gzip, as small as it gets; nil where that gains nothing
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
	s.assets[path] = newAsset(kind, []byte(content))
	return path
}

// newAsset compresses a file once, better than there is time for in a request.
func newAsset(kind string, content []byte) asset {
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err == nil {
		_, err = writer.Write(content)
	}
	if err != nil || writer.Close() != nil || packed.Len()+100 > len(content) {
		return asset{kind: kind, content: content}
	}
	return asset{kind, content, packed.Bytes()}
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
	return file.serve(c)
}

// serve answers with the file, compressed for a caller that asks for that. Nothing around the pages may compress it once more.
func (a asset) serve(c echo.Context) error {
	header := c.Response().Header()
	keepForGood(header)
	header.Set(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if a.packed != nil && takesGzip(c.Request().Header.Get(echo.HeaderAcceptEncoding)) {
		header.Set(echo.HeaderContentEncoding, "gzip")
		return c.Blob(http.StatusOK, a.kind, a.packed)
	}
	return c.Blob(http.StatusOK, a.kind, a.content)
}

// takesGzip reports whether gzip is among the codings that a client takes (RFC 9110, section 12.5.3). One that weighs them at all gets the plain file if it says that
// gzip weighs nothing.
func takesGzip(accepts string) bool {
	for coding := range strings.SplitSeq(accepts, ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			weight = strings.TrimRight(strings.ReplaceAll(weight, " ", ""), "0")
			return weight != "q=" && weight != "q=0."
		}
	}
	return false
}

// keepForGood are the headers of a file whose address changes with its content.
func keepForGood(header http.Header) {
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'")
}
