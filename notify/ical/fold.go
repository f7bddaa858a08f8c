package ical

import (
	"bytes"
	"unicode/utf8"
)

// lineLimit is how many octets a line may have, its end not counted (RFC 5545,
// section 3.1).
const lineLimit = 75

// fold breaks every line of lines, which end in CRLF, that is longer than
// [lineLimit]. A line goes on behind CRLF and one space; no character is split,
// because some programs decode a file line by line.
func fold(lines []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(lines) + len(lines)/lineLimit*3)
	for line := range bytes.SplitAfterSeq(lines, []byte("\r\n")) {
		line = bytes.TrimSuffix(line, []byte("\r\n"))
		if len(line) == 0 {
			continue
		}
		limit := lineLimit
		for len(line) > limit {
			cut := limit
			for cut > 1 && !utf8.RuneStart(line[cut]) {
				cut--
			}
			out.Write(line[:cut])
			out.WriteString("\r\n ")
			line = line[cut:]
			limit = lineLimit - 1 // the space counts
		}
		out.Write(line)
		out.WriteString("\r\n")
	}
	return out.Bytes()
}
