package config

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// DefaultData is the data folder of who names none, below the folder that the program was called in.
const DefaultData = "data"

// Settings is the configuration: flags, then environment (OUDERAVOND_LISTEN and so on), then the file of --config, then the defaults. Numbers are read as
// text, so that check can name every fault at once.
type Settings struct {
	Config kong.ConfigFlag `help:"File with settings, as JSON." placeholder:"FILE"`

	Data      string `help:"Folder of the database, the master key and the mailbox." default:"data"`
	MasterKey string `help:"The master key, 32 bytes as hexadecimal or base 64; instead of the file master.key in the data folder. Give it by the environment." placeholder:"KEY"`

	Database string `help:"Address of a PostgreSQL database, postgres://user:password@host:port/name, instead of SQLite in the data folder. Give it by the environment." placeholder:"URL"`

	Listen         string   `help:"Address to listen on." default:"127.0.0.1:8080"`
	BaseURL        string   `help:"Address under which people reach the server; links in messages begin with it. Default: http://, or https:// with a certificate, and the address listened on." placeholder:"URL"`
	TrustedProxies []string `help:"Addresses or networks of proxies whose X-Forwarded-For is believed." placeholder:"CIDR"`
	TLSCert        string   `name:"tls-cert" help:"Certificate chain (PEM), to serve TLS without a proxy." placeholder:"FILE"`
	TLSKey         string   `name:"tls-key" help:"Private key (PEM) of the certificate." placeholder:"FILE"`

	MailFrom     string `help:"Address that mail comes from." default:"afspraak@localhost.localdomain"`
	SMTPHost     string `name:"smtp-host" help:"Mail server. Without one, mail goes to the mailbox folder." placeholder:"HOST"`
	SMTPPort     string `name:"smtp-port" help:"Port of the mail server." default:"587"`
	SMTPSecurity string `name:"smtp-security" help:"starttls, tls or none." default:"starttls"`
	SMTPAuth     string `name:"smtp-auth" help:"plain, login or none." default:"plain"`
	SMTPUsername string `name:"smtp-username" help:"User name at the mail server."`
	SMTPPassword string `name:"smtp-password" help:"Password at the mail server. Give it by the environment."`

	BounceDomain  string `help:"Domain to whose addresses mail servers report what could not be delivered; its mail goes to 'ouderavond bounce'. Without one, to the sender." placeholder:"DOMAIN"`
	MailAtOnce    string `help:"Mails handed over at once." default:"8"`
	MailPerDomain string `help:"Mails handed over at once to one domain." default:"4"`
	MailPerSecond string `help:"Mails begun in a second; 0 for no limit." default:"0"`
	SMSPerSecond  string `name:"sms-per-second" help:"Text messages begun in a second; 0 for no limit." default:"5"`

	TwilioAccount string `help:"Twilio account SID. Without one, SMS goes to the mailbox folder." placeholder:"SID"`
	TwilioToken   string `help:"Twilio auth token. Give it by the environment."`
	TwilioFrom    string `help:"Number or name that SMS comes from."`
	TwilioService string `help:"Twilio messaging service SID, instead of a number." placeholder:"SID"`
	TwilioURL     string `help:"Address of Twilio's API; another one for tests." default:"https://api.twilio.com"`

	BackupFolder string `help:"Folder for copies of the SQLite database, best on another disk or machine; the server makes them. Without one it makes none, and none of PostgreSQL." placeholder:"DIR"`
	BackupEvery  string `help:"How often the server makes a copy." default:"1h"`
	BackupKeep   string `help:"How old a copy may become, at most 166h: a copy holds what is erased later." default:"166h"`

	SchoolMemory string `help:"MiB of memory for opened rosters; the conferences take a quarter of it more. A school of a thousand pupils takes some 1.2. More schools at once than fit are opened anew for each request." default:"64"`

	DrainDelay string `help:"How long the server says that it is not ready before it stops taking connections: longer than a proxy needs to notice." default:"1s"`

	LogFormat string `help:"json or text." default:"json"`
	LogLevel  string `help:"debug, info, warn or error." default:"info"`
}

// Check names every fault of the settings at once.
func (s *Settings) Check() error {
	var faults []error
	fault := func(name, format string, values ...any) {
		faults = append(faults, fmt.Errorf("--%s: "+format, append([]any{name}, values...)...))
	}
	if s.Data == "" {
		fault("data", "a folder is needed")
	}
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		fault("listen", "must be an address and a port, such as 127.0.0.1:8080")
	}
	if err := CheckURL(s.BaseURL); s.BaseURL != "" && err != nil {
		fault("base-url", "%w", err)
	}
	if _, err := s.Proxies(); err != nil {
		fault("trusted-proxies", "%w", err)
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		fault("tls-cert", "certificate and key go together")
	} else if s.TLSCert != "" {
		if _, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey); err != nil {
			fault("tls-cert", "%w", err)
		}
	}
	if _, err := mail.ParseAddress(s.MailFrom); err != nil {
		fault("mail-from", "must be an e-mail address")
	}
	if port, err := strconv.Atoi(s.SMTPPort); err != nil || port < 1 || port > 65535 {
		fault("smtp-port", "must be a number from 1 to 65535")
	}
	for _, choice := range []struct{ name, value, allowed string }{
		{"smtp-security", s.SMTPSecurity, "starttls tls none"}, {"smtp-auth", s.SMTPAuth, "plain login none"},
		{"log-format", s.LogFormat, "json text"}, {"log-level", s.LogLevel, "debug info warn error"},
	} {
		if choice.value == "" || !strings.Contains(" "+choice.allowed+" ", " "+choice.value+" ") {
			fault(choice.name, "must be one of: %s", choice.allowed)
		}
	}
	if _, err := s.SchoolBytes(); err != nil {
		fault("school-memory", "%w", err)
	}
	s.checkLimits(fault)
	if err := CheckURL(s.TwilioURL); err != nil {
		fault("twilio-url", "%w", err)
	}
	if s.TwilioAccount != "" && (s.TwilioToken == "" || s.TwilioFrom == "" && s.TwilioService == "") {
		fault("twilio-account", "a token, and a number or a messaging service, go with the account")
	}
	s.checkTimes(fault)
	if s.MasterKey != "" {
		if _, err := datafolder.DecodeKey(s.MasterKey); err != nil {
			fault("master-key", "%w", err)
		}
	}
	return errors.Join(faults...)
}

// CheckURL returns what is wrong with the address at which people reach the program; it is a scheme and a host, nothing after them.
func CheckURL(text string) error {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" {
		return errors.New("must be an address such as https://afspraak.example.nl")
	}
	return nil
}

// Proxies gives the trusted proxies as networks.
func (s *Settings) Proxies() ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, text := range s.TrustedProxies {
		if address, err := netip.ParseAddr(text); err == nil {
			networks = append(networks, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, errors.New("must be addresses or networks, such as 10.0.0.0/8")
		}
		networks = append(networks, network)
	}
	return networks, nil
}

// Secure reports whether people reach the server over HTTPS.
func (s *Settings) Secure() bool { return strings.HasPrefix(s.PublicURL(), "https://") }

// PublicURL is the address of the pages, without a slash at the end.
func (s *Settings) PublicURL() string {
	scheme := "http://"
	if s.TLSCert != "" {
		scheme = "https://"
	}
	return strings.TrimRight(cmp.Or(s.BaseURL, scheme+s.Listen), "/")
}
