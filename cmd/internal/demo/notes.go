package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
	"github.com/ouderavond/ouderavond/models"
)

// demoMarker is the file by which a folder is known to hold nothing but a demonstration.
const demoMarker = "this-is-a-demo"

// Settings takes of the settings what a demonstration may have: a loopback address, the mailbox folder, and nothing that reaches people.
func Settings(s *config.Settings, path string) *config.Settings {
	demo := *s
	demo.SMTPHost, demo.TwilioAccount, demo.TLSCert, demo.TLSKey, demo.MasterKey = "", "", "", "", ""
	demo.LogFormat = "text"
	if demo.LogLevel == "info" {
		demo.LogLevel = "warn"
	}
	demo.Data = path
	if path == "" {
		demo.Data = datafolder.DemonstrationFolder(demo.Listen)
	}
	return &demo
}

// Prepare clears the folder of an earlier demonstration. A folder that holds anything else is left alone.
func Prepare(path string, keep bool) (fresh bool, err error) {
	marker := filepath.Join(path, demoMarker)
	_, markerErr := os.Stat(marker)
	if markerErr == nil && keep {
		return false, nil
	}
	if entries, err := os.ReadDir(path); err == nil && len(entries) > 0 && markerErr != nil {
		return false, fmt.Errorf("%s holds something else than a demonstration; give another --folder", datafolder.Short(path))
	}
	if markerErr == nil {
		release, err := datafolder.Folder{Path: path}.Lock()
		if errors.Is(err, datafolder.ErrInUse) {
			return false, errors.New("a demonstration is running there already; give another --folder and --listen")
		}
		if err != nil {
			return false, err
		}
		err = os.RemoveAll(path)
		release()
		if err != nil {
			return false, err
		}
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return false, err
	}
	return true, os.WriteFile(marker, nil, 0o600)
}

// Notes is what a stranger needs to try the demonstration; the start page shows it too.
type Notes struct {
	Schools  []SchoolNotes
	Operator string
	Fresh    bool
}

// SchoolNotes is one school of the demonstration.
type SchoolNotes struct {
	ID         models.SchoolID
	Name, Slug string
	Admin, Key string
	// Codes are recovery codes of the administrator, each good once instead of the digits of a telephone. Teacher is the address of a teacher, who logs in by a link.
	Codes   []string
	Teacher string
	Logins  []Login
}

// Login is what one parent types, and what to expect.
type Login struct {
	Case                      sample.LoginCase
	Name, BirthDate, Postcode string
}

// Fill makes the schools, if the folder is fresh, and notes what opens them.
func (n *Notes) Fill(ctx context.Context, a *server.App, fresh bool) error {
	n.Fresh = fresh
	seed := &seeder{app: a, operator: models.Actor{Kind: models.ActorOperator}}
	if !fresh {
		schools, err := a.Booking.Schools.List(ctx, seed.operator)
		for _, school := range schools {
			notes := SchoolNotes{ID: school.ID, Name: school.Details.Name, Slug: school.Slug, Admin: adminLogin}
			if err := seed.staff(ctx, school.ID, &notes); err != nil {
				return err
			}
			n.Schools = append(n.Schools, notes)
		}
		return err
	}
	for _, plan := range demoPlans {
		made, err := seed.school(ctx, plan)
		if err != nil {
			return err
		}
		notes := notesOf(made)
		if err := seed.staff(ctx, made.id, &notes); err != nil {
			return err
		}
		n.Schools = append(n.Schools, notes)
	}
	var err error
	n.Operator, err = a.Auth.Keys.CreateForOperator(ctx, seed.operator)
	// Inventing two schools took far more memory than serving them does.
	debug.FreeOSMemory()
	return err
}

func notesOf(made *demoSchool) SchoolNotes {
	notes := SchoolNotes{ID: made.id, Name: made.truth.Spec.Name, Slug: made.truth.Spec.Slug, Admin: made.admin, Key: made.key}
	for _, login := range made.logins {
		entry := login.Enters[0]
		notes.Logins = append(notes.Logins, Login{Case: login.Case, Name: entry.Name, BirthDate: entry.BirthDate, Postcode: entry.Postcode})
	}
	return notes
}

// shownCodes is how many recovery codes of an administrator the terminal shows.
const shownCodes = 3

// shownLogins is how many parents of each school the terminal shows; the start page shows all.
const shownLogins = 4

// Print tells a stranger what to do next.
func (n *Notes) Print(out io.Writer, s *config.Settings) {
	base := s.PublicURL()
	fmt.Fprintf(out, "\nOuderavond, the demonstration. Everything is invented, nothing leaves this machine.\n\n")
	fmt.Fprintf(out, "  start page    %s/\n  messages      %s/mailbox\n  API           %s/api/docs\n", base, base, base)
	for _, school := range n.Schools {
		fmt.Fprintf(out, "\n%s\n  parents       %s/%s\n", school.Name, base, school.Slug)
		for _, login := range school.Logins[:min(shownLogins, len(school.Logins))] {
			fmt.Fprintf(out, "    %-24s born %s, postcode %s: %s\n", login.Name, login.BirthDate, login.Postcode, Expectations[login.Case]["en"])
		}
		fmt.Fprintf(out, "  staff         %s/%s/staff\n", base, school.Slug)
		if len(school.Codes) > 0 {
			fmt.Fprintf(out, "    administrator %s / %s, second step: %s (each good once)\n", school.Admin, demoPassword, strings.Join(school.Codes[:min(shownCodes, len(school.Codes))], " or "))
		}
		if school.Teacher != "" {
			fmt.Fprintf(out, "    teacher       %s, by a link that arrives at %s/mailbox\n", school.Teacher, base)
		}
		if school.Key != "" {
			fmt.Fprintf(out, "  API key       %s\n", school.Key)
		}
	}
	if n.Operator != "" {
		fmt.Fprintf(out, "\nOperator's key  %s\n", n.Operator)
		n.printWalk(out, base)
	}
	fmt.Fprintf(out, "\nCommands on these data: ouderavond --data %s school list\nStop with Ctrl-C.\n", s.Data)
}

// printWalk prints the main job as commands for curl.
func (n *Notes) printWalk(out io.Writer, base string) {
	school := n.Schools[0]
	login := school.Logins[0]
	fmt.Fprintf(out, `
The main job by curl (needs jq):
  S=%s/api/v1/schools/%s
  # log in with what a parent knows
  T=$(curl -s $S/family/session -H 'Content-Type: application/json' \
      -d '{"name":"%s","birth_date":"%s","postcode":"%s"}' | jq -r .token)
  # all children, with whom they may talk, and the free times
  curl -s $S/family -H "Authorization: Bearer $T" > family.json
  jq '.children[] | {given, talks: [.talks[] | {title, minutes, free: (.options[0].free | length)}]}' family.json
  # the first talk of every child, at different times, in one call
  jq '{accept_walking: true, contact: {email: "parent@example.com"}, make: [.children | to_entries[] | {ref: .value.given, pupil: .value.id,
      talk_kind: .value.talks[0].talk_kind, staff: [.value.talks[0].options[0].staff[].id], start: .value.talks[0].options[0].free[.key * 3].start}]}' family.json > booking.json
  curl -s $S/family/bookings -H "Authorization: Bearer $T" -H 'Content-Type: application/json' -H 'Idempotency-Key: try-1' -d @booking.json | jq .
  # the confirmation is at %s/mailbox
  # and the end of a school
  curl -s $S/cancel -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '{"slug":"%s"}' | jq .
`, base, school.Slug, login.Name, login.BirthDate, login.Postcode, base, n.Operator, school.Slug)
}
