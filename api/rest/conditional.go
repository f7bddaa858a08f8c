package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// AnswerHead answers HEAD as GET would be, without the body (RFC 9110, section 9.3.2): the server leaves that out by itself, as it knows what was asked.
func AnswerHead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			asked := *r
			asked.Method = http.MethodGet
			r = &asked
		}
		next.ServeHTTP(w, r)
	})
}

// Conditional gives the JSON that a GET of the API answers with a tag, and answers with 304 and no body who has it already and says so by If-None-Match (RFC
// 9110, section 13.1.2): for clients that ask again and again. The answer is made all the same; only the line is spared.
func Conditional(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method != http.MethodGet || !strings.HasPrefix(c.Request().URL.Path, AtVersion1+"/") {
			return next(c)
		}
		response := c.Response()
		held := &heldAnswer{ResponseWriter: response.Writer}
		response.Writer = held
		err := next(c)
		response.Writer = held.ResponseWriter
		if held.held {
			response.Status = held.release(c.Request().Header.Values("If-None-Match"))
		}
		return err
	}
}

// heldAnswer holds back an answer that may turn out not to be needed.
type heldAnswer struct {
	http.ResponseWriter
	held bool
	body bytes.Buffer
}

// Unwrap gives the writer below, for who sets a deadline.
func (h *heldAnswer) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// WriteHeader holds the answer if it is one that can be asked for again.
func (h *heldAnswer) WriteHeader(status int) {
	if h.held = status == http.StatusOK && strings.HasPrefix(h.Header().Get(echo.HeaderContentType), echo.MIMEApplicationJSON); !h.held {
		h.ResponseWriter.WriteHeader(status)
	}
}

// Write takes the answer's bytes.
func (h *heldAnswer) Write(part []byte) (int, error) {
	if h.held {
		return h.body.Write(part)
	}
	return h.ResponseWriter.Write(part)
}

// release sends what was held, or says that its reader has it, and returns the status.
func (h *heldAnswer) release(known []string) int {
	tag := h.Header().Get("ETag") // what has a version has that for a tag
	if tag == "" {
		sum := sha256.Sum256(h.body.Bytes())
		tag = `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
		h.Header().Set("ETag", tag)
	}
	for _, list := range known {
		for one := range strings.SplitSeq(list, ",") {
			if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
				h.Header().Del(echo.HeaderContentType)
				h.Header().Del(echo.HeaderContentLength)
				h.Header().Del(echo.HeaderContentEncoding)
				h.ResponseWriter.WriteHeader(http.StatusNotModified)
				return http.StatusNotModified
			}
		}
	}
	h.ResponseWriter.WriteHeader(http.StatusOK)
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // a client that has gone is nobody's fault
	return http.StatusOK
}
