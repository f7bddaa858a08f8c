package booking_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

var update = flag.Bool("update", false, "write the golden previews anew")

// identityCase is a file of testdata/identity: what the school imported, what it imports next, and who is who by that.
type identityCase struct {
	policy        models.Policy
	before, after []roster.File
	head, want    string
}

func readIdentityCase(t *testing.T, path string) identityCase {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, want, _ := strings.Cut(string(data), "-- who --\n")
	factors, rest, _ := strings.Cut(head, "-- before --\n")
	before, after, found := strings.Cut(rest, "-- after --\n")
	if !found {
		t.Fatalf("%s has no parts", path)
	}
	c := identityCase{head: head, want: want, policy: models.Policy{PostcodePart: models.PostcodeAll}}
	for _, line := range strings.Split(factors, "\n") {
		if name, ok := strings.CutPrefix(line, "asks "); ok {
			c.policy.Factors = append(c.policy.Factors, models.Factor(name))
		}
	}
	c.before, c.after = []roster.File{{Name: "before.csv", Data: []byte(before)}}, []roster.File{{Name: "after.csv", Data: []byte(after)}}
	return c
}

// who writes what a preview says, and who everybody is after the import.
func (w *world) who(request people.ImportRequest) string {
	w.t.Helper()
	var out strings.Builder
	pupils := func() map[models.PupilID]string {
		known, err := w.booking.People.Staff(w.ctx, w.operator)
		w.must(err)
		all := map[models.PupilID]string{}
		for _, pupil := range known.Pupils() {
			all[pupil.ID] = pupil.Details.Key + " " + pupil.Details.FullName()
		}
		return all
	}
	before := pupils()
	preview, err := w.booking.People.PreviewImport(w.ctx, w.operator, request)
	w.must(err)
	for _, one := range preview.Change.Renumbered {
		fmt.Fprintf(&out, "renumbered %s > %s %s: %s\n", one.From, one.To, one.Given, strings.Join(one.Because, ", "))
	}
	for _, one := range preview.Change.Unsure {
		fmt.Fprintf(&out, "unsure %s %s: %s\n", one.Key, one.Given, one.Reason)
	}
	if _, err := w.booking.People.Import(w.ctx, w.operator, request); err != nil {
		fmt.Fprintf(&out, "refused without an answer: %s\n", errs.CodeOf(err))
		yes := true
		request.Renumbered, request.Digest = &yes, preview.Digest
		w.imported(request)
	}
	after := pupils()
	lines := []string{}
	for id, text := range after {
		switch former, is := before[id]; {
		case !is:
			lines = append(lines, text+": new")
		case former != text:
			lines = append(lines, text+": was "+former)
		default:
			lines = append(lines, text)
		}
	}
	for id, text := range before {
		if _, is := after[id]; !is {
			lines = append(lines, text+": gone")
		}
	}
	slices.Sort(lines)
	again, err := w.booking.People.PreviewImport(w.ctx, w.operator, people.ImportRequest{Files: request.Files})
	w.must(err)
	if !again.Change.Empty() || len(again.Change.Renumbered)+len(again.Change.Unsure) > 0 {
		lines = append(lines, fmt.Sprintf("the same file changes %+v", again.Change))
	}
	return out.String() + strings.Join(lines, "\n") + "\n"
}

func TestWhoIsWhoFromOneFileToTheNext(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/identity/*.txt")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d cases, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			c := readIdentityCase(t, path)
			w := emptySchool(t, c.policy)
			w.imported(people.ImportRequest{Files: c.before})
			got := w.who(people.ImportRequest{Files: c.after, AllowRemoval: true})
			if *update {
				w.must(os.WriteFile(path, []byte(c.head+"-- who --\n"+got), 0o600))
				return
			}
			if got != c.want {
				t.Errorf("who is who:\n%swant:\n%s", got, c.want)
			}
		})
	}
}
