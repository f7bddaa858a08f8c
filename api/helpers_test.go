package api_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"iter"
	"maps"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
)

func verify(t *testing.T, key, signature string, document []byte) bool {
	t.Helper()
	public, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(public) != ed25519.PublicKeySize {
		t.Fatalf("key of %d bytes: %v", len(public), err)
	}
	signed, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	return ed25519.Verify(public, document, signed)
}

// fields gives the names of the faulty fields of a problem with their codes.
func fields(problem apitest.Document) map[string]string {
	found := map[string]string{}
	for _, fault := range problem.List("errors") {
		found[fault.Text("field")] = fault.Text("code")
	}
	return found
}

func keys[T any](from map[string]T) iter.Seq[string] { return maps.Keys(from) }

func contains(body []byte, text string) bool { return bytes.Contains(body, []byte(text)) }
