package notify

import (
	"fmt"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/managelink"
)

// linkLife is how long a manage link is good, counted from the day it is about.
const linkLife = 15 * 24 * time.Hour

// manageURL is the recipient's own link. It is not sent to the page of somebody else: the token opens what this contact may see.
func (c *composing) manageURL() string {
	date := c.day.Date
	end := time.Date(date.Year, time.Month(date.Month), date.Day, 0, 0, 0, 0, time.UTC)
	link := managelink.Link{Kind: managelink.Contact, Subject: c.contact.ID, Until: end.Add(linkLife)}
	if !c.contact.Source.Confirms() {
		link.Kind, link.Subject = managelink.Maker, c.contact.MakerID
	}
	return c.config.BaseURL + "/" + c.tx.School().Slug + "/m/" + link.Token(c.tx.Index)
}

// testLife is how long the link of a test message is good.
const testLife = 7 * 24 * time.Hour

// testURL is the link by which the reader of a test message says that it arrived.
func (c *composing) testURL() string {
	link := managelink.Link{Kind: managelink.Test, Subject: c.message.ID, Until: c.message.CreatedAt.Add(testLife).Truncate(24 * time.Hour)}
	return c.config.BaseURL + "/" + c.tx.School().Slug + "/t/" + link.Token(c.tx.Index)
}

// refuseURL is the link by which somebody whose address was mistyped has it removed; empty for a contact on file, which is the school's to change.
func (c *composing) refuseURL() string {
	if c.contact.Source.Confirms() {
		return ""
	}
	date := c.day.Date
	end := time.Date(date.Year, time.Month(date.Month), date.Day, 0, 0, 0, 0, time.UTC)
	link := managelink.Link{Kind: managelink.Refuse, Subject: c.contact.ID, Until: end.Add(linkLife)}
	return c.config.BaseURL + "/" + c.tx.School().Slug + "/n/" + link.Token(c.tx.Index)
}

// unproven reports whether the contact was typed and nobody has shown yet that it is the family's.
func (c *composing) unproven() bool {
	return !c.contact.Source.Confirms() && c.contact.VerifiedAt == nil
}

// messageID is the mail's own id, the same for every try.
func messageID(message *models.Message, from string) string {
	return fmt.Sprintf("%s@%s", message.ID, domainOf(from))
}
