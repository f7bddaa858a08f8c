package sample

import (
	"strings"
	"unicode"
)

// plainLetters gives the letters of the names their plain counterparts, as people write them in e-mail addresses.
var plainLetters = strings.NewReplacer(
	"à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "ą", "a", "ả", "a", "ạ", "a", "ặ", "a",
	"ç", "c", "ć", "c", "è", "e", "é", "e", "ê", "e", "ë", "e", "ę", "e", "ễ", "e", "ğ", "g",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ı", "i", "i̇", "i", "ł", "l", "ñ", "n", "ń", "n",
	"ò", "o", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ø", "o", "ő", "o", "ş", "s", "ś", "s", "ß", "ss",
	"ù", "u", "ú", "u", "û", "u", "ü", "u", "ứ", "u", "ấ", "a", "ầ", "a", "ỳ", "y", "ý", "y", "ź", "z", "ż", "z", "đ", "d", "æ", "ae", "œ", "oe",
)

// mailName writes a name as the local part of an e-mail address: small plain letters only.
func mailName(name string) string {
	// İ has no plain small counterpart of its own: lowering it leaves a combining dot, which the filter drops.
	plain := plainLetters.Replace(strings.ToLower(name))
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, plain)
}

// bestFit replaces what Windows-1252 cannot hold by the letter that Windows itself takes for it when a file is saved as "CSV".
var bestFit = strings.NewReplacer(
	"Ą", "A", "ą", "a", "Ć", "C", "ć", "c", "Đ", "Ð", "đ", "d", "Ę", "E", "ę", "e", "Ğ", "G", "ğ", "g", "İ", "I", "ı", "i",
	"Ł", "L", "ł", "l", "Ń", "N", "ń", "n", "Ő", "O", "ő", "o", "Ś", "S", "ś", "s", "Ş", "S", "ş", "s", "Ź", "Z", "ź", "z", "Ż", "Z", "ż", "z",
)

// windows1252Extras are the characters of Windows-1252 in the bytes 0x80 to 0x9F, where it differs from ISO 8859-1 (WHATWG Encoding Standard,
// index-windows-1252). Only what names and labels can contain is listed.
var windows1252Extras = map[rune]byte{
	'€': 0x80, '‚': 0x82, '„': 0x84, '…': 0x85, 'Š': 0x8A, 'Œ': 0x8C, 'Ž': 0x8E, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94,
	'•': 0x95, '–': 0x96, '—': 0x97, 'š': 0x9A, 'œ': 0x9C, 'ž': 0x9E, 'Ÿ': 0x9F,
}

// windows1252 writes text as an old export does: what does not fit becomes a plain letter if Windows knows one, else a question mark.
func windows1252(text string) []byte {
	var out []byte
	for _, r := range bestFit.Replace(text) {
		b, extra := windows1252Extras[r]
		switch {
		case r < 0x80, r >= 0xA0 && r <= 0xFF:
			out = append(out, byte(r))
		case extra:
			out = append(out, b)
		case unicode.Is(unicode.Mn, r): // a mark on a letter already written
		default:
			out = append(out, '?')
		}
	}
	return out
}
