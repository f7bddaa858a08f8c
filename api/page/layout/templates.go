package layout

import (
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/ouderavond/ouderavond/models/language"
)

// fixed finds the sentences of a template that are always the same.
var fixed = regexp.MustCompile(`\{\{\$?\.T "([a-z0-9_.]+)"\}\}`)

// inLanguage writes those sentences into a template: a page has dozens of them, and looking them up each time is half of what it costs.
func inLanguage(texts language.Localizer, content string) string {
	return fixed.ReplaceAllStringFunc(content, func(call string) string {
		id := fixed.FindStringSubmatch(call)[1]
		text := texts.Text(id, nil)
		if !texts.Fixed(id) || strings.Contains(text, "{{") {
			return call
		}
		return html.EscapeString(text)
	})
}

// readTemplates parses every page with the parts that all share, in one language. A page's file is named like the page; a later file system's page takes the
// place of an earlier one's.
func readTemplates(texts language.Localizer, sources ...fs.FS) (map[string]*template.Template, error) {
	shared := template.New("").Funcs(template.FuncMap{"hidden": inputs, "icon": icon})
	for _, files := range sources {
		parts, err := written(texts, files, "parts")
		if err != nil {
			return nil, err
		}
		for name, content := range parts {
			if _, err := shared.Parse(content); err != nil {
				return nil, fmt.Errorf("page: %s: %w", name, err)
			}
		}
	}
	parsed := map[string]*template.Template{}
	for _, files := range sources {
		pages, err := written(texts, files, "templates")
		if err != nil {
			return nil, err
		}
		for name, content := range pages {
			copied, err := shared.Clone()
			if err == nil {
				_, err = copied.Parse(content)
			}
			if err != nil {
				return nil, fmt.Errorf("page: %s: %w", name, err)
			}
			parsed[name] = copied
		}
	}
	return parsed, nil
}

// written reads the templates of a folder by their names, with the sentences of a language written into them. There need be none.
func written(texts language.Localizer, files fs.FS, folder string) (map[string]string, error) {
	names, err := fs.Glob(files, folder+"/*.html")
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	contents := make(map[string]string, len(names))
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("page: %w", err)
		}
		contents[strings.TrimSuffix(path.Base(name), ".html")] = inLanguage(texts, trimLines(string(content)))
	}
	return contents, nil
}
