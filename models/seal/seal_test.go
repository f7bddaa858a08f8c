package seal_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models/seal"
)

func master(t rapid.TB, fill byte) *seal.Master {
	t.Helper()
	opened, err := seal.NewMaster(bytes.Repeat([]byte{fill}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// schoolKey gives a new key of a school; two calls give two keys.
func schoolKey(t rapid.TB, school [16]byte) *seal.Key {
	t.Helper()
	of := master(t, 1)
	wrapped, err := of.NewSchoolKey(school)
	if err != nil {
		t.Fatal(err)
	}
	key, err := of.SchoolKey(school, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

type person struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"`
	Age     int      `json:"age"`
}

var here = seal.Place{Table: "pupils", Column: "details", Row: [16]byte{1, 2, 3}}

// stored gives the bytes of a box as a database gets them.
func stored(t rapid.TB, box seal.Box) []byte {
	t.Helper()
	value, err := box.Value()
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := value.([]byte)
	return raw
}

// scanned gives a box as it comes from a database.
func scanned(t rapid.TB, raw []byte) seal.Box {
	t.Helper()
	var box seal.Box
	if err := box.Scan(raw); err != nil {
		t.Fatal(err)
	}
	return box
}

func TestASealedValueOpensInItsPlaceAndShowsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := schoolKey(t, [16]byte{9})
		value := person{
			Name: rapid.StringMatching(`[a-zA-Zé ]{6,40}`).Draw(t, "name"), Age: rapid.Int().Draw(t, "age"),
			Aliases: rapid.SliceOfN(rapid.StringMatching(`[a-z]{6,20}`), 1, 4).Draw(t, "aliases"),
		}
		place := seal.Place{
			Table: rapid.StringMatching(`[a-z_]{1,20}`).Draw(t, "table"), Column: rapid.StringMatching(`[a-z_]{1,20}`).Draw(t, "column"),
			Row: [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "row")),
		}
		box, err := key.Seal(place, value)
		if err != nil || box.IsZero() {
			t.Fatalf("box %v, %v", box, err)
		}
		raw := stored(t, box)
		if bytes.Contains(raw, []byte(value.Name)) || bytes.Contains(raw, []byte(value.Aliases[0])) {
			t.Fatal("the value can be read")
		}
		var back person
		if err := key.Open(place, scanned(t, raw), &back); err != nil || !reflect.DeepEqual(back, value) {
			t.Fatalf("%+v became %+v, %v", value, back, err)
		}
		again, err := key.Seal(place, value)
		if err != nil || again.Equal(box) || !box.Equal(scanned(t, raw)) {
			t.Fatalf("the same value is sealed alike, %v", err)
		}
	})
}

func TestASealedValueOpensNowhereElse(t *testing.T) {
	t.Parallel()
	key := schoolKey(t, [16]byte{9})
	box, err := key.Seal(here, person{Name: "Sanne"})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := map[string]seal.Place{
		"another row":    {Table: here.Table, Column: here.Column, Row: [16]byte{1, 2, 4}},
		"another column": {Table: here.Table, Column: "factors", Row: here.Row},
		"another table":  {Table: "staff", Column: here.Column, Row: here.Row},
		"no place":       {},
		"the border between table and column moved": {Table: "pupilsdetails", Column: "", Row: here.Row},
	}
	for name, place := range elsewhere {
		var into person
		if err := key.Open(place, box, &into); !errors.Is(err, seal.ErrOpen) || into.Name != "" || strings.Contains(err.Error(), "Sanne") {
			t.Errorf("%s: %v, %v", name, into, err)
		}
	}
	var into person
	for name, other := range map[string]*seal.Key{"another key of the school": schoolKey(t, [16]byte{9}), "the key of another school": schoolKey(t, [16]byte{8}), "no key": {}} {
		if err := other.Open(here, box, &into); !errors.Is(err, seal.ErrOpen) || into.Name != "" {
			t.Errorf("%s: %v, %v", name, into, err)
		}
	}
	if err := key.Open(here, seal.Box{}, &into); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("an empty box: %v", err)
	}
	var number int
	if err := key.Open(here, box, &number); !errors.Is(err, seal.ErrOpen) || strings.Contains(err.Error(), "Sanne") {
		t.Errorf("another shape: %v", err)
	}
}

