package api

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ouderavond/ouderavond/api/family"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

const aboutAPI = `Parent-teacher conferences: from the school's roster to a filled schedule.

**Who asks.** Send a token as ` + "`Authorization: Bearer <token>`" + `: a session of a parent or of staff, an API key of the school, or a key of the operator. Tokens in cookies or addresses are not looked at.

**Schools.** ` + "`{school}`" + ` is the school's slug or its id. A token that is not good for a school is answered with 401, whether or not the school exists. Ids of another school are answered like ids that do not exist: 404.

**Ids and keys.** Everything has an ` + "`id`" + ` (a UUID). What the school knows by a key of its own shows that as ` + "`key`" + `. References in requests are ids.

**Times** are RFC 3339 in UTC; where ` + "`local`" + ` stands beside one, it is the same moment on the school's clocks.

**Problems** are ` + "`application/problem+json`" + ` (RFC 9457) with a stable ` + "`code`" + `. ` + "`Accept-Language`" + ` chooses the language of titles and details (nl, en). What was sent is never repeated.

**Requests** in JSON are read strictly: a field that is not described, or that is there twice, is refused. ` + "`null`" + ` for an optional field is the same as leaving it out.

**HTTP.** HEAD answers as GET does, without the body. Answers to GET have an ` + "`ETag`" + `; with ` + "`If-None-Match`" + ` the same answer is 304. A body may be compressed by gzip (` + "`Content-Encoding: gzip`" + `). PATCH takes ` + "`application/merge-patch+json`" + ` as well as ` + "`application/json`" + `. A method that an address does not have is answered with 405, code ` + "`method-not-allowed`" + `, and ` + "`Allow`" + ` names those that it has. With 429 and 503, ` + "`Retry-After`" + ` says after how many seconds to try again. A 403 to an API key names the scopes that it lacks (` + "`missing_scopes`" + `).

**Lists** have a ` + "`next`" + ` where they go on: send it as ` + "`cursor`" + `, to the list that gave it. Lists whose ` + "`limit`" + ` has no default are answered whole unless it is given. A cursor of another list or school is refused.

**Repeating.** A booking takes an ` + "`Idempotency-Key`" + `: the same key with the same content answers with the first outcome instead of booking again. Other calls do not take one.`

// describeAPI is huma's configuration: strict JSON only, no addresses of huma's own, and nothing in an answer that depends on the Host header.
func (s *Server) describeAPI() huma.Config {
	config := huma.DefaultConfig("Ouderavond", "1")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // the hook adds $schema, which echoes the Host header
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.RejectUnknownQueryParameters = true
	config.Transformers = []huma.Transformer{s.base.TranslateFaults, family.Prepare}
	config.Formats = family.JsonFormats()
	config.Info.Description = aboutAPI
	config.Tags = tags
	if s.config.BaseURL != "" {
		config.Servers = []*huma.Server{{URL: s.config.BaseURL, Description: "This installation"}}
	}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A session's token, an API key of the school, or a key of the operator."},
	}
	return config
}

// schemaPrefix begins the name of every schema. Generators make types of the names: an Option, a File or a Message without it would be taken for the
// language's own, or hide them.
const schemaPrefix = "Ouderavond"

// schemaName names the schema of a type as clients should call theirs: OuderavondSchool, not SchoolBody.
func schemaName(t reflect.Type, hint string) string {
	return schemaPrefix + strings.TrimSuffix(huma.DefaultSchemaNamer(t, hint), "Body")
}

// describe makes huma's operation of a row of the table.
func (s *Server) describe(r *rest.Route) huma.Operation {
	described := huma.Operation{
		OperationID: r.ID, Method: r.Method, Path: r.Path, Summary: r.Summary, Description: r.About, Tags: []string{r.Tag},
		DefaultStatus: r.Status, MaxBodyBytes: rest.JsonLimit + 1, Responses: map[string]*huma.Response{},
		// The guard has read the body. A deadline for reading that passes while the handler works would end the request's context.
		BodyReadTimeout: -1,
	}
	if r.Public == "" {
		described.Security = []map[string][]string{{"token": {}}}
		described.Description += "\n\nWho may: " + whoMay(r.Needs) + "."
	} else {
		described.Description += "\n\nWho may: anybody, because " + r.Public + "."
		described.Security = []map[string][]string{}
		if r.Session {
			described.Security = []map[string][]string{{}, {"token": {}}}
		}
	}
	for _, status := range problemStatuses(r) {
		described.Responses[strconv.Itoa(status)] = &huma.Response{Ref: "#/components/responses/" + problemAnswers[status].name}
	}
	if r.File != "" {
		file := &huma.Schema{Type: huma.TypeString, Description: "The file.", Examples: []any{r.FileExample}}
		described.Responses[strconv.Itoa(r.Status)] = &huma.Response{Content: map[string]*huma.MediaType{r.File: {Schema: file}}}
	}
	return described
}

// problemAnswer describes the answer of one status: its name, when it is answered, and a code that it can have.
type problemAnswer struct{ name, about, code string }

