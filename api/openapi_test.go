package api_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/auth/access"
)

// openapi is the description as a client reads it.
type openapi struct {
	document apitest.Document
	schemas  apitest.Document
}

// described is the description, read once: writing it takes a while, and it is the same for every server.
var described struct {
	once sync.Once
	body []byte
}

func describe(t *testing.T) openapi {
	t.Helper()
	described.once.Do(func() { described.body = apitest.New(t).Get(t, "", "/api/openapi.json").Body })
	document := decode(t, described.body)
	return openapi{document, object(object(document, "components"), "schemas")}
}

func object(in apitest.Document, name string) apitest.Document {
	found, _ := in[name].(map[string]any)
	return found
}

// operations calls a function for each operation.
func (o openapi) operations(visit func(name string, operation apitest.Document)) {
	for path, item := range object(o.document, "paths") {
		for method, operation := range item.(map[string]any) {
			visit(strings.ToUpper(method)+" "+path, operation.(map[string]any))
		}
	}
}

func TestTheDescriptionHasEveryRoute(t *testing.T) {
	t.Parallel()
	o := describe(t)
	if o.document.Text("openapi") != "3.1.0" {
		t.Errorf("version %v", o.document["openapi"])
	}
	there := map[string]bool{}
	o.operations(func(name string, _ apitest.Document) { there[name] = true })
	plain := []string{"metrics", "openapi-json", "openapi-yaml", "docs", "problem", "create-operator-key", "sms-report", "bounce"}
	for _, route := range api.Routes() {
		name := route.Method + " " + route.Path
		if there[name] == slices.Contains(plain, route.ID) {
			t.Errorf("%s is in the description: %v", name, there[name])
		}
		delete(there, name)
	}
	for name := range there {
		t.Errorf("%s is in the description, but no route", name)
	}
}

func TestEveryOperationIsDescribed(t *testing.T) {
	t.Parallel()
	o := describe(t)
	tags := map[string]bool{}
	for _, tag := range o.document.List("tags") {
		tags[tag.Text("name")] = tag.Text("description") != ""
	}
	o.operations(func(name string, operation apitest.Document) {
		for _, field := range []string{"operationId", "summary", "description"} {
			if operation.Text(field) == "" {
				t.Errorf("%s has no %s", name, field)
			}
		}
		if !strings.Contains(operation.Text("description"), "Who may: ") || strings.Contains(operation.Text("description"), "Who may: .") {
			t.Errorf("%s does not say who may use it: %s", name, operation.Text("description"))
		}
		for _, tag := range operation["tags"].([]any) {
			if !tags[tag.(string)] {
				t.Errorf("%s has the tag %v, which is not described", name, tag)
			}
		}
		for _, parameter := range operation.List("parameters") {
			if parameter.Text("description") == "" || parameter["example"] == nil {
				t.Errorf("%s: parameter %v has no description or example", name, parameter["name"])
			}
		}
		o.answers(t, name, operation)
		if body := object(operation, "requestBody"); body != nil {
			o.content(t, name+" request", object(body, "content"))
		}
	})
}

func (o openapi) answers(t *testing.T, name string, operation apitest.Document) {
	t.Helper()
	good := 0
	for status, value := range object(operation, "responses") {
		response := apitest.Document(value.(map[string]any))
		if name, ok := strings.CutPrefix(response.Text("$ref"), "#/components/responses/"); ok {
			response = object(object(object(o.document, "components"), "responses"), name)
		}
		if response.Text("description") == "" {
			t.Errorf("%s: %s is not described", name, status)
		}
		content := object(response, "content")
		switch {
		case status < "300":
			good++
			if status != "204" {
				o.content(t, name+" "+status, content)
			}
		case object(content, "application/problem+json") == nil:
			t.Errorf("%s: %s is no problem", name, status)
		default:
			o.content(t, name+" "+status, content)
		}
		for header, value := range object(response, "headers") {
			if object(value.(map[string]any), "schema").Text("description") == "" {
				t.Errorf("%s: header %s is not described", name, header)
			}
		}
	}
	if good != 1 {
		t.Errorf("%s has %d good answers", name, good)
	}
}

func (o openapi) content(t *testing.T, name string, content apitest.Document) {
	t.Helper()
	if len(content) == 0 {
		t.Errorf("%s has no content", name)
	}
	for kind, value := range content {
		media := apitest.Document(value.(map[string]any))
		if object(media, "schema") == nil || media["example"] == nil {
			t.Errorf("%s as %s has no schema or example", name, kind)
		}
	}
}

