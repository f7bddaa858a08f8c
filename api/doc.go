// Package api is the product's REST interface: the route table, the guard in front of every route, the operations with their OpenAPI description, and the
// problem documents that answer what went wrong (RFC 9457).
//
// The way of a request: address.go and visit.go know who is calling and write one line of log about it; guard.go asks auth who that is and auth/access
// whether they may, reads the body and refuses what is no proper JSON; a handler turns the request into a call of a service and its result into an
// answer; problems.go turns every error into a problem. Routes are data (routes.go and routes_*.go), so that tests walk them.
//
// What may never live here: rules of booking, queries, and anything that a page would need to know too. No answer and no line of log repeats what somebody
// sent. The texts of problems are in locale/, one file per language; the numbers of HTTP are in problems.go and nowhere else.
package api
