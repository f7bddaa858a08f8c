package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"strconv"
	"time"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
	"github.com/ouderavond/ouderavond/notify/text"
)

const (
	// drainFor is how long requests under way may take after the program was asked to stop.
	drainFor = 20 * time.Second
	// outboxEvery is how often the outbox is looked at without having been woken: for what is due later.
	outboxEvery = time.Second
	// tidyEvery is how often expired rows are removed.
	tidyEvery = time.Hour
	// receiptsEvery is how often it is looked whether another instance has wiped a school.
	receiptsEvery = time.Minute
	// smtpTimeout bounds one delivery of a mail.
	smtpTimeout = 30 * time.Second
	// twilioTimeout bounds one request to the SMS carrier.
	twilioTimeout = 20 * time.Second
)

// app is the program put together.
type app struct {
	settings   *settings
	folder     folder
	logger     *slog.Logger
	clock      models.Clock
	store      *store.Store
	booking    *booking.Services
	auth       *auth.Service
	dispatcher *notify.Dispatcher
	metrics    *metrics
	crowd      *crowd
	places     *places
	api        *api.Server
	release    func()
	demo       *demoNotes

	backups     *backupJob
	certificate *certificate // nil without TLS
	serverState
}

// newApp opens the data folder and puts the program together. demo is nil but for the demonstration.
func newApp(ctx context.Context, s *settings, logs io.Writer, demo *demoNotes) (*app, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	a := &app{settings: s, folder: folder{s.Data}, logger: newLogger(s, logs), clock: machineClock{}, metrics: newMetrics(), demo: demo}
	if err := a.folder.open(); err != nil {
		return nil, err
	}
	var err error
	if a.release, err = a.folder.lock(); err != nil {
		return nil, err
	}
	if err := a.assemble(ctx); err != nil {
		a.close()
		return nil, err
	}
	return a, nil
}

func newLogger(s *settings, logs io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // checked before
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(logs, options))
	}
	return slog.New(slog.NewJSONHandler(logs, options))
}

func (a *app) assemble(ctx context.Context) error {
	schools, err := a.settings.schoolMemory()
	if err != nil {
		return err
	}
	sparingly(schools)
	master, err := a.master()
	if err != nil {
		return err
	}
	place := store.Config{Path: a.folder.database(), Master: master, Clock: a.clock, SnapshotBytes: schools, Committed: newStoreMetrics(a.metrics.registry).committed}
	if a.settings.onPostgreSQL() {
		place.Path, place.URL = "", a.settings.Database
	}
	if a.store, err = store.Open(ctx, place); err != nil {
		return err
	}
	a.crowd = newCrowd(a.clock)
	a.crowd.watch(a.metrics.registry)
	a.places = newPlaces(connectionsFor(openFiles()))
	a.places.watch(a.metrics.registry)
	// One-time codes are queued by auth alone, so a booking need not make their lane look.
	a.booking = booking.New(a.store, booking.Options{Wake: paced(wakePause, func() { a.dispatcher.WakeForBulk() }), External: outside{a.folder}, Carriers: a.settings.carriers()})
	a.auth = auth.NewService(a.store, paced(wakePause, func() { a.dispatcher.Wake() }))
	if a.dispatcher, err = a.newDispatcher(); err != nil {
		return err
	}
	if a.api, err = a.newAPI(); err != nil {
		return err
	}
	if a.settings.TLSCert != "" {
		if a.certificate, err = newCertificate(a.settings.TLSCert, a.settings.TLSKey); err != nil {
			return err
		}
	}
	if a.backups, err = a.newBackupJob(); err != nil {
		return err
	}
	a.watch()
	a.watchOutbox()
	waiting := func() { a.logger.Warn("another program on the database wipes a school: this one waits with its start") }
	if err = a.wipes().finish(ctx, waiting); err != nil {
		return err
	}
	_, err = a.booking.Erasures.KeepReceipts(ctx)
	return err
}

// master gives the master key. On PostgreSQL it is never made: the database is elsewhere, and other instances have the key already.
func (a *app) master() (*seal.Master, error) {
	if !a.settings.onPostgreSQL() {
		return a.folder.master(a.settings.MasterKey)
	}
	raw, err := a.folder.masterBytes(a.settings.MasterKey)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("with PostgreSQL the master key is given: make one once (openssl rand -hex 32), and give every instance the same, as %s or OUDERAVOND_MASTER_KEY",
			short(a.folder.keyFile()))
	}
	if err != nil {
		return nil, err
	}
	return seal.NewMaster(raw)
}

