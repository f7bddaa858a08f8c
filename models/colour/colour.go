package colour

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Colour is a colour of sRGB (IEC 61966-2-1), each part from 0 to 255.
type Colour struct{ Red, Green, Blue uint8 }

// White and black, one of which can be read on any colour.
var (
	White = Colour{255, 255, 255}
	Black = Colour{}
)

var form = regexp.MustCompile(`^#?([0-9a-fA-F]{6})$`)

// Parse reads a colour as people and style sheets write it: six hexadecimal digits, with or without a # before them.
func Parse(text string) (Colour, bool) {
	match := form.FindStringSubmatch(strings.TrimSpace(text))
	if match == nil {
		return Colour{}, false
	}
	value, err := strconv.ParseUint(match[1], 16, 32)
	return Colour{uint8(value >> 16), uint8(value >> 8), uint8(value)}, err == nil //nolint:gosec // the lowest eight bits are what is meant
}

// String writes the colour as style sheets do: "#0b5d66".
func (c Colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c.Red, c.Green, c.Blue) }

// linear is a part of a colour as light, from 0 to 1.
func linear(part uint8) float64 {
	value := float64(part) / 255
	if value <= 0.04045 {
		return value / 12.92
	}
	return math.Pow((value+0.055)/1.055, 2.4)
}

// luminance is how bright a colour is, from 0 to 1 (WCAG 2.2, relative luminance).
func (c Colour) luminance() float64 {
	return 0.2126*linear(c.Red) + 0.7152*linear(c.Green) + 0.0722*linear(c.Blue)
}

// Contrast is the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, success criterion 1.4.3 asks for 4.5 between a text and its ground).
func Contrast(one, other Colour) float64 {
	bright, dark := one.luminance(), other.luminance()
	if bright < dark {
		bright, dark = dark, bright
	}
	return (bright + 0.05) / (dark + 0.05)
}

// On is the colour of text on c: white if that has a contrast of 4.5, else black. One of the two always has: where white has less than 4.5, black has more than 4.6.
func (c Colour) On() Colour {
	if Contrast(c, White) >= 4.5 {
		return White
	}
	return Black
}
