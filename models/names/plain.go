package names

import (
	"strings"
	"unicode/utf8"
)

// Nearly all of what a Dutch school's list holds is of ASCII letters. What follows are short ways for such texts, which give what the long ones do: the tests compare them.

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// plainKey is Key for a text of ASCII: its letters and digits in lower case, ij as y.
func plainKey(s string) string {
	var room [64]byte
	key := room[:0]
	for i := range min(len(s), maxRunes) {
		c := lower(s[i])
		switch {
		case c == 'j' && len(key) > 0 && key[len(key)-1] == 'i':
			key[len(key)-1] = 'y'
		case isLetter(c), isDigit(c):
			key = append(key, c)
		}
	}
	if string(key) == s {
		return s
	}
	return string(key)
}

// plainWords is splitWords for a text of ASCII, whose letters have one spelling.
func plainWords(text string) []word {
	var room [64]byte
	letters, words := room[:0], make([]word, 0, 2)
	hyphen, tied := false, false
	end := func() {
		if len(letters) > 0 {
			plain := string(letters)
			words = append(words, word{plain, plain, hyphen && len(words) > 0, tied})
			hyphen, tied = false, false
		}
		letters = letters[:0]
	}
	for i := range len(text) {
		switch c := lower(text[i]); {
		case isLetter(c), isDigit(c):
			letters = append(letters, c)
		case strings.IndexByte(apostrophes, c) >= 0:
			if elided[string(letters)] {
				end()
				tied = true
			}
		default:
			end()
			tied = false
			hyphen = hyphen || c == '-' || c == '/' || c == '_'
		}
	}
	end()
	return words
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// plainPostcode reads a Dutch postcode as most are written, 1234AB or 1234 AB. All else is left to Postcode.
func plainPostcode(s string) (canonical string, ok bool) {
	const digits, whole = len("1234"), len("1234AB")
	letters := digits
	if len(s) == whole+1 && s[digits] == ' ' {
		letters++
	}
	if len(s) != letters+2 || s[0] == '0' || !isLetter(s[letters]) || !isLetter(s[letters+1]) {
		return "", false
	}
	for i := range digits {
		if !isDigit(s[i]) {
			return "", false
		}
	}
	canonical = strings.ToUpper(s)
	if letters > digits {
		canonical = canonical[:digits] + canonical[letters:]
	}
	return canonical, !withheld[canonical[digits:]]
}