// problemAnswers are all statuses of problems.
var problemAnswers = map[int]problemAnswer{
	http.StatusBadRequest:            {"Unreadable", "The request cannot be read: no JSON, more than one value, or an empty body.", rest.CodeMalformed},
	http.StatusUnauthorized:          {"NotLoggedIn", "Nobody is logged in, or not with this token.", errs.CodeNotLoggedIn},
	http.StatusForbidden:             {"Forbidden", "Somebody known, who may not do this.", "forbidden"},
	http.StatusNotFound:              {"NotFound", "Not there, or not yours.", "not-found"},
	http.StatusRequestTimeout:        {"TooSlow", "The body did not come in time.", rest.CodeSlowBody},
	http.StatusConflict:              {"Conflict", "Right in itself, but not with what is there now. Nothing was changed.", "booking.items"},
	http.StatusPreconditionFailed:    {"Stale", "Based on an older state than the present one. Nothing was changed.", "stale"},
	http.StatusRequestEntityTooLarge: {"TooLarge", "More bytes than are taken: 1 MB of JSON, 16 kB where nobody is logged in yet, 25 MB of files.", rest.CodeTooLarge},
	http.StatusUnsupportedMediaType:  {"WrongType", "Not a content type that this address takes.", rest.CodeMediaType},
	http.StatusUnprocessableEntity:   {"Invalid", "Fields are missing or cannot be what they should be; each is named.", "invalid"},
	http.StatusTooManyRequests:       {"TooMany", "Too often; Retry-After says when again.", "login.too-many"},
	http.StatusInternalServerError:   {"Internal", "A fault of the server. Nothing is told of it here.", "internal"},
	http.StatusServiceUnavailable:    {"Unavailable", "The database or a carrier is away; nothing was changed. Retry-After says when again.", "database"},
}

// describeProblems adds the answers that operations refer to.
func (s *Server) describeProblems(mux huma.API) {
	components := mux.OpenAPI().Components
	schema := components.Schemas.Schema(reflect.TypeFor[rest.Problem](), true, "Problem")
	components.Responses = map[string]*huma.Response{}
	for status, answer := range problemAnswers {
		told := s.base.Texts.Explain("en", answer.code)
		response := &huma.Response{Description: answer.about, Content: map[string]*huma.MediaType{
			"application/problem+json": {Schema: schema, Example: map[string]any{
				"type": rest.ProblemType(answer.code), "title": told.Title, "status": status, "code": answer.code, "detail": told.Detail,
			}},
		}}
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			response.Headers = map[string]*huma.Param{"Retry-After": {
				Schema: &huma.Schema{Type: huma.TypeInteger, Description: "Seconds after which to try again (RFC 9110, section 10.2.3).", Examples: []any{5}}, Example: 5,
			}}
		}
		components.Responses[answer.name] = response
	}
}

// problemStatuses gives the statuses of problems that a route can answer with.
func problemStatuses(r *rest.Route) []int {
	statuses := slices.Clone(r.Problems)
	if r.Public == "" || r.Session {
		statuses = append(statuses, http.StatusUnauthorized)
	}
	if r.Public == "" {
		statuses = append(statuses, http.StatusForbidden)
	}
	if strings.Contains(r.Path, "{") {
		statuses = append(statuses, http.StatusNotFound)
	}
	if r.Operation.Body || r.Upload != nil {
		statuses = append(statuses, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	return append(statuses, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable)
}

// caller is a sort of caller that the description names.
type caller struct {
	name  string
	actor models.Actor
}

// roleNames are what the description calls who has a role.
var roleNames = map[models.Role]string{
	models.RoleAdministrator: "administrators", models.RoleCoordinator: "coordinators", models.RoleTeacher: "teachers", models.RoleReception: "reception",
	models.RoleReadOnly: "accounts that only read",
}

// callers are all sorts of callers, as actors that access can be asked about.
func callers(school models.SchoolID) []caller {
	list := []caller{
		{"parents, of their own family", models.Actor{Kind: models.ActorParent, School: school}},
	}
	for _, role := range models.AllRoles() {
		list = append(list, caller{roleNames[role], models.Actor{Kind: models.ActorStaff, School: school, Roles: []models.Role{role}, Proof: models.ProofRecent}})
	}
	return append(list, caller{"the operator", models.Actor{Kind: models.ActorOperator, School: school}})
}

// whoMay says in words who may do all of some actions. It asks the same function as the guard, so that the description cannot say anything else.
func whoMay(needs []access.Action) string {
	school := models.SchoolID{1}
	may := func(actor models.Actor) bool {
		return !slices.ContainsFunc(needs, func(action access.Action) bool { return access.Decide(actor, action, school) != access.Allowed })
	}
	var names []string
	for _, asked := range callers(school) {
		if may(asked.actor) {
			names = append(names, asked.name)
		}
	}
	if scopes, ok := scopesFor(needs, school); ok {
		names = append(names, "API keys with "+strings.Join(scopes, " and "))
	}
	return strings.Join(names, "; ")
}

// scopesFor gives the scopes that an API key needs for actions; false if no key may.
func scopesFor(needs []access.Action, school models.SchoolID) ([]string, bool) {
	scopes := map[string]bool{}
	for _, action := range needs {
		found := false
		for _, scope := range models.AllScopes() {
			key := models.Actor{Kind: models.ActorKey, School: school, Scopes: []models.Scope{scope}}
			if access.Decide(key, action, school) == access.Allowed {
				scopes["`"+string(scope)+"`"], found = true, true
			}
		}
		if !found {
			return nil, false
		}
	}
	return slices.Sorted(maps.Keys(scopes)), len(scopes) > 0
}
