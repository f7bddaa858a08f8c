// Package shape is what requests and answers of more than one chapter of the API are made of: references, lists and pages, path parameters as types, and the
// bodies that several chapters answer with. It knows no request and no service.
package shape
