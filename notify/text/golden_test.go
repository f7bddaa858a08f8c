package text_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/sms"
	"github.com/ouderavond/ouderavond/notify/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

// renderer makes one or ends the test.
func renderer(t *testing.T) *text.Renderer {
	t.Helper()
	r, err := text.New()
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return r
}

// amsterdam loads the zone of the school in the examples.
func amsterdam(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

const link = "https://ouderavond.example/g/8fK2mQ7xT4bN9pLs"

// at is a time on the evening of the examples, in minutes after 19:00.
func at(minute int) time.Time {
	return time.Date(2026, time.November, 24, 18, minute, 0, 0, time.UTC)
}

var (
	mentor = text.Appointment{
		Child: "Sam", Teachers: []string{"mevrouw De Vries"}, Kind: "Mentorgesprek", Start: at(10), End: at(30), Room: "A1.04",
	}
	duo = text.Appointment{
		Child: "Noor", Teachers: []string{"meneer Bakker", "mevrouw El Amrani"}, Start: at(40), End: at(50), Room: "aula",
	}
	maths = text.Appointment{
		Child: "Sam", Teachers: []string{"mevrouw Jansen"}, Kind: "Vakgesprek", Start: at(60), End: at(70),
	}
)

// booked is a confirmation of two new talks.
func booked(zone *time.Location) text.Confirmation {
	return text.Confirmation{
		Language: "nl", SchoolName: "De Regenboog", Zone: zone, ConferenceTitle: "Oudergesprekken november",
		Appointments: []text.Appointment{duo, mentor}, Changes: text.Changes{Made: []text.Appointment{mentor, duo}},
		ManageURL: link, ReplyTo: "info@deregenboog.example",
	}
}

// refuseLink is the link by which somebody says that a message is not meant for them.
const refuseLink = "https://ouderavond.example/de-regenboog/n/refuse"

// confirmations are those that have golden files, by their name.
func confirmations(zone *time.Location) map[string]text.Confirmation {
	with := func(change func(*text.Confirmation)) text.Confirmation {
		c := booked(zone)
		change(&c)
		return c
	}
	later := mentor
	later.Start, later.End = mentor.Start.AddDate(0, 0, 1), mentor.End.AddDate(0, 0, 1)
	return map[string]text.Confirmation{
		"made": booked(zone),
		"child-gone": with(func(c *text.Confirmation) {
			c.Appointments, c.Changes, c.Cancelled, c.ManageURL = nil, text.Changes{Cancelled: []text.Appointment{mentor}}, true, ""
			c.Why = []text.Why{text.PupilGone}
		}),
		"child-gone-secret": with(func(c *text.Confirmation) {
			c.Appointments, c.Changes, c.Cancelled, c.ManageURL, c.LinkOnly = nil, text.Changes{Cancelled: []text.Appointment{mentor}}, true, "", true
			c.Why = []text.Why{text.PupilGone}
		}),
		"sibling-gone": with(func(c *text.Confirmation) {
			c.Appointments, c.Changes, c.Why = c.Appointments[1:], text.Changes{Cancelled: []text.Appointment{duo}}, []text.Why{text.PupilGone}
		}),
		"class-changed": with(func(c *text.Confirmation) { c.Changes, c.Why = text.Changes{}, []text.Why{text.ClassChanged} }),
		"teacher-gone": with(func(c *text.Confirmation) {
			c.Appointments, c.Changes, c.Why = c.Appointments[1:], text.Changes{Cancelled: []text.Appointment{duo}}, []text.Why{text.TeacherGone}
		}),
		"family-left": with(func(c *text.Confirmation) {
			c.Appointments, c.Changes, c.Cancelled, c.Why = nil, text.Changes{Left: []text.Appointment{maths}}, true, []text.Why{text.FamilyChanged}
		}),
		"made-one": with(func(c *text.Confirmation) {
			c.Appointments, c.Changes.Made, c.ReplyTo = c.Appointments[1:], []text.Appointment{mentor}, ""
		}),
		"made-more": with(func(c *text.Confirmation) {
			c.Appointments, c.Changes.Made = []text.Appointment{maths, duo, mentor}, []text.Appointment{maths}
		}),
		"moved": with(func(c *text.Confirmation) {
			c.Changes = text.Changes{Moved: []text.Move{{Appointment: mentor, Previous: at(0)}}}
		}),
		"moved-here": with(func(c *text.Confirmation) {
			c.Changes = text.Changes{Moved: []text.Move{{Appointment: mentor, Previous: at(0).AddDate(0, 0, -1)}}}
		}),
		"moved-away": with(func(c *text.Confirmation) {
			c.Appointments, c.Cancelled = nil, true
			c.Changes = text.Changes{Moved: []text.Move{{Appointment: later, Previous: at(10)}}}
		}),
		"fewer": with(func(c *text.Confirmation) {
			c.Appointments, c.Changes = []text.Appointment{duo}, text.Changes{Cancelled: []text.Appointment{mentor}}
		}),
		"changed": with(func(c *text.Confirmation) {
			c.Changes = text.Changes{
				Made: []text.Appointment{duo}, Moved: []text.Move{{Appointment: mentor, Previous: at(0)}},
				Cancelled: []text.Appointment{maths},
			}
		}),
		"cancelled": with(func(c *text.Confirmation) {
			c.Appointments, c.Cancelled, c.Changes = nil, true, text.Changes{Cancelled: []text.Appointment{duo, mentor}}
		}),
		"cancelled-reason": with(func(c *text.Confirmation) {
			c.Appointments, c.Cancelled, c.Changes = nil, true, text.Changes{Cancelled: []text.Appointment{mentor}}
			c.Reasons = []string{"De docent is ziek. We bellen u voor een nieuwe afspraak."}
		}),
		"overview":  with(func(c *text.Confirmation) { c.Kind, c.Changes = text.Overview, text.Changes{} }),
		"reminder":  with(func(c *text.Confirmation) { c.Kind, c.Changes = text.Reminder, text.Changes{} }),
		"no-rooms":  with(func(c *text.Confirmation) { c.HideRooms = true }),
		"link-only": with(func(c *text.Confirmation) { c.LinkOnly = true }),
		"link-only-reminder": with(func(c *text.Confirmation) {
			c.LinkOnly, c.Kind, c.Changes = true, text.Reminder, text.Changes{}
		}),
		"typed": with(func(c *text.Confirmation) {
			c.HideRooms, c.HideNames, c.RefuseURL = true, true, refuseLink
		}),
		"over": with(func(c *text.Confirmation) {
			c.Over, c.Appointments, c.Changes = true, []text.Appointment{duo}, text.Changes{Cancelled: []text.Appointment{mentor}}
		}),
		"cancelled-over": with(func(c *text.Confirmation) {
			c.Over, c.Appointments, c.Cancelled, c.Changes = true, nil, true, text.Changes{Cancelled: []text.Appointment{duo, mentor}}
		}),
		"class-changed-over": with(func(c *text.Confirmation) {
			c.Over, c.Changes, c.Why = true, text.Changes{}, []text.Why{text.ClassChanged}
		}),
		"rehearsal": with(func(c *text.Confirmation) { c.Rehearsal = true }),
	}
}

// languages are those of the golden files.
func languages() []string { return []string{"nl", "en"} }

func TestConfirmationsAreTheGoldenFiles(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	for name, c := range confirmations(zone) {
		for _, lang := range languages() {
			c := c // one for each language
			c.Language = lang
			t.Run(name+" in "+lang, func(t *testing.T) {
				t.Parallel()
				m, err := r.Confirmation(c)
				if err != nil {
					t.Fatalf("Confirmation: %v", err)
				}
				texts, err := r.Calendar(c)
				if err != nil {
					t.Fatalf("Calendar: %v", err)
				}
				calendar := "\n=== calendar\n" + texts.Summary + "\n" + texts.Location + "\n" + texts.Description + "\n"
				compare(t, name+"."+lang, m, calendar)
			})
		}
	}
}

func TestNoticesAreTheGoldenFiles(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	const school = "De Regenboog"
	notices := map[string]func(lang string) (text.Message, error){
		"code": func(l string) (text.Message, error) {
			return r.Code(text.Code{l, school, zone, "04711234", at(0).Add(10 * time.Minute), link, at(0).Add(30 * time.Minute), false, false})
		},
		"code-last": func(l string) (text.Message, error) {
			return r.Code(text.Code{l, school, zone, "0471123456", at(0).Add(10 * time.Minute), link, at(0).Add(24 * time.Hour), true, true})
		},
		"code-ended": func(l string) (text.Message, error) {
			return r.Code(text.Code{l, school, zone, "", time.Time{}, link, at(0).Add(30 * time.Minute), false, false})
		},
		"test": func(l string) (text.Message, error) { return r.Test(text.Test{l, school, zone, at(0), "", false}) },
		"test-link": func(l string) (text.Message, error) {
			return r.Test(text.Test{l, school, zone, at(0), link, false})
		},
		"import-applied": func(l string) (text.Message, error) {
			return r.Import(text.Import{l, school, zone, at(0), text.ImportApplied, map[string]int{"added": 3, "changed": 12, "gone": 1}, 2, false})
		},
		"import-waiting": func(l string) (text.Message, error) {
			return r.Import(text.Import{l, school, zone, at(0), text.ImportWaiting, nil, 1, false})
		},
		"import-unreadable": func(l string) (text.Message, error) {
			return r.Import(text.Import{l, school, zone, at(0), text.ImportUnreadable, nil, 0, true})
		},
		"staff-invitation": func(l string) (text.Message, error) {
			return r.StaffLink(text.StaffLink{l, school, zone, text.LinkInvitation, "J. Visser", link, at(0).Add(14 * 24 * time.Hour), false})
		},
		"staff-log-in": func(l string) (text.Message, error) {
			return r.StaffLink(text.StaffLink{l, school, zone, text.LinkLogIn, "", link, at(0).Add(30 * time.Minute), false})
		},
		"staff-password": func(l string) (text.Message, error) {
			return r.StaffLink(text.StaffLink{l, school, zone, text.LinkPassword, "J. Visser", link, at(0).Add(time.Hour), true})
		},
		"new-device": func(l string) (text.Message, error) {
			return r.NewDevice(text.NewDevice{l, school, zone, at(0), "", "", false})
		},
		"returned": func(l string) (text.Message, error) {
			return r.Returned(text.Returned{
				Language: l, SchoolName: school, Zone: zone, BookURL: link, ReplyTo: "info@deregenboog.example",
				Times: []text.Appointment{{Child: "Sam", Teachers: []string{"Ada Noord", "Bas Oost"}, Start: at(0)}, {Child: "Noor", Teachers: []string{"Eva Lont"}, Start: at(20)}},
			})
		},
		"returned-secret": func(l string) (text.Message, error) {
			return r.Returned(text.Returned{
				Language: l, SchoolName: school, Zone: zone, BookURL: link, HideNames: true,
				Times: []text.Appointment{{Child: "Sam", Teachers: []string{"Ada Noord"}, Start: at(0)}},
			})
		},
		"new-device-link": func(l string) (text.Message, error) {
			return r.NewDevice(text.NewDevice{l, school, zone, at(0), "info@deregenboog.example", link, false})
		},
	}
	for name, write := range notices {
		for _, lang := range languages() {
			t.Run(name+" in "+lang, func(t *testing.T) {
				t.Parallel()
				m, err := write(lang)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, name+"."+lang, m, "")
			})
		}
	}
}

// compare holds a message against its golden files, and looks at what is true
// of all messages.
func compare(t *testing.T, name string, m text.Message, more string) {
	t.Helper()
	check(t, m)
	if n := sms.Segments(m.SMS); n > 2 {
		t.Errorf("the SMS takes %d parts", n)
	}
	if strings.Count(m.SMS, "https://") > 1 {
		t.Error("the SMS has more than one link")
	}
	plain := "=== subject\n" + m.Subject + "\n=== SMS\n" + m.SMS + "\n=== text\n" + m.Text + more
	for file, got := range map[string]string{name + ".txt": plain, name + ".html": m.HTML} {
		file = filepath.Join("testdata", file)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("differs from %s:\n%s", file, got)
		}
	}
}
