package sms

import (
	"strings"
	"unicode/utf16"
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
