package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/rest"
)

// document is the description of the API.
type document struct {
	openAPI *huma.OpenAPI
	// forms gives the description as it is handed out. It is written when somebody first asks for it: few do, and it takes a while.
	forms func() (forms, error)
}

// forms are the description for programs and for people.
type forms struct{ json, yaml, html []byte }

func newDocument(openAPI *huma.OpenAPI) *document {
	d := &document{openAPI: openAPI}
	d.forms = sync.OnceValues(d.write)
	return d
}

// finish completes what huma made of the operations.
func (d *document) finish(routes []rest.Route) {
	registry := d.openAPI.Components.Schemas
	for _, left := range []string{"ErrorModel", "ErrorDetail"} {
		delete(registry.Map(), schemaPrefix+left) // huma's own problems are never answered
	}
	for _, schema := range registry.Map() {
		noNullLists(schema)
	}
	for i := range routes {
		if operation := d.operationOf(&routes[i]); operation != nil {
			routes[i].Upload.Describe(operation)
			if body := operation.RequestBody; body != nil && routes[i].Method == http.MethodPatch && body.Content["application/json"] != nil {
				body.Content[rest.MergePatch] = &huma.MediaType{Schema: body.Content["application/json"].Schema}
			}
			d.exemplify(operation)
		}
	}
}

func (d *document) write() (written forms, err error) {
	if written.json, err = json.Marshal(d.openAPI); err != nil {
		return written, fmt.Errorf("description of the API as JSON: %w", err)
	}
	if written.yaml, err = d.openAPI.YAML(); err != nil {
		return written, fmt.Errorf("description of the API as YAML: %w", err)
	}
	if written.html, err = d.page(); err != nil {
		return written, fmt.Errorf("description of the API as a page: %w", err)
	}
	return written, nil
}

// noNullLists says of every list that it is never null, which is what the answers keep to and the requests are held to. huma has a setting for it, but one
// for the whole process.
func noNullLists(schema *huma.Schema) {
	if schema == nil {
		return
	}
	if schema.Type == huma.TypeArray {
		schema.Nullable = false
	}
	noNullLists(schema.Items)
	for _, property := range schema.Properties {
		noNullLists(property)
	}
	if more, ok := schema.AdditionalProperties.(*huma.Schema); ok {
		noNullLists(more)
	}
}

// operationOf finds a route's operation in the description.
func (d *document) operationOf(r *rest.Route) *huma.Operation {
	item, ok := d.openAPI.Paths[r.Path]
	if !ok {
		return nil
	}
	switch r.Method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	case http.MethodDelete:
		return item.Delete
	}
	return nil
}

// exemplify gives an operation whole examples, made of those of the fields.
func (d *document) exemplify(operation *huma.Operation) {
	for _, parameter := range operation.Parameters {
		parameter.Example = d.exampleOf(parameter.Schema, 0)
	}
	if operation.RequestBody != nil {
		d.exemplifyContent(operation.RequestBody.Content)
	}
	for _, response := range operation.Responses {
		d.exemplifyContent(response.Content)
		for _, header := range response.Headers {
			header.Example = d.exampleOf(header.Schema, 0)
		}
	}
}

func (d *document) exemplifyContent(content map[string]*huma.MediaType) {
	for _, media := range content {
		if media.Example == nil {
			media.Example = d.exampleOf(media.Schema, 0)
		}
	}
}

// exampleDepth bounds examples; nothing in the API is deeper.
const exampleDepth = 24

// exampleOf makes an example of a schema: its own, or one put together from its parts.
func (d *document) exampleOf(schema *huma.Schema, depth int) any {
	if schema == nil || depth > exampleDepth {
		return nil
	}
	if len(schema.Examples) > 0 {
		return schema.Examples[0]
	}
	if schema.Ref != "" {
		return d.exampleOf(d.openAPI.Components.Schemas.SchemaFromRef(schema.Ref), depth+1)
	}
	switch schema.Type {
	case huma.TypeArray:
		return []any{d.exampleOf(schema.Items, depth+1)}
	case huma.TypeObject:
		example := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
			example[name] = d.exampleOf(schema.Properties[name], depth+1)
		}
		if more, ok := schema.AdditionalProperties.(*huma.Schema); ok {
			example["example"] = d.exampleOf(more, depth+1)
		}
		return example
	}
	return nil
}

func (d *document) answerJSON(c echo.Context) error {
	written, err := d.forms()
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "application/openapi+json", written.json)
}

func (d *document) answerYAML(c echo.Context) error {
	written, err := d.forms()
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "application/openapi+yaml", written.yaml)
}
