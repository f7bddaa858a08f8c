package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ouderavond/ouderavond/api/messages"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/notify"
)

// checkLimits names every fault of the settings of the outbox.
func (s *settings) checkLimits(fault func(name, format string, values ...any)) {
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

// limits gives how much goes out at once; what is left out takes the dispatcher's own default. The settings were checked before.
func (s *settings) limits() notify.Limits {
	var limits notify.Limits
	limits.MailAtOnce, _ = strconv.Atoi(s.MailAtOnce)
	limits.MailPerDomain, _ = strconv.Atoi(s.MailPerDomain)
	limits.MailPerSecond, _ = strconv.ParseFloat(s.MailPerSecond, 64)
	limits.SMSPerSecond, _ = strconv.ParseFloat(s.SMSPerSecond, 64)
	return limits
}

// carriers names who takes messages; a channel that is not there goes to the mailbox folder.
func (s *settings) carriers() map[models.Channel]string {
	carriers := map[models.Channel]string{}
	if s.SMTPHost != "" {
		carriers[models.ChannelMail] = "smtp"
	}
	if s.TwilioAccount != "" {
		carriers[models.ChannelSMS] = "twilio"
	}
	return carriers
}

// reportsURL is where the SMS carrier reports what became of messages; empty where nobody outside could reach it, and the carrier is asked instead.
func (s *settings) reportsURL() string {
	if !strings.HasPrefix(s.publicURL(), "https://") {
		return ""
	}
	return s.publicURL() + messages.SMSReports
}

// watchOutbox adds the metrics of the outbox that are read when they are asked for.
func (a *app) watchOutbox() {
	gauge := func(name, help string, labels prometheus.Labels, read func(notify.Figures) float64) {
		a.metrics.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), watchFor)
			defer cancel()
			figures, err := a.dispatcher.Figures(ctx)
			if err != nil {
				return 0 // readiness tells of a database that does not answer
			}
			return read(figures)
		}))
	}
	gauge("ouderavond_messages_oldest_due_seconds", "How long the message has waited that has been due longest; 0 if none is.", nil,
		func(f notify.Figures) float64 { return f.OldestDue.Seconds() })
	gauge("ouderavond_messages_held", "Messages that are held back, half a minute at most each, because families wait for the program.", nil,
		func(f notify.Figures) float64 { return float64(f.Held) })
	gauge("ouderavond_messages_paused_domains", "Domains that are left alone for a while because they refuse our mail for reasons of policy.", nil,
		func(f notify.Figures) float64 { return float64(f.PausedDomains) })
	for _, channel := range []models.Channel{models.ChannelMail, models.ChannelSMS} {
		labels := prometheus.Labels{"channel": string(channel)}
		gauge("ouderavond_messages_paused", "1 while a channel's messages wait because it is out of service or set up wrongly.", labels,
			func(f notify.Figures) float64 { return truth(f.Paused[channel]) })
		gauge("ouderavond_messages_setup_wrong", "1 from when a channel was found to be set up wrongly until a message gets through.", labels,
			func(f notify.Figures) float64 { return truth(f.Setup[channel]) })
	}
}

// schoolTestMessageCommand tries a school's channels out.
type schoolTestMessageCommand struct {
	Slug     string `arg:"" help:"The school's slug."`
	Email    string `help:"Send a test message to this address." placeholder:"ADDRESS"`
	Phone    string `help:"Send a test message to this mobile number." placeholder:"NUMBER"`
	Language string `help:"Language of the message." placeholder:"TAG"`
	Arrived  string `help:"Say that one arrived, with the link that stands in it." placeholder:"LINK"`
}

// Run sends what was asked for, and tells how the channels stand.
func (c schoolTestMessageCommand) Run(ctx context.Context, s *settings, term terminal) error {
	connection, err := connect(ctx, s, term.err)
	if err != nil {
		return err
	}
	defer connection.close()
	channels := apiSchools + "/" + c.Slug + "/channels"
	if c.Arrived != "" {
		if err := connection.call(ctx, http.MethodPost, channels+"/confirm", map[string]string{"link": c.Arrived}, nil); err != nil {
			return err
		}
	}
	body := map[string]string{}
	for name, value := range map[string]string{"email": c.Email, "phone": c.Phone, "language": c.Language} {
		if value != "" {
			body[name] = value
		}
	}
	if c.Email != "" || c.Phone != "" {
		if err := connection.call(ctx, http.MethodPost, channels+"/test", body, nil); err != nil {
			return err
		}
	}
	return printChannels(ctx, connection, channels, term)
}

func printChannels(ctx context.Context, connection *client, path string, term terminal) error {
	var answer struct {
		Items []struct {
			Channel, Carrier string
			On, Arrived      bool
			LastState        string `json:"last_state"`
			LastAbout        string `json:"last_about"`
		}
	}
	if err := connection.call(ctx, http.MethodGet, path, nil, &answer); err != nil {
		return err
	}
	for _, channel := range answer.Items {
		state := map[bool]string{true: "on", false: "off"}[channel.On] + ", by " + channel.Carrier + ", "
		state += map[bool]string{true: "works", false: "not tried out yet"}[channel.Arrived]
		if channel.LastState != "" {
			state += "; the last test message is " + channel.LastState
		}
		if channel.LastAbout != "" {
			state += ": " + channel.LastAbout
		}
		fmt.Fprintf(term.out, "%-5s %s\n", channel.Channel, state)
	}
	return nil
}
