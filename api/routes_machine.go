package api

import (
	"net/http"

	"github.com/ouderavond/ouderavond/auth/access"
)

// machineRoutes are for monitors and readers of the description.
func machineRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: "/healthz", id: "healthz", tag: "machine", status: http.StatusOK,
			public:  "it says nothing but that the program runs",
			summary: "Tell whether the program runs", about: "Answers as long as the program can answer at all; restart it when it does not.",
			operation: handle((*Server).alive),
		},
		{
			method: http.MethodGet, path: "/readyz", id: "readyz", tag: "machine", status: http.StatusOK,
			public:  "it says nothing but whether the program can do its work",
			summary: "Tell whether the program can do its work",
			about:   "Answers 503 while the database does not answer; send no requests then.", operation: handle((*Server).ready),
		},
		{
			method: http.MethodGet, path: "/metrics", id: "metrics", needs: only(access.RunInstallation), nearby: true, operation: operation{plain: metrics},
		},
		{
			method: http.MethodGet, path: "/api/openapi.json", id: "openapi-json", public: "it describes the interface and nobody's data",
			operation: operation{plain: openAPIJSON},
		},
		{
			method: http.MethodGet, path: "/api/openapi.yaml", id: "openapi-yaml", public: "it describes the interface and nobody's data",
			operation: operation{plain: openAPIYAML},
		},
		{
			method: http.MethodGet, path: "/api/docs", id: "docs", public: "it describes the interface and nobody's data", operation: operation{plain: docsPage},
		},
		{
			method: http.MethodGet, path: "/api/problems/{code}", id: "problem", public: "it explains what an answer meant, and nobody's data",
			operation: operation{plain: problemPage},
		},
	}
}
