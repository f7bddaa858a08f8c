// Package seal keeps personal data unreadable in the database: keys, sealed columns, and keyed indexes for exact look-ups.
//
// The installation has a master key, which is in a file or the environment and never in the database. Each school has a random key, stored wrapped by
// the master key. What identifies a person is sealed under the school's key with the place it belongs to (table, column, row) as additional data, so
// that a sealed value moved to another row does not open. Only the standard library's cryptography is used. Plain values never live here longer than a call.
package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// KeySize is the size of every key, in bytes.
const KeySize = 32

// ErrOpen tells that a sealed value did not open: another key, another place, or damage.
var ErrOpen = errors.New("sealed value does not open")

// Box is a sealed value as it is stored. Its bytes can be reached by no other package, so that nothing plain can be put into such a column.
type Box struct{ sealed []byte }

// IsZero tells that nothing was sealed.
func (b Box) IsZero() bool { return len(b.sealed) == 0 }

// Equal reports whether two boxes hold the same sealed bytes. Two boxes of the same value are different.
func (b Box) Equal(other Box) bool { return bytes.Equal(b.sealed, other.sealed) }

// Value stores the sealed bytes; an empty box is NULL.
func (b Box) Value() (driver.Value, error) {
	if b.IsZero() {
		return nil, nil
	}
	return b.sealed, nil
}

// Scan reads sealed bytes.
func (b *Box) Scan(column any) error {
	switch value := column.(type) {
	case nil:
		b.sealed = nil
	case []byte:
		b.sealed = append([]byte(nil), value...)
	default:
		return fmt.Errorf("sealed column of type %T", column)
	}
	return nil
}

// Place is where a sealed value belongs.
type Place struct {
	Table  string
	Column string
	Row    [16]byte
}

func (p Place) additionalData(version byte) []byte {
	data := make([]byte, 0, len(p.Table)+len(p.Column)+19)
	data = append(data, version)
	data = append(data, p.Table...)
	data = append(data, 0)
	data = append(data, p.Column...)
	data = append(data, 0)
	return append(data, p.Row[:]...)
}

// ErrNoKey tells that a value was to be sealed by the zero Key.
var ErrNoKey = errors.New("no key to seal with")

// Key is a school's key, opened. The zero Key seals and opens nothing, and its indexes are empty.
type Key struct {
	aead    cipher.AEAD
	index   []byte
	version byte
}

// keyVersion is written before each sealed value; rotation gives a school's next key the next version.
const keyVersion = 1

func newKey(secret []byte) (*Key, error) {
	aead, err := gcm(secret, "sealed columns")
	if err != nil {
		return nil, err
	}
	index, err := hkdf.Key(sha256.New, secret, nil, "keyed index", KeySize)
	if err != nil {
		return nil, err
	}
	return &Key{aead: aead, index: index, version: keyVersion}, nil
}

