// Package rest is what every chapter of the API stands on: who asks and whether they may (the guard), the body of a request as strict JSON, problems, paging, path
// parameters and values as types, the sentences of the API in every language, and the line of log. It knows no route, and no service but those that tell who
// asks and which school is meant.
package rest
