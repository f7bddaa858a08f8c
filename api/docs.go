package api

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/models/errs"
)

//go:embed docs/*
var docsFiles embed.FS

// docsTag is a chapter of the readable description.
type docsTag struct {
	Name, About string
	Operations  []docsOperation
}

// docsOperation is an operation of the readable description.
type docsOperation struct {
	ID, Method, Path, Summary string
	About                     []string // paragraphs
	Parameters                []docsField
	Bodies                    []docsBody
	Answers                   []docsAnswer
}

// docsBody is a request or answer body: its fields and an example.
type docsBody struct {
	Type    string
	Fields  []docsField
	Example string
}

// docsAnswer is an answer.
type docsAnswer struct {
	Status, About string
	Bodies        []docsBody
}

// docsField is a field or parameter.
type docsField struct {
	Name, Kind, About string
	Required          bool
}

// page writes the readable description. It is one page of plain HTML without scripts, and loads nothing.
func (d *document) page() ([]byte, error) {
	shape, err := template.ParseFS(docsFiles, "docs/page.html")
	if err != nil {
		return nil, err
	}
	style, err := docsStyle()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = shape.ExecuteTemplate(&out, "page.html", map[string]any{
		"Title": d.openAPI.Info.Title, "About": paragraphs(d.openAPI.Info.Description), "Tags": d.docsTags(), "Style": template.CSS(style),
	})
	return out.Bytes(), err
}

func docsStyle() (string, error) {
	style, err := docsFiles.ReadFile("docs/style.css")
	return string(style), err
}

var (
	boldMark = regexp.MustCompile(`\*\*`)
	codeMark = regexp.MustCompile("`")
)

// paragraphs cuts a description into paragraphs and takes out the marks of Markdown that it uses.
func paragraphs(text string) []string {
	text = codeMark.ReplaceAllString(boldMark.ReplaceAllString(text, ""), "")
	return strings.Split(text, "\n\n")
}

func (d *document) docsTags() []docsTag {
	chapters := make([]docsTag, len(d.openAPI.Tags))
	for i, tag := range d.openAPI.Tags {
		chapters[i] = docsTag{Name: tag.Name, About: tag.Description}
		for _, path := range slices.Sorted(maps.Keys(d.openAPI.Paths)) {
			item := d.openAPI.Paths[path]
			for _, operation := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if operation != nil && slices.Contains(operation.Tags, tag.Name) {
					chapters[i].Operations = append(chapters[i].Operations, d.docsOperation(operation))
				}
			}
		}
	}
	return chapters
}

func (d *document) docsOperation(operation *huma.Operation) docsOperation {
	shown := docsOperation{
		ID: operation.OperationID, Method: operation.Method, Path: operation.Path, Summary: operation.Summary, About: paragraphs(operation.Description),
	}
	for _, parameter := range operation.Parameters {
		shown.Parameters = append(shown.Parameters, docsField{
			Name: parameter.Name, Kind: parameter.In, About: parameter.Description, Required: parameter.Required,
		})
	}
	if operation.RequestBody != nil {
		shown.Bodies = d.docsBodies(operation.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(operation.Responses)) {
		response := operation.Responses[status]
		if name, ok := strings.CutPrefix(response.Ref, "#/components/responses/"); ok {
			response = d.openAPI.Components.Responses[name]
		}
		answer := docsAnswer{Status: status, About: response.Description}
		if status < "400" {
			answer.Bodies = d.docsBodies(response.Content)
		}
		shown.Answers = append(shown.Answers, answer)
	}
	return shown
}

func (d *document) docsBodies(content map[string]*huma.MediaType) []docsBody {
	var bodies []docsBody
	for _, name := range slices.Sorted(maps.Keys(content)) {
		body := docsBody{Type: name, Fields: d.docsFields(content[name].Schema, "", 0)}
		if text, ok := content[name].Example.(string); ok {
			body.Example = text
		} else if example, err := json.MarshalIndent(content[name].Example, "", "  "); err == nil {
			body.Example = string(example)
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// docsFields lists the fields of a schema with those of the things in it, named by their path.
func (d *document) docsFields(schema *huma.Schema, path string, depth int) []docsField {
	for schema != nil && schema.Ref != "" {
		schema = d.openAPI.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	if schema == nil || depth > exampleDepth {
		return nil
	}
	if schema.Type == huma.TypeArray {
		return d.docsFields(schema.Items, path+"[]", depth+1)
	}
	var fields []docsField
	names := slices.Collect(maps.Keys(schema.Properties))
	sort.Strings(names)
	for _, name := range names {
		property := schema.Properties[name]
		full := strings.TrimPrefix(path+"."+name, ".")
		fields = append(fields, docsField{Name: full, Kind: d.kindOf(property), About: property.Description, Required: slices.Contains(schema.Required, name)})
		fields = append(fields, d.docsFields(property, full, depth+1)...)
	}
	return fields
}

func (d *document) kindOf(schema *huma.Schema) string {
	switch {
	case schema.Ref != "":
		return "object"
	case schema.Type == huma.TypeArray:
		return "list of " + d.kindOf(schema.Items)
	case len(schema.Enum) > 0:
		var words []string
		for _, value := range schema.Enum {
			if word, ok := value.(string); ok {
				words = append(words, word)
			}
		}
		return strings.Join(words, " | ")
	case schema.Format == "uuid" || schema.Format == "date-time" || schema.Format == "date":
		return schema.Format
	}
	return schema.Type
}

// allowStyle lets a page have the one style that is written in it (CSP level 3, section 8.3).
func allowStyle(c echo.Context, style string) {
	sum := sha256.Sum256([]byte(style))
	c.Response().Header().Set("Content-Security-Policy",
		"default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
}

func (d *document) docsPage(c echo.Context) error {
	style, err := docsStyle()
	if err != nil {
		return err
	}
	written, err := d.forms()
	if err != nil {
		return err
	}
	allowStyle(c, style)
	return c.HTMLBlob(http.StatusOK, written.html)
}

// problemPage explains a sort of problem: it is where a problem's type leads.
func (s *Server) problemPage(c echo.Context) error {
	v := rest.CallOf(c.Request().Context())
	wanted := c.Param("code")
	for _, code := range s.base.Texts.Codes() {
		if code != wanted && strings.ReplaceAll(code, ".", "-") != wanted { // the latter is how types were spelled before
			continue
		}
		return s.writeProblemPage(c, v, code)
	}
	return errs.New(errs.NotFound, errs.CodeNotFound)
}

func (s *Server) writeProblemPage(c echo.Context, v *rest.Call, code string) error {
	shape, err := template.ParseFS(docsFiles, "docs/problem.html")
	if err != nil {
		return err
	}
	style, err := docsStyle()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	told := s.base.Texts.Explain(v.Language, code)
	err = shape.ExecuteTemplate(&out, "problem.html", map[string]any{
		"Language": v.Language, "Code": code, "Style": template.CSS(style), "Title": told.Title, "Detail": told.Detail,
	})
	if err != nil {
		return err
	}
	allowStyle(c, style)
	c.Response().Header().Set("Content-Language", v.Language)
	c.Response().Header().Set("Vary", "Accept-Language")
	return c.HTMLBlob(http.StatusOK, out.Bytes())
}
