package rush

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func dialed(t *testing.T, address string) *conn {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := dialTarget(newTarget(parsed))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

// TestAnswersAreReadFromTheStandardLibrarysServer goes over one connection through all ways in which a server frames an answer.
func TestAnswersAreReadFromTheStandardLibrarysServer(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a family's screen, ", 20_000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		sent, _ := io.ReadAll(request.Body)
		switch request.URL.Path {
		case "/short":
			_, _ = w.Write(sent)
		case "/long":
			for part := range strings.SplitSeq(long, ",") {
				_, _ = io.WriteString(w, part+",")
				w.(http.Flusher).Flush()
			}
		case "/zipped":
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			_, _ = io.WriteString(packed, long)
			_ = packed.Close()
		case "/nothing":
			w.WriteHeader(http.StatusNoContent)
		case "/later":
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/again":
			w.Header().Set("Idempotent-Replayed", "true")
			w.WriteHeader(http.StatusCreated)
		}
	}))
	t.Cleanup(server.Close)
	c := dialed(t, server.URL)
	r := &run{}
	for range 3 {
		for _, tt := range []struct {
			path string
			want answer
		}{
			{"/short", answer{status: 200, body: []byte("hello")}}, {"/long", answer{status: 200, body: []byte(long + ",")}}, {"/zipped", answer{status: 200, body: []byte(long)}},
			{"/nothing", answer{status: 204}}, {"/later", answer{status: 503, retryAfter: 7 * time.Second}}, {"/again", answer{status: 201, replayed: true}},
		} {
			got, err := c.do(r.write(nil, c.target.host, httpRequest{method: "POST", path: tt.path, token: "t", key: "k", body: []byte("hello")}))
			if err != nil || got.status != tt.want.status || got.retryAfter != tt.want.retryAfter || got.replayed != tt.want.replayed || !bytes.Equal(got.body, tt.want.body) {
				t.Fatalf("%s: %d, %s, %d bytes, %v", tt.path, got.status, got.retryAfter, len(got.body), err)
			}
			if c.closing() {
				t.Fatalf("%s ended the connection", tt.path)
			}
		}
	}
	if c.sent == 0 || c.read < int64(3*len(long)) {
		t.Errorf("%d bytes sent, %d read", c.sent, c.read)
	}
}

// answering is a server that says the same bytes to everything.
func answering(t *testing.T, text string) *conn {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			raw, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = raw.Read(make([]byte, 4096))
			_, _ = io.WriteString(raw, text)
			_ = raw.Close()
		}
	}()
	return dialed(t, "http://"+listener.Addr().String())
}

func TestOddAnswersAreReadAndBrokenOnesRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		body string // "-" for an error
	}{
		"an early hint before it": {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok"},
		"until the end":           {"HTTP/1.0 200 OK\r\n\r\nok", "ok"},
		"chunks with trailers":    {"HTTP/1.1 200 OK\r\ntransfer-ENCODING: Chunked\r\n\r\n1;a=b\r\no\r\n1\r\nk\r\n0\r\nX: y\r\n\r\n", "ok"},
		"lines without returns":   {"HTTP/1.1 200 OK\ncontent-length: 2\n\nok", "ok"},
		"nothing":                 {"", "-"},
		"cut off in the headers":  {"HTTP/1.1 200 OK\r\nContent-", "-"},
		"cut off in the body":     {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "-"},
		"cut off in a chunk":      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nok", "-"},
		"a broken chunk":          {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok", "-"},
		"far too long":            {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nok", "-"},
		"another protocol":        {"SSH-2.0-OpenSSH_9.9 and more\r\n", "-"},
		"no status":               {"HTTP/1.1 abc OK\r\n\r\n", "-"},
		"a header without colon":  {"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "-"},
		"broken packing":          {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := answering(t, tt.text).do([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
			if tt.body == "-" && err == nil || tt.body != "-" && (err != nil || string(got.body) != tt.body) {
				t.Errorf("%q, %v", got.body, err)
			}
		})
	}
}
