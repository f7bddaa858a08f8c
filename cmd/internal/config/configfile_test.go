package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/ouderavond/ouderavond/cmd/internal/config"
)

// parsed reads settings from a file.
func parsed(t *testing.T, content string, arguments ...string) (*config.Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	var line struct {
		config.Settings `embed:""`
		Serve           struct {
			Listen string `name:"of-the-command"`
		} `cmd:""`
	}
	parser, err := kong.New(&line, kong.Configuration(config.File), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(append([]string{"serve", "--config", path}, arguments...))
	return &line.Settings, err
}

func TestEverySettingIsTakenFromTheFileInBothSpellings(t *testing.T) {
	t.Parallel()
	for _, name := range config.SettingNames() {
		if name == "config" {
			continue
		}
		for _, spelling := range []string{name, strings.ReplaceAll(name, "-", "_")} {
			settings, err := parsed(t, `{"`+spelling+`": "given"}`)
			if err != nil {
				t.Errorf("%s: %v", spelling, err)
				continue
			}
			found := 0
			fields := reflect.ValueOf(settings).Elem()
			for i := range fields.NumField() {
				switch value := fields.Field(i).Interface().(type) {
				case string:
					found += map[bool]int{true: 1}[value == "given"]
				case []string:
					found += map[bool]int{true: 1}[slices.Equal(value, []string{"given"})]
				}
			}
			if found != 1 {
				t.Errorf("%s: %d settings have the value", spelling, found)
			}
		}
	}
}

func TestNumbersAndListsAreTaken(t *testing.T) {
	t.Parallel()
	settings, err := parsed(t, "\ufeff"+`{"smtp-port": 2525, "trusted_proxies": ["10.0.0.0/8", "192.0.2.1"], "listen": "127.0.0.1:1"}`, "--listen", "127.0.0.1:2")
	if err != nil {
		t.Fatal(err)
	}
	if settings.SMTPPort != "2525" || !slices.Equal(settings.TrustedProxies, []string{"10.0.0.0/8", "192.0.2.1"}) || settings.Listen != "127.0.0.1:2" {
		t.Errorf("%+v", settings)
	}
}

func TestWhatWouldNotBeUsedIsRefused(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		`{"smtphost": "x"}`:                                  `there is no setting "smtphost"`,
		`{"smtpHost": "x"}`:                                  `there is no setting "smtpHost"`,
		`{"SMTP-HOST": "x"}`:                                 `there is no setting "SMTP-HOST"`,
		`{"smtp": {"host": "x"}}`:                            `there is no setting "smtp"`,
		`{"of-the-command": "x"}`:                            `there is no setting "of-the-command"`,
		`{"config": "other.json"}`:                           `"config" names this file`,
		`{"smtp-host": "x", "smtp_host": "y"}`:               `"smtp-host" is there twice`,
		`{"listen": "127.0.0.1:1", "listen": "127.0.0.1:2"}`: `"listen" is there twice`,
		`{"log-level": true}`:                                `must be a text or a number`,
		`{"log-level": null}`:                                `must be a text or a number`,
		`{"listen": ["127.0.0.1:1"]}`:                        `takes one value`,
		`{"trusted-proxies": [1]}`:                           `must be a list of texts`,
		`[]`:                                                 `an object is wanted`,
		`{"listen": "127.0.0.1:1"} {}`:                       `something stands after the object`,
		`listen = 127.0.0.1:1`:                               `is not JSON`,
		``:                                                   `is not JSON`,
	} {
		if _, err := parsed(t, content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", content, err, want)
		}
	}
}

func TestOnlyWhatIsInForceIsTold(t *testing.T) {
	t.Parallel()
	all := config.Settings{SMTPHost: "mail.example.com", SMTPPassword: "secret-1", TwilioAccount: "AC1", TwilioToken: "secret-2", BackupFolder: "/copies", TLSCert: "cert.pem", MasterKey: "secret-3"}
	if got, want := fmt.Sprint(all.Told()...), fmt.Sprint("database", "sqlite", "mail", "mail.example.com", "sms", "twilio", "copies", "/copies", "tls", true); got != want {
		t.Errorf("told %s, want %s", got, want)
	}
	all.Database = "postgres://user:secret-4@db/name"
	if got := fmt.Sprint(all.Told()...); strings.Contains(got, "/copies") || strings.Contains(got, "secret") || !strings.Contains(got, "postgresql") {
		t.Errorf("told %s", got)
	}
}

func TestVariablesThatAreNoSettingsAreNamed(t *testing.T) {
	t.Parallel()
	got := config.Unused([]string{"PATH=/bin", "OUDERAVOND_SMTPHOST=x", "OUDERAVOND_SMTP_HOST=x", "OUDERAVOND_TEST_ENGINE=x", "OUDERAVOND_PASSWORD=x", "OUDERAVOND_LISTN=x"})
	if !slices.Equal(got, []string{"OUDERAVOND_LISTN", "OUDERAVOND_SMTPHOST"}) {
		t.Errorf("unused %q", got)
	}
}
