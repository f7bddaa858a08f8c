package managelink_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models/managelink"
)

// index is a keyed hash like that of a school.
func index(key string) managelink.Index {
	return func(purpose, value string) []byte {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(purpose + "\x00" + value))
		return mac.Sum(nil)
	}
}

var until = time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)

func TestALinkSaysWhatWasPutIntoIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		link := managelink.Link{
			Kind: rapid.SampledFrom([]managelink.Kind{managelink.Maker, managelink.Contact}).Draw(t, "kind"), Subject: [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "subject")),
			Until: time.Unix(rapid.Int64Range(1, 40_000).Draw(t, "day")*86400, 0).UTC(),
		}
		token := link.Token(index("key"))
		if strings.ContainsAny(token, "+/= ") || len(token) != 50 {
			t.Fatalf("token %q", token)
		}
		got, err := managelink.Read(index("key"), token, link.Until.Add(-time.Nanosecond))
		if err != nil || got != link {
			t.Fatalf("%+v became %+v, %v", link, got, err)
		}
		if _, err := managelink.Read(index("key"), token, link.Until); !errors.Is(err, managelink.ErrBad) {
			t.Fatalf("after its day: %v", err)
		}
		if _, err := managelink.Read(index("another key"), token, link.Until.Add(-time.Hour)); !errors.Is(err, managelink.ErrBad) {
			t.Fatalf("under another key: %v", err)
		}
	})
}

func TestALinkIsGoodForWholeDaysOfUTC(t *testing.T) {
	t.Parallel()
	link := managelink.Link{Kind: managelink.Maker, Until: until.Add(23 * time.Hour).In(time.FixedZone("west", -5*3600))}
	token := link.Token(index("key"))
	for instant, good := range map[time.Time]bool{until.Add(-time.Second): true, until: false, until.Add(time.Hour): false, until.AddDate(-5, 0, 0): true} {
		if _, err := managelink.Read(index("key"), token, instant); (err == nil) != good {
			t.Errorf("at %v: %v", instant, err)
		}
	}
}

func TestAnyOtherSpellingOfALinkIsRefused(t *testing.T) {
	t.Parallel()
	token := managelink.Link{Kind: managelink.Contact, Subject: [16]byte{7}, Until: until}.Token(index("key"))
	read := func(token string) error {
		_, err := managelink.Read(index("key"), token, until.Add(-time.Hour))
		return err
	}
	if err := read(token); err != nil {
		t.Fatal(err)
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n"
	for at := range len(token) {
		for _, letter := range alphabet {
			changed := token[:at] + string(letter) + token[at+1:]
			if changed != token && !errors.Is(read(changed), managelink.ErrBad) {
				t.Errorf("%q at %d was taken", letter, at)
			}
		}
		if !errors.Is(read(token[:at]), managelink.ErrBad) || !errors.Is(read(token[:at]+token[at+1:]), managelink.ErrBad) {
			t.Errorf("a link without its character %d was taken", at)
		}
		if !errors.Is(read(token[:at]+"\r\n"+token[at:]), managelink.ErrBad) {
			t.Errorf("a line break at %d was taken", at)
		}
	}
	for _, other := range []string{"", " ", token + "A", token + "=", token + "==", " " + token, token + token, strings.Repeat("A", 1<<16)} {
		if !errors.Is(read(other), managelink.ErrBad) {
			t.Errorf("%.60q was taken", other)
		}
	}
}

func TestALinkCannotBeMadeLongerOrTurnedIntoAnother(t *testing.T) {
	t.Parallel()
	token := managelink.Link{Kind: managelink.Maker, Subject: [16]byte{7}, Until: until}.Token(index("key"))
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]byte){
		"the kind":    func(b []byte) { b[0] = byte(managelink.Contact) },
		"the subject": func(b []byte) { b[16]++ },
		"the day":     func(b []byte) { b[20] += 10 },
		"the hash":    func(b []byte) { b[36]++ },
	} {
		changed := append([]byte(nil), raw...)
		change(changed)
		if _, err := managelink.Read(index("key"), base64.RawURLEncoding.EncodeToString(changed), until.Add(-time.Hour)); !errors.Is(err, managelink.ErrBad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	good := managelink.Link{Kind: managelink.Maker, Subject: [16]byte{7}, Until: until}.Token(index("key"))
	f.Add(good)
	f.Add("")
	f.Add(strings.Repeat("A", 50))
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := managelink.Read(index("key"), token, until.Add(-time.Hour)); (err == nil) != (token == good) {
			t.Fatalf("%q: %v", token, err)
		}
	})
}