func (a *app) newDispatcher() (*notify.Dispatcher, error) {
	renderer, err := text.New()
	if err != nil {
		return nil, err
	}
	mails, err := mail.NewFolder(a.folder.mailbox())
	if err != nil {
		return nil, err
	}
	texts, err := sms.NewFolder(a.folder.mailbox(), nil)
	if err != nil {
		return nil, err
	}
	config := notify.Config{
		Store: a.store, Clock: a.clock, Logger: a.logger, Renderer: renderer, Mail: mails, MailFolder: mails, SMS: texts, SMSFolder: texts,
		From: a.settings.MailFrom, BaseURL: a.settings.publicURL(), Outcome: a.metrics.message,
		BounceDomain: a.settings.BounceDomain, Limits: a.settings.limits(), Carriers: a.settings.carriers(), Pause: pause, Crowded: a.crowd.waits,
	}
	if config.Mail, err = a.smtp(mails); err != nil {
		return nil, err
	}
	if config.SMS, err = a.twilio(texts); err != nil {
		return nil, err
	}
	return notify.NewDispatcher(config), nil
}

func (a *app) smtp(otherwise mail.Transport) (mail.Transport, error) {
	s := a.settings
	if s.SMTPHost == "" {
		return otherwise, nil
	}
	port, err := strconv.Atoi(s.SMTPPort)
	if err != nil {
		return nil, err
	}
	way := mail.Auth(s.SMTPAuth)
	if s.SMTPUsername == "" {
		way = mail.AuthNone
	}
	return mail.NewSMTP(mail.SMTPConfig{
		Host: s.SMTPHost, Port: port, Security: mail.Security(s.SMTPSecurity), Auth: way, Username: s.SMTPUsername, Password: s.SMTPPassword, Timeout: smtpTimeout,
	})
}

func (a *app) twilio(otherwise sms.Carrier) (sms.Carrier, error) {
	s := a.settings
	if s.TwilioAccount == "" {
		return otherwise, nil
	}
	return sms.NewTwilio(sms.TwilioConfig{BaseURL: s.TwilioURL, AccountSID: s.TwilioAccount, AuthToken: s.TwilioToken, From: s.TwilioFrom, MessagingServiceSID: s.TwilioService, StatusCallback: s.reportsURL(), Timeout: twilioTimeout})
}

func (a *app) close() {
	if a.store != nil {
		if err := a.store.Close(); err != nil {
			a.logger.Error("close database", "error", err)
		}
	}
	if a.release != nil {
		a.release()
	}
}

// tidy removes expired rows now and then, until the context ends.
func (a *app) tidy(ctx context.Context) {
	for {
		if err := a.booking.Erasures.Tidy(ctx); err == nil {
			a.metrics.tidied.SetToCurrentTime()
		} else if ctx.Err() == nil {
			a.logger.Error("tidy", "error", err)
		}
		if pause(ctx, tidyEvery) != nil {
			return
		}
	}
}

// keepReceipts writes the receipts of wipes that another instance did beside this one's data too, until the context ends.
func (a *app) keepReceipts(ctx context.Context) {
	for {
		if _, err := a.booking.Erasures.KeepReceipts(ctx); err != nil && ctx.Err() == nil {
			a.logger.Error("receipts", "error", err)
		}
		if pause(ctx, receiptsEvery) != nil {
			return
		}
	}
}

func (a *app) newAPI() (*api.Server, error) {
	proxies, err := a.settings.proxies()
	if err != nil {
		return nil, err
	}
	secure := len(a.settings.publicURL()) > 8 && a.settings.publicURL()[:8] == "https://"
	addresses := rest.NewAddresses(proxies)
	pages, err := parent.New(a.pageConfig(secure, addresses))
	if err != nil {
		return nil, err
	}
	return api.New(api.Config{
		Booking: a.booking, Auth: a.auth, Clock: a.clock, Logger: a.logger, BaseURL: a.settings.publicURL(), TrustedProxies: proxies, Secure: secure,
		Ready: a.canWork, Metrics: a.metrics.handler(), Recorder: a.metrics, Wait: pause, Wiping: a.wipes().alone, Pages: pages.Mount, Reports: a.dispatcher,
	})
}
