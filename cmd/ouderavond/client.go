package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// client speaks to the product's API as the operator of this machine: through the socket of the running server, or of one that it runs itself meanwhile.
type client struct {
	http  *http.Client
	close func()
}

// connect gives a client. If no server runs on the data folder, the folder is locked and opened until close is called.
func connect(ctx context.Context, s *settings, logs io.Writer) (*client, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if present, ok := running(folder{s.Data}); ok {
		return present, nil
	}
	quiet := *s
	quiet.LogLevel = "warn"
	a, err := newApp(ctx, &quiet, logs, nil)
	if errors.Is(err, errInUse) {
		return nil, fmt.Errorf("%w by a program that does not answer on its socket", err)
	}
	if err != nil {
		return nil, err
	}
	listener, err := a.listenLocal()
	if err != nil {
		a.close()
		return nil, err
	}
	server := newServer(a.api.LocalHandler(), a.logger)
	go func() { _ = server.Serve(listener) }()
	return &client{http: overSocket(a.folder.socket()), close: func() {
		// A command that ends at once may be here before Serve has begun, which then would leave the socket behind for the next one to find.
		_ = listener.Close()
		_ = server.Close()
		a.close()
	}}, nil
}

// running gives a client of the server that runs on a data folder; not ok if none answers there.
func running(f folder) (c *client, ok bool) {
	connection, err := net.Dial("unix", f.socket())
	if err != nil {
		return nil, false
	}
	_ = connection.Close()
	return &client{http: overSocket(f.socket()), close: func() {}}, true
}

func overSocket(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		},
	}}
}

// problem is the API's answer when something was wrong (RFC 9457).
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Status int    `json:"status"`
	Errors []struct {
		Field  string `json:"field"`
		Detail string `json:"detail"`
	} `json:"errors"`
}

// Error is the problem for the person at the terminal.
func (p *problem) Error() string {
	lines := []string{p.Title}
	if p.Detail != "" && p.Detail != p.Title {
		lines = append(lines, p.Detail)
	}
	for _, fault := range p.Errors {
		lines = append(lines, "  "+strings.TrimSpace(fault.Field+": "+fault.Detail))
	}
	return strings.Join(lines, "\n")
}

// call sends a request with a JSON body, if there is one, and reads the JSON answer.
func (c *client) call(ctx context.Context, method, path string, body, into any) error {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	return c.send(ctx, method, path, "application/json", content, into)
}

func (c *client) send(ctx context.Context, method, path, contentType string, content io.Reader, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, "http://ouderavond"+path, content)
	if err != nil {
		return err
	}
	request.Header.Set("Accept-Language", "en")
	if content != nil {
		request.Header.Set("Content-Type", contentType)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= http.StatusBadRequest {
		told := &problem{Title: answer.Status}
		if err := json.NewDecoder(answer.Body).Decode(told); err != nil {
			return errors.New(answer.Status)
		}
		return told
	}
	if into == nil || answer.StatusCode == http.StatusNoContent {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// publicURL is how people reach the server that answers. The settings of a command beside it may be others.
func (c *client) publicURL(ctx context.Context) (string, error) {
	var description struct{ Servers []struct{ URL string } }
	if err := c.call(ctx, http.MethodGet, "/api/openapi.json", nil, &description); err != nil {
		return "", err
	}
	if len(description.Servers) == 0 {
		return "", nil
	}
	return description.Servers[0].URL, nil
}

// upload sends files and fields as a form.
func (c *client) upload(ctx context.Context, path string, files []string, fields map[string]string, into any) error {
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		part, err := writer.CreateFormFile("file", filepath.Base(name))
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
	return c.send(ctx, http.MethodPost, path, writer.FormDataContentType(), &form, into)
}
