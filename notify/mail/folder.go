package mail

import (
	"context"
	"errors"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/carrier"
)

// suffix ends the names of mails in the mailbox folder.
const suffix = ".eml"

// Folder is the transport that keeps messages in the mailbox folder instead of
// sending them.
type Folder struct {
	box *carrier.Mailbox
}

// NewFolder opens the mailbox in the folder dir and makes it if it is missing.
func NewFolder(dir string) (*Folder, error) {
	box, err := carrier.OpenMailbox(dir)
	if err != nil {
		return nil, err
	}
	return &Folder{box: box}, nil
}

// Send keeps the message. See [Transport]. A message sent twice, with the same
// date and message id, is there once.
func (f *Folder) Send(ctx context.Context, m Message) (Receipt, error) {
	raw, err := Compose(m)
	if err != nil {
		return Receipt{}, err
	}
	if err := ctx.Err(); err != nil {
		return Receipt{}, carrier.Failure{Channel: channel, Class: carrier.Temporary, Stage: "folder", Problem: models.ProblemNotReached}.Because(err)
	}
	// Named after what stands before the @: who erases the message knows that, and not our sender's domain.
	id, _, _ := strings.Cut(m.MessageID, "@")
	name := carrier.FileName(m.Date, id, suffix)
	if err := f.box.Write(m.School, name, raw); err != nil {
		return Receipt{}, folderFailed(err)
	}
	return Receipt{MessageID: m.MessageID, File: name}, nil
}

// folderFailed tells a school that has no folder from a disk that is full.
func folderFailed(err error) error {
	if errors.Is(err, carrier.ErrName) {
		return refuse("the school has no valid id")
	}
	return &carrier.Failure{Channel: channel, Class: carrier.Temporary, Stage: "folder", Problem: models.ProblemSetup, Reach: carrier.AllOfIt, Setup: true}
}
