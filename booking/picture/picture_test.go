package picture_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ouderavond/ouderavond/booking/picture"
	"github.com/ouderavond/ouderavond/models/errs"
)

// logo is a picture with a transparent ground and a block of colour.
func logo(width, height int) image.Image {
	canvas := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := height / 4; y < height; y++ {
		for x := width / 4; x < width; x++ {
			canvas.Set(x, y, color.NRGBA{0xc8, 0x10, 0x2e, 0xff})
		}
	}
	return canvas
}

func noise(width, height int) image.Image {
	canvas, random := image.NewNRGBA(image.Rect(0, 0, width, height)), rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a picture
	for i := range canvas.Pix {
		canvas.Pix[i] = byte(random.IntN(256))
	}
	return canvas
}

func encoded(t *testing.T, kind string, source image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&out, source)
	case "jpeg":
		err = jpeg.Encode(&out, source, nil)
	case "gif":
		err = gif.Encode(&out, source, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// chunk is a part of a PNG.
func chunk(kind string, content []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(content))) //nolint:gosec // short
	out = append(out, kind...)
	out = append(out, content...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// bomb is a small PNG that says it has so many pixels, and has them: all the same.
func bomb(width, height int) []byte {
	header := binary.BigEndian.AppendUint32(nil, uint32(width))                           //nolint:gosec // positive
	header = append(binary.BigEndian.AppendUint32(header, uint32(height)), 8, 0, 0, 0, 0) //nolint:gosec // positive
	var packed bytes.Buffer
	writer := zlib.NewWriter(&packed)
	row := make([]byte, min(width, 70_000)+1)
	for range min(height, 100) {
		_, _ = writer.Write(row)
	}
	_ = writer.Close()
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", header)...)
	out = append(out, chunk("IDAT", packed.Bytes())...)
	return append(out, chunk("IEND", nil)...)
}

// webp is an extended WebP of a small canvas whose frame is as large as it is told; of the frame there is no more than its header.
func webp(width, height uint16) []byte {
	frame := append([]byte{0x10, 0, 0, 0x9d, 0x01, 0x2a}, binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, width), height)...)
	part := func(name string, content []byte) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content))), content...) //nolint:gosec // short
	}
	body := append([]byte("WEBP"), part("VP8X", []byte{0, 0, 0, 0, 9, 0, 0, 9, 0, 0})...)
	return part("RIFF", append(body, part("VP8 ", frame)...))
}

func TestWhatIsTakenIsDrawnAnew(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file          []byte
		width, height int
	}{
		"a small PNG stays as large as it is":    {encoded(t, "png", logo(80, 40)), 80, 40},
		"a wide PNG fits in the width":           {encoded(t, "png", logo(1200, 100)), 360, 30},
		"a high JPEG fits in the height":         {encoded(t, "jpeg", logo(300, 600)), 60, 120},
		"a GIF becomes a PNG":                    {encoded(t, "gif", logo(64, 64)), 64, 64},
		"one pixel":                              {encoded(t, "png", logo(1, 1)), 1, 1},
		"a line of a picture keeps a pixel":      {encoded(t, "png", logo(4000, 1)), 360, 1},
		"what is behind the picture is not kept": {append(encoded(t, "png", logo(80, 40)), "<script>secret</script>"...), 80, 40},
	}
	for title, test := range tests {
		got, err := picture.Redraw(test.file)
		if err != nil {
			t.Errorf("%s: %v", title, err)
			continue
		}
		again, err := png.Decode(bytes.NewReader(got.PNG))
		if err != nil || got.Width != test.width || got.Height != test.height || again.Bounds().Dx() != got.Width || again.Bounds().Dy() != got.Height || bytes.Contains(got.PNG, []byte("secret")) {
			t.Errorf("%s: %d by %d, %v", title, got.Width, got.Height, err)
		}
	}
}

func TestWhatWasWrittenIntoAFileIsGone(t *testing.T) {
	t.Parallel()
	whole := encoded(t, "png", logo(80, 40))
	header := 8 + 25
	file := append(append(bytes.Clone(whole[:header]), chunk("tEXt", []byte("Author\x00Ineke Bosman"))...), whole[header:]...)
	got, err := picture.Redraw(file)
	if err != nil || bytes.Contains(got.PNG, []byte("Bosman")) {
		t.Errorf("%v", err)
	}
	if _, _, _, alpha := must(t, got.PNG).At(1, 1).RGBA(); alpha != 0 {
		t.Error("the ground is not transparent any more")
	}
}

func must(t *testing.T, file []byte) image.Image {
	t.Helper()
	decoded, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

func TestAPictureOfNoiseBecomesSmallEnoughForATelephone(t *testing.T) {
	t.Parallel()
	got, err := picture.Redraw(encoded(t, "png", noise(600, 300)))
	if err != nil || len(got.PNG) > 24<<10 || got.Width < 60 {
		t.Errorf("%d bytes, %v", len(got.PNG), err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	drawing := `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	wide := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(drawing)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	tests := map[string]struct {
		file []byte
		code string
	}{
		"nothing":                            {nil, picture.CodeEmpty},
		"an SVG":                             {[]byte(drawing), picture.CodeSVG},
		"an SVG behind a declaration":        {[]byte("\xef\xbb\xbf \n<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a \"b\">]>" + drawing), picture.CodeSVG},
		"an SVG with a prefix":               {[]byte(`<x:SVG xmlns:x="http://www.w3.org/2000/svg">`), picture.CodeSVG},
		"an SVG in UTF-16":                   {wide, picture.CodeSVG},
		"a page":                             {[]byte("<html><body>"), picture.CodeNotPicture},
		"a PDF":                              {[]byte("%PDF-1.7\n"), picture.CodeNotPicture},
		"a text":                             {[]byte("logo.png"), picture.CodeNotPicture},
		"a picture cut off in its header":    {encoded(t, "png", logo(80, 40))[:20], picture.CodeNotPicture},
		"a picture cut off in the middle":    {encoded(t, "png", noise(80, 40))[:2000], picture.CodeDamaged},
		"fifty megapixels by the header":     {bomb(10_000, 5_000), picture.CodeTooMany},
		"a bomb of four thousand megapixels": {bomb(65_000, 65_000), picture.CodeTooMany},
		"sides whose product overflows":      {bomb(1<<31-1, 1<<31-1), picture.CodeNotPicture},
		"a WebP whose inside is larger":      {webp(16_000, 16_000), picture.CodeTooMany},
		"a WebP without a picture":           {webp(10, 10), picture.CodeDamaged},
		"more bytes than a logo has":         {append(encoded(t, "png", logo(10, 10)), strings.Repeat("x", picture.MaxBytes)...), picture.CodeTooLarge},
	}
	for title, test := range tests {
		got, err := picture.Redraw(test.file)
		found, ok := errs.As(err)
		if got != nil || !ok || found.Kind != errs.Invalid || len(found.Fields) != 1 || found.Fields[0].Code != test.code {
			t.Errorf("%s: %v, %+v", title, err, found)
		}
	}
}

func FuzzRedraw(f *testing.F) {
	f.Add(bomb(10, 10))
	f.Add(webp(10, 10))
	f.Fuzz(func(t *testing.T, file []byte) {
		if got, err := picture.Redraw(file); err == nil && (got.Width > 360 || got.Height > 120 || len(got.PNG) > 24<<10) {
			t.Errorf("%d by %d", got.Width, got.Height)
		}
	})
}
