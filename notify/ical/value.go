package ical

import (
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/emersion/go-ical"
)

// setText writes a text property, or none if nothing is left of the value.
func setText(c *ical.Component, name, value string) {
	if value = text(value); value != "" {
		c.Props.SetText(name, value)
	}
}

// setTime writes a UTC time in whole seconds.
func setTime(c *ical.Component, name string, t time.Time) {
	c.Props.SetDateTime(name, t.UTC().Truncate(time.Second))
}

// setRaw writes a value that is no text and needs no escaping.
func setRaw(c *ical.Component, name, value string) {
	prop := ical.NewProp(name)
	prop.Value = value
	c.Props.Set(prop)
}

// text makes a value safe to escape: valid UTF-8, every kind of line end a
// newline, no other control characters, none of the marks that turn the
// direction of the text around it. The library escapes newline, backslash,
// semicolon and comma, and fails on a carriage return.
func text(value string) string {
	value = strings.ToValidUTF8(value, "\uFFFD")
	value = strings.ReplaceAll(value, "\r\n", "\n")
	value = strings.Map(func(r rune) rune {
		switch {
		// Readers that split lines by Unicode's rules see a line end in each.
		case r == '\n', r == '\r', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r), turnsDirection(r):
			return -1
		}
		return r
	}, value)
	return strings.TrimSpace(value)
}

// turnsDirection knows the marks by which a name could rewrite the line that
// it stands in (Unicode's bidirectional embeddings, overrides and isolates),
// and the byte order mark.
func turnsDirection(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' || r == '\uFEFF'
}

// parameter makes a value fit for a parameter. RFC 5545 has no way to write a
// double quote or a line end there; RFC 6868 has, but few programs read it.
func parameter(value string) string {
	value = strings.ReplaceAll(text(value), `"`, "'")
	return strings.Join(strings.Fields(value), " ")
}

// Bytes beside letters and digits that stay as they are: in a web address, and
// in the address of a mailto URI (RFC 6068). Semicolon, comma and backslash
// are missing on purpose: some programs undo text escapes in URIs too.
const (
	uriSafe    = "-._~:/?#[]@!$&'()*+=%"
	mailtoSafe = "-._~!$'*+@"
)

// uri writes a web address in the bytes that a URI may have.
func uri(address string) string {
	return percent(address, uriSafe)
}

// percent replaces every byte that is neither a letter, nor a digit, nor in
// safe by its percent-encoding (RFC 3986, section 2.1).
func percent(value, safe string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte(safe, c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}

// isWebAddress tells whether the address is http or https with a host.
// Anything else, such as javascript:, has no business in a calendar.
func isWebAddress(address string) bool {
	u, err := url.Parse(uri(address))
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}
