package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// Client speaks to the product's API as the operator of this machine: through the socket of the running server, or of one that it runs itself meanwhile.
type Client struct {
	HTTP  *http.Client
	Close func()

	bar *progressbar.ProgressBar // of what is under way, if somebody looks on
}

// Show shows on a terminal that something is under way, and returns how to end that. Uploads show how far they are. What is no terminal is shown nothing.
func (c *Client) Show(out io.Writer, what string) (done func()) {
	file, ok := out.(*os.File)
	if !ok {
		return func() {}
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return func() {}
	}
	c.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(file), progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish())
	stop := make(chan struct{})
	turn := c.bar
	go func() { // something moves while nothing is known
		ticker := time.NewTicker(100 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				_ = turn.Add(0)
			case <-stop:
				return
			}
		}
	}()
	return func() {
		close(stop)
		_ = turn.Finish()
		c.bar = nil
	}
}

// Running gives a client of the server that runs on a data folder; not ok if none answers there.
func Running(f datafolder.Folder) (c *Client, ok bool) {
	connection, err := net.Dial("unix", f.Socket())
	if err != nil {
		return nil, false
	}
	_ = connection.Close()
	return &Client{HTTP: OverSocket(f.Socket()), Close: func() {}}, true
}

// OverSocket returns a client of whoever listens on a socket of this machine, whatever the host of an address.
func OverSocket(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		},
	}}
}

// Problem is the API's answer when something was wrong (RFC 9457).
type Problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Status int    `json:"status"`
	Errors []struct {
		Field  string `json:"field"`
		Detail string `json:"detail"`
	} `json:"errors"`
	// Report is what reading a school's files found, where they could not be read.
	Report json.RawMessage `json:"report"`
}

// Error is the problem for the person at the terminal.
func (p *Problem) Error() string {
	lines := []string{p.Title}
	if p.Detail != "" && p.Detail != p.Title {
		lines = append(lines, p.Detail)
	}
	for _, fault := range p.Errors {
		lines = append(lines, "  "+strings.TrimSpace(fault.Field+": "+fault.Detail))
	}
	return strings.Join(lines, "\n")
}

// Call sends a request with a JSON body, if there is one, and reads the JSON answer.
func (c *Client) Call(ctx context.Context, method, path string, body, into any) error {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	return c.Send(ctx, method, path, "application/json", content, into)
}

// Send makes a request of the API and reads its answer into a value, if there is one. A problem is an error in the server's words.
func (c *Client) Send(ctx context.Context, method, path, contentType string, content io.Reader, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, "http://ouderavond"+path, content)
	if err != nil {
		return err
	}
	request.Header.Set("Accept-Language", "en")
	if content != nil {
		request.Header.Set("Content-Type", contentType)
	}
	answer, err := c.HTTP.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= http.StatusBadRequest {
		told := &Problem{Title: answer.Status}
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

// Copy writes an answer as it comes.
func (c *Client) Copy(ctx context.Context, path string, into io.Writer) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://ouderavond"+path, nil)
	if err != nil {
		return err
	}
	answer, err := c.HTTP.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= http.StatusBadRequest {
		return errors.New(answer.Status)
	}
	_, err = io.Copy(into, answer.Body)
	return err
}

// PublicURL is how people reach the server that answers. The settings of a command beside it may be others.
func (c *Client) PublicURL(ctx context.Context) (string, error) {
	var description struct{ Servers []struct{ URL string } }
	if err := c.Call(ctx, http.MethodGet, "/api/openapi.json", nil, &description); err != nil {
		return "", err
	}
	if len(description.Servers) == 0 {
		return "", nil
	}
	return description.Servers[0].URL, nil
}

// Upload sends files and fields as a form.
func (c *Client) Upload(ctx context.Context, path string, files []string, fields map[string]string, into any) error {
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
	content := io.Reader(&form)
	if c.bar != nil {
		c.bar.ChangeMax(form.Len())
		content = io.TeeReader(&form, c.bar)
	}
	return c.Send(ctx, http.MethodPost, path, writer.FormDataContentType(), content, into)
}
