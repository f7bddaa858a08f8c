package rest

import (
	"log/slog"
	"net/netip"

	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
)

// Base is what every chapter of the API stands on: the guard in front of each route, problems, texts, and the line of log. It is safe for concurrent use.
type Base struct {
	auth      *auth.Services
	schools   *school.Service
	Clock     models.Clock
	logger    *slog.Logger
	recorder  Recorder
	secure    bool
	addresses Addresses
	Texts     Sentences
	Bodies    bodyRoom // JSON
	uploads   bodyRoom
}

// BaseConfig is what a Base needs. Recorder may be nil; everything else is needed.
type BaseConfig struct {
	Auth    *auth.Services
	Schools *school.Service
	// Clock measures how long a request took and tells today's date to the readers of files.
	Clock models.Clock
	// Logger gets one line for each request.
	Logger *slog.Logger
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// Secure says that clients come over HTTPS; then they are told to keep doing so (RFC 6797).
	Secure bool
	// Recorder is told of each answered request.
	Recorder Recorder
}

// NewBase makes a Base. It fails if the texts are not whole.
func NewBase(config BaseConfig) (*Base, error) {
	sentences, err := NewSentences()
	if err != nil {
		return nil, err
	}
	base := &Base{
		auth: config.Auth, schools: config.Schools, Clock: config.Clock, logger: config.Logger, recorder: config.Recorder, secure: config.Secure,
		addresses: NewAddresses(config.TrustedProxies), Texts: sentences,
	}
	base.Bodies.max, base.uploads.max = jsonRoom, uploadRoom
	return base, nil
}
