package config

import (
	"cmp"
	"strconv"

	"github.com/ouderavond/ouderavond/api/messages"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/notify"
)

// checkLimits names every fault of the settings of the outbox.
func (s *Settings) checkLimits(fault func(name, format string, values ...any)) {
	for _, number := range []struct{ name, value string }{{"mail-at-once", s.MailAtOnce}, {"mail-per-domain", s.MailPerDomain}} {
		if count, err := strconv.Atoi(cmp.Or(number.value, "1")); err != nil || count < 1 || count > 1000 {
			fault(number.name, "must be a number from 1 to 1000")
		}
	}
	for _, rate := range []struct{ name, value string }{{"mail-per-second", s.MailPerSecond}, {"sms-per-second", s.SMSPerSecond}} {
		if count, err := strconv.ParseFloat(cmp.Or(rate.value, "0"), 64); err != nil || !(count >= 0 && count <= 10_000) {
			fault(rate.name, "must be a number from 0 to 10000")
		}
	}
	if s.BounceDomain == "" {
		return
	}
	if _, ok := contactpoint.Email("a@" + s.BounceDomain); !ok {
		fault("bounce-domain", "must be a domain such as terug.afspraak.example.nl")
	}
}

// Limits gives how much goes out at once; what is left out takes the dispatcher's own default. The settings were checked before.
func (s *Settings) Limits() notify.Limits {
	var limits notify.Limits
	limits.MailAtOnce, _ = strconv.Atoi(s.MailAtOnce)
	limits.MailPerDomain, _ = strconv.Atoi(s.MailPerDomain)
	limits.MailPerSecond, _ = strconv.ParseFloat(s.MailPerSecond, 64)
	limits.SMSPerSecond, _ = strconv.ParseFloat(s.SMSPerSecond, 64)
	return limits
}

// Carriers names who takes messages; a channel that is not there goes to the mailbox folder.
func (s *Settings) Carriers() map[models.Channel]string {
	carriers := map[models.Channel]string{}
	if s.SMTPHost != "" {
		carriers[models.ChannelMail] = "smtp"
	}
	if s.TwilioAccount != "" {
		carriers[models.ChannelSMS] = "twilio"
	}
	return carriers
}

// ReportsURL is where the SMS carrier reports what became of messages; empty where nobody outside could reach it, and the carrier is asked instead.
func (s *Settings) ReportsURL() string {
	if !s.Secure() {
		return ""
	}
	return s.PublicURL() + messages.SMSReports
}
