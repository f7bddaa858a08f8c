package carrier

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models"
)

// Class is what a failed delivery means for the message. The zero value is no
// failure.
type Class int

// The classes.
const (
	None Class = iota
	// Temporary: nothing was handed over; a later try may succeed.
	Temporary
	// Permanent: nothing was handed over and trying again will not help.
	Permanent
	// RecipientRefused: permanent, because this address or number does not
	// exist or takes no messages. The school should hear of it.
	RecipientRefused
	// Ambiguous: the message may or may not have been handed over.
	Ambiguous
)

// String names the class in lower case, fit for a log or a database.
func (c Class) String() string {
	switch c {
	case None:
		return "none"
	case Temporary:
		return "temporary"
	case Permanent:
		return "permanent"
	case RecipientRefused:
		return "recipient refused"
	case Ambiguous:
		return "ambiguous"
	}
	return "unknown"
}

// Reach is how many other messages would fail in the same way now.
type Reach int

// The reaches.
const (
	OneMessage Reach = iota // this message only, as far as is known
	OneDomain               // every mail to the recipient's domain
	AllOfIt                 // every message of the channel
)

// Failure is a failed delivery. It is safe to log and to show to the school.
type Failure struct {
	// Channel is "mail" or "sms".
	Channel string
	// Class is what it means.
	Class Class
	// Stage is how far the delivery came, in a few words.
	Stage string
	// Code is the answer's number: the SMTP reply code (RFC 5321, section
	// 4.2), or the carrier's error number. Zero if there was no answer.
	Code int
	// Enhanced is the status code of RFC 3463 that came with an SMTP reply,
	// such as "5.1.1", or empty.
	Enhanced string
	// Problem is what it is called towards the school: a stable code of
	// [models.MessageProblems].
	Problem string
	// Reach is how many other messages would fail in the same way now.
	Reach Reach
	// RetryAfter is how long the other side asks to wait, or zero.
	RetryAfter time.Duration
	// Setup is true if the fault lies in how the channel is set up (a password
	// refused, a sender not allowed) and not in this message: other messages
	// will fail in the same way until somebody mends it.
	Setup bool

	cause error
}

// Because returns a copy that unwraps to cause if that says that time was up or
// that the caller gave up. Any other cause is dropped, because its text may
// hold what a failure must not.
func (f Failure) Because(cause error) *Failure {
	switch {
	case errors.Is(cause, context.Canceled):
		f.cause = context.Canceled
	case errors.Is(cause, context.DeadlineExceeded), errors.Is(cause, os.ErrDeadlineExceeded):
		f.cause = context.DeadlineExceeded
	}
	return &f
}

// Error describes the failure without any personal value.
func (f *Failure) Error() string {
	text := fmt.Sprintf("%s: %s failure: %s", f.Channel, f.Class, f.Stage)
	if f.Code != 0 {
		text += fmt.Sprintf(" (%s)", strings.TrimSpace(fmt.Sprintf("%d %s", f.Code, f.Enhanced)))
	}
	if f.cause != nil {
		text += ": " + f.cause.Error()
	}
	return text
}

// Unwrap gives [context.DeadlineExceeded], [context.Canceled] or nil.
func (f *Failure) Unwrap() error { return f.cause }

// ClassOf tells what an error of a transport or carrier means. No error is
// [None]. An error that is no [Failure] is [Ambiguous]: nothing is known, and
// sending twice is worse than asking.
func ClassOf(err error) Class {
	if err == nil {
		return None
	}
	var f *Failure
	if errors.As(err, &f) {
		return f.Class
	}
	return Ambiguous
}

// IsSetup tells whether the fault lies in how the channel is set up.
func IsSetup(err error) bool {
	var f *Failure
	return errors.As(err, &f) && f.Setup
}

// Of gives the failure that an error is. An error that is no [Failure] is
// [Ambiguous], like in [ClassOf].
func Of(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Class: Ambiguous, Problem: models.ProblemNoAnswer}
}
