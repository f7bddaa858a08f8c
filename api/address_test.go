package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/ouderavond/ouderavond/api/rest"
)

func TestOnlyTrustedProxiesAreBelieved(t *testing.T) {
	t.Parallel()
	trusted := rest.NewAddresses([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")})
	tests := map[string]struct {
		remote    string
		forwarded []string
		others    map[string]string
		want      string
	}{
		"a caller without a proxy":                {remote: "203.0.113.7:5000", want: "203.0.113.7"},
		"a caller who claims to be another":       {remote: "203.0.113.7:5000", forwarded: []string{"198.51.100.1"}, want: "203.0.113.7"},
		"a caller who claims to be a proxy":       {remote: "203.0.113.7:5000", forwarded: []string{"10.1.0.1"}, want: "203.0.113.7"},
		"a caller behind the proxy":               {remote: "10.1.0.1:5000", forwarded: []string{"203.0.113.7"}, want: "203.0.113.7"},
		"a caller behind two proxies":             {remote: "10.1.0.1:5000", forwarded: []string{"203.0.113.7, 10.1.2.3"}, want: "203.0.113.7"},
		"a caller who wrote something before":     {remote: "10.1.0.1:5000", forwarded: []string{"198.51.100.1, 203.0.113.7"}, want: "203.0.113.7"},
		"a caller who wrote a proxy before":       {remote: "10.1.0.1:5000", forwarded: []string{"10.1.9.9, 203.0.113.7, 10.1.2.3"}, want: "203.0.113.7"},
		"a caller who sent a header of its own":   {remote: "10.1.0.1:5000", forwarded: []string{"198.51.100.1", "203.0.113.7"}, want: "203.0.113.7"},
		"a proxy that says nothing":               {remote: "10.1.0.1:5000", want: "10.1.0.1"},
		"only proxies":                            {remote: "10.1.0.1:5000", forwarded: []string{"10.1.0.2, 10.1.0.3"}, want: "10.1.0.2"},
		"nonsense from the proxy":                 {remote: "10.1.0.1:5000", forwarded: []string{"unknown"}, want: "10.1.0.1"},
		"nonsense before the caller":              {remote: "10.1.0.1:5000", forwarded: []string{"<script>, 203.0.113.7"}, want: "203.0.113.7"},
		"nonsense behind the caller":              {remote: "10.1.0.1:5000", forwarded: []string{"203.0.113.7, x, 10.1.0.2"}, want: "10.1.0.2"},
		"an empty entry":                          {remote: "10.1.0.1:5000", forwarded: []string{"203.0.113.7,"}, want: "10.1.0.1"},
		"a proxy that adds the port":              {remote: "10.1.0.1:5000", forwarded: []string{"203.0.113.7:1234"}, want: "203.0.113.7"},
		"IPv6":                                    {remote: "[fd00::1]:5000", forwarded: []string{"2001:db8::7"}, want: "2001:db8::7"},
		"IPv6 with brackets and port":             {remote: "[fd00::1]:5000", forwarded: []string{"[2001:db8::7]:1234"}, want: "2001:db8::7"},
		"IPv6 with brackets":                      {remote: "[fd00::1]:5000", forwarded: []string{"[2001:db8::7]"}, want: "2001:db8::7"},
		"IPv4 written as IPv6":                    {remote: "[::ffff:10.1.0.1]:5000", forwarded: []string{"::ffff:203.0.113.7"}, want: "203.0.113.7"},
		"a caller who uses the form of a proxy":   {remote: "[::ffff:203.0.113.7]:5000", forwarded: []string{"198.51.100.1"}, want: "203.0.113.7"},
		"a zone":                                  {remote: "[fe80::1%eth0]:5000", want: "fe80::1"},
		"headers that nobody trusts":              {remote: "10.1.0.1:5000", others: map[string]string{"Forwarded": "for=198.51.100.1", "X-Real-IP": "198.51.100.1"}, want: "10.1.0.1"},
		"headers that nobody trusts beside it":    {remote: "10.1.0.1:5000", forwarded: []string{"203.0.113.7"}, others: map[string]string{"X-Real-IP": "198.51.100.1"}, want: "203.0.113.7"},
		"a Unix socket":                           {remote: "@", forwarded: []string{"203.0.113.7"}, want: "invalid IP"},
		"a Unix socket without a name":            {remote: "", forwarded: []string{"203.0.113.7"}, want: "invalid IP"},
		"a caller next to the proxies' network":   {remote: "10.2.0.1:5000", forwarded: []string{"203.0.113.7"}, want: "10.2.0.1"},
		"a forwarded neighbour of that network":   {remote: "10.1.0.1:5000", forwarded: []string{"203.0.113.7, 10.2.0.1"}, want: "10.2.0.1"},
		"a header of a thousand entries by a bot": {remote: "203.0.113.9:5000", forwarded: many("198.51.100.1", 1000), want: "203.0.113.9"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			request.RemoteAddr = test.remote
			for _, header := range test.forwarded {
				request.Header.Add("X-Forwarded-For", header)
			}
			for name, value := range test.others {
				request.Header.Set(name, value)
			}
			if got := trusted.Of(request).String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func many(text string, count int) []string {
	list := make([]string, count)
	for i := range list {
		list[i] = text
	}
	return list
}

func TestWithoutProxiesNobodyIsBelieved(t *testing.T) {
	t.Parallel()
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.RemoteAddr = "127.0.0.1:5000"
	request.Header.Set("X-Forwarded-For", "203.0.113.7")
	if got := (rest.Addresses{}).Of(request).String(); got != "127.0.0.1" {
		t.Errorf("got %s", got)
	}
}
