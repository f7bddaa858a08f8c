package sms

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/carrier"
)

// suffix ends the names of text messages in the mailbox folder.
const suffix = ".sms.txt"

// Folder is the carrier that keeps messages in the mailbox folder, beside the
// mails, instead of sending them.
type Folder struct {
	box     *carrier.Mailbox
	regions []string
}

// NewFolder opens the mailbox in the folder dir and makes it if it is missing.
// It refuses the numbers that a real carrier would be kept from too; no regions
// are [DefaultRegions].
func NewFolder(dir string, regions []string) (*Folder, error) {
	box, err := carrier.OpenMailbox(dir)
	if err != nil {
		return nil, err
	}
	return &Folder{box: box, regions: regions}, nil
}

// Send keeps the message. See [Carrier]. A message sent twice, with the same
// date and reference, is there once.
func (f *Folder) Send(ctx context.Context, m Message) (Receipt, error) {
	to, err := check(m, f.regions)
	if err != nil {
		return Receipt{}, err
	}
	if m.Reference == "" || m.Date.IsZero() {
		return Receipt{}, refuse(carrier.Permanent, "the message has no reference or no date")
	}
	if err := ctx.Err(); err != nil {
		return Receipt{}, carrier.Failure{Channel: channel, Class: carrier.Temporary, Stage: "folder", Problem: models.ProblemNotReached}.Because(err)
	}
	name := carrier.FileName(m.Date, m.Reference, suffix)
	text := fmt.Sprintf("To: %s\nFrom: %s\nDate: %s\nReference: %s\n\n%s",
		to, m.From, m.Date.UTC().Format(time.RFC3339), m.Reference, m.Body)
	if err := f.box.Write(m.School, name, []byte(text)); err != nil {
		if errors.Is(err, carrier.ErrName) {
			return Receipt{}, refuse(carrier.Permanent, "the school has no valid id")
		}
		return Receipt{}, &carrier.Failure{Channel: channel, Class: carrier.Temporary, Stage: "folder", Problem: models.ProblemSetup, Reach: carrier.AllOfIt, Setup: true}
	}
	return Receipt{ID: name}, nil
}

// Stored is a text message read back from the folder.
type Stored struct {
	// ID is the file's name.
	ID string
	// Date is when it was written, in UTC.
	Date time.Time
	// To, From, Reference and Body are those of the message.
	To, From, Reference, Body string
}

// List reads a school's text messages in the mailbox folder dir, newest first,
// at most limit of them.
func List(dir, school string, limit int) ([]Stored, error) {
	box, err := carrier.OpenMailbox(dir)
	if err != nil {
		return nil, err
	}
	names, err := box.List(school, suffix, limit)
	if err != nil {
		return nil, err
	}
	stored := make([]Stored, 0, len(names))
	for _, name := range names {
		text, err := box.Read(school, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // erased in between
		}
		if err != nil {
			return nil, err
		}
		stored = append(stored, read(name, text))
	}
	return stored, nil
}

// read takes a file apart. What is missing stays empty.
func read(name string, text []byte) Stored {
	s := Stored{ID: name}
	s.Date, _ = carrier.FileMoment(name)
	head, body, _ := bytes.Cut(text, []byte("\n\n"))
	s.Body = strings.ToValidUTF8(string(body), "\uFFFD")
	fields := map[string]*string{"To": &s.To, "From": &s.From, "Reference": &s.Reference}
	for line := range strings.SplitSeq(string(head), "\n") {
		name, value, _ := strings.Cut(line, ": ")
		if field := fields[name]; field != nil {
			*field = strings.ToValidUTF8(value, "\uFFFD")
		}
	}
	return s
}
