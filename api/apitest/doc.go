// Package apitest starts the whole product behind its API for a test: a database of the test's own, the services, and the server, without a listener. It
// fills schools through the services, with invented people only, and calls the handlers.
//
// It is imported by tests only. What a test expects never lives here.
package apitest
