// Package errs holds the kinds of errors that the services return, and nothing else.
//
// An Error carries two texts that never share a field: a Code, from which the page and the API take a text for the person who caused it, and a cause,
// which goes to the log only. What lives here knows no HTTP status (package api maps the kinds, in one place) and no language (package api holds the
// texts).
package errs

import (
	"errors"
	"fmt"
	"time"
)

// Kind is what sort of thing went wrong. The list is closed; whatever is not an Error is Internal.
type Kind int

// The kinds.
const (
	Internal        Kind = iota // a fault of ours; the cause is logged, the person gets a neutral text
	Invalid                     // the request itself is wrong: a field is missing, of the wrong type, or contradicts another
	Unauthenticated             // nobody, or somebody we could not recognise
	Forbidden                   // somebody known, who may not do this
	NotFound                    // not there, or not theirs: the two are answered alike
	Conflict                    // right in itself, but not with what is there now
	Stale                       // based on an older state than the present one
	TooLarge                    // more bytes or rows than we take
	TooMany                     // too often; RetryAfter says when again
	Unavailable                 // the database or a carrier is away; nothing was changed
)

// Field is a fault in one field of a request.
type Field struct {
	Name   string            // the path of the field as the client wrote it: make[0].start
	Code   string            // stable code of the fault: required, unknown, not-a-date...
	Params map[string]string // what the text needs, never a personal value
}

// Item is a fault of one item of a request that has several, such as one appointment of a booking.
type Item struct {
	Ref          string   // the item's own name in the request
	Code         string   // stable code of the reason
	Alternatives []Option // what would be possible instead, best first
}

// Option is a possible alternative for a failing item.
type Option struct {
	Start time.Time // UTC
	Staff []string  // ids of the teachers
	Day   string    // id of the day
}

// Error is an error that somebody outside may see the Code, Fields and Items of.
type Error struct {
	Kind       Kind
	Code       string // stable, dotted: booking.items, login.not-recognised
	Fields     []Field
	Items      []Item
	Params     map[string]string // what the text needs, never a personal value
	RetryAfter time.Duration
	cause      error
}

// Error is for the log.
func (e *Error) Error() string {
	text := e.Code
	for _, field := range e.Fields {
		text += fmt.Sprintf(" [%s: %s]", field.Name, field.Code)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// New makes an error of a kind with a code.
func New(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// Because makes an error of a kind with a code and the cause for the log.
func Because(kind Kind, code string, cause error) *Error {
	return &Error{Kind: kind, Code: code, cause: cause}
}

// InvalidField makes an Invalid error for one field.
func InvalidField(name, code string) *Error {
	return InvalidFields(Field{Name: name, Code: code})
}

// InvalidFields makes an Invalid error for several fields, so that nobody mends one to be told of the next.
func InvalidFields(faults ...Field) *Error {
	return &Error{Kind: Invalid, Code: "invalid", Fields: faults}
}

// With gives a copy of the error with a parameter for its text.
func (e *Error) With(name, value string) *Error {
	changed := *e
	changed.Params = map[string]string{name: value}
	for key, present := range e.Params {
		if key != name {
			changed.Params[key] = present
		}
	}
	return &changed
}

// KindOf gives the kind of the first Error in the chain; Internal if there is none.
func KindOf(err error) Kind {
	if found, ok := As(err); ok {
		return found.Kind
	}
	return Internal
}

// CodeOf gives the code of the first Error in the chain; empty if there is none.
func CodeOf(err error) string {
	if found, ok := As(err); ok {
		return found.Code
	}
	return ""
}

// As gives the first Error in the chain.
func As(err error) (*Error, bool) {
	var found *Error
	ok := errors.As(err, &found)
	return found, ok
}

// AsUnknown turns the store's error about a broken reference into errs.Invalid: the field names something that is not there. Other errors stay as they are.
func AsUnknown(err error, field string) error {
	if CodeOf(err) == CodeInUse {
		return InvalidField(field, CodeUnknown)
	}
	return err
}
