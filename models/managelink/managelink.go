// Package managelink makes and reads the token of a manage link: what a confirmation carries so that its reader can see and change appointments later.
//
// The token is not stored. It names a maker (somebody's typed contact and device) or a contact on the school's file, the day until which it is good, and a
// keyed hash of both under the school's key. Sessions, decisions and texts never live here.
package managelink

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// ErrBad tells that a token is not one of this school's, or is past its day. It does not say which.
var ErrBad = errors.New("not a valid manage link")

// Kind tells what a link opens.
type Kind byte

// The kinds of links.
const (
	Maker   Kind = 'm' // the appointments that one maker made
	Contact Kind = 'c' // the household of a contact on file
	Test    Kind = 't' // nothing: it says that a test message of the school arrived
	Refuse  Kind = 'n' // nothing: it removes a typed contact whose address was mistyped
)

// Link is what a token says.
type Link struct {
	Kind    Kind
	Subject [16]byte  // id of the maker, contact or message
	Until   time.Time // good before this instant; whole days, UTC
}

const (
	macSize  = 16
	bodySize = 1 + 16 + 4
	day      = 24 * time.Hour
)

var encoding = base64.RawURLEncoding.Strict()

// Index is the keyed hash of the school's key: seal.Key.Index or store.Tx.Index.
type Index func(purpose, value string) []byte

// Token gives the text of a link.
func (l Link) Token(index Index) string {
	body := l.body()
	return encoding.EncodeToString(append(body, mac(index, body)...))
}

func (l Link) body() []byte {
	body := make([]byte, 0, bodySize+macSize)
	body = append(body, byte(l.Kind))
	body = append(body, l.Subject[:]...)
	return binary.BigEndian.AppendUint32(body, uint32(l.Until.Unix()/int64(day/time.Second)))
}

func mac(index Index, body []byte) []byte { return index("manage link", string(body))[:macSize] }

// Read gives what a token says, if it was made with the same key and is still good; otherwise ErrBad.
func Read(index Index, token string, now time.Time) (Link, error) {
	// Strict, and of exactly this length: a link has one spelling only.
	if len(token) != encoding.EncodedLen(bodySize+macSize) {
		return Link{}, ErrBad
	}
	raw, err := encoding.DecodeString(token)
	if err != nil || len(raw) != bodySize+macSize {
		return Link{}, ErrBad
	}
	body := raw[:bodySize]
	if !hmac.Equal(raw[bodySize:], mac(index, body)) {
		return Link{}, ErrBad
	}
	link := Link{Kind: Kind(body[0]), Subject: [16]byte(body[1:17])}
	link.Until = time.Unix(int64(binary.BigEndian.Uint32(body[17:]))*int64(day/time.Second), 0).UTC()
	if !now.Before(link.Until) {
		return Link{}, ErrBad
	}
	return link, nil
}
