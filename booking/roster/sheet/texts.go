package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// readTexts reads the texts that cells share, as they are unpacked. The library would keep each several times, at ten times the memory.
func (b *workbook) readTexts(part string) error {
	if part == "" || !b.has(part) {
		return nil
	}
	opened, _, err := b.unpack(part)
	if err != nil {
		return err
	}
	defer func() { _ = opened.Close() }()
	reader := textReader{tokens: newTokens(opened)}
	for {
		switch text, err := reader.item(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case len(b.texts) >= b.limits.Strings:
			return TooLarge
		default:
			b.texts = append(b.texts, text)
		}
	}
}

// textReader goes through the list of shared texts.
type textReader struct{ *tokens }

// item reads the next text: all its runs, without what says how to pronounce it. At the end of the list it returns io.EOF.
func (r *textReader) item() (string, error) {
	var runs []byte
	in, text, aside := 0, 0, 0 // the depths of the item, the text and the pronunciation that are open
	for {
		token, err := r.next()
		if err != nil {
			return "", err
		}
		switch element := token.(type) {
		case xml.StartElement:
			switch depth := len(r.open); {
			case in == 0 && element.Name.Local == "si":
				in = depth
			case in > 0 && aside == 0 && element.Name.Local == "rPh":
				aside = depth
			case in > 0 && aside == 0 && text == 0 && element.Name.Local == "t":
				text = depth
			}
		case xml.EndElement:
			switch depth := len(r.open) + 1; depth {
			case in:
				return unescaped(string(runs)), nil
			case text:
				text = 0
			case aside:
				aside = 0
			}
		case xml.CharData:
			if text > 0 && len(runs) < maxCell {
				runs = append(runs, element[:min(len(element), maxCell)]...)
			}
		}
	}
}

var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescaped writes the characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19), and cuts a text that is longer than any field.
func unescaped(text string) string {
	if strings.Contains(text, "_x") {
		text = escape.ReplaceAllStringFunc(text, func(written string) string {
			code, err := strconv.ParseUint(written[2:6], 16, 16)
			if err != nil {
				return written
			}
			return string(rune(code))
		})
	}
	return clipped(text)
}
