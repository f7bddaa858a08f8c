package roster

import (
	"bytes"
	"strings"
)

// The bytes 0x80 to 0x9F are accented letters in Mac Roman and signs in Windows-1252, a few of them letters there too; 0xC0 to 0xFF are letters in
// Windows-1252 and mostly signs in Mac Roman. What stands around such a byte tells which it is.
const (
	// Within a word these are letters of Mac Roman (á à â ã ç è ê ï ò ô õ ù) and nothing that Windows-1252 has there. The signs that people do write
	// within words, which are quotes, dashes and dots, are not among them.
	macInWord = "\x87\x88\x89\x8b\x8d\x8f\x90\x95\x98\x99\x9b\x9d"
	// Within a word with a small letter beside them these are ä å é ü of Mac Roman: the capitals Š Œ Ž Ÿ of Windows-1252 do not stand there.
	macSmall = "\x8a\x8c\x8e\x9f"
	// Among capitals these are Ü and É of Mac Roman.
	macCapital = "\x83\x86"
	// Between consonants these are ö ú û of Mac Roman. Beside a vowel they are the š œ ž of Windows-1252.
	macVowel = "\x9a\x9c\x9e"
	macE     = '\x91' // ë in Mac Roman, the opening quote of Windows-1252
	// Before a word these are the opening quotes of Windows-1252, and the quote of 't and 's.
	windowsQuotes = "\x91\x92\x93"
)

// looksMacRoman tells whether bytes that are no UTF-8 are Mac Roman: the places where only its letters make sense must be more than twice as many as those
// where only Windows-1252 does. Without clear evidence it is Windows-1252, and so is all XML, which no program of old Macintosh computers wrote.
func looksMacRoman(data []byte) bool {
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("<")) {
		return false
	}
	mac, windows := 0, 0
	for i, b := range data {
		if b < 0x80 {
			continue
		}
		before, after := byte(' '), byte(' ')
		if i > 0 {
			before = data[i-1]
		}
		if i+1 < len(data) {
			after = data[i+1]
		}
		switch {
		case macLetter(before, b, after):
			mac++
		case windowsLetter(before, b, after):
			windows++
		}
	}
	return mac > 2*windows
}

func macLetter(before, b, after byte) bool {
	if !letter(before) {
		return false
	}
	inWord := letter(after)
	switch {
	case b == macE:
		// The e with a diaeresis follows a vowel and ends a syllable: Zoë, Daniël. A quote for the Arabic ayn stands before other letters: Sa‘id.
		return vowel(before) && (wordEnd(after) || strings.IndexByte("lnrstLNRST", after) >= 0)
	case oneOf(macInWord, b):
		return inWord
	case oneOf(macSmall, b):
		return small(before) && (inWord || wordEnd(after)) || small(after)
	case oneOf(macCapital, b):
		return capital(before) && (capital(after) || wordEnd(after))
	case oneOf(macVowel, b):
		return inWord && !vowel(before) && !vowel(after)
	}
	return false
}

func windowsLetter(before, b, after byte) bool {
	starts := !letter(before) && before < 0x80 && letter(after)
	switch {
	case oneOf(windowsQuotes, b):
		return starts
	case b == 0x80: // the euro sign
		return after >= '0' && after <= '9' || after == ' ' || before >= '0' && before <= '9'
	case oneOf(macVowel, b):
		return letter(before) && letter(after) && (vowel(after) || b != 0x9c && vowel(before))
	case b >= 0xd2 && b <= 0xd5: // the quotes of Mac Roman
		return false
	case b >= 0xc0 && b <= 0xde:
		return starts || capital(before) && !small(after)
	case b >= 0xdf && b != 0xf7:
		return (letter(before) || letter(after)) && !(capital(before) && capital(after))
	}
	return false
}

func oneOf(set string, b byte) bool { return strings.IndexByte(set, b) >= 0 }

func small(b byte) bool { return b >= 'a' && b <= 'z' }

func capital(b byte) bool { return b >= 'A' && b <= 'Z' }

func letter(b byte) bool { return small(b) || capital(b) }

func vowel(b byte) bool { return oneOf("aeiouAEIOU", b) }

// wordEnd tells whether a word ends before a byte: at a space, a separator, a line end or a hyphen.
func wordEnd(b byte) bool { return oneOf(" \t\r\n;,|\"-.()/", b) }
