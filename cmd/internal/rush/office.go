package rush

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Office is the operator's way to the API: over the machine's own socket, or by a key.
type Office struct {
	HTTP *http.Client
	// Bases begin every address, such as http://127.0.0.1:8080. Several are servers on one database; one that cannot be reached is passed over.
	Bases []string
	Key   string // of the operator; empty on the socket

	met atomic.Bool // a server has answered
}

const (
	// officeWaits is how long a server that has answered before is waited for: a restart takes seconds.
	officeWaits = 45 * time.Second
	officePause = 100 * time.Millisecond
)

// call sends JSON and reads JSON; body and into may be nil.
func (o *Office) call(ctx context.Context, method, path string, body, into any) error {
	if body == nil {
		return o.send(ctx, method, path, "", nil, into)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return o.send(ctx, method, path, "application/json", text, into)
}

// upload sends files as a form.
func (o *Office) upload(ctx context.Context, path string, files map[string][]byte, fields map[string]string, into any) error {
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for name, content := range files {
		part, err := writer.CreateFormFile("file", name)
		if err != nil {
			return err
		}
		if _, err := part.Write(content); err != nil {
			return err
		}
	}
	for name, value := range fields {
		if err := writer.WriteField(name, value); err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return o.send(ctx, http.MethodPost, path, writer.FormDataContentType(), form.Bytes(), into)
}

func (o *Office) send(ctx context.Context, method, path, contentType string, content []byte, into any) error {
	got, err := o.reach(ctx, method, path, contentType, content)
	if err != nil {
		return err
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode >= http.StatusBadRequest {
		var told struct{ Title, Detail string }
		_ = json.NewDecoder(got.Body).Decode(&told) // what cannot be read says nothing more than the status
		return fmt.Errorf("%s %s: %s %s", method, path, got.Status, strings.TrimSpace(told.Title+" "+told.Detail))
	}
	if into == nil || got.StatusCode == http.StatusNoContent {
		return nil
	}
	return json.NewDecoder(got.Body).Decode(into)
}

// reach sends to the first server that takes it. What may have reached a server is tried at another one, or later, only if it asks and changes nothing.
func (o *Office) reach(ctx context.Context, method, path, contentType string, content []byte) (*http.Response, error) {
	for begun := time.Now(); ; {
		err := errors.New("no server is known")
		for _, base := range o.Bases {
			var got *http.Response
			if got, err = o.try(ctx, method, base+path, contentType, content); err == nil {
				o.met.Store(true)
				return got, nil
			}
			if kindOf(err) != noConnection && method != http.MethodGet {
				return nil, err
			}
		}
		if !o.met.Load() || time.Since(begun) > officeWaits {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(officePause):
		}
	}
}

func (o *Office) try(ctx context.Context, method, address, contentType string, content []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Language", "en")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if o.Key != "" {
		request.Header.Set("Authorization", "Bearer "+o.Key)
	}
	return o.HTTP.Do(request)
}

// schedule reads all appointments of a conference.
func (o *Office) schedule(ctx context.Context, school, conference string) ([]appointment, error) {
	var answer json.RawMessage
	if err := o.call(ctx, http.MethodGet, "/api/v1/schools/"+school+"/conferences/"+conference+"/schedule", nil, &answer); err != nil {
		return nil, err
	}
	s := scanner{data: answer}
	var rows []appointment
	s.object(func(name []byte) {
		if string(name) != "items" {
			s.skip()
			return
		}
		s.array(func() { rows = append(rows, readAppointment(&s)) })
	})
	if s.bad {
		return nil, fmt.Errorf("the schedule of %s cannot be read", school)
	}
	return rows, nil
}

// attended gives the talk kinds of a conference to which the pupil comes.
func (o *Office) attended(ctx context.Context, school, conference string) (map[string]bool, error) {
	var answer struct {
		TalkKinds []struct {
			ID      string
			Attends bool `json:"pupil_attends"`
		} `json:"talk_kinds"`
	}
	if err := o.call(ctx, http.MethodGet, "/api/v1/schools/"+school+"/conferences/"+conference, nil, &answer); err != nil {
		return nil, err
	}
	kinds := map[string]bool{}
	for _, kind := range answer.TalkKinds {
		kinds[kind.ID] = kind.Attends
	}
	return kinds, nil
}

// PersonalLink is a family's personal link with the birth date that opens it.
type PersonalLink struct{ Token, BirthDate string }

// Links makes the personal links of a prepared school's families.
func (o *Office) Links(ctx context.Context, school *School) ([]PersonalLink, error) {
	births := map[string]string{}
	for _, family := range school.Families {
		for _, child := range family.Children {
			births[child.Name] = child.BirthDate
		}
	}
	path, known := "/api/v1/schools/"+school.Slug, map[string]string{}
	for cursor := "start"; cursor != ""; {
		var page struct {
			Items []struct{ ID, Given, Prefix, Surname string }
			Next  string
		}
		if err := o.call(ctx, http.MethodGet, path+"/pupils?limit=500&cursor="+strings.TrimPrefix(cursor, "start"), nil, &page); err != nil {
			return nil, err
		}
		for _, pupil := range page.Items {
			known[pupil.ID] = births[strings.Join(strings.Fields(pupil.Given+" "+pupil.Prefix+" "+pupil.Surname), " ")]
		}
		cursor = page.Next
	}
	var made struct {
		Items []struct {
			Token    string
			Children []string
		}
	}
	if err := o.call(ctx, http.MethodPost, path+"/conferences/"+school.Conference+"/personal-links", nil, &made); err != nil {
		return nil, err
	}
	var links []PersonalLink
	for _, one := range made.Items {
		for _, child := range one.Children {
			if born := known[child]; born != "" && one.Token != "" {
				links = append(links, PersonalLink{one.Token, born})
				break
			}
		}
	}
	return links, nil
}