// TestEveryFieldIsDescribed walks over all schemas: each field says what it means and has an example, its own or that of the things in it.
func TestEveryFieldIsDescribed(t *testing.T) {
	t.Parallel()
	o := describe(t)
	if len(o.schemas) < 40 {
		t.Errorf("only %d schemas", len(o.schemas))
	}
	for name, value := range o.schemas {
		if strings.HasSuffix(name, "Body") || name == "ErrorModel" || name == "ErrorDetail" || !regexp.MustCompile(`^[A-Z][A-Za-z]+$`).MatchString(name) {
			t.Errorf("a schema is called %s", name)
		}
		schema := apitest.Document(value.(map[string]any))
		if schema["additionalProperties"] != false {
			t.Errorf("%s takes fields that are not described", name)
		}
		for field, value := range object(schema, "properties") {
			property := apitest.Document(value.(map[string]any))
			if property.Text("description") == "" {
				t.Errorf("%s.%s has no description", name, field)
			}
			if !o.hasExample(property) {
				t.Errorf("%s.%s has no example", name, field)
			}
			if kinds, ok := property["type"].([]any); ok {
				t.Errorf("%s.%s may be %v", name, field, kinds)
			}
			if field == "$schema" || !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(field) {
				t.Errorf("%s has a field %s", name, field)
			}
		}
	}
}

func (o openapi) hasExample(schema apitest.Document) bool {
	if examples, ok := schema["examples"].([]any); ok && len(examples) > 0 {
		return true
	}
	if reference := schema.Text("$ref"); reference != "" {
		return object(o.schemas, strings.TrimPrefix(reference, "#/components/schemas/")) != nil
	}
	if items := object(schema, "items"); items != nil {
		return o.hasExample(items)
	}
	return false
}

func TestNoReferenceLeadsNowhere(t *testing.T) {
	t.Parallel()
	o := describe(t)
	for _, match := range regexp.MustCompile(`"\$ref":"([^"]+)"`).FindAllSubmatch(described.body, -1) {
		parts := strings.Split(string(match[1]), "/")
		if len(parts) != 4 || object(object(object(o.document, parts[1]), parts[2]), parts[3]) == nil {
			t.Errorf("reference to %s", match[1])
		}
	}
}

func TestTheDescriptionDoesNotEchoTheHost(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	for _, path := range []string{"/api/openapi.json", "/api/openapi.yaml", "/api/docs", s.Path, s.Path + "/front", "/api/v1/schools/nergens/front"} {
		answer := w.Do(t, apitest.Call{Method: http.MethodGet, Path: "http://boos.example" + path, Token: s.Admin})
		if strings.Contains(string(answer.Body), "boos.example") || strings.Contains(string(answer.Body), `"$schema"`) || strings.Contains(fmt.Sprint(answer.Header), "boos.example") {
			t.Errorf("%s: %s %v", path, answer.Body, answer.Header)
		}
	}
}

// TestAnswersKeepToTheDescription compares the answers of the reading routes with the schemas: every field is there, none is not described, no list is null.
func TestAnswersKeepToTheDescription(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	w.Post(t, s.LogIn(t, 0), s.Path+"/family/bookings", s.Book(0, 0)).Want(t, http.StatusCreated)
	w.Post(t, s.Admin, s.Path+"/households/"+s.Families[0].Household.String()+"/contacts", map[string]string{"email": "ouder@example.com"}).Want(t, http.StatusCreated)
	ids := idsOf(s)
	ids["import"] = upload(t, w, s.Admin, s.Path+"/imports", nil, apitest.File{Name: "leerlingen.csv", Content: "Leerlingnummer;Roepnaam;Achternaam\n4711;Sanne;Bakker\n"}).Want(t, http.StatusCreated).Text("id")
	applied := maps.Clone(ids)
	applied["import"] = upload(t, w, s.Admin, s.Path+"/imports", map[string]string{"apply": "leave-questions"}, apitest.File{Name: "leerlingen.csv", Content: "Leerlingnummer;Roepnaam;Achternaam\n4712;Noor;Smit\n"}).Want(t, http.StatusCreated).Text("id")
	o := describe(t)
	for _, route := range api.Routes() {
		if route.Method != http.MethodGet || route.Local || !strings.HasPrefix(route.Path, "/api/v1/") || route.ID == "list-mailbox" || route.ID == "get-logo" || strings.HasSuffix(route.Path, ".csv") || strings.HasSuffix(route.Path, ".xlsx") {
			continue
		}
		token := w.Operator
		if route.ID == "get-family" {
			token = s.LogIn(t, 0)
		}
		if slices.Contains(route.Needs, access.OwnAccount) {
			token = s.Admin
		}
		named := ids
		if route.ID == "preview-undo" {
			named = applied
		}
		answer := w.Get(t, token, fill(route.Path, "linde", named)).Want(t, http.StatusOK)
		operation := object(object(object(o.document, "paths"), route.Path), "get")
		media := object(object(object(object(operation, "responses"), "200"), "content"), "application/json")
		o.compare(t, route.ID, object(media, "schema"), map[string]any(answer))
	}
}

func (o openapi) compare(t *testing.T, path string, schema apitest.Document, value any) {
	t.Helper()
	if reference := schema.Text("$ref"); reference != "" {
		schema = object(o.schemas, strings.TrimPrefix(reference, "#/components/schemas/"))
	}
	switch found := value.(type) {
	case nil:
		t.Errorf("%s is null", path)
	case map[string]any:
		properties := object(schema, "properties")
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, ok := found[name.(string)]; !ok {
				t.Errorf("%s lacks %v", path, name)
			}
		}
		for name, part := range found {
			described := object(properties, name)
			if described == nil {
				described = object(schema, "additionalProperties")
			}
			if described == nil {
				t.Errorf("%s.%s is not described", path, name)
				continue
			}
			o.compare(t, path+"."+name, described, part)
		}
	case []any:
		for _, part := range found {
			o.compare(t, path+"[]", object(schema, "items"), part)
		}
	case string:
		if words, ok := schema["enum"].([]any); ok && !slices.Contains(words, any(found)) {
			t.Errorf("%s is %q, which is none of %v", path, found, words)
		}
	}
}

