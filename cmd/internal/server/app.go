package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/page/account"
	"github.com/ouderavond/ouderavond/api/page/components"
	"github.com/ouderavond/ouderavond/api/page/look"
	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/api/page/setup"
	"github.com/ouderavond/ouderavond/api/page/staff"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth"
	parents "github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
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
	// smtpTimeout bounds one delivery of a mail.
	smtpTimeout = 30 * time.Second
	// twilioTimeout bounds one request to the SMS carrier.
	twilioTimeout = 20 * time.Second
)

// App is the program put together.
type App struct {
	Settings   *config.Settings
	Folder     datafolder.Folder
	Logger     *slog.Logger
	Clock      models.Clock
	store      *store.Store
	Booking    *booking.Services
	Auth       *auth.Services
	dispatcher *notify.Dispatcher
	Metrics    *Metrics
	crowd      *crowd
	places     *places
	API        *api.Server
	release    func()
	// demo gives the schools of the demonstration to its pages; nil where there is none.
	demo func(context.Context) ([]parent.DemoSchool, error)

	backups     *BackupJob
	certificate *Certificate // nil without TLS
	serverState
	first *setup.Page
}

// NewApp opens the data folder and puts the program together. demo is nil but for the demonstration.
func NewApp(ctx context.Context, s *config.Settings, logs io.Writer, demo func(context.Context) ([]parent.DemoSchool, error)) (*App, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	a := &App{Settings: s, Folder: datafolder.Folder{Path: s.Data}, Logger: NewLogger(s, logs), Clock: machine.Clock{}, Metrics: NewMetrics(), demo: demo}
	if err := a.Folder.Make(); err != nil {
		return nil, err
	}
	var err error
	if a.release, err = a.Folder.Lock(); err != nil {
		return nil, err
	}
	if err := a.assemble(ctx); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// NewLogger returns a log of the level and the form that the settings ask for. The settings were checked before.
func NewLogger(s *config.Settings, logs io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // checked before
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(logs, options))
	}
	return slog.New(slog.NewJSONHandler(logs, options))
}

func (a *App) assemble(ctx context.Context) error {
	schools, err := a.Settings.SchoolBytes()
	if err != nil {
		return err
	}
	sparingly(schools)
	master, err := a.master()
	if err != nil {
		return err
	}
	place := store.Config{Path: a.Folder.Database(), Master: master, Clock: a.Clock, SnapshotBytes: schools, Committed: newStoreMetrics(a.Metrics.Registry).committed}
	if a.Settings.OnPostgreSQL() {
		place.Path, place.URL = "", a.Settings.Database
	}
	if a.store, err = store.Open(ctx, place); err != nil {
		return err
	}
	a.crowd = newCrowd(a.Clock)
	a.crowd.watch(a.Metrics.Registry)
	a.places = newPlaces(connectionsFor(openFiles()))
	a.places.watch(a.Metrics.Registry)
	// One-time codes are queued by auth alone, so a booking need not make their lane look.
	a.Booking = booking.New(a.store, booking.Options{Wake: paced(wakePause, func() { a.dispatcher.WakeForBulk() }), External: datafolder.External{Folder: a.Folder}, Carriers: a.Settings.Carriers()})
	a.Auth = auth.NewServices(a.store, paced(wakePause, func() { a.dispatcher.Wake() }))
	if a.dispatcher, err = a.newDispatcher(); err != nil {
		return err
	}
	if a.API, err = a.newAPI(); err != nil {
		return err
	}
	if a.Settings.TLSCert != "" {
		if a.certificate, err = NewCertificate(a.Settings.TLSCert, a.Settings.TLSKey); err != nil {
			return err
		}
	}
	if a.backups, err = a.NewBackupJob(); err != nil {
		return err
	}
	a.watch()
	a.watchOutbox()
	watchLogIns(a.Metrics.Registry, func() parents.Figures { return parents.FiguresOf(a.Auth.Parents) })
	waiting := func() { a.Logger.Warn("another program on the database wipes a school: this one waits with its start") }
	if err = a.wipes().Finish(ctx, waiting); err != nil {
		return err
	}
	_, err = a.Booking.Erasures.KeepReceipts(ctx)
	return err
}

// master gives the master key. On PostgreSQL it is never made: the database is elsewhere, and other instances have the key already.
func (a *App) master() (*seal.Master, error) {
	if !a.Settings.OnPostgreSQL() {
		return a.Folder.Master(a.Settings.MasterKey)
	}
	raw, err := a.Folder.MasterBytes(a.Settings.MasterKey)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("with PostgreSQL the master key is given: make one once (openssl rand -hex 32), and give every instance the same, as %s or OUDERAVOND_MASTER_KEY",
			datafolder.Short(a.Folder.KeyFile()))
	}
	if err != nil {
		return nil, err
	}
	return seal.NewMaster(raw)
}

