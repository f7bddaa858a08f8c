package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
)

// Caller speaks to a server's API.
type Caller struct {
	Client *http.Client
	// Base gives the server's address, such as http://127.0.0.1:8080; a server that was started again may have another one.
	Base func() string
	// Token is sent with every call; empty for none.
	Token string
}

// Reply is an answer of the server.
type Reply struct {
	Code   int
	Header http.Header
	Body   []byte
}

// With is the caller with another token.
func (c Caller) With(token string) Caller {
	c.Token = token
	return c
}

// Call sends a body as JSON, if there is one, and waits for the whole answer.
func (c Caller) Call(ctx context.Context, method, path, key string, body any) (Reply, error) {
	header := http.Header{"Content-Type": {"application/json"}}
	if key != "" {
		header.Set("Idempotency-Key", key)
	}
	if body == nil {
		return c.send(ctx, method, path, http.Header{}, nil)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return Reply{}, err
	}
	return c.send(ctx, method, path, header, text)
}

// Upload sends a file.
func (c Caller) Upload(ctx context.Context, path, name, content string) (Reply, error) {
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, err := writer.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err = errors.Join(err, writer.Close()); err != nil {
		return Reply{}, err
	}
	return c.send(ctx, http.MethodPost, path, http.Header{"Content-Type": {writer.FormDataContentType()}}, form.Bytes())
}

func (c Caller) send(ctx context.Context, method, path string, header http.Header, body []byte) (Reply, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.Base()+path, bytes.NewReader(body))
	if err != nil {
		return Reply{}, err
	}
	request.Header = header
	// A client that sends a request again by itself would hide from the history that it was sent twice.
	request.GetBody = nil
	if c.Token != "" {
		header.Set("Authorization", "Bearer "+c.Token)
	}
	answer, err := c.Client.Do(request)
	if err != nil {
		return Reply{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	return Reply{Code: answer.StatusCode, Header: answer.Header, Body: content}, err
}

// must calls and reads the answer, which has to be a success.
func (c Caller) must(ctx context.Context, method, path string, body, into any) error {
	reply, err := c.Call(ctx, method, path, "", body)
	return reply.read(into, err, path)
}

func (r Reply) read(into any, err error, path string) error {
	switch {
	case err != nil:
		return err
	case r.Code >= http.StatusMultipleChoices:
		return fmt.Errorf("%s: %d %s", path, r.Code, r.Body)
	case into == nil:
		return nil
	}
	return json.Unmarshal(r.Body, into)
}
