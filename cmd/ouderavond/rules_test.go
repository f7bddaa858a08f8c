package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
)

// rule is an alert of the file for Prometheus.
type rule struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// alerts reads the file; what Prometheus would not know is an error.
func alerts(t *testing.T) []rule {
	t.Helper()
	file, err := os.Open("../../docs/prometheus/ouderavond.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var content struct {
		Groups []struct {
			Name  string `yaml:"name"`
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	if err := decoder.Decode(&content); err != nil {
		t.Fatal(err)
	}
	var all []rule
	for _, group := range content.Groups {
		all = append(all, group.Rules...)
	}
	if len(all) < 15 {
		t.Fatalf("only %d alerts", len(all))
	}
	return all
}

// metricName finds metrics in an expression of Prometheus.
var metricName = regexp.MustCompile(`\b(?:ouderavond|process|go)_[a-z0-9_]+`)

func TestEveryAlertAsksForMetricsThatTheServerHas(t *testing.T) {
	t.Parallel()
	shelf := t.TempDir()
	certFile, keyFile := filepath.Join(shelf, "cert.pem"), filepath.Join(shelf, "key.pem")
	cmdtest.Certify(t, certFile, keyFile, 10)
	settings := valid()
	settings.Data, settings.LogLevel, settings.TLSCert, settings.TLSKey, settings.BackupFolder = t.TempDir(), "error", certFile, keyFile, filepath.Join(shelf, "copies")
	a, err := server.NewApp(t.Context(), settings, os.Stderr, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	a.Metrics.Request("/api/v1/schools/{school}/family/bookings", "POST", 201, 0)
	a.Metrics.Message("mail", "sent", "")
	families, err := a.Metrics.Registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, family := range families {
		for _, suffix := range []string{"", "_count", "_sum", "_bucket"} {
			there[family.GetName()+suffix] = true
		}
	}
	asked := map[string]bool{}
	for _, rule := range alerts(t) {
		found := metricName.FindAllString(rule.Expr, -1)
		if len(found) == 0 && !strings.HasPrefix(rule.Expr, "up{") {
			t.Errorf("%s asks for nothing", rule.Alert)
		}
		for _, name := range found {
			asked[name] = true
			if !there[name] {
				t.Errorf("%s asks for %s, which the server does not have", rule.Alert, name)
			}
		}
	}
	// And the other way round: each metric of ours is explained to whoever runs the program.
	manual, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if name := family.GetName(); strings.HasPrefix(name, "ouderavond_") && !strings.Contains(string(manual), "`"+name+"`") {
			t.Errorf("docs/operating.md does not say what %s means", name)
		}
	}
	if len(asked) < 15 {
		t.Errorf("only %d metrics are asked for: %v", len(asked), slices.Sorted(maps.Keys(asked)))
	}
}

func TestEveryAlertSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, rule := range alerts(t) {
		if seen[rule.Alert] || rule.Annotations["summary"] == "" || rule.Annotations["action"] == "" || !slices.Contains([]string{"page", "ticket"}, rule.Labels["severity"]) {
			t.Errorf("%s: %+v", rule.Alert, rule)
		}
		seen[rule.Alert] = true
		if strings.Count(rule.Expr, "(") != strings.Count(rule.Expr, ")") || strings.Count(rule.Expr, "{") != strings.Count(rule.Expr, "}") {
			t.Errorf("%s: brackets of %s", rule.Alert, rule.Expr)
		}
		if !strings.Contains(string(manual), "`"+rule.Alert+"`") {
			t.Errorf("docs/operating.md does not name %s", rule.Alert)
		}
		if _, chapter, ok := strings.Cut(rule.Annotations["action"], "docs/operating.md, \""); ok {
			if title, _, _ := strings.Cut(chapter, "\""); !strings.Contains(string(manual), "## "+title) {
				t.Errorf("docs/operating.md has no chapter %q", title)
			}
		}
	}
}

// TestEveryPromiseHasAnAlert reads the table of promises in the manual: each has an alert, and what the other documents say to alert on has one too.
func TestEveryPromiseHasAnAlert(t *testing.T) {
	t.Parallel()
	asks := map[string]string{}
	for _, rule := range alerts(t) {
		asks[rule.Alert] = rule.Expr
	}
	manual, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(manual), "| promise | metrics | alert |\n|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	word, promises := regexp.MustCompile("`([A-Za-z_]+)`"), 0
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) != 5 {
			t.Fatalf("not three cells: %s", row)
		}
		promises++
		named := word.FindAllStringSubmatch(cells[3], -1)
		if len(named) == 0 {
			t.Errorf("no alert for the promise that%s", cells[1])
		}
		for _, alert := range named {
			if !slices.ContainsFunc(word.FindAllStringSubmatch(cells[2], -1), func(metric []string) bool { return strings.Contains(asks[alert[1]], metric[1]) }) {
				t.Errorf("%s asks for none of the metrics of its promise, that%s", alert[1], cells[1])
			}
		}
	}
	if promises < 10 {
		t.Errorf("only %d promises", promises)
	}
	messages, err := os.ReadFile("../../docs/messages.md")
	if err != nil {
		t.Fatal(err)
	}
	wanted := regexp.MustCompile("`(ouderavond_[a-z_]+)(?:{[a-z,]*})?` \\(alert").FindAllStringSubmatch(string(messages), -1)
	for _, metric := range wanted {
		if !slices.ContainsFunc(slices.Collect(maps.Values(asks)), func(expr string) bool { return strings.Contains(expr, metric[1]) }) {
			t.Errorf("docs/messages.md says to alert on %s, and no alert does", metric[1])
		}
	}
	if len(wanted) < 3 {
		t.Errorf("only %d metrics to alert on in docs/messages.md", len(wanted))
	}
}

