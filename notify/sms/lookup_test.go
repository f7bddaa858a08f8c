package sms_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/carrier"
)

func TestLookupFindsWhatWasSent(t *testing.T) {
	t.Parallel()
	since := message().Date
	stamp := func(after time.Duration) string { return since.Add(after).Format(time.RFC1123Z) }
	type row = map[string]any
	rows := []row{
		{"sid": "SM5", "status": "queued", "direction": "outbound-api", "date_created": stamp(time.Second), "body": message().Body},
		{"sid": "SM4", "status": "delivered", "direction": "outbound-api", "date_sent": stamp(time.Minute), "body": "another"},
		{"sid": "SM3", "status": "sent", "direction": "outbound-api", "date_sent": stamp(-time.Minute),
			"body": "Sent from your Twilio trial account - " + message().Body},
		{"sid": "SM2", "status": "delivered", "direction": "outbound-api", "date_sent": stamp(-time.Hour), "body": message().Body},
		{"sid": "SM1", "status": "received", "direction": "inbound", "date_sent": stamp(time.Minute), "body": message().Body},
		{"status": "odd"},
	}
	body, err := json.Marshal(row{"messages": rows})
	if err != nil {
		t.Fatal(err)
	}
	c := start(t, answer(200, string(body)))
	found, err := twilio(t, c.URL, nil).Lookup(t.Context(), message().To, since)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, sent := range found {
		got += fmt.Sprintf("%s %d %v; ", sent.ID, sent.Status.Progress, sent.Is(message().Body))
	}
	if want := "SM5 0 true; SM4 2 false; SM3 1 true; "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !found[0].At.Equal(since.Add(time.Second)) {
		t.Errorf("at %v", found[0].At)
	}
	request := c.requests()[0]
	if request.method != "GET" || request.query.Get("To") != message().To || request.user != account {
		t.Errorf("request %+v", request)
	}
	if strings.Contains(fmt.Sprintf("%+v", found), "staat vast") {
		t.Error("the texts can be read in what was found")
	}
}

func TestALookupThatFailsIsNeverAmbiguous(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		want   carrier.Class
		setup  bool
	}{
		"no JSON":        {answer(200, "<html>"), carrier.Temporary, false},
		"a broken one":   {answer(500, "{}"), carrier.Temporary, false},
		"a wrong token":  {fault(401, 20003), carrier.Temporary, true},
		"a silent one":   {answer(504, ""), carrier.Temporary, false},
		"a bad question": {fault(400, 20001), carrier.Permanent, false},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			c := start(t, test.answer)
			_, err := twilio(t, c.URL, nil).Lookup(t.Context(), message().To, message().Date)
			if carrier.ClassOf(err) != test.want || carrier.IsSetup(err) != test.setup {
				t.Errorf("got %v", err)
			}
			checkSilent(t, err)
		})
	}
	c := start(t, accepted)
	if _, err := twilio(t, c.URL, nil).Lookup(t.Context(), "0900", message().Date); carrier.ClassOf(err) != carrier.RecipientRefused {
		t.Errorf("got %v", err)
	}
}

func TestDeleteAsksToDeleteTheWholeRecord(t *testing.T) {
	t.Parallel()
	c := start(t, answer(204, ""))
	if err := twilio(t, c.URL, nil).Delete(t.Context(), "SM1"); err != nil {
		t.Fatal(err)
	}
	if got := c.requests()[0]; got.method != "DELETE" || got.path != "/2010-04-01/Accounts/"+account+"/Messages/SM1.json" {
		t.Errorf("request %+v", got)
	}
	for title, test := range map[string]struct {
		id     string
		answer http.HandlerFunc
		want   carrier.Class
	}{
		"a message under way":    {"SM1", fault(400, 20009), carrier.Temporary},
		"a message that is gone": {"SM1", fault(404, 20404), carrier.None},
		"an id with a path":      {"../SM1", accepted, carrier.Permanent},
	} {
		c := start(t, test.answer)
		err := twilio(t, c.URL, nil).Delete(t.Context(), test.id)
		if carrier.ClassOf(err) != test.want || carrier.IsSetup(err) {
			t.Errorf("%s: %v", title, err)
		}
	}
}
