package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/plan/judge"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

const planSample = "../../booking/plan/testdata/primary-1.json"

// judged reads a written plan back and has it judged.
func judged(t *testing.T, instance, made string) judge.Verdict {
	t.Helper()
	var texts [2][]byte
	for i, path := range []string{instance, made} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = text
	}
	v, err := judge.Judge(texts[0], texts[1])
	if err != nil || !v.Valid {
		t.Fatal(err, v.Faults)
	}
	return v
}

func TestPlanWritesAPlanThatTheJudgeAccepts(t *testing.T) {
	t.Parallel()
	s := emptyShell(t)
	folder := t.TempDir()
	out, picture := filepath.Join(folder, "plan.json"), filepath.Join(folder, "plan.svg")
	said := s.must("", "plan", planSample, "--steps", "4000", "--bound-steps", "60", "-o", out, "--picture", picture, "--family", "p38")
	if v := judged(t, planSample, out); v.DroppedWeight != 3 || v.BoundDropped != 3 || v.Cost > 3400 {
		t.Errorf("got %+v", v)
	}
	s.contains(said, "t10", "36", "3 more", "no wish more", "minutes a family less", "wishes met", "314 of 317")
	drawn, err := os.ReadFile(picture)
	if err != nil || !bytes.Contains(drawn, []byte("the way of p38")) {
		t.Errorf("no picture: %v", err)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 2 {
		t.Errorf("something was left behind: %v %v", entries, err)
	}
	if entries, err := os.ReadDir(s.data); err != nil || len(entries) != 0 {
		t.Errorf("the data folder was used: %v %v", entries, err)
	}
}

func TestTheSameSeedAndStepsGiveTheSameFile(t *testing.T) {
	t.Parallel()
	s := emptyShell(t)
	var texts []string
	for _, name := range []string{"one.json", "two.json"} {
		path := filepath.Join(t.TempDir(), name)
		s.must("", "plan", planSample, "--seed", "7", "--steps", "1500", "--bound-steps", "20", "-o", path)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("the plans differ")
	}
}

func TestAnInterruptedPlanIsWrittenAndValid(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "plan.json")
	ctx, stop := context.WithCancel(context.Background())
	lines := &interruptingWriter{stop: stop}
	code := run(ctx, []string{"plan", "../../booking/plan/testdata/secondary-1.json", "--seconds", "600", "-o", out}, console.Terminal{In: strings.NewReader(""), Out: lines, Err: lines})
	if code != 0 || !strings.Contains(lines.String(), "Stopped.") {
		t.Errorf("exit %d:\n%s", code, lines.String())
	}
	judged(t, "../../booking/plan/testdata/secondary-1.json", out)
}

// interruptingWriter interrupts when the first plan is reported, as somebody at the keyboard would.
type interruptingWriter struct {
	bytes.Buffer
	stop func()
}

func (w *interruptingWriter) Write(text []byte) (int, error) {
	if bytes.Contains(text, []byte("wishes, cost")) {
		w.stop()
	}
	return w.Buffer.Write(text)
}

func TestPlanEndsByTheClock(t *testing.T) {
	t.Parallel()
	s := emptyShell(t)
	out := filepath.Join(t.TempDir(), "plan.json")
	begin := time.Now()
	s.must("", "plan", "../../booking/plan/testdata/secondary-1.json", "--seconds", "1", "--bound-seconds", "0", "-o", out)
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
	judged(t, "../../booking/plan/testdata/secondary-1.json", out)
}

func TestAFaultyInstanceIsRefusedWithThePlace(t *testing.T) {
	t.Parallel()
	s := emptyShell(t)
	good, err := os.ReadFile(planSample)
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(good) {
		t.Fatal("the sample is no JSON")
	}
	for name, c := range map[string]struct{ old, new, place string }{
		"not JSON":               {string(good), "PK\x03\x04", "it is not JSON, line 1"},
		"cut off":                {string(good), string(good[:5000]), "ends too soon"},
		"nothing":                {string(good), "", "ends too soon"},
		"a text for a number":    {`"days":2`, `"days":"two"`, "days must be a whole number"},
		"a teacher who is not":   {`"teachers":["t0"`, `"teachers":["nobody"`, ".teachers: names"},
		"a key nobody knows":     {`"days":2`, `"days":2,"pined":[]`, `"pined"`},
		"a key deep down":        {`"kind":"family"`, `"kind":"family","windws":[]`, `parties[0]."windws"`},
		"another format":         {`"format":1`, `"format":7`, "format"},
		"a list instead of that": {string(good), "[]", "must be an object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(compact(t, good), c.old, c.new, 1)
			if c.old == string(good) {
				text = c.new
			}
			path := filepath.Join(t.TempDir(), "instance.json")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			out := filepath.Join(t.TempDir(), "plan.json")
			code, said := s.run("", "plan", path, "--steps", "1", "-o", out)
			if code != 1 || !strings.Contains(said, c.place) || !strings.Contains(said, "instance.json") {
				t.Errorf("exit %d: %s", code, said)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("a plan was written")
			}
		})
	}
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPlanSaysWhichFileIsNotThere(t *testing.T) {
	t.Parallel()
	s := emptyShell(t)
	missing := filepath.Join(t.TempDir(), "missing.json")
	for _, c := range []struct {
		arguments []string
		said      string
		code      int
	}{
		{[]string{"plan", missing, "-o", "x.json"}, "missing.json: no such file", 1},
		{[]string{"plan", t.TempDir(), "-o", "x.json"}, "is a directory", 1},
		{[]string{"plan", planSample, "-o", filepath.Join(missing, "plan.json")}, "plan.json: no such file", 1},
		{[]string{"plan", planSample, "-o", t.TempDir()}, "is a folder", 1},
		{[]string{"plan", planSample, "-o", filepath.Join(t.TempDir(), "p.json"), "--picture", filepath.Join(t.TempDir(), "p.svg"), "--family", "p9999"}, "no party", 1},
		{[]string{"plan", planSample}, "out", 2},
	} {
		if code, said := s.run("", c.arguments...); code != c.code || !strings.Contains(said, c.said) {
			t.Errorf("%v: exit %d: %s", c.arguments, code, said)
		}
	}
}

func TestShortagesStandInColumnsHoweverLongTheIdsAre(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(planSample)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	path, id := filepath.Join(folder, "instance.json"), "01a22280-333a-7cd1-b9ee-3bc59d9cf3ca"
	if err := os.WriteFile(path, bytes.ReplaceAll(text, []byte(`"t10"`), []byte(`"`+id+`"`)), 0o600); err != nil {
		t.Fatal(err)
	}
	said := newShell(t).must("", "plan", path, "--steps", "1", "--bound-steps", "1", "-o", filepath.Join(folder, "plan.json"))
	_, table, _ := strings.Cut(said, "\n  teacher")
	header, line, _ := strings.Cut(table, "\n")
	line, _, _ = strings.Cut(line, "\n")
	if column := strings.Index("  teacher"+header, "asked") + len("asked"); !strings.HasPrefix(line, "  "+id) || len(line) < column || line[column-2:column] != "39" {
		t.Errorf("the columns are not below one another:\n  teacher%s\n%s", header, line)
	}
}
