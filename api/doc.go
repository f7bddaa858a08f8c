// Package api puts the product's REST interface together: the table of routes from its chapters, their description (OpenAPI) as a document and as a page to
// read, and the two handlers, for the public listener and for the machine's own socket.
//
// The way of a request: rest.Call knows who is calling, and writes one line of log about it at the end; the guard (rest/guard.go) asks auth who that is and
// auth/access whether they may, reads the body and refuses what is no proper JSON; a handler of a chapter turns the request into a call of a service and the
// result into an answer; rest/problems.go turns every error into a problem (RFC 9457). Routes are data (routes.go of each chapter), so that tests walk them.
//
// What may never live here or in a chapter: rules of booking, queries, and anything that a page would need to know too. No answer and no line of log repeats
// what somebody sent. The sentences are in rest/locale, one file per language; the numbers of HTTP are in rest/problems.go and nowhere else.
package api