// The alert stands above what the collector holds the program to, and not so far that nothing is ever said.
func TestTheAlertForMemoryFitsTheCollector(t *testing.T) {
	t.Parallel()
	for _, rule := range alerts(t) {
		if rule.Alert != "OuderavondMemory" {
			continue
		}
		_, text, _ := strings.Cut(rule.Expr, "> ")
		bytes, err := strconv.ParseFloat(text, 64)
		if err != nil || bytes < 1.2*config.CollectFrom || bytes > 2*config.CollectFrom {
			t.Errorf("%s: %v, %v", rule.Expr, bytes, err)
		}
		return
	}
	t.Error("there is no such alert")
}

func TestTheComposeFileIsInOrder(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Environment map[string]string `yaml:"environment"`
			Network     string            `yaml:"network_mode"`
			Volumes     []string          `yaml:"volumes"`
			Secrets     []string          `yaml:"secrets"`
		} `yaml:"services"`
		Volumes map[string]any `yaml:"volumes"`
		Secrets map[string]any `yaml:"secrets"`
	}
	if err := yaml.Unmarshal(content, &compose); err != nil {
		t.Fatal(err)
	}
	for name, service := range compose.Services {
		for _, volume := range service.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			if _, ok := compose.Volumes[source]; !ok {
				t.Errorf("%s: there is no volume %s", name, source)
			}
		}
		for _, secret := range service.Secrets {
			if _, ok := compose.Secrets[secret]; !ok {
				t.Errorf("%s: there is no secret %s", name, secret)
			}
		}
	}
	settings, line := config.SettingNames(), []string{"--database", "postgres://ouderavond@postgres/ouderavond", "--master-key", strings.Repeat("5c", 32)}
	for variable, value := range compose.Services["ouderavond"].Environment {
		name := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(variable, "OUDERAVOND_")), "_", "-")
		if !slices.Contains(settings, name) {
			t.Errorf("there is no setting %s", variable)
		}
		line = append(line, "--"+name, value)
	}
	if code, out := newShell(t).run("", append(line, "serve", "--check")...); code != 0 {
		t.Errorf("the program would not start: %s", out)
	}
	if compose.Services["mail"].Network != "service:ouderavond" || compose.Services["ouderavond"].Environment["OUDERAVOND_SMTP_HOST"] != "127.0.0.1" {
		t.Error("the catcher of mail is not where the program looks for it")
	}
	if len(compose.Services) != 3 {
		t.Errorf("%d services", len(compose.Services))
	}
}
