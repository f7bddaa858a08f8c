package colour_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models/colour"
)

func TestWhatPeopleTypeAsAColour(t *testing.T) {
	t.Parallel()
	good := map[string]string{"#0b5d66": "#0b5d66", "0B5D66": "#0b5d66", " #ffffff ": "#ffffff", "#000000": "#000000"}
	for typed, want := range good {
		if got, ok := colour.Parse(typed); !ok || got.String() != want {
			t.Errorf("%q: %v, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "#", "#fff", "red", "rgb(1,2,3)", "#0b5d6", "#0b5d66ff", "#0b5d6g", "##0b5d66", "#0b5d66;}*{display:none", "＃0b5d66", "#0b5d66\x00", "url(x)"} {
		if got, ok := colour.Parse(typed); ok {
			t.Errorf("%q was read as %v", typed, got)
		}
	}
}

func TestContrastOfKnownPairs(t *testing.T) {
	t.Parallel()
	pairs := map[float64][2]colour.Colour{21: {colour.Black, colour.White}, 1: {colour.White, colour.White}, 4.54: {{0x76, 0x76, 0x76}, colour.White}, 3.998: {{0xff, 0, 0}, colour.White}}
	for want, pair := range pairs {
		if got := colour.Contrast(pair[0], pair[1]); math.Abs(got-want) > .01 || math.Abs(colour.Contrast(pair[1], pair[0])-got) > 1e-9 {
			t.Errorf("%v: %.3f, not %.3f", pair, got, want)
		}
	}
}

func check(t interface {
	Helper()
	Errorf(string, ...any)
}, school colour.Colour) {
	t.Helper()
	if got := colour.Contrast(school, school.On()); got < 4.5 {
		t.Errorf("%v: text on it has %.2f", school, got)
	}
	card, page := colour.White, colour.Colour{Red: 0xf4, Green: 0xf6, Blue: 0xf4}
	darkCard, darkPage := colour.Colour{Red: 0x19, Green: 0x21, Blue: 0x24}, colour.Colour{Red: 0x0f, Green: 0x15, Blue: 0x18}
	for name, shades := range map[string]colour.Shades{"light": colour.Light(school), "dark": colour.Dark(school)} {
		grounds := []colour.Colour{card, page, shades.Tint}
		if name == "dark" {
			grounds = []colour.Colour{darkCard, darkPage, shades.Tint}
		}
		for _, ground := range grounds {
			if got := colour.Contrast(shades.Brand, ground); got < 4.5 {
				t.Errorf("%v, %s: the brand %v has %.2f on %v", school, name, shades.Brand, got, ground)
			}
			if got := colour.Contrast(shades.Deep, ground); got < 7 {
				t.Errorf("%v, %s: the deep %v has %.2f on %v", school, name, shades.Deep, got, ground)
			}
		}
		if got := colour.Contrast(shades.Brand, shades.On); got < 4.5 {
			t.Errorf("%v, %s: text on the brand %v has %.2f", school, name, shades.Brand, got)
		}
		ink := colour.Colour{Red: 0x15, Green: 0x21, Blue: 0x1f}
		if name == "dark" {
			ink = colour.Colour{Red: 0xe9, Green: 0xef, Blue: 0xed}
		}
		if got := colour.Contrast(shades.Tint, ink); got < 7 {
			t.Errorf("%v, %s: ink on the tint %v has %.2f", school, name, shades.Tint, got)
		}
	}
}

func TestEveryColourOfASchoolCanBeReadOn(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"#000000", "#ffffff", "#ffd400", "#00ff00", "#ff0000", "#0000ff", "#c8102e", "#003da5", "#0b5d66", "#808080", "#ff00ff", "#00ffff", "#777777", "#767676"} {
		school, _ := colour.Parse(text)
		check(t, school)
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, colour.Colour{Red: rapid.Byte().Draw(t, "red"), Green: rapid.Byte().Draw(t, "green"), Blue: rapid.Byte().Draw(t, "blue")})
	})
}

func TestADarkColourStaysItself(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"#0b5d66", "#003da5", "#6b1020"} {
		school, _ := colour.Parse(text)
		shade := colour.Light(school).Brand
		for _, parts := range [][2]uint8{{school.Red, shade.Red}, {school.Green, shade.Green}, {school.Blue, shade.Blue}} {
			if int(parts[0])-int(parts[1]) > 2 || int(parts[1])-int(parts[0]) > 2 {
				t.Errorf("%v became %v", school, shade)
			}
		}
	}
}
