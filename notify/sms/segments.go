package sms

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// The characters of the GSM 7-bit alphabet (3GPP TS 23.038, section 6.2.1), and
// those of its extension, which take two places.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

// Segments counts the parts in which a text goes over the air, each of which a
// carrier charges. One character beyond the GSM alphabet, such as ë, makes the
// whole text go in the longer encoding.
func Segments(body string) int {
	places, gsm := 0, true
	for _, r := range body {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			places++
		case strings.ContainsRune(gsmExtension, r):
			places += 2
		default:
			gsm = false
		}
	}
	single, several := 160, 153
	if !gsm {
		places, single, several = len(utf16.Encode([]rune(body))), 70, 67
	}
	if places <= single {
		return 1
	}
	return (places + several - 1) / several
}

// near are characters beyond the GSM alphabet that are not a letter with a mark, and what is read as the same.
var near = strings.NewReplacer(
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "′", "'", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‹", "'", "›", "'",
	"‐", "-", "‑", "-", "–", "-", "—", "-", "−", "-", "•", "-", "·", "-", "…", "...", "ł", "l", "Ł", "L", "đ", "d", "Đ", "D", "ð", "d", "Ð", "D",
	"þ", "th", "Þ", "Th", "ı", "i", "œ", "oe", "Œ", "OE",
)

// Plain writes a text in the GSM alphabet, with the nearest letters for those that it lacks, if it then goes in fewer parts: one ë in a school's name would make
// three of two. A text that cannot be read so, because it is in another script, stays as it is.
func Plain(body string) string {
	if plain, ok := nearest(body); ok && Segments(plain) < Segments(body) {
		return plain
	}
	return body
}

// nearest writes a text with letters of the GSM alphabet only; not ok if there are others in it.
func nearest(body string) (plain string, ok bool) {
	var text strings.Builder
	for _, r := range near.Replace(body) {
		letters := string(r)
		if !isGSM(r) {
			letters = near.Replace(norm.NFKD.String(letters))
		}
		for _, letter := range letters {
			switch {
			case isGSM(letter):
				text.WriteRune(letter)
			case !unicode.Is(unicode.Mn, letter):
				return "", false
			}
		}
	}
	return text.String(), true
}

func isGSM(r rune) bool {
	return strings.ContainsRune(gsmBasic, r) || strings.ContainsRune(gsmExtension, r)
}