func gcm(secret []byte, purpose string) (cipher.AEAD, error) {
	derived, err := hkdf.Key(sha256.New, secret, nil, purpose, KeySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Seal puts a value, as JSON, into a box for a place.
func (k *Key) Seal(place Place, value any) (Box, error) {
	if k.aead == nil {
		return Box{}, ErrNoKey
	}
	plain, err := json.Marshal(value)
	if err != nil {
		return Box{}, fmt.Errorf("seal %s.%s: %w", place.Table, place.Column, err)
	}
	return Box{k.aead.Seal([]byte{k.version}, nil, plain, place.additionalData(k.version))}, nil
}

// Open reads the value of a box into a pointer. It fails with ErrOpen if the box was sealed elsewhere or is empty.
func (k *Key) Open(place Place, box Box, into any) error {
	if k.aead == nil || len(box.sealed) < 2 || box.sealed[0] != k.version {
		return fmt.Errorf("%w: %s.%s", ErrOpen, place.Table, place.Column)
	}
	plain, err := k.aead.Open(nil, nil, box.sealed[1:], place.additionalData(k.version))
	if err != nil {
		return fmt.Errorf("%w: %s.%s", ErrOpen, place.Table, place.Column)
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("%w: %s.%s holds another shape", ErrOpen, place.Table, place.Column)
	}
	return nil
}

// Index gives the keyed index of a value: HMAC-SHA-256 (RFC 2104) under a key derived from the school's key by HKDF (RFC 5869). The purpose keeps equal
// values of different columns from giving equal indexes.
func (k *Key) Index(purpose, value string) []byte {
	if k.aead == nil {
		return nil
	}
	mac := hmac.New(sha256.New, k.index)
	length := binary.BigEndian.AppendUint32(nil, uint32(len(purpose)))
	mac.Write(length)
	mac.Write([]byte(purpose))
	mac.Write([]byte(value))
	return mac.Sum(nil)
}

// Master is the installation's master key.
type Master struct {
	wrap        cipher.AEAD
	signing     ed25519.PrivateKey
	fingerprint string
	index       []byte
	erasures    []byte
}

// NewMaster takes the master key's 32 bytes.
func NewMaster(secret []byte) (*Master, error) {
	if len(secret) != KeySize {
		return nil, fmt.Errorf("the master key must be %d bytes, not %d", KeySize, len(secret))
	}
	wrap, err := gcm(secret, "school keys")
	if err != nil {
		return nil, err
	}
	seed, err := hkdf.Key(sha256.New, secret, nil, "receipts", ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	index, err := hkdf.Key(sha256.New, secret, nil, "installation index", KeySize)
	if err != nil {
		return nil, err
	}
	erasures, err := hkdf.Key(sha256.New, secret, nil, "journal of erasures", KeySize)
	if err != nil {
		return nil, err
	}
	print, err := hkdf.Key(sha256.New, secret, nil, "fingerprint", 16)
	if err != nil {
		return nil, err
	}
	return &Master{wrap: wrap, signing: ed25519.NewKeyFromSeed(seed), index: index, erasures: erasures, fingerprint: hex.EncodeToString(print)}, nil
}

// Fingerprint identifies the master key without telling anything of it; the database keeps it, so that a program started with another key stops.
func (m *Master) Fingerprint() string { return m.fingerprint }

// Index is the keyed index of a value that belongs to no school, such as an operator's key.
func (m *Master) Index(purpose, value string) []byte {
	mac := hmac.New(sha256.New, m.index)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write([]byte(value))
	return mac.Sum(nil)
}

// Erased is the keyed index under which the journal of erasures remembers that something of a school was erased. The journal lies outside the database and its
// age, so it has a key of its own: none of its lines can be compared with an index of the database.
func (m *Master) Erased(school [16]byte, kind string, subject []byte) []byte {
	mac := hmac.New(sha256.New, m.erasures)
	mac.Write(school[:])
	mac.Write([]byte(kind))
	mac.Write([]byte{0})
	mac.Write(subject)
	return mac.Sum(nil)
}

// NewSchoolKey makes a random key for a school: the wrapped form for the database.
func (m *Master) NewSchoolKey(school [16]byte) (Box, error) {
	secret := make([]byte, KeySize)
	if _, err := io.ReadFull(rand.Reader, secret); err != nil {
		return Box{}, err
	}
	return Box{m.wrap.Seal(nil, nil, secret, school[:])}, nil
}

// SchoolKey unwraps a school's key. It fails with ErrOpen for a key wrapped by another master key or for another school.
func (m *Master) SchoolKey(school [16]byte, wrapped Box) (*Key, error) {
	secret, err := m.wrap.Open(nil, nil, wrapped.sealed, school[:])
	if err != nil {
		return nil, fmt.Errorf("%w: key of a school", ErrOpen)
	}
	return newKey(secret)
}

// Sign signs a receipt with the installation's Ed25519 key (RFC 8032), derived from the master key.
func (m *Master) Sign(document []byte) []byte { return ed25519.Sign(m.signing, document) }

// PublicKey is what a receipt's signature is checked with.
func (m *Master) PublicKey() ed25519.PublicKey { return m.signing.Public().(ed25519.PublicKey) }

// Column is one sealed column of a row: the box that is stored and a pointer to the plain value that the program works with.
type Column struct {
	Name  string
	Box   *Box
	Value any
	// Guarded columns are opened only by those who ask for them by name: what a login compares is not carried along in every list.
	Guarded bool
}
