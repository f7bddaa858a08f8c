package text_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/text"
)

func TestConfirmationRefuses(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	tests := map[string]func(*text.Confirmation){
		"no school":                        func(c *text.Confirmation) { c.SchoolName = " \n" },
		"no conference":                    func(c *text.Confirmation) { c.ConferenceTitle = "" },
		"no zone":                          func(c *text.Confirmation) { c.Zone = nil },
		"no link":                          func(c *text.Confirmation) { c.ManageURL = "" },
		"a script as link":                 func(c *text.Confirmation) { c.ManageURL = "javascript:alert(1)" },
		"a link without host":              func(c *text.Confirmation) { c.ManageURL = "https:///x" },
		"a link with a line end":           func(c *text.Confirmation) { c.ManageURL = link + "\r\nx" },
		"a link with a quote":              func(c *text.Confirmation) { c.ManageURL = link + `"x` },
		"a link without end":               func(c *text.Confirmation) { c.ManageURL = link + strings.Repeat("x", 500) },
		"nothing left and not cancelled":   func(c *text.Confirmation) { c.Appointments = nil },
		"something left and all cancelled": func(c *text.Confirmation) { c.Cancelled = true },
		"all cancelled and none told":      func(c *text.Confirmation) { c.Appointments, c.Cancelled = nil, true },
		"an unknown kind":                  func(c *text.Confirmation) { c.Kind = 9 },
		"a talk without time":              func(c *text.Confirmation) { c.Appointments = []text.Appointment{{Child: "Sam"}} },
		"a talk that ends as it starts": func(c *text.Confirmation) {
			c.Appointments = []text.Appointment{{Child: "Sam", Start: at(0), End: at(0)}}
		},
		"a talk of nobody": func(c *text.Confirmation) { c.Appointments = []text.Appointment{{Start: at(0), End: at(1)}} },
		"a move from nowhere": func(c *text.Confirmation) {
			c.Changes.Moved = []text.Move{{Appointment: mentor}}
		},
		"a cancelled talk without time": func(c *text.Confirmation) {
			c.Changes.Cancelled = []text.Appointment{{Child: "Sam"}}
		},
	}
	for title, change := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			c := booked(zone)
			change(&c)
			_, err := r.Confirmation(c)
			_, calendarErr := r.Calendar(c)
			if !errors.Is(err, text.ErrInvalid) || !errors.Is(calendarErr, text.ErrInvalid) {
				t.Errorf("got %v and %v", err, calendarErr)
			}
			if strings.Contains(err.Error(), "Sam") || strings.Contains(err.Error(), "https") {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

func TestNoticesRefuse(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	var none time.Time
	const school, script = "De Regenboog", "javascript:alert(1)"
	code := func(spoil func(*text.Code)) text.Code {
		c := text.Code{Language: "nl", SchoolName: school, Zone: zone, Digits: "12345678", Until: at(0), URL: link, LinkUntil: at(0)}
		spoil(&c)
		return c
	}
	tests := map[string]func() (text.Message, error){
		"a code without school":  func() (text.Message, error) { return r.Code(code(func(c *text.Code) { c.SchoolName = "" })) },
		"a code of seven digits": func() (text.Message, error) { return r.Code(code(func(c *text.Code) { c.Digits = "1234567" })) },
		"a code of nine digits":  func() (text.Message, error) { return r.Code(code(func(c *text.Code) { c.Digits = "123456789" })) },
		"a code with a line end": func() (text.Message, error) { return r.Code(code(func(c *text.Code) { c.Digits = "12345678\n" })) },
		"a code of other digits": func() (text.Message, error) {
			return r.Code(code(func(c *text.Code) { c.Digits = "١٢٣٤٥٦٧٨" }))
		},
		"a code without end":   func() (text.Message, error) { return r.Code(code(func(c *text.Code) { c.Until = none })) },
		"a code without link":  func() (text.Message, error) { return r.Code(code(func(c *text.Code) { c.URL = "" })) },
		"a code with a script": func() (text.Message, error) { return r.Code(code(func(c *text.Code) { c.URL = script })) },
		"a return without link": func() (text.Message, error) {
			return r.Returned(text.Returned{SchoolName: school, Zone: zone, Times: []text.Appointment{{Start: at(0)}}})
		},
		"a return without times": func() (text.Message, error) {
			return r.Returned(text.Returned{SchoolName: school, Zone: zone, BookURL: link})
		},
		"a return with a script": func() (text.Message, error) {
			return r.Returned(text.Returned{SchoolName: school, Zone: zone, BookURL: script, Times: []text.Appointment{{Start: at(0)}}})
		},
		"a test without school": func() (text.Message, error) { return r.Test(text.Test{"nl", "", zone, at(0), "", false}) },
		"a test without time":   func() (text.Message, error) { return r.Test(text.Test{"nl", school, zone, none, "", false}) },
		"a test with a script":  func() (text.Message, error) { return r.Test(text.Test{"nl", school, zone, at(0), script, false}) },
		"a device without zone": func() (text.Message, error) {
			return r.NewDevice(text.NewDevice{"nl", school, nil, at(0), "", "", false})
		},
		"a device with a script": func() (text.Message, error) {
			return r.NewDevice(text.NewDevice{"nl", school, zone, at(0), "", script, false})
		},
		"a device without any school": func() (text.Message, error) {
			return r.NewDevice(text.NewDevice{"nl", "\u200b", zone, at(0), "", "", false})
		},
	}
	for title, write := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			m, err := write()
			if !errors.Is(err, text.ErrInvalid) || m != (text.Message{}) {
				t.Errorf("got %+v, %v", m, err)
			}
			if err != nil && strings.Contains(err.Error(), "1234567") {
				t.Error("the error tells the code")
			}
		})
	}
}

func TestACodeIsNotInTheSubject(t *testing.T) {
	t.Parallel()
	m, err := renderer(t).Code(text.Code{Language: "nl", SchoolName: "De Regenboog", Zone: amsterdam(t), Digits: "04711234", Until: at(0), URL: link, LinkUntil: at(0)})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.Subject, "0471") {
		t.Errorf("subject %q", m.Subject)
	}
	for name, s := range map[string]string{"text": m.Text, "HTML": m.HTML, "SMS": m.SMS} {
		if strings.Count(s, "04711234") != 1 {
			t.Errorf("the %s does not have the code once, in one piece", name)
		}
	}
}
