package layout

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// asset is a file that browsers keep for good: its path changes with its content.
type asset struct {
	kind    string
	content []byte
}

func (s *Site) readAssets() error {
	s.assets = map[string]asset{}
	files := []struct {
		name, extension, kind string
		path                  *string
	}{
		{"page", "css", "text/css; charset=utf-8", &s.style},
		{"icon", "svg", "image/svg+xml", &s.icon},
	}
	for _, file := range files {
		content, err := assetFiles.ReadFile("assets/" + file.name + "." + file.extension)
		if err != nil {
			return fmt.Errorf("page: %w", err)
		}
		content = []byte(trimLines(string(content)))
		sum := sha256.Sum256(content)
		*file.path = "/assets/" + file.name + "." + base64.RawURLEncoding.EncodeToString(sum[:9]) + "." + file.extension
		s.assets[*file.path] = asset{file.kind, content}
	}
	return nil
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
	header := c.Response().Header()
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'")
	return c.Blob(http.StatusOK, file.kind, file.content)
}
