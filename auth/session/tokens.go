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

// isToken reports whether a text has the form of newToken's.
func isToken(text, prefix string) bool {
	random, ok := strings.CutPrefix(text, prefix)
	raw, err := base64.RawURLEncoding.Strict().DecodeString(random)
	return ok && err == nil && len(raw) == 32 && len(random) == base64.RawURLEncoding.EncodedLen(32)
}

// IsDevice reports whether a text has the form of a device receipt.
func IsDevice(text string) bool { return isToken(text, DevicePrefix) }

const (
	tryPrefix = "ot_"
	trySize   = 16
)

// Try returns a try token: what ties the tries of one browser to log in together. It is the given one if it has the form of one, and otherwise new. It opens nothing.
func Try(given string) string {
	random, ok := strings.CutPrefix(given, tryPrefix)
	if raw, err := base64.RawURLEncoding.Strict().DecodeString(random); ok && err == nil && len(raw) == trySize && len(random) == base64.RawURLEncoding.EncodedLen(trySize) {
		return given
	}
	return tryPrefix + NewLink()
}

// NewLink makes the 128 random bits of a link that is good once, as 22 characters.
func NewLink() string {
	raw := make([]byte, trySize)
	_, _ = rand.Read(raw) // crypto/rand never fails: the program would have stopped
	return base64.RawURLEncoding.EncodeToString(raw)
}

// The prefixes of tokens.
const (
	SessionPrefix  = "os_"
	DevicePrefix   = "od_"
	KeyPrefix      = "ok_"
	OperatorPrefix = "oo_"
)
