package parent_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models"
)

// field names a field of a choice as the pages write it.
func field(ids ...[16]byte) string {
	name := "c"
	for _, id := range ids {
		name += "." + base64.RawURLEncoding.EncodeToString(id[:])
	}
	return name
}

// hostileForm is a form that no page of ours sends, and what it is answered with.
type hostileForm struct {
	path, body string
	status     int
}

func hostileForms(w *world) map[string]hostileForm {
	sanne, noor := w.pupils["Sanne"], w.pupils["Noor"]
	talk, anna := w.talks["Rapportgesprek"], w.staff["Juf Anna"]
	tick := "3k00c"
	good := field(sanne, talk, anna)
	return map[string]hostileForm{
		"a field twice":                     {"", "name=a&name=b", http.StatusBadRequest},
		"a factor twice":                    {"", "name=a&postcode=1&postcode=2", http.StatusBadRequest},
		"a broken escape":                   {"", "name=%zz", http.StatusBadRequest},
		"a byte that is no text":            {"", "name=%ff", http.StatusBadRequest},
		"a zero byte":                       {"", "name=a%00b", http.StatusBadRequest},
		"a zero byte in a name":             {"", "na%00me=b", http.StatusBadRequest},
		"more than a form may have":         {"", "name=" + strings.Repeat("a", 70_000), http.StatusRequestEntityTooLarge},
		"very many fields":                  {"/choose", manyFields(400), http.StatusBadRequest},
		"a choice without ids":              {"/choose", "c.=1", http.StatusBadRequest},
		"a choice with a word for an id":    {"/choose", "c.a.b.c=1", http.StatusBadRequest},
		"a choice twice":                    {"/choose", good + "=" + tick + "&" + good + "=1", http.StatusBadRequest},
		"a choice without a teacher":        {"/choose", field(sanne, talk) + "=" + tick, http.StatusBadRequest},
		"a negative time":                   {"/choose", good + "=-1", http.StatusBadRequest},
		"a fractional time":                 {"/choose", good + "=1,5", http.StatusBadRequest},
		"a huge time":                       {"/choose", good + "=99999999999999999999", http.StatusBadRequest},
		"a time of long ago":                {"/choose", good + "=0", http.StatusUnprocessableEntity},
		"a time with a tail":                {"/choose", good + "=" + tick + ".p3", http.StatusBadRequest},
		"eleven teachers":                   {"/choose", good + "=" + tick + strings.Repeat("."+strings.Split(good, ".")[3], 11), http.StatusBadRequest},
		"a child of others":                 {"/choose", field(noor, talk, anna) + "=" + tick, http.StatusUnprocessableEntity},
		"a teacher who is not offered":      {"/choose", field(sanne, talk, w.staff["Juf Carla"]) + "=" + tick, http.StatusUnprocessableEntity},
		"a talk that is not there":          {"/choose", field(sanne, models.New[models.TalkKindID](), anna) + "=" + tick, http.StatusUnprocessableEntity},
		"confirming a child of others":      {"/confirm", field(noor, talk, anna) + "=" + tick + "&key=k", http.StatusOK},
		"confirming a child and one more":   {"/confirm", field(noor, talk, anna) + "=" + tick + "&" + good + "=" + tick + "&key=k", http.StatusOK},
		"confirming a talk of nowhere":      {"/confirm", field(sanne, models.New[models.TalkKindID](), anna) + "=" + tick + "&key=k", http.StatusOK},
		"confirming a time that is none":    {"/confirm", good + "=3k00d&key=k", http.StatusConflict},
		"confirming a time of long ago":     {"/confirm", good + "=0&key=k", http.StatusConflict},
		"a key that is too long":            {"/confirm", good + "=" + tick + "&key=" + strings.Repeat("k", 300), http.StatusBadRequest},
		"an address with a line break":      {"/confirm", good + "=" + tick + "&email=a%0d%0aBcc:b@c.example&key=k", http.StatusUnprocessableEntity},
		"a code of letters without end":     {"/code", "name=Sanne+de+Vries&code=" + strings.Repeat("A", 5_000), http.StatusUnprocessableEntity},
		"a code of digits of other scripts": {"/code", "name=Sanne+de+Vries&code=%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6%D9%A7%D9%A8", http.StatusUnprocessableEntity},
	}
}

func TestHostileFormsGetAFriendlyAnswer(t *testing.T) {
	t.Parallel()
	w := primary(t)
	t.Cleanup(func() {
		if w.booked() != 0 {
			t.Error("something was booked")
		}
	})
	for title, test := range hostileForms(w) {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			c := w.client()
			c.t = t
			if test.path != "" && test.path != "/code" {
				c.logIn()
			}
			c.form0(test.path, test.body).is(test.status).lacks("Noor", "Yilmaz")
		})
	}
}

