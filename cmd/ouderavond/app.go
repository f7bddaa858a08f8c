package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/page"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
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
	booking    *booking.Service
	auth       *auth.Service
	dispatcher *notify.Dispatcher
	metrics    *metrics
	api        *api.Server
	release    func()
	demo       *demoNotes
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
	master, err := a.folder.master(a.settings.MasterKey)
	if err != nil {
		return err
	}
	if a.store, err = store.Open(ctx, store.Config{Path: a.folder.database(), Master: master, Clock: a.clock}); err != nil {
		return err
	}
	wake := func() { a.dispatcher.Wake() }
	a.booking = booking.NewService(a.store, wake, outside{a.folder})
	a.auth = auth.NewService(a.store, wake)
	if a.dispatcher, err = a.newDispatcher(); err != nil {
		return err
	}
	if a.api, err = a.newAPI(); err != nil {
		return err
	}
	_, err = a.booking.FinishErasures(ctx, pause)
	return err
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
		From: a.settings.MailFrom, BaseURL: a.settings.publicURL(), Sent: a.metrics.message,
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
	return sms.NewTwilio(sms.TwilioConfig{BaseURL: s.TwilioURL, AccountSID: s.TwilioAccount, AuthToken: s.TwilioToken, From: s.TwilioFrom, MessagingServiceSID: s.TwilioService, Timeout: twilioTimeout})
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

// serve listens until the context ends, then lets requests and messages under way finish. ready is called once everything listens.
func (a *app) serve(ctx context.Context, ready func(address string)) error {
	public, err := net.Listen("tcp", a.settings.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	local, err := a.listenLocal()
	if err != nil {
		_ = public.Close()
		return err
	}
	servers := []*http.Server{newServer(a.api.Handler(), a.logger), newServer(a.api.LocalHandler(), a.logger)}
	failed := make(chan error, len(servers))
	go func() { failed <- a.servePublic(servers[0], public) }()
	go func() { failed <- servers[1].Serve(local) }()

	var working sync.WaitGroup
	sending, stopSending := context.WithCancel(context.WithoutCancel(ctx))
	working.Go(func() {
		ticker := time.NewTicker(outboxEvery)
		defer ticker.Stop()
		a.dispatcher.Run(sending, ticker.C)
	})
	working.Go(func() { a.tidy(sending) })
	ready(public.Addr().String())

	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
	defer cancel()
	for _, server := range servers {
		err = errors.Join(err, server.Shutdown(draining))
	}
	stopSending()
	working.Wait()
	return err
}

// tidy removes expired rows now and then, until the context ends.
func (a *app) tidy(ctx context.Context) {
	for {
		if err := a.booking.Tidy(ctx); err != nil && ctx.Err() == nil {
			a.logger.Error("tidy", "error", err)
		}
		if pause(ctx, tidyEvery) != nil {
			return
		}
	}
}

func (a *app) servePublic(server *http.Server, listener net.Listener) error {
	if a.settings.TLSCert != "" {
		return server.ServeTLS(listener, a.settings.TLSCert, a.settings.TLSKey)
	}
	return server.Serve(listener)
}

// listenLocal opens the socket for the administrator's commands: for the owner of the data folder only. The folder's lock is held, so a socket that is
// there belongs to a program that died.
func (a *app) listenLocal() (net.Listener, error) {
	path := a.folder.socket()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("local socket: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("local socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("local socket: %w", err), listener.Close())
	}
	return listener, nil
}

func newServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second, WriteTimeout: 90 * time.Second, IdleTimeout: 120 * time.Second,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
}

func (a *app) newAPI() (*api.Server, error) {
	proxies, err := a.settings.proxies()
	if err != nil {
		return nil, err
	}
	secure := len(a.settings.publicURL()) > 8 && a.settings.publicURL()[:8] == "https://"
	addresses := api.NewAddresses(proxies)
	pages, err := page.New(a.pageConfig(secure, addresses))
	if err != nil {
		return nil, err
	}
	return api.New(api.Config{
		Booking: a.booking, Auth: a.auth, Clock: a.clock, Logger: a.logger, BaseURL: a.settings.publicURL(), TrustedProxies: proxies, Secure: secure,
		Ready: a.store.Ping, Metrics: a.metrics.handler(), Recorder: a.metrics, Wait: pause, Pages: pages.Mount,
	})
}
