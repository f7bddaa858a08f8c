package notifytest

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
)

// The account of the server that answers like Twilio.
const (
	Account = "ACtest0000000000000000000000000001"
	Token   = "token0000000000000000000000000001"
)

// Answer is how the carrier answers one request. The zero value does what is asked.
type Answer struct {
	Status     int    // of the answer, with Code as the error number
	Code       int    // the carrier's own error number
	RetryAfter string // a header
	Body       string // instead of the usual one
	Take       bool   // the message is taken all the same: the answer is wrong or lost
	Hang, Cut  bool   // no answer: wait until the client goes, or close the connection
}

// Text is a text message that the carrier has.
type Text struct {
	ID, To, Body, Callback string
	Status                 string // Twilio's word
	Code                   int
	At                     time.Time
	Deleted                bool
}

// Twilio is a server that answers like Twilio's Programmable Messaging. The functions may be called by many at once.
type Twilio struct {
	URL   string
	clock models.Clock

	mutex sync.Mutex
	next  func(method, path string) Answer
	texts []Text
	asked []string // method and path of each request
}

// NewTwilio starts a carrier until the test ends. next says how it answers the next request; nil does what is asked.
func NewTwilio(t testing.TB, clock models.Clock, next func(method, path string) Answer) *Twilio {
	t.Helper()
	if next == nil {
		next = func(string, string) Answer { return Answer{} }
	}
	c := &Twilio{clock: clock, next: next}
	server := httptest.NewServer(http.HandlerFunc(c.serve))
	c.URL = server.URL
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return c
}

// Texts lists the messages that the carrier has, in the order in which they came.
func (c *Twilio) Texts() []Text {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return slices.Clone(c.texts)
}

// Asked lists the requests, as method and last part of the path.
func (c *Twilio) Asked() []string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return slices.Clone(c.asked)
}

// Set gives a message another status.
func (c *Twilio) Set(id, status string, code int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for i := range c.texts {
		if c.texts[i].ID == id {
			c.texts[i].Status, c.texts[i].Code = status, code
		}
	}
}

// Report makes the report on a message as the carrier would send it: the fields, and the signature for its address.
func (c *Twilio) Report(text Text, status string, code int) (url.Values, string) {
	form := url.Values{"AccountSid": {Account}, "MessageSid": {text.ID}, "MessageStatus": {status}, "To": {text.To}, "SmsStatus": {status}}
	if code != 0 {
		form.Set("ErrorCode", fmt.Sprint(code))
	}
	return form, Sign(text.Callback, form, Token)
}

// Sign signs fields for an address as Twilio does: HMAC-SHA1 under the token over the address and the fields in the order of their names.
func Sign(address string, form url.Values, token string) string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		address += name + form.Get(name)
	}
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = io.WriteString(mac, address)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (c *Twilio) serve(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "form", http.StatusBadRequest)
		return
	}
	last := strings.TrimSuffix(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], ".json")
	c.mutex.Lock()
	c.asked = append(c.asked, r.Method+" "+last)
	answer := c.next(r.Method, last)
	c.mutex.Unlock()
	user, password, _ := r.BasicAuth()
	if user != Account || password != Token {
		answer = Answer{Status: http.StatusUnauthorized, Code: 20003}
	}
	if answer.Status == 0 && !answer.Hang && !answer.Cut || answer.Take {
		status, body := c.do(r, last)
		if answer.Status == 0 && answer.Body == "" && !answer.Hang && !answer.Cut {
			c.write(w, status, body)
			return
		}
	}
	c.misbehave(w, r, answer)
}

func (c *Twilio) misbehave(w http.ResponseWriter, r *http.Request, answer Answer) {
	switch {
	case answer.Hang:
		<-r.Context().Done()
		return
	case answer.Cut:
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = conn.Close()
		}
		return
	}
	if answer.RetryAfter != "" {
		w.Header().Set("Retry-After", answer.RetryAfter)
	}
	if answer.Body != "" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(max(answer.Status, http.StatusOK))
		_, _ = io.WriteString(w, answer.Body)
		return
	}
	c.write(w, answer.Status, map[string]any{"code": answer.Code, "message": "no", "status": answer.Status})
}

func (c *Twilio) write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// do does what is asked.
func (c *Twilio) do(r *http.Request, last string) (int, any) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	switch {
	case last == "Messages" && r.Method == http.MethodPost:
		text := Text{
			ID: fmt.Sprintf("SM%032d", len(c.texts)+1), To: r.PostForm.Get("To"), Body: r.PostForm.Get("Body"), Callback: r.PostForm.Get("StatusCallback"), Status: "queued",
			At: c.clock.Now(),
		}
		c.texts = append(c.texts, text)
		return http.StatusCreated, text.json()
	case last == "Messages":
		list := []any{}
		for _, text := range slices.Backward(c.texts) {
			if text.To == r.Form.Get("To") {
				list = append(list, text.json())
			}
		}
		return http.StatusOK, map[string]any{"messages": list}
	}
	for i := range c.texts {
		if text := &c.texts[i]; text.ID == last {
			if text.Deleted {
				break
			}
			if r.Method == http.MethodDelete {
				if text.Status == "queued" || text.Status == "sending" {
					return http.StatusConflict, map[string]any{"code": 20009, "status": http.StatusConflict}
				}
				*text = Text{ID: text.ID, Deleted: true}
				return http.StatusNoContent, nil
			}
			return http.StatusOK, text.json()
		}
	}
	return http.StatusNotFound, map[string]any{"code": 20404, "status": http.StatusNotFound}
}

func (t Text) json() map[string]any {
	fields := map[string]any{
		"sid": t.ID, "to": t.To, "body": t.Body, "status": t.Status, "direction": "outbound-api", "date_created": t.At.UTC().Format(time.RFC1123Z),
	}
	if t.Code != 0 {
		fields["error_code"] = t.Code
	}
	return fields
}
