package notify

import (
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/text"
)

// outcomes are the words for what became of an import.
var outcomes = map[models.ImportState]text.ImportOutcome{
	models.ImportReading: text.ImportWaiting, models.ImportReady: text.ImportWaiting, models.ImportApplied: text.ImportApplied,
	models.ImportUnreadable: text.ImportUnreadable, models.ImportFailed: text.ImportUnreadable, models.ImportWithdrawn: text.ImportWithdrawn,
}

// imported tells the office what became of files that a program handed in, as it is at the moment of sending.
func (c *composing) imported() error {
	row, err := store.Get[models.Import](c.tx, c.message.Details.Import)
	if err != nil {
		return err
	}
	school := c.tx.School()
	c.letter.to = c.message.Details.To
	c.letter.message, err = c.config.Renderer.Import(text.Import{
		Language: c.language(), SchoolName: school.Details.Name, Zone: school.Location(), At: c.message.CreatedAt, Outcome: outcomes[row.State], Counts: row.Counts,
		Questions: row.Questions, Rehearsal: school.Rehearsal,
	})
	return err
}

// newDevice tells a contact on file that somebody confirmed the household on a device not seen before.
func (c *composing) newDevice() error {
	if err := c.addressee(); err != nil {
		return err
	}
	school := c.tx.School()
	var err error
	c.letter.message, err = c.config.Renderer.NewDevice(text.NewDevice{
		Language: c.language(), SchoolName: school.Details.Name, Zone: school.Location(), At: c.message.CreatedAt, ReplyTo: school.Details.ReplyTo, Rehearsal: school.Rehearsal,
	})
	return err
}

// staffLink brings a link to a member of staff.
func (c *composing) staffLink() error {
	school, details := c.tx.School(), c.message.Details
	if details.Link == "" || c.message.UsefulUntil.Sub(c.tx.Now()) < time.Minute {
		return errNothingToSay
	}
	c.letter.to = details.To
	var err error
	c.letter.message, err = c.config.Renderer.StaffLink(text.StaffLink{
		Language: c.language(), SchoolName: school.Details.Name, Zone: school.Location(), Kind: text.StaffLinkKind(details.Purpose), Name: details.Name,
		URL: c.config.BaseURL + "/" + school.Slug + models.StaffLinkPath + details.Link, Until: c.message.UsefulUntil,
	})
	return err
}
