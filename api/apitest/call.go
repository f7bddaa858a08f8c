package apitest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Call is a request to be made.
type Call struct {
	Method, Path string
	// Token goes into the Authorization header; empty for none.
	Token string
	// Body is sent as it is if it is text, bytes or a reader (whose length is not told), otherwise as JSON; nil for none.
	Body any
	// Type is the content type; application/json where there is a body and it is empty.
	Type string
	// Header holds further headers.
	Header http.Header
	// Remote is the address of the connection; a public one where empty.
	Remote string
	// Local calls the machine's own socket.
	Local bool
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes a request.
func (w *World) Do(t testing.TB, call Call) Answer {
	t.Helper()
	request := call.request(t)
	recorder := httptest.NewRecorder()
	handler := w.Server.Handler()
	if call.Local {
		handler = w.Server.LocalHandler()
	}
	handler.ServeHTTP(recorder, request)
	return Answer{Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.Bytes()}
}

func (c Call) request(t testing.TB) *http.Request {
	t.Helper()
	var content io.Reader
	switch body := c.Body.(type) {
	case nil:
	case string:
		content = bytes.NewReader([]byte(body))
	case []byte:
		content = bytes.NewReader(body)
	case io.Reader:
		content = io.MultiReader(body)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request := httptest.NewRequest(c.Method, c.Path, content)
	if content != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.Type != "" {
		request.Header.Set("Content-Type", c.Type)
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Remote != "" {
		request.RemoteAddr = c.Remote
	}
	for name, values := range c.Header {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	return request
}

// Get makes a GET request.
func (w *World) Get(t testing.TB, token, path string) Answer {
	t.Helper()
	return w.Do(t, Call{Method: http.MethodGet, Path: path, Token: token})
}

// Post makes a POST request with a body as JSON.
func (w *World) Post(t testing.TB, token, path string, body any) Answer {
	t.Helper()
	return w.Do(t, Call{Method: http.MethodPost, Path: path, Token: token, Body: body})
}

// Want fails the test unless the answer has a status, and reads its JSON.
func (a Answer) Want(t testing.TB, status int) Document {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	if len(a.Body) == 0 {
		return nil
	}
	var document Document
	if err := json.Unmarshal(a.Body, &document); err != nil {
		t.Fatalf("answer is no JSON object: %v", err)
	}
	return document
}

// Document is a JSON object.
type Document map[string]any

// Text gives a field that is text; empty if it is not there.
func (d Document) Text(name string) string {
	text, _ := d[name].(string)
	return text
}

// List gives a field that is a list of objects.
func (d Document) List(name string) []Document {
	values, _ := d[name].([]any)
	list := make([]Document, 0, len(values))
	for _, value := range values {
		if object, ok := value.(map[string]any); ok {
			list = append(list, object)
		}
	}
	return list
}

// File is a file of an upload.
type File struct{ Name, Content string }

// Form makes the body and content type of an upload.
func Form(t testing.TB, fields map[string]string, files ...File) (body []byte, contentType string) {
	t.Helper()
	var content bytes.Buffer
	writer := multipart.NewWriter(&content)
	for _, file := range files {
		part, err := writer.CreateFormFile("file", file.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(file.Content)); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range fields {
		if err := writer.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return content.Bytes(), writer.FormDataContentType()
}
