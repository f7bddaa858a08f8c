package main

import (
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/config"
)

func valid() *config.Settings {
	return &config.Settings{
		Data: "data", Listen: "127.0.0.1:0", MailFrom: "school@example.org", SMTPPort: "587", SMTPSecurity: "starttls", SMTPAuth: "plain",
		TwilioURL: "https://api.twilio.com", MailAtOnce: "8", MailPerDomain: "4", MailPerSecond: "0", SMSPerSecond: "5", LogFormat: "json", LogLevel: "info",
	}
}

func TestSettingsThatAreRightPass(t *testing.T) {
	t.Parallel()
	if err := valid().Check(); err != nil {
		t.Fatal(err)
	}
}

func TestEveryFaultIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	wrong := valid()
	wrong.Listen, wrong.SMTPPort, wrong.LogLevel, wrong.BaseURL, wrong.MasterKey = "nowhere", "70000", "loud", "ftp://x", "short"
	wrong.TrustedProxies = []string{"10.0.0.0/33"}
	wrong.TwilioAccount = "AC1"
	err := wrong.Check()
	if err == nil {
		t.Fatal("nothing was found wrong")
	}
	for _, name := range []string{"--listen", "--smtp-port", "--log-level", "--base-url", "--master-key", "--trusted-proxies", "--twilio-account"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), "short") {
		t.Error("the faulty key is repeated")
	}
}

func TestEachFaultyValueIsFound(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*config.Settings){
		"no folder":                        func(s *config.Settings) { s.Data = "" },
		"an address without a port":        func(s *config.Settings) { s.Listen = "127.0.0.1" },
		"a base URL with a path":           func(s *config.Settings) { s.BaseURL = "https://example.org/school" },
		"a certificate without its key":    func(s *config.Settings) { s.TLSCert = "cert.pem" },
		"a certificate that is not there":  func(s *config.Settings) { s.TLSCert, s.TLSKey = "no.pem", "no.key" },
		"a sender that is no address":      func(s *config.Settings) { s.MailFrom = "school" },
		"a port that is no number":         func(s *config.Settings) { s.SMTPPort = "smtp" },
		"memory for no school":             func(s *config.Settings) { s.SchoolMemory = "0" },
		"memory with a unit":               func(s *config.Settings) { s.SchoolMemory = "64MiB" },
		"a way of signing in nobody knows": func(s *config.Settings) { s.SMTPAuth = "cram" },
		"an address of Twilio that is none": func(s *config.Settings) {
			s.TwilioURL = "api.twilio.com"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := valid()
			spoil(s)
			if s.Check() == nil {
				t.Error("it passed")
			}
		})
	}
}
