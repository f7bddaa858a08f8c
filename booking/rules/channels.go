package rules

import (
	"cmp"

	"github.com/ouderavond/ouderavond/models"
)

// Carriers name who takes the messages of each channel in this installation: "smtp", "twilio". A channel that is not named goes to the mailbox folder.
type Carriers map[models.Channel]string

// Of names who takes a school's messages of a channel now.
func (c Carriers) Of(school *models.School, channel models.Channel) string {
	if school.Rehearsal {
		return models.Mailbox
	}
	return cmp.Or(c[channel], models.Mailbox)
}

// Channels lists the channels, in the order in which they are shown.
func Channels() []models.Channel { return []models.Channel{models.ChannelMail, models.ChannelSMS} }

// untested are the codes of what is missing before the school may write to parents by a channel.
var untested = map[models.Channel]string{models.ChannelMail: "untested-mail", models.ChannelSMS: "untested-sms"}

// Blockers returns the codes of what keeps a school from opening a conference: a channel that is switched on and through which no test message has arrived by
// the carrier of today, or no channel at all without the word that none is wanted. What goes to the mailbox folder has arrived.
func (c Carriers) Blockers(school *models.School) []string {
	var codes []string
	for _, channel := range Channels() {
		if school.Channels.On(channel) && !c.Arrived(school, channel) {
			codes = append(codes, untested[channel])
		}
	}
	if !school.Channels.Mail && !school.Channels.SMS && !school.Channels.None {
		codes = append(codes, "no-channel")
	}
	return codes
}

// Arrived reports whether a test message has arrived by the carrier that takes a school's messages of a channel now, or need not.
func (c Carriers) Arrived(school *models.School, channel models.Channel) bool {
	carrier := c.Of(school, channel)
	return carrier == models.Mailbox || school.Arrivals[channel].By == carrier
}