func manyFields(count int) string {
	var body strings.Builder
	for i := range count {
		body.WriteString("x" + strconv.Itoa(i) + "=1&")
	}
	return body.String()
}

// form0 posts a body as it is and follows redirects.
func (c *client) form0(path, body string) *client {
	c.t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/de-linde"+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept-Language", "nl")
	c.raw(request)
	if c.status == http.StatusSeeOther {
		return c.get(c.head.Get("Location"))
	}
	return c
}

func TestOtherBodiesThanFormsAreRefused(t *testing.T) {
	t.Parallel()
	w := primary(t)
	for _, kind := range []string{"", "application/json", "multipart/form-data; boundary=x", "text/plain", ";;"} {
		c := w.client()
		request := httptest.NewRequest(http.MethodPost, "/de-linde", strings.NewReader(`{"name": null}`))
		request.Header.Set("Content-Type", kind)
		c.raw(request)
		c.is(http.StatusBadRequest)
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := primary(t)
	tests := map[string]struct {
		header http.Header
		status int
	}{
		"another site":                     {http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
		"another host of the same site":    {http.Header{"Sec-Fetch-Site": {"same-site"}}, http.StatusForbidden},
		"another origin in an old browser": {http.Header{"Origin": {"https://evil.example"}}, http.StatusForbidden},
		"its own origin in an old browser": {http.Header{"Origin": {"http://example.com"}}, http.StatusUnprocessableEntity},
		"its own site":                     {http.Header{"Sec-Fetch-Site": {"same-origin"}}, http.StatusUnprocessableEntity},
	}
	for title, test := range tests {
		c := w.client()
		request := httptest.NewRequest(http.MethodPost, "/de-linde", strings.NewReader("name=a"))
		request.Header = test.header
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		c.raw(request)
		if c.status != test.status {
			t.Errorf("%s: %d", title, c.status)
		}
	}
}

func TestAddressesThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := primary(t)
	for _, path := range []string{"/nergens", "/de_linde", "/de-linde/x", "/de-linde/choose/x", "/mailbox", "/assets/page.css", "/de-linde%2f..", "/%00", "/" + strings.Repeat("a", 3000)} {
		w.client().get(path).is(http.StatusNotFound).wants("Deze pagina is er niet")
	}
	w.client().get("/De-Linde").is(http.StatusOK).wants("Inloggen")
	w.client().get("/DE-LINDE/code?sent=19:10&link=19:30").is(http.StatusOK).wants("onderweg")
	w.client().get("/de-linde/").is(http.StatusOK).wants("Inloggen")
	c := w.client()
	c.header.Set("Accept-Language", "en-GB,en;q=0.9")
	c.get("/nergens").is(http.StatusNotFound).wants("This page is not there")
	w.client().send(http.MethodPost, "/de-linde/appointments", url.Values{}).is(http.StatusMethodNotAllowed).wants("Dit kan hier niet")
	w.client().send(http.MethodGet, "/de-linde/leave", nil).is(http.StatusMethodNotAllowed)
	w.client().get("/de-linde?" + strings.Repeat("c", 20_000)).is(http.StatusRequestEntityTooLarge)
	w.client().get("/de-linde?c.x=1").is(http.StatusBadRequest)
}

func TestNoFormEverBreaksAPage(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	names := []string{"name", "birth_day", "postcode", "code", "act", "to", "key", "email", "phone", "nearest", "split", "edit", "next", field(w.pupils["Sanne"], w.talks["Rapportgesprek"], w.staff["Juf Anna"]), field(w.pupils["Noor"], w.talks["Rapportgesprek"], w.staff["Juf Anna"])}
	paths := []string{"", "/code", "/choose", "/confirm", "/appointments/" + models.New[models.AppointmentID]().String()}
	rapid.Check(t, func(r *rapid.T) {
		fields := url.Values{}
		for range rapid.IntRange(0, 4).Draw(r, "fields") {
			value := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"3k00c", "3k00c.p2", "3k00c.w", "1", ""})).Draw(r, "value")
			fields.Set(rapid.OneOf(rapid.SampledFrom(names), rapid.String()).Draw(r, "name"), value)
		}
		d := &client{t: t, handler: w.echo, cookies: c.cookies, header: http.Header{}}
		d.once(http.MethodPost, "/de-linde"+rapid.SampledFrom(paths).Draw(r, "path"), fields)
		if d.status >= 500 {
			r.Fatalf("status %d", d.status)
		}
	})
}
