package layout

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/models/colour"
	"github.com/ouderavond/ouderavond/models/language"
)

// Look is how a school looks and speaks. The zero value has the product's colour, no logo, and the words of most schools.
type Look struct {
	Kind language.Kind
	// Colour is the school's one colour, as "#0b5d66"; empty for the product's own.
	Colour string
	// Logo is the id of its logo, whose size is in pixels; empty if it has none.
	Logo                  string
	LogoWidth, LogoHeight int
}

// Picture is a picture of a page, with its size in pixels.
type Picture struct {
	Path          string
	Width, Height int
}

// LookPath is where a school's own files are, below its slug: the sheet of its colour and its logo. Each file is named by its content, so that browsers keep it for good.
const LookPath = "/look/"

// logoHeight is how high a logo stands in the bar, and logoWidth how wide at most, in points.
const (
	logoHeight = 38
	logoWidth  = 114
)

// SheetName is the name of the sheet of a colour, by which browsers know it again.
func SheetName(school string) string { return hashOf(Sheet(school)) + ".css" }

func (l Look) sheet(slug string) string {
	if l.Colour == "" || slug == "" {
		return ""
	}
	return "/" + slug + LookPath + SheetName(l.Colour)
}

func (l Look) logo(slug string) *Picture {
	if l.Logo == "" || slug == "" || l.LogoWidth < 1 || l.LogoHeight < 1 {
		return nil
	}
	width, height := l.LogoWidth*logoHeight/l.LogoHeight, logoHeight
	if width > logoWidth {
		width, height = logoWidth, max(l.LogoHeight*logoWidth/l.LogoWidth, 1)
	}
	return &Picture{"/" + slug + LookPath + l.Logo + ".png", max(width, 1), height}
}

// Sheet is the style sheet of a school's colour: the shades that the tokens of all pages are drawn with, light and dark. Empty for what is no colour.
func Sheet(school string) string {
	own, ok := colour.Parse(school)
	if !ok {
		return ""
	}
	var out strings.Builder
	light, dark := colour.Light(own), colour.Dark(own)
	out.WriteString(":root{--school:" + own.String() + ";--on-school:" + own.On().String())
	writeShades(&out, light)
	out.WriteString("}@media screen and (prefers-color-scheme:dark){:root{--on-hero:#fff")
	writeShades(&out, dark)
	out.WriteString("}}\n")
	return out.String()
}

func writeShades(out *strings.Builder, shades colour.Shades) {
	for _, one := range []struct {
		name  string
		shade colour.Colour
	}{{"brand", shades.Brand}, {"on", shades.On}, {"tint", shades.Tint}, {"deep", shades.Deep}} {
		out.WriteString(";--" + one.name + ":" + one.shade.String())
	}
}

// ServeFile answers with a file of a school's look.
func ServeFile(c echo.Context, kind string, content []byte) error {
	keepForGood(c.Response().Header())
	return c.Blob(200, kind, content)
}
