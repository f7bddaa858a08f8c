package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
	"github.com/ouderavond/ouderavond/cmd/internal/demo"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
)

// familySession is a family's session at a server.
type familySession struct {
	client *http.Client
	base   string // of the school
	token  string
	key    string // of idempotency; empty for none
}

// send makes one request that is sent once: a connection that breaks is an error and not tried again behind the test's back.
func (p *familySession) send(method, path string, body, into any) (int, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		content = struct{ io.Reader }{bytes.NewReader(text)}
	}
	request, err := http.NewRequest(method, p.base+path, content)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	if p.key != "" {
		request.Header.Set("Idempotency-Key", p.key)
	}
	answer, err := p.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err
	}
	if into != nil && answer.StatusCode < http.StatusMultipleChoices {
		err = json.Unmarshal(text, into)
	}
	return answer.StatusCode, err
}

// family is what a parent's screen shows, as far as these tests look at it.
type familyView struct {
	Children []struct {
		ID    string
		Talks []struct {
			TalkKind string `json:"talk_kind"`
			Options  []struct {
				Staff []struct{ ID string }
				Free  []struct{ Start time.Time }
			}
		}
	}
	Appointments []struct{ ID string }
}

// seed is a data folder with the demonstration's schools, made once and copied by whoever needs one.
var seed = sync.OnceValues(func() (*seedFolder, error) {
	path, err := os.MkdirTemp("", "ouderavond-test-")
	if err != nil {
		return nil, err
	}
	seedPath = path
	made := &seedFolder{path: path, notes: &demo.Notes{}}
	settings := valid()
	settings.Data, settings.LogLevel = path, "error"
	a, err := server.NewApp(context.Background(), settings, io.Discard, nil)
	if err != nil {
		return made, err
	}
	defer a.Close()
	return made, made.notes.Fill(context.Background(), a, true)
})

// seedPath is what is removed when the tests have ended.
var seedPath string

type seedFolder struct {
	path  string
	notes *demo.Notes
}

// seeded fills a data folder with the demonstration's schools, and gives what opens them.
func seeded(t *testing.T, data string) *demo.Notes {
	t.Helper()
	made, err := seed()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(data, os.DirFS(made.path)); err != nil {
		t.Fatal(err)
	}
	return made.notes
}

// logIn opens a parent's session.
func logIn(t *testing.T, address string, school demo.SchoolNotes, login demo.Login) *familySession {
	t.Helper()
	p := &familySession{client: &http.Client{Timeout: cmdtest.WaitFor, Transport: &http.Transport{}}, base: "http://" + address + "/api/v1/schools/" + school.Slug + "/family"}
	t.Cleanup(p.client.CloseIdleConnections)
	var opened struct{ Token string }
	status, err := p.send(http.MethodPost, "/session", map[string]string{"name": login.Name, "birth_date": login.BirthDate, "postcode": login.Postcode}, &opened)
	if err != nil || status != http.StatusCreated {
		t.Fatalf("log in: %d %v", status, err)
	}
	p.token = opened.Token
	return p
}
