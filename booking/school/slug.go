package school

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// mostSlug is the greatest length of a slug.
const mostSlug = 48

// SlugOf proposes a school's part of addresses from its name: small letters and digits, with hyphens for what is between. It may be empty, taken or reserved.
func SlugOf(name string) string {
	var out strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			out.WriteRune(r)
		case r > 0x7f && !strings.ContainsRune("‐–—", r), r == '\'', r == '.':
			// marks of letters, apostrophes and dots leave nothing
		case out.Len() > 0 && !strings.HasSuffix(out.String(), "-"):
			out.WriteByte('-')
		}
		if out.Len() == mostSlug {
			break
		}
	}
	return strings.Trim(out.String(), "-")
}
