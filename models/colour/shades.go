package colour

import "math"

// Shades are what pages are drawn with in one scheme, all of one hue.
type Shades struct {
	// Brand is for full buttons, links and talks: text of it can be read on the page and on cards. On is the text on it.
	Brand, On Colour
	// Tint is the ground of what is chosen; Deep is text on it, and on cards.
	Tint, Deep Colour
}

// The grounds that text of a shade stands on: cards, and the page around them.
var (
	lightGrounds = []Colour{{0xff, 0xff, 0xff}, {0xf4, 0xf6, 0xf4}}
	darkGrounds  = []Colour{{0x19, 0x21, 0x24}, {0x0f, 0x15, 0x18}}
)

const (
	readable = 4.5 // WCAG 2.2, success criterion 1.4.3
	deep     = 7   // success criterion 1.4.6, for text that is small
)

// Light gives the shades for a light page. The school's colour itself is kept where it is dark enough to be read.
func Light(school Colour) Shades {
	l, c, h := school.oklch()
	tint := fromOKLCH(.955, min(c, .014), h)
	brand := darken(min(l, .48), c, h, readable, append([]Colour{tint}, lightGrounds...))
	return Shades{Brand: brand, On: White, Tint: tint, Deep: darken(min(l, .36), c, h, deep, append([]Colour{tint}, lightGrounds...))}
}

// Dark gives the shades for a dark page.
func Dark(school Colour) Shades {
	l, c, h := school.oklch()
	tint := fromOKLCH(.31, min(c, .05), h)
	brand := lighten(max(l, .8), min(c, .11), h, readable, append([]Colour{tint}, darkGrounds...))
	return Shades{Brand: brand, On: Colour{0x0b, 0x12, 0x14}, Tint: tint, Deep: lighten(max(l, .88), min(c, .08), h, deep, append([]Colour{tint}, darkGrounds...))}
}

// step is by how much lightness is changed until a text can be read.
const step = .01

func darken(l, c, h, contrast float64, grounds []Colour) Colour {
	shade := fromOKLCH(l, c, h)
	for ; l > 0 && !readableOn(shade, contrast, grounds); l -= step {
		shade = fromOKLCH(l, c, h)
	}
	return shade
}

func lighten(l, c, h, contrast float64, grounds []Colour) Colour {
	shade := fromOKLCH(l, c, h)
	for ; l < 1 && !readableOn(shade, contrast, grounds); l += step {
		shade = fromOKLCH(l, c, h)
	}
	return shade
}

func readableOn(shade Colour, contrast float64, grounds []Colour) bool {
	for _, ground := range grounds {
		if Contrast(shade, ground) < contrast {
			return false
		}
	}
	return true
}

// oklch gives lightness (0 to 1), chroma and hue (radians) in OKLCH (B. Ottosson, "A perceptual color space for image processing"; CSS Color 4, section 9.3).
func (c Colour) oklch() (l, chroma, hue float64) {
	r, g, b := linear(c.Red), linear(c.Green), linear(c.Blue)
	x := math.Cbrt(.4122214708*r + .5363325363*g + .0514459929*b)
	y := math.Cbrt(.2119034982*r + .6806995451*g + .1073969566*b)
	z := math.Cbrt(.0883024619*r + .2817188376*g + .6299787005*b)
	l = .2104542553*x + .7936177850*y - .0040720468*z
	u := 1.9779984951*x - 2.4285922050*y + .4505937099*z
	v := .0259040371*x + .7827717662*y - .8086757660*z
	return l, math.Hypot(u, v), math.Atan2(v, u)
}

// fromOKLCH gives the colour of sRGB. One that sRGB does not have loses chroma until it does, so that its lightness stays.
func fromOKLCH(l, chroma, hue float64) Colour {
	for ; chroma > 0; chroma -= .002 {
		if r, g, b := light(l, chroma, hue); inside(r) && inside(g) && inside(b) {
			return Colour{part(r), part(g), part(b)}
		}
	}
	r, g, b := light(l, 0, hue)
	return Colour{part(r), part(g), part(b)}
}

func light(l, chroma, hue float64) (r, g, b float64) {
	u, v := chroma*math.Cos(hue), chroma*math.Sin(hue)
	x := cube(l + .3963377774*u + .2158037573*v)
	y := cube(l - .1055613458*u - .0638541728*v)
	z := cube(l - .0894841775*u - 1.2914855480*v)
	return 4.0767416621*x - 3.3077115913*y + .2309699292*z, -1.2684380046*x + 2.6097574011*y - .3413193965*z, -.0041960863*x - .7034186147*y + 1.7076147010*z
}

func cube(value float64) float64 { return value * value * value }

func inside(value float64) bool { return value > -.0005 && value < 1.0005 }

// part turns light into a part of a colour.
func part(value float64) uint8 {
	value = min(max(value, 0), 1)
	if value <= .0031308 {
		return uint8(math.Round(value * 12.92 * 255))
	}
	return uint8(math.Round((1.055*math.Pow(value, 1/2.4) - .055) * 255))
}
