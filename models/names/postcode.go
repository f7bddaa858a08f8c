package names

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	// Four digits, the first not 0, and two letters of which SA, SD and SS are not given out (PostNL). An O among the digits and a zero among the
	// letters are the commonest slips.
	dutchPostcode = regexp.MustCompile(`^(?:NL)?([1-9][0-9O]{3})([A-Z0]{2})$`)
	// A country letter before the number of countries whose postcodes are all digits.
	lettered = regexp.MustCompile(`^(?:BE|B|DE|D|LU|L|FR|F)([0-9]{4,5})$`)
	// Digits followed by letters are a Dutch postcode or a slip of one; no other country writes so.
	dutchLike = regexp.MustCompile(`^[0-9]+[A-Z]+$`)
)

// withheld are pairs of letters that are not given out.
var withheld = map[string]bool{"SA": true, "SD": true, "SS": true}

// Postcode returns the canonical form of a postcode, in capitals and without spaces: Dutch "1234AB", Belgian "2387", German "47533", those of other
// countries as they are. A zero where a Dutch postcode has a letter is read as the letter O. It tells whether the text can be a postcode at all; if
// not, the form is empty. It does not know whether the postcode has been given out.
func Postcode(s string) (canonical string, ok bool) {
	if len(s) > 64 {
		return "", false
	}
	if canonical, ok := plainPostcode(s); ok {
		return canonical, true
	}
	return anyPostcode(s)
}

func anyPostcode(s string) (canonical string, ok bool) {
	text := squeeze(s)
	if m := dutchPostcode.FindStringSubmatch(text); m != nil {
		digits, letters := strings.ReplaceAll(m[1], "O", "0"), strings.ReplaceAll(m[2], "0", "O")
		if m[2] == "00" || withheld[letters] {
			return "", false
		}
		return digits + letters, true
	}
	if m := lettered.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	if len(text) < 3 || len(text) > 10 || dutchLike.MatchString(text) || !strings.ContainsAny(text, "123456789") {
		return "", false
	}
	return text, true
}

// DutchPostcode tells whether a canonical postcode is a whole Dutch one, which stands for some twenty addresses. Postcodes of digits only, as in Belgium
// and Germany, stand for a town.
func DutchPostcode(canonical string) bool {
	plain, ok := plainPostcode(canonical)
	return ok && plain == canonical
}

// squeeze keeps the letters and digits of a code, in capitals, digits and look-alike letters of other scripts as Latin ones. Any sign that is not a
// usual separator is kept too, so that it spoils the code instead of vanishing from it.
func squeeze(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		switch {
		case ignorable(r), unicode.IsSpace(r), unicode.Is(unicode.Pd, r), strings.ContainsRune(".,;:'’", r):
		default:
			if latin, ok := lookalikes[r]; ok {
				r = latin
			}
			if value, ok := digitValue(r); ok {
				r = rune('0' + value)
			}
			if r = unicode.ToUpper(r); r > unicode.MaxASCII || !(unicode.IsLetter(r) || unicode.IsDigit(r)) {
				return ""
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}
