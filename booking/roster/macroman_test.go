package roster_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// tellingNames are names of pupils at Dutch schools, of which each alone tells both encodings apart.
var tellingNames = []string{"Zoë", "René", "Daniël", "Chloë", "Müller", "Jürgen", "Günes", "Jäger", "Björn", "Köhler", "Jörg", "Anaïs", "Loïs", "Hélène", "Renée", "Noël", "Joëlle", "Aimée",
	"André", "Kämper", "Brûlé", "François", "João", "Tomás", "Rafaël", "Gaëlle", "Michaël", "Moïse", "Mariëlle"}

// safeNames are names and cells of ordinary Windows-1252 files with signs that are letters in Mac Roman.
var safeNames = []string{"D’Angelo", "van ’t Hof", "van ‘t Hof", "‘Anna’", "“Jan”", "O’Brien", "€ 25,00", "€25", "25€", "Dušan", "Miloš", "Živa", "Božic", "PETRAŠEVIC", "DRAŽEN", "Šime", "Žan", "Jansen–Bos", "Jan—Piet",
	"ma–di", "groep 3–4", "Sa‘id", "Isma’il", "Ja‘far", "Cœur", "Marko™", "• Jan", "Jan…", "‚Jan‘", "„Jan“", "Bos…Vis"}

func encoded(t interface{ Fatalf(string, ...any) }, charset *charmap.Charmap, text string) roster.File {
	data, err := charset.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return roster.File{Name: "x.csv", Data: data}
}

func list(cells ...string) string {
	var b strings.Builder
	b.WriteString("Nummer;Opmerking;Roepnaam;Achternaam\r")
	for i, cell := range cells {
		b.WriteString(string(rune('1'+i)) + ";" + cell + ";" + "Jan;" + cell + "\r")
	}
	return b.String()
}

func TestOneAccentedNameTellsMacRomanFromWindows(t *testing.T) {
	t.Parallel()
	for _, name := range tellingNames {
		for label, charset := range map[string]*charmap.Charmap{"macintosh": charmap.Macintosh, "windows-1252": charmap.Windows1252} {
			r, report := read(t, options(), encoded(t, charset, list(name)))
			if got := r.Pupils[0].Surname; got != name || report.Encoding != label || report.Files[0].Encoding != label {
				t.Errorf("%s in %s is read as %s in %s", name, label, got, report.Encoding)
			}
		}
	}
}

func TestWindowsFilesWithQuotesAndSignsStayWindows(t *testing.T) {
	t.Parallel()
	for _, cell := range safeNames {
		if _, report := read(t, options(), encoded(t, charmap.Windows1252, list(cell))); report.Encoding != "windows-1252" {
			t.Errorf("%s is taken for %s", cell, report.Encoding)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.SampledFrom(append(safeNames, tellingNames...)), 1, 9).Draw(t, "cells")
		_, report := roster.Read([]roster.File{encoded(t, charmap.Windows1252, list(cells...))}, options())
		if report.Encoding != "windows-1252" {
			t.Fatalf("%q is taken for %s", cells, report.Encoding)
		}
	})
}

func TestListsOfDutchNamesComeThroughMacRoman(t *testing.T) {
	t.Parallel()
	plain := []string{"García", "Muñoz", "Zúñiga", "D’Angelo", "van ’t Hof", "Bos", "Özgür", "Ägir", "RENÉ", "Søren", "Peña"}
	rapid.Check(t, func(t *rapid.T) {
		cells := append([]string{rapid.SampledFrom(tellingNames).Draw(t, "telling")}, rapid.SliceOfN(rapid.SampledFrom(append(plain, tellingNames...)), 0, 8).Draw(t, "cells")...)
		r, report := roster.Read([]roster.File{encoded(t, charmap.Macintosh, list(cells...))}, options())
		if r == nil || report.Encoding != "macintosh" {
			t.Fatalf("%q is taken for %s", cells, report.Encoding)
		}
		for i, p := range r.Pupils {
			if got := strings.TrimSpace(p.Prefix + " " + p.Surname); got != cells[i] {
				t.Fatalf("%q is read as %q", cells[i], got)
			}
		}
	})
}
