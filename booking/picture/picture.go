package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/gif"  // is read
	_ "image/jpeg" // is read
	"image/png"
	"regexp"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // is read

	"github.com/ouderavond/ouderavond/models/errs"
)

// The bounds of a picture that is handed in.
const (
	// MaxBytes is the greatest size of a file.
	MaxBytes = 4 << 20
	// MaxPixels is how many pixels a picture may have: more than any screen, and 64 MB while it is decoded.
	MaxPixels = 8_000_000
)

// The bounds of what is drawn, in pixels and bytes. A telephone's screen has three pixels a point, and a whole visit of a parent must stay small.
const (
	maxWidth  = 360
	maxHeight = 120
	maxDrawn  = 24 << 10
)

// The codes of pictures that are refused, in the field "picture".
const (
	CodeEmpty      = errs.CodeRequired
	CodeTooLarge   = "picture-too-large" // in bytes
	CodeTooMany    = "picture-too-many-pixels"
	CodeSVG        = "picture-svg"
	CodeNotPicture = "not-a-picture"
	CodeDamaged    = "picture-damaged"
)

// Drawn is a picture as it was drawn anew.
type Drawn struct {
	PNG           []byte
	Width, Height int // pixels
}

// decoding lets one picture be decoded at a time: each may take 64 MB.
var decoding = make(chan struct{}, 1)

// Redraw reads a PNG, JPEG, GIF (its first picture) or WebP and draws it as a PNG of at most 360 by 120 pixels, never larger than it was. What cannot be taken is
// errs.Invalid for the field "picture", with one of the codes.
func Redraw(file []byte) (*Drawn, error) {
	if code := refused(file); code != "" {
		return nil, errs.InvalidField("picture", code)
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	source, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, errs.InvalidField("picture", CodeDamaged)
	}
	if !small(source.Bounds().Dx(), source.Bounds().Dy()) {
		return nil, errs.InvalidField("picture", CodeTooMany)
	}
	return drawn(source)
}

// refused tells why a file is not taken, by its beginning alone; empty if nothing speaks against it.
func refused(file []byte) string {
	switch {
	case len(file) == 0:
		return CodeEmpty
	case len(file) > MaxBytes:
		return CodeTooLarge
	case isSVG(file):
		return CodeSVG
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(file))
	switch {
	case err != nil:
		return CodeNotPicture
	case !small(config.Width, config.Height):
		return CodeTooMany
	case kind == "webp" && !smallInside(file):
		return CodeTooMany
	}
	return ""
}

// small tells whether a picture has as many pixels as may be decoded, and at least one.
func small(width, height int) bool {
	return width > 0 && height > 0 && width <= MaxPixels && height <= MaxPixels && width*height <= MaxPixels
}

var svg = regexp.MustCompile(`(?i)<(?:[a-z]+:)?svg[\s>/]`)

// isSVG tells whether a file is a drawing in XML, which may hold script and addresses of others. It is in text, whatever encoding that has.
func isSVG(file []byte) bool {
	start := file[:min(len(file), 64<<10)]
	text := bytes.ReplaceAll(start, []byte{0}, nil) // UTF-16 without the halves that are nothing
	text = bytes.TrimLeft(text, "\xef\xbb\xbf\xfe\xff \t\r\n")
	return len(text) > 0 && text[0] == '<' && svg.Match(text)
}

// smallInside looks at the pictures inside of a WebP: an extended one says its size twice, and the decoder believes the second.
func smallInside(file []byte) bool {
	for at := 12; at+8 <= len(file); {
		name, size := string(file[at:at+4]), int(binary.LittleEndian.Uint32(file[at+4:]))
		body := file[at+8:]
		switch {
		case name == "VP8 " && len(body) >= 10: // RFC 9649, section 2.5: the frame's header of RFC 6386, section 9.1
			if !small(int(binary.LittleEndian.Uint16(body[6:]))&0x3fff, int(binary.LittleEndian.Uint16(body[8:]))&0x3fff) {
				return false
			}
		case name == "VP8L" && len(body) >= 5: // RFC 9649, section 3.4
			bits := binary.LittleEndian.Uint32(body[1:])
			if !small(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1) {
				return false
			}
		}
		at += 8 + size + size&1
	}
	return true
}

// drawn draws a picture small enough in pixels and in bytes.
func drawn(source image.Image) (*Drawn, error) {
	width, height := source.Bounds().Dx(), source.Bounds().Dy()
	for scale := min(1, float64(maxWidth)/float64(width), float64(maxHeight)/float64(height)); ; scale *= .8 {
		canvas := image.NewNRGBA(image.Rect(0, 0, max(int(float64(width)*scale), 1), max(int(float64(height)*scale), 1)))
		draw.CatmullRom.Scale(canvas, canvas.Bounds(), source, source.Bounds(), draw.Src, nil)
		var out bytes.Buffer
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err := encoder.Encode(&out, canvas); err != nil {
			return nil, errs.InvalidField("picture", CodeDamaged)
		}
		if out.Len() <= maxDrawn {
			return &Drawn{out.Bytes(), canvas.Bounds().Dx(), canvas.Bounds().Dy()}, nil
		}
	}
}
