package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/notify/carrier"
)

// Entry is a mail in a list.
type Entry struct {
	// ID opens the mail with [Open].
	ID string
	// Date is when it was written, in UTC.
	Date time.Time
	// From, To and Subject are the headers, decoded.
	From, To, Subject string
	// Damaged is true if the file is no mail; the headers are empty then.
	Damaged bool
}

// Stored is a mail read back whole.
type Stored struct {
	Entry
	ReplyTo string
	// Text and HTML are the parts that people read. HTML comes as it was
	// written; whoever shows it keeps it from running or loading anything.
	Text, HTML string
	// Calendar is the calendar file and CalendarMethod the method that its
	// part names, or empty.
	Calendar, CalendarMethod string
	// Raw is the file as it is.
	Raw []byte
}

// List gives a school's mails in the mailbox folder dir, newest first, at most
// limit of them.
func List(dir, school string, limit int) ([]Entry, error) {
	box, err := carrier.OpenMailbox(dir)
	if err != nil {
		return nil, err
	}
	names, err := box.List(school, suffix, limit)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, 0, len(names))
	for _, name := range names {
		raw, err := box.Read(school, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // erased in between
		}
		entry := damaged(name)
		if err == nil {
			entry, _ = readEntry(name, raw)
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// Open reads one mail of a school. An id that [List] did not give is
// [mailbox.ErrName]; a mail that is gone wraps [fs.ErrNotExist].
func Open(dir, school, id string) (Stored, error) {
	if !strings.HasSuffix(id, suffix) {
		return Stored{}, carrier.ErrName
	}
	box, err := carrier.OpenMailbox(dir)
	if err != nil {
		return Stored{}, err
	}
	raw, err := box.Read(school, id)
	if err != nil {
		return Stored{}, err
	}
	entry, message := readEntry(id, raw)
	stored := Stored{Entry: entry, Raw: raw}
	if message == nil {
		return stored, nil
	}
	stored.ReplyTo = decode(message.Header.Get("Reply-To"))
	stored.read(message.Header.Get, message.Body, 0)
	return stored, nil
}

// Erase removes everything that a school has in the mailbox folder dir, SMS
// too.
func Erase(dir, school string) error {
	box, err := carrier.OpenMailbox(dir)
	if err != nil {
		return err
	}
	return box.Erase(school)
}

// damaged is the entry of a file that cannot be read.
func damaged(name string) Entry {
	at, _ := carrier.FileMoment(name)
	return Entry{ID: name, Date: at, Damaged: true}
}

// readEntry reads the headers. The message is nil if the file is damaged.
func readEntry(name string, raw []byte) (Entry, *netmail.Message) {
	entry := damaged(name)
	message, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return entry, nil
	}
	entry.Damaged = false
	if date, err := message.Header.Date(); err == nil {
		entry.Date = date.UTC()
	}
	entry.From = decode(message.Header.Get("From"))
	entry.To = decode(message.Header.Get("To"))
	entry.Subject = decode(message.Header.Get("Subject"))
	return entry, message
}

// decode undoes the encoding of a header (RFC 2047); a broken one stays.
func decode(header string) string {
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		return header
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// depthLimit is how deeply parts may be nested. Ours go two levels down.
const depthLimit = 4

// read takes what is shown out of a part and the parts in it. The first part
// of each kind wins.
func (s *Stored) read(header func(string) string, body io.Reader, depth int) {
	kind, params, err := mime.ParseMediaType(header("Content-Type"))
	if err != nil || depth > depthLimit {
		return
	}
	if strings.HasPrefix(kind, "multipart/") {
		reader := multipart.NewReader(body, params["boundary"])
		for {
			part, err := reader.NextRawPart()
			if err != nil {
				return
			}
			s.read(part.Header.Get, part, depth+1)
		}
	}
	target := map[string]*string{"text/plain": &s.Text, "text/html": &s.HTML, "text/calendar": &s.Calendar}[kind]
	if target == nil || *target != "" {
		return
	}
	*target = content(header("Content-Transfer-Encoding"), body)
	if kind == "text/calendar" {
		s.CalendarMethod = params["method"]
	}
}

// content undoes the transfer encoding of a part.
func content(encoding string, body io.Reader) string {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, _ := io.ReadAll(io.LimitReader(body, carrier.MailboxLimit)) // what could be read is shown
	if !utf8.Valid(data) {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(data)
}