func TestAnyChangeOfASealedValueIsNoticed(t *testing.T) {
	t.Parallel()
	key := schoolKey(t, [16]byte{9})
	box, err := key.Seal(here, person{Name: "Sanne"})
	if err != nil {
		t.Fatal(err)
	}
	raw := stored(t, box)
	rapid.Check(t, func(t *rapid.T) {
		changed := slices.Clone(raw)
		switch rapid.SampledFrom([]string{"flip", "cut", "add"}).Draw(t, "change") {
		case "flip":
			changed[rapid.IntRange(0, len(raw)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		case "cut":
			changed = changed[:rapid.IntRange(0, len(raw)-1).Draw(t, "length")]
		case "add":
			changed = append(changed, rapid.Byte().Draw(t, "byte"))
		}
		var into person
		if err := key.Open(here, scanned(t, changed), &into); !errors.Is(err, seal.ErrOpen) || into.Name != "" {
			t.Fatalf("opened as %v, %v", into, err)
		}
	})
}

func TestABoxIsStoredAsBytesOrNothing(t *testing.T) {
	t.Parallel()
	if value, err := (seal.Box{}).Value(); value != nil || err != nil {
		t.Errorf("an empty box is %v, %v", value, err)
	}
	var box seal.Box
	if err := box.Scan([]byte{1, 2, 3}); err != nil || box.IsZero() {
		t.Errorf("bytes: %v", err)
	}
	if err := box.Scan(nil); err != nil || !box.IsZero() {
		t.Errorf("nothing: %v", err)
	}
	if err := box.Scan("Sanne"); err == nil || strings.Contains(err.Error(), "Sanne") {
		t.Errorf("a text: %v", err)
	}
	raw := []byte{1, 2, 3}
	kept := scanned(t, raw)
	raw[0] = 9
	if !kept.Equal(scanned(t, []byte{1, 2, 3})) {
		t.Error("the box changes with the driver's buffer")
	}
	//lint:ignore SA9005 that nothing of a box gets into JSON is what is tested here
	if text, err := json.Marshal(kept); err != nil || string(text) != "{}" {
		t.Errorf("a box in JSON: %s, %v", text, err)
	}
}

func TestWhatCannotBeSealedIsAnErrorWithoutTheValue(t *testing.T) {
	t.Parallel()
	key := schoolKey(t, [16]byte{9})
	if _, err := key.Seal(here, map[string]any{"Sanne": func() {}}); err == nil || strings.Contains(err.Error(), "Sanne") {
		t.Errorf("error %v", err)
	}
	if box, err := (&seal.Key{}).Seal(here, person{Name: "Sanne"}); !errors.Is(err, seal.ErrNoKey) || !box.IsZero() {
		t.Errorf("without a key: %v, %v", box, err)
	}
}

func TestIndexesAreEqualForEqualsAndElseDifferent(t *testing.T) {
	t.Parallel()
	one, other := schoolKey(t, [16]byte{9}), schoolKey(t, [16]byte{9})
	seen := map[string]string{}
	note := func(name string, index []byte) {
		if len(index) != 32 {
			t.Errorf("%s: %d bytes", name, len(index))
		}
		if before, ok := seen[string(index)]; ok {
			t.Errorf("%s and %s are one", name, before)
		}
		seen[string(index)] = name
	}
	note("a value", one.Index("pupil", "12345"))
	note("another value", one.Index("pupil", "12346"))
	note("another purpose", one.Index("staff", "12345"))
	note("the border moved", one.Index("pupil1", "2345"))
	note("no value", one.Index("pupil", ""))
	note("no purpose", one.Index("", "pupil12345"))
	note("another key", other.Index("pupil", "12345"))
	note("the installation's", master(t, 1).Index("pupil", "12345"))
	note("another installation's", master(t, 2).Index("pupil", "12345"))
	note("the installation's for another purpose", master(t, 1).Index("staff", "12345"))
	if !bytes.Equal(one.Index("pupil", "12345"), one.Index("pupil", "12345")) || !bytes.Equal(master(t, 1).Index("a", "b"), master(t, 1).Index("a", "b")) {
		t.Error("equal values have two indexes")
	}
	if index := (&seal.Key{}).Index("pupil", "12345"); index != nil {
		t.Errorf("without a key there is the index %x", index)
	}
}

func TestAMasterKeyHasThirtyTwoBytes(t *testing.T) {
	t.Parallel()
	for _, length := range []int{0, 1, 16, 31, 33, 64} {
		secret := bytes.Repeat([]byte("s"), length)
		if _, err := seal.NewMaster(secret); err == nil || length > 1 && strings.Contains(err.Error(), string(secret)) {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
	print := master(t, 1).Fingerprint()
	if len(print) != 32 || print != master(t, 1).Fingerprint() || print == master(t, 2).Fingerprint() {
		t.Errorf("fingerprint %q", print)
	}
}

func TestASchoolsKeyUnwrapsForItsSchoolAndInstallationOnly(t *testing.T) {
	t.Parallel()
	of := master(t, 1)
	school := [16]byte{9}
	wrapped, err := of.NewSchoolKey(school)
	if err != nil {
		t.Fatal(err)
	}
	second, err := of.NewSchoolKey(school)
	if err != nil || second.Equal(wrapped) {
		t.Errorf("two keys are wrapped alike, %v", err)
	}
	raw := stored(t, wrapped)
	damaged := slices.Clone(raw)
	damaged[len(damaged)-1] ^= 1
	for name, try := range map[string]func() (*seal.Key, error){
		"another school":       func() (*seal.Key, error) { return of.SchoolKey([16]byte{8}, wrapped) },
		"another installation": func() (*seal.Key, error) { return master(t, 2).SchoolKey(school, wrapped) },
		"damage":               func() (*seal.Key, error) { return of.SchoolKey(school, scanned(t, damaged)) },
		"a cut":                func() (*seal.Key, error) { return of.SchoolKey(school, scanned(t, raw[:10])) },
		"nothing":              func() (*seal.Key, error) { return of.SchoolKey(school, seal.Box{}) },
	} {
		if key, err := try(); !errors.Is(err, seal.ErrOpen) || key != nil {
			t.Errorf("%s: %v, %v", name, key, err)
		}
	}
	key, err := of.SchoolKey(school, scanned(t, raw))
	if err != nil {
		t.Fatal(err)
	}
	box, err := key.Seal(here, "Sanne")
	if err != nil {
		t.Fatal(err)
	}
	// The program is started again: everything is made anew from the same secret.
	again, err := master(t, 1).SchoolKey(school, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	var name string
	if err := again.Open(here, box, &name); err != nil || name != "Sanne" {
		t.Errorf("%q, %v", name, err)
	}
}

func TestAReceiptIsSignedByTheInstallation(t *testing.T) {
	t.Parallel()
	of := master(t, 1)
	document := []byte(`{"school":"x"}`)
	signature := of.Sign(document)
	if !ed25519.Verify(of.PublicKey(), document, signature) || !ed25519.Verify(master(t, 1).PublicKey(), document, signature) {
		t.Error("the signature does not hold")
	}
	if ed25519.Verify(of.PublicKey(), []byte(`{"school":"y"}`), signature) || ed25519.Verify(master(t, 2).PublicKey(), document, signature) {
		t.Error("the signature holds for something else")
	}
}

func FuzzScannedBoxNeverOpens(f *testing.F) {
	f.Add([]byte{1})
	f.Add(bytes.Repeat([]byte{1}, 60))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var into any
		if err := schoolKey(t, [16]byte{9}).Open(here, scanned(t, raw), &into); !errors.Is(err, seal.ErrOpen) || into != nil {
			t.Fatalf("%x opened as %v, %v", raw, into, err)
		}
	})
}
