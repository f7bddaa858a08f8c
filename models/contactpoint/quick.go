package contactpoint

import "strings"

// What follows are short ways for what nearly every address and number of a Dutch school's list is. All else is left to the libraries.

// plainEmail tells of an address of small letters of ASCII, digits and the usual signs, in which nothing can be wrong: the domain has labels of letters and digits (RFC
// 1035, section 2.3.1), and two hyphens side by side, which stand for other letters, in none of them.
func plainEmail(text string) bool {
	local, domain, found := strings.Cut(text, "@")
	if !found || len(text) > maxEmail || len(local) > maxLocal || !plainLocal(local) {
		return false
	}
	labels := 0
	for {
		label, rest, more := strings.Cut(domain, ".")
		labels++
		if !plainLabel(label) {
			return false
		}
		if !more {
			return labels > 1 && len(label) > 1 && label[0] >= 'a'
		}
		domain = rest
	}
}

func plainLocal(local string) bool {
	before := byte('.')
	for i := range len(local) {
		c := local[i]
		if !plainSign(c) && c != '_' && c != '+' && c != '-' && (c != '.' || before == '.') {
			return false
		}
		before = c
	}
	return before != '.'
}

func plainLabel(label string) bool {
	before := byte('-')
	for i := range len(label) {
		c := label[i]
		if !plainSign(c) && (c != '-' || before == '-') {
			return false
		}
		before = c
	}
	return before != '-' && len(label) <= maxLabel
}

func plainSign(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// dutchMobile reads a Dutch mobile number, at a hundredth of what the library takes: 06 or its international forms, and a digit that the numbering plan gives to mobile
// telephones (Nummerplan telefoon- en ISDN-diensten).
func dutchMobile(text string) (number string, ok bool) {
	const international = len("31612345678")
	var room [len("+3") + international + len("00")]byte // the digits as they are written, behind what may come before them
	digits := room[len("+3"):len("+3")]
	if len(text) > maxPhone {
		return "", false
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9' && len(digits) < cap(digits):
			digits = append(digits, c)
		case c == '+' && i == 0, c == ' ', c == '-':
		default:
			return "", false
		}
	}
	end := len("+3") + len(digits)
	switch {
	case strings.HasPrefix(text, "+"):
		number = "+" + string(digits)
	case strings.HasPrefix(string(digits), "00"):
		number = "+" + string(digits[len("00"):])
	case strings.HasPrefix(string(digits), "06"):
		copy(room[:], "+31") // in place of the zero
		number = string(room[:end])
	}
	const mobile = len("+316")
	ok = len(number) == 1+international && strings.HasPrefix(number, "+316") && strings.IndexByte("123458", number[mobile]) >= 0
	return number, ok
}
