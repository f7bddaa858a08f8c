package roster

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

var entity = regexp.MustCompile(`&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)

// withoutEntities writes the characters that a program wrote for a web page (&eacute; and &#039;) as letters again, before the text is cut: their semicolon
// would end the cell. One that stands for a separator, a quote of CSV or a control character stays, so that no cell changes its borders; twice encoded ones
// (&amp;eacute;) are decoded twice.
func withoutEntities(text string) string {
	for range 2 {
		if !strings.Contains(text, "&") {
			return text
		}
		text = entity.ReplaceAllStringFunc(text, func(written string) string {
			letters := html.UnescapeString(written)
			if strings.ContainsFunc(letters, func(r rune) bool { return strings.ContainsRune(`;,|"`, r) || unicode.IsControl(r) }) {
				return written
			}
			return letters
		})
	}
	return text
}
