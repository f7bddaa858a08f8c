package rest

import (
	"time"

	"github.com/ouderavond/ouderavond/models"
)

// MailboxMessage is a message in the mailbox folder.
type MailboxMessage struct {
	ID      string
	Channel models.Channel
	At      time.Time
	To      string
	Subject string // empty for a text message
	Text    string
}
