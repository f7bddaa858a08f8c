package roster

import (
	"bytes"
	"slices"
	"strings"
	gounicode "unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// The names of encodings in reports.
const (
	encodingUTF8        = "utf-8"
	encodingUTF8BOM     = "utf-8-bom"
	encodingWindows1252 = "windows-1252"
	encodingUTF16LE     = "utf-16le"
	encodingUTF16BE     = "utf-16be"
)

// decoded is a text with the story of its encoding.
type decoded struct {
	text     string
	encoding string
	mixed    int  // single bytes of Windows-1252 within UTF-8
	binary   bool // no text at all
}

// decode turns bytes into text. The order of the tests is fixed: byte order mark, zero bytes (UTF-16 without mark), valid UTF-8, else
// Windows-1252. Letters are not counted to tell the other code pages of eight bits apart: a wrong guess that is sure of itself keeps parents out, and whoever
// knows the file sees from three of its names what it is.
func decode(data []byte) decoded {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		d := decode8(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
		d.encoding = encodingUTF8BOM
		return d
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decode16(data[2:], unicode.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decode16(data[2:], unicode.BigEndian)
	}
	if order, ok := zeroBytes(data); ok {
		return decode16(data, order)
	}
	return decode8(data)
}

func decode16(data []byte, order unicode.Endianness) decoded {
	name := encodingUTF16LE
	if order == unicode.BigEndian {
		name = encodingUTF16BE
	}
	text, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(data)
	return decoded{text: string(text), encoding: name, binary: err != nil || bytes.IndexByte(text, 0) >= 0}
}

// zeroBytes recognises UTF-16 without a mark: Latin text has a zero in every second byte.
func zeroBytes(data []byte) (unicode.Endianness, bool) {
	head := data[:min(len(data), 4096)&^1]
	var even, odd int
	for i, b := range head {
		if b != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	half := len(head) / 2
	switch {
	case half > 0 && odd*10 >= half*6 && even*10 < half:
		return unicode.LittleEndian, true
	case half > 0 && even*10 >= half*6 && odd*10 < half:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

func decode8(data []byte) decoded {
	if bytes.IndexByte(data, 0) >= 0 {
		return decoded{binary: true}
	}
	if utf8.Valid(data) {
		return decoded{text: string(data), encoding: encodingUTF8}
	}
	valid, stray := countUTF8(data)
	if valid > 4*stray {
		return decoded{text: mendUTF8(data), encoding: encodingUTF8, mixed: stray}
	}
	return decoded{text: decodeWith(data, charmap.Windows1252), encoding: encodingWindows1252}
}

// countUTF8 counts the well-formed sequences of several bytes, which do not happen by chance in Windows-1252, and the bytes that are none.
func countUTF8(data []byte) (valid, stray int) {
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size <= 1:
			stray++
		case size > 1:
			valid++
		}
		data = data[size:]
	}
	return valid, stray
}

// mendUTF8 reads the stray bytes of an otherwise well-formed text as Windows-1252: files are put together from parts.
func mendUTF8(data []byte) string {
	var b strings.Builder
	b.Grow(len(data))
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size <= 1 {
			r = charmap.Windows1252.DecodeByte(data[0])
		}
		b.WriteRune(r)
		data = data[size:]
	}
	return b.String()
}

func decodeWith(data []byte, e encoding.Encoding) string {
	// The decoders of single-byte encodings do not fail.
	text, _ := e.NewDecoder().Bytes(data)
	return string(text)
}

// decodeAs reads bytes in an encoding that the user named.
func decodeAs(data []byte, label string) (decoded, bool) {
	label = strings.ToLower(strings.TrimSpace(label))
	e, name := charset.Lookup(label)
	if e == nil {
		// The code pages of DOS are unknown to the web.
		if e, _ = ianaindex.IANA.Encoding(label); e == nil {
			return decoded{}, false
		}
		name = label
	}
	if name == "replacement" {
		return decoded{}, false
	}
	if strings.HasPrefix(name, "utf-") {
		return decode(data), true
	}
	text, err := e.NewDecoder().Bytes(data)
	return decoded{text: string(text), encoding: name, binary: err != nil || bytes.IndexByte(text, 0) >= 0}, true
}

// unprintable reports whether a text consists largely of control characters, as bytes do that were taken for text.
func unprintable(text string) bool {
	all, controls := 0, 0
	for _, r := range text[:min(len(text), 64<<10)] {
		all++
		if r < ' ' && !strings.ContainsRune("\t\n\r\f\v\x1a", r) {
			controls++
		}
	}
	return controls*20 > all
}

// damaged reports whether a name shows the traces of a wrong encoding: replacement characters, control characters of the C1 set, signs that stand for
// accented letters in the code pages of DOS, of old Macintosh and of Central Europe, question marks within a word, or UTF-8 that was read as Windows-1252.
func damaged(name string) bool {
	if isASCII(name) {
		return strings.Contains(name, "?")
	}
	previous := ' '
	letters := []rune(name)
	for i, r := range letters {
		next := ' '
		if i+1 < len(letters) {
			next = letters[i+1]
		}
		switch {
		case gounicode.IsLetter(previous) && (strings.ContainsRune("ŸŽŠ", r) && gounicode.IsLower(next) || r == '‘' && !gounicode.IsLetter(next)):
			return true
		case r == utf8.RuneError, r >= 0x80 && r <= 0x9f, strings.ContainsRune("‰„‚¤‹›†‡•¬¢£¥§¶¦³¹²±¿¡¼½¾", r):
			return true
		case (previous == 'Ã' || previous == 'Ä' || previous == 'Å') && (r >= 0xa0 && r <= 0xbf || strings.ContainsRune("ŸžœšŽŒŠ™˜”“–—…ƒˆ€", r)):
			return true
		case r == '?':
			return true
		}
		previous = r
	}
	return false
}

// turkish are the letters of Windows-1252 where Windows-1254 has İ, Ş, ı, ş and ğ. Nearly nobody has them in a name; nearly every Dutch school has the others.
const turkish = "ÝÞýþðÐ"

// warnTurkish says that names hold letters that are Turkish ones in another encoding.
func warnTurkish(file string, letters []string, report *Report) {
	for _, word := range letters {
		if strings.ContainsAny(word, turkish) {
			report.warn(Finding{File: file, Reason: ReasonDamagedLetters,
				Message: "names hold letters that Turkish ones become when a file is read as Windows-1252: if they look wrong, say that the encoding is windows-1254"})
			return
		}
	}
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] > gounicode.MaxASCII {
			return false
		}
	}
	return true
}

// suffering returns up to three words of pupils' names that a wrong encoding would spoil, the likeliest to be spoilt first: those that look so already.
func suffering(roster *Roster) []string {
	const enough = 3
	var spoilt, sound []string
	for i := range roster.Pupils {
		p := &roster.Pupils[i]
		if isASCII(p.Given) && isASCII(p.Prefix) && isASCII(p.Surname) {
			continue
		}
		for word := range strings.FieldsSeq(p.Given + " " + p.Prefix + " " + p.Surname) {
			if !strings.ContainsFunc(word, func(r rune) bool { return r > gounicode.MaxASCII }) {
				continue
			}
			list := &sound
			if damaged(word) || strings.ContainsAny(word, turkish) {
				list = &spoilt
			}
			if len(*list) < enough && !slices.Contains(*list, word) {
				*list = append(*list, word)
			}
		}
	}
	words := append(append([]string{}, spoilt...), sound...)
	return words[:min(len(words), enough)]
}
