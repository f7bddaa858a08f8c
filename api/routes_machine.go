package api

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth/access"
)

// machineRoutes are for monitors and readers of the description.
func (s *Server) machineRoutes(written *document) []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: "/healthz", ID: "healthz", Tag: "machine", Status: http.StatusOK,
			Public:  "it says nothing but that the program runs",
			Summary: "Tell whether the program runs", About: "Answers as long as the program can answer at all; restart it when it does not.",
			Operation: rest.Handle(s.alive),
		},
		{
			Method: http.MethodGet, Path: "/readyz", ID: "readyz", Tag: "machine", Status: http.StatusOK,
			Public:  "it says nothing but whether the program can do its work",
			Summary: "Tell whether the program can do its work",
			About:   "Tries it, within two seconds: answers 503 while the database does not answer or does not keep what is written, as on a full disk; send no requests then.", Operation: rest.Handle(s.ready),
		},
		{
			Method: http.MethodGet, Path: "/metrics", ID: "metrics", Needs: rest.Only(access.RunInstallation), Nearby: true, Operation: rest.Operation{Plain: s.metrics},
		},
		{
			Method: http.MethodGet, Path: "/api/openapi.json", ID: "openapi-json", Public: "it describes the interface and nobody's data",
			Operation: rest.Operation{Plain: written.answerJSON},
		},
		{
			Method: http.MethodGet, Path: "/api/openapi.yaml", ID: "openapi-yaml", Public: "it describes the interface and nobody's data",
			Operation: rest.Operation{Plain: written.answerYAML},
		},
		{
			Method: http.MethodGet, Path: "/api/docs", ID: "docs", Public: "it describes the interface and nobody's data", Operation: rest.Operation{Plain: written.docsPage},
		},
		{
			Method: http.MethodGet, Path: "/api/problems/{code}", ID: "problem", Public: "it explains what an answer meant, and nobody's data",
			Operation: rest.Operation{Plain: s.problemPage},
		},
	}
}