func TestTheFormsSayTheSame(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	yaml, page := w.Get(t, "", "/api/openapi.yaml"), w.Get(t, "", "/api/docs")
	o := describe(t)
	o.operations(func(name string, operation apitest.Document) {
		id := operation.Text("operationId")
		if !strings.Contains(string(yaml.Body), "operationId: "+id) || !strings.Contains(string(page.Body), `id="`+id+`"`) {
			t.Errorf("%s is missing in a form", name)
		}
	})
	if !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") || yaml.Header.Get("Content-Type") != "application/openapi+yaml" {
		t.Errorf("types %q and %q", page.Header.Get("Content-Type"), yaml.Header.Get("Content-Type"))
	}
}

// TestTheReadablePagesLoadNothing looks for anything that a browser would fetch or run, and whether the one style is the one that is allowed.
func TestTheReadablePagesLoadNothing(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	for _, path := range []string{"/api/docs", "/api/problems/booking.items", "/api/problems/import.removes-many"} {
		answer := w.Get(t, "", path)
		page := string(answer.Body)
		for _, no := range []string{"<script", "<img", "<link", "<iframe", "@import", "url(", "javascript:", " on", "src="} {
			if no == " on" {
				if regexp.MustCompile(`<[^>]* on[a-z]+=`).MatchString(page) {
					t.Errorf("%s has a handler", path)
				}
			} else if strings.Contains(page, no) {
				t.Errorf("%s has %s", path, no)
			}
		}
		style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)
		if len(style) != 2 {
			t.Fatalf("%s has no style", path)
		}
		sum := sha256.Sum256([]byte(style[1]))
		if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if strings.Contains(page, "{{") {
			t.Errorf("%s shows a placeholder", path)
		}
	}
}

// TestEveryProblemTypeLeadsToItsExplanation follows the type of problems.
func TestEveryProblemTypeLeadsToItsExplanation(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	problem := w.Get(t, "", "/api/v1/schools").Want(t, http.StatusUnauthorized)
	answer := w.Do(t, apitest.Call{Method: http.MethodGet, Path: problem.Text("type"), Header: http.Header{"Accept-Language": {"en"}}})
	if answer.Status != http.StatusOK || !strings.Contains(string(answer.Body), "You are not logged in") {
		t.Errorf("%d %s", answer.Status, answer.Body)
	}
	w.Get(t, "", "/api/problems/no-such-problem").Want(t, http.StatusNotFound)
}

func TestTheExamplesAreWhatTheSchemasTake(t *testing.T) {
	t.Parallel()
	o := describe(t)
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	o.operations(func(name string, operation apitest.Document) {
		media := object(object(object(operation, "requestBody"), "content"), "application/json")
		if media == nil {
			return
		}
		example, err := json.Marshal(media["example"])
		if err != nil {
			t.Fatal(err)
		}
		method, path, _ := strings.Cut(name, " ")
		token := s.Admin
		switch {
		case strings.Contains(path, "/family/") && strings.HasSuffix(path, "bookings"):
			token = s.LogIn(t, 0)
		case strings.HasSuffix(path, "/schools") || strings.HasSuffix(path, "/cancel"):
			token = w.Operator
		case strings.HasSuffix(path, "/session"):
			return // the examples of a log-in are of different ways in
		}
		answer := w.Do(t, apitest.Call{Method: method, Path: fill(path, "linde", idsOf(s)), Token: token, Body: example})
		if answer.Status == http.StatusBadRequest || answer.Status >= 500 {
			t.Errorf("%s: %d %s", name, answer.Status, answer.Body)
		}
		for field, code := range fields(decode(t, answer.Body)) {
			// The ids in examples are of nothing, and the same everywhere.
			if !slices.Contains([]string{"unknown", "not-the-same", "out-of-range", "overlap", "twice", "not-both", "wrong"}, code) {
				t.Errorf("%s: the example is refused: %s is %s", name, field, code)
			}
		}
	})
}

func decode(t *testing.T, body []byte) apitest.Document {
	t.Helper()
	document := apitest.Document{}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &document); err != nil {
			t.Fatal(err)
		}
	}
	return document
}

// TestSchemasHaveNamesOfTheirOwn: generators make types of the names, and a language has an Option, a File, a Window, a Message or a Group of its own.
func TestSchemasHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	o := describe(t)
	if len(o.schemas) < 20 {
		t.Fatalf("%d schemas", len(o.schemas))
	}
	for name := range o.schemas {
		if rest, ok := strings.CutPrefix(name, "Ouderavond"); !ok || rest == "" {
			t.Errorf("%s would be taken for something else", name)
		}
	}
}
