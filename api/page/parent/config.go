package parent

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
)

// Config is what the pages need.
type Config struct {
	Booking *booking.Services
	Auth    *auth.Services
	// Clock tells how long it is until booking opens.
	Clock models.Clock
	// Logger gets the causes of failures, with the template of the route and never its values. Nil throws them away.
	Logger *slog.Logger
	// NoteSchool and NoteCause add the school and the cause of a failure to the line that the server logs of a request. With NoteCause, Logger gets no
	// causes: they would be there twice. Both may be nil.
	NoteSchool func(ctx context.Context, school models.SchoolID)
	NoteCause  func(ctx context.Context, cause error)
	// Secure tells that browsers reach the pages over HTTPS: cookies get the __Host- prefix and the Secure attribute (RFC 6265bis, section 4.1.3.2).
	Secure bool
	// Address gives the browser's address, as the trusted proxies saw it. Nil takes the connection's own.
	Address func(*http.Request) netip.Addr
	// Calendar gives the session's appointments as a calendar file (RFC 5545). Nil hides the download.
	Calendar func(ctx context.Context, school models.SchoolID, actor models.Actor) ([]byte, error)
	// Demo shows the start page with the demonstration's schools and the mailbox. Never where a real school is: anybody can read the mailbox then.
	Demo bool
	// DemoNotes gives the demonstration's schools with families that a visitor can log in as. Only asked where Demo is set; nil is none.
	DemoNotes func(ctx context.Context) ([]DemoSchool, error)
	// Mailbox reads the messages of the demonstration's schools. Only asked where Demo is set.
	Mailbox Mailbox
}

// DemoSchool is a school of the demonstration, with invented people.
type DemoSchool struct {
	Slug     string
	Name     string
	Families []DemoFamily
}

// DemoFamily is how a visitor of the demonstration logs in as a family.
type DemoFamily struct {
	// About says in a sentence what is special about the family, by language tag; a language that is missing gets the Dutch one.
	About map[string]string
	// Child is the full name of one of its children.
	Child string
	// Answers are the child's factors, as a parent types them.
	Answers map[models.Factor]string
	// FamilyCode is the code of the school's letter; empty if the family has none.
	FamilyCode string
}

// Mailbox reads the folder in which the demonstration's messages stay instead of being sent. School is the id of a school as text. A function that is nil
// shows nothing of its kind. An id that is not in the mailbox is errs.NotFound or any error that wraps fs.ErrNotExist.
type Mailbox struct {
	// Mails lists a school's mails, newest first, at most limit of them; their contents may be left out.
	Mails func(ctx context.Context, school string, limit int) ([]Mail, error)
	// Mail opens one mail.
	Mail func(ctx context.Context, school, id string) (Mail, error)
	// Texts lists a school's text messages, newest first, at most limit of them.
	Texts func(ctx context.Context, school string, limit int) ([]Text, error)
}

// Mail is a mail of the mailbox.
type Mail struct {
	ID                string
	Date              time.Time // UTC
	From, To, Subject string
	Text, HTML        string
	Calendar          string // the calendar file of it, or empty
}

// Text is a text message of the mailbox.
type Text struct {
	ID       string
	Date     time.Time // UTC
	From, To string
	Body     string
}
