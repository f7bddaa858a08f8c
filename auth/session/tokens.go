package session

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
)

// NewToken makes a random token of 256 bits with a prefix that tells what it is.
func NewToken(prefix string) string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // crypto/rand never fails: the program would have stopped
	return prefix + base64.RawURLEncoding.EncodeToString(raw)
}

// isToken tells whether a text has the form of newToken's.
func isToken(text, prefix string) bool {
	random, ok := strings.CutPrefix(text, prefix)
	raw, err := base64.RawURLEncoding.Strict().DecodeString(random)
	return ok && err == nil && len(raw) == 32 && len(random) == base64.RawURLEncoding.EncodedLen(32)
}

// The prefixes of tokens.
const (
	SessionPrefix  = "os_"
	DevicePrefix   = "od_"
	KeyPrefix      = "ok_"
	OperatorPrefix = "oo_"
)
