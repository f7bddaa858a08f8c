package mail

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	netmail "net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

const (
	// programName is the X-Mailer header. It tells no version: that would help
	// only somebody who looks for an old one.
	programName = "Ouderavond"
	// headerLimit is how long a subject, name or header value may be, in bytes.
	headerLimit = 900
	// bodyLimit is how long text, HTML and calendar may be together, in bytes.
	bodyLimit = 4 << 20
)

// allowedHeaders are the further headers that a message may set.
var allowedHeaders = []string{"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "References", "In-Reply-To"}

var (
	messageIDPattern = regexp.MustCompile(`^[A-Za-z0-9._+-]{1,128}@[A-Za-z0-9.-]{1,128}$`)
	ownHeaderPattern = regexp.MustCompile(`^X-Ouderavond-[A-Za-z-]{1,40}$`)
	methodPattern    = regexp.MustCompile(`(?m)^METHOD:([A-Z]+)\r$`)
)

// Compose writes a message as it goes over the wire (RFC 5322): lines end in
// CRLF, everything is ASCII. The same message always gives the same bytes,
// boundaries included, so that what is sent again is what was sent before.
//
// A calendar file goes in twice: as the last alternative, with its method in
// the content type, which is what mail programs act on, and as an attachment
// invite.ics for those that do not. Messages are marked as sent by a machine
// (RFC 3834), so that nobody's absence answers them.
//
// Headers may be List-Unsubscribe, List-Unsubscribe-Post, List-Id, References,
// In-Reply-To and X-Ouderavond-*. A header, name, address or subject that holds
// a control character is refused, never cleaned: the caller is wrong then. All
// errors are permanent failures.
func Compose(m Message) ([]byte, error) {
	if err := check(m); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	if err := setHeaders(msg, m); err != nil {
		return nil, err
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if len(m.Calendar) > 0 {
		method := gomail.ContentType("text/calendar; method=" + m.CalendarMethod)
		msg.AddAlternativeString(method, string(m.Calendar), gomail.WithPartEncoding(gomail.EncodingB64))
		err := msg.AttachReader("invite.ics", bytes.NewReader(m.Calendar), gomail.WithFileContentType("application/ics"))
		if err != nil {
			return nil, refuse("the calendar cannot be attached")
		}
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, refuse("the message cannot be written")
	}
	return fixBoundaries(raw.Bytes(), m.MessageID)
}

// check looks at everything that could break out of its place.
func check(m Message) error {
	switch {
	case !messageIDPattern.MatchString(m.MessageID):
		return refuse("the message id is malformed")
	case m.Date.IsZero():
		return refuse("the message has no date")
	case strings.TrimSpace(m.Subject) == "" || !isLine(m.Subject):
		return refuse("the subject is empty, too long or no single line")
	case !isLine(m.FromName):
		return refuse("the sender's name is too long or no single line")
	case strings.TrimSpace(m.Text) == "" || !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return refuse("the text is empty or not UTF-8")
	case len(m.Text)+len(m.HTML)+len(m.Calendar) > bodyLimit:
		return refuse("the message is too long")
	}
	if len(m.Calendar) > 0 || m.CalendarMethod != "" {
		found := methodPattern.FindAllSubmatch(m.Calendar, -1)
		if len(found) != 1 || string(found[0][1]) != m.CalendarMethod {
			return refuse("the calendar's method is not the one named")
		}
	}
	for name, value := range m.Headers {
		if !slices.Contains(allowedHeaders, name) && !ownHeaderPattern.MatchString(name) {
			return refuse("a header may not be set")
		}
		if !isLine(value) || strings.IndexFunc(value, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
			return refuse("a header's value is too long or no single line of ASCII")
		}
	}
	return nil
}

// isLine tells whether a value can stand in a header.
func isLine(value string) bool {
	return len(value) <= headerLimit && utf8.ValidString(value) && strings.IndexFunc(value, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}) < 0
}

// setHeaders writes all headers but those of MIME.
func setHeaders(msg *gomail.Msg, m Message) error {
	from, err := sender(m.From)
	if err != nil {
		return refuse("the sender's address is malformed")
	}
	to, err := Address(m.To)
	if err != nil {
		return refuse("the recipient's address is malformed")
	}
	if m.Envelope != "" {
		if _, err := sender(m.Envelope); err != nil {
			return refuse("the envelope's address is malformed")
		}
	}
	msg.FromMailAddress(&netmail.Address{Name: m.FromName, Address: from})
	msg.ToMailAddress(&netmail.Address{Address: to})
	if m.ReplyTo != "" {
		reply, err := sender(m.ReplyTo)
		if err != nil {
			return refuse("the address for answers is malformed")
		}
		msg.ReplyToMailAddress(&netmail.Address{Address: reply})
	}
	// The library folds at spaces; a run of them could make an empty line.
	msg.Subject(strings.Join(strings.Fields(m.Subject), " "))
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.MessageID)
	msg.SetGenHeader(gomail.HeaderXMailer, programName)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	for name, value := range m.Headers {
		msg.SetGenHeader(gomail.Header(name), value)
	}
	return nil
}

// fixBoundaries replaces the random boundaries of a message by ones made of its
// id. The library can be given one boundary, but would use it for nested parts
// too, which breaks them. The new ones hold "=_", which neither of the two
// encodings used can produce, so no text can imitate them (RFC 2045, section
// 6.7).
func fixBoundaries(raw []byte, messageID string) ([]byte, error) {
	var pairs []string
	for depth, boundary := range boundaries(raw) {
		sum := sha256.Sum256([]byte(messageID + string(rune('0'+depth))))
		fixed := "=_" + hex.EncodeToString(sum[:16])
		pairs = append(pairs, "boundary="+boundary, `boundary="`+fixed+`"`, "--"+boundary, "--"+fixed)
	}
	if len(pairs) > 0 {
		raw = []byte(strings.NewReplacer(pairs...).Replace(string(raw)))
	}
	if _, err := netmail.ReadMessage(bytes.NewReader(raw)); err != nil {
		return nil, refuse("the message cannot be read back")
	}
	return raw, nil
}

// boundaries lists the boundaries of a message, the outermost first, following
// the first part at each level: no other has parts of its own here. It goes by
// the headers alone, which stand before everything else at each level; the
// texts, which are behind them, are not read.
func boundaries(raw []byte) []string {
	var found []string
	reader := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw)))
	for {
		header, err := reader.ReadMIMEHeader()
		if err != nil {
			return found
		}
		_, params, err := mime.ParseMediaType(header.Get("Content-Type"))
		boundary := params["boundary"]
		if err != nil || boundary == "" {
			return found
		}
		found = append(found, boundary)
		for line := ""; line != "--"+boundary; {
			if line, err = reader.ReadLine(); err != nil {
				return found
			}
		}
	}
}