func (a *App) newDispatcher() (*notify.Dispatcher, error) {
	renderer, err := text.New()
	if err != nil {
		return nil, err
	}
	mails, err := mail.NewFolder(a.Folder.Mailbox())
	if err != nil {
		return nil, err
	}
	texts, err := sms.NewFolder(a.Folder.Mailbox(), nil)
	if err != nil {
		return nil, err
	}
	config := notify.Config{
		Store: a.store, Clock: a.Clock, Logger: a.Logger, Renderer: renderer, Mail: mails, MailFolder: mails, SMS: texts, SMSFolder: texts,
		From: a.Settings.MailFrom, BaseURL: a.Settings.PublicURL(), Outcome: a.Metrics.Message,
		BounceDomain: a.Settings.BounceDomain, Limits: a.Settings.Limits(), Carriers: a.Settings.Carriers(), Pause: machine.Pause, Crowded: a.crowd.waits,
	}
	if config.Mail, err = a.SMTP(mails); err != nil {
		return nil, err
	}
	if config.SMS, err = a.Twilio(texts); err != nil {
		return nil, err
	}
	return notify.NewDispatcher(config), nil
}

// SMTP returns the way to the settings' mail server, or the other one if they name none.
func (a *App) SMTP(otherwise mail.Transport) (mail.Transport, error) {
	s := a.Settings
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

// Twilio returns the settings' carrier of SMS, or the other one if they name none.
func (a *App) Twilio(otherwise sms.Carrier) (sms.Carrier, error) {
	s := a.Settings
	if s.TwilioAccount == "" {
		return otherwise, nil
	}
	return sms.NewTwilio(sms.TwilioConfig{BaseURL: s.TwilioURL, AccountSID: s.TwilioAccount, AuthToken: s.TwilioToken, From: s.TwilioFrom, MessagingServiceSID: s.TwilioService, StatusCallback: s.ReportsURL(), Timeout: twilioTimeout})
}

// Close lets go of the database and the data folder.
func (a *App) Close() {
	if a.Booking != nil {
		a.Booking.Imports.Wait()
	}
	if a.store != nil {
		if err := a.store.Close(); err != nil {
			a.Logger.Error("close database", "error", err)
		}
	}
	if a.release != nil {
		a.release()
	}
}

func (a *App) newAPI() (*api.Server, error) {
	proxies, err := a.Settings.Proxies()
	if err != nil {
		return nil, err
	}
	secure := a.Settings.Secure()
	addresses := rest.NewAddresses(proxies)
	pages, err := parent.New(a.pageConfig(secure, addresses))
	if err != nil {
		return nil, err
	}
	parts, err := components.New(a.Clock, secure)
	if err != nil {
		return nil, err
	}
	people, err := staff.New(staff.Config{
		Booking: a.Booking, Auth: a.Auth, Clock: a.Clock, Logger: a.Logger, Secure: secure, Address: func(r *http.Request) netip.Addr { return addresses.Of(r) },
		NoteSchool: rest.NoteSchool, NoteCause: rest.NoteCause, Demo: a.demo != nil,
	})
	if err != nil {
		return nil, err
	}
	a.first, err = setup.New(setup.Config{Booking: a.Booking, Auth: a.Auth, Clock: a.Clock, Logger: a.Logger, BaseURL: a.Settings.PublicURL(), Secure: secure})
	if err != nil {
		return nil, err
	}
	var unmounted error
	mount := func(router *echo.Echo) {
		a.first.Mount(router)
		parts.Mount(router)
		unmounted = account.Mount(router, people)
		look.New(a.Auth, a.Booking.Schools).Mount(router)
		pages.Mount(router)
	}
	server, err := api.New(api.Config{
		Booking: a.Booking, Auth: a.Auth, Clock: a.Clock, Logger: a.Logger, BaseURL: a.Settings.PublicURL(), TrustedProxies: proxies, Secure: secure,
		Ready: a.canWork, Metrics: a.Metrics.Handler(), Recorder: a.Metrics, Wait: machine.Pause, Wiping: a.wipes().Alone, Pages: mount, Reports: a.dispatcher,
		Mailbox: mailboxOf(a.Folder.Mailbox()),
	})
	return server, errors.Join(err, unmounted)
}
