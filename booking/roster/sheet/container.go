package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strings"

	"golang.org/x/net/html/charset"
)

// container is a ZIP file whose names were checked. Names are kept in lower case, as ECMA-376 compares them.
type container struct {
	entries  map[string]*zip.File
	limit    int64 // bytes that may still be unpacked
	unpacked map[string]bool
}

// openContainer reads the directory of a ZIP file and refuses one that lies about its names, or hides one file behind another.
func openContainer(data []byte, limits Limits) (*container, error) {
	reader, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, Damaged
	}
	if len(reader.File) > maxEntries {
		return nil, TooLarge
	}
	c := &container{entries: map[string]*zip.File{}, limit: limits.Unpacked, unpacked: map[string]bool{}}
	for _, entry := range reader.File {
		name := strings.ToLower(strings.ReplaceAll(entry.Name, `\`, "/"))
		if strings.HasSuffix(name, "/") {
			continue // a folder
		}
		if strings.HasPrefix(name, "/") || strings.ContainsAny(name, ":\x00") || path.Clean(name) != name || strings.HasPrefix(name, "../") || c.entries[name] != nil {
			return nil, Damaged
		}
		if entry.Flags&1 != 0 {
			return nil, Locked
		}
		c.entries[name] = entry
	}
	return c, nil
}

func (c *container) has(name string) bool { return c.entries[name] != nil }

// unpack opens one part. What it says of its size is checked before a byte is unpacked, and the unpacking holds it to that.
func (c *container) unpack(name string) (part io.ReadCloser, size int, err error) {
	entry := c.entries[name]
	if entry == nil {
		return nil, 0, Damaged
	}
	says, packed := entry.UncompressedSize64, entry.CompressedSize64
	if says > ratioFrom && says/max(packed, 1) > maxRatio {
		return nil, 0, TooLarge
	}
	if !c.unpacked[name] { // a part may be read twice
		if says > uint64(c.limit) {
			return nil, 0, TooLarge
		}
		c.unpacked[name] = true
		c.limit -= int64(says)
	}
	if part, err = entry.Open(); err != nil {
		return nil, 0, Damaged
	}
	return part, int(says), nil
}

// read unpacks one part as a whole.
func (c *container) read(name string) ([]byte, error) {
	opened, size, err := c.unpack(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = opened.Close() }()
	part := make([]byte, size)
	if _, err := io.ReadFull(opened, part); err != nil {
		return nil, Damaged
	}
	// The end of the stream tells whether the sum is right, and whether more comes than was said.
	if n, err := opened.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		return nil, Damaged
	}
	return part, nil
}

// decode reads a small part into a struct.
func (c *container) decode(name string, into any) error {
	part, err := c.read(name)
	if err != nil {
		return err
	}
	if err := newDecoder(bytes.NewReader(part)).Decode(into); err != nil {
		return Damaged
	}
	return nil
}

func newDecoder(part io.Reader) *xml.Decoder {
	decoder := xml.NewDecoder(part)
	decoder.CharsetReader = charset.NewReaderLabel
	return decoder
}

// relation is a pointer from one part to another.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
	Mode   string `xml:"TargetMode,attr"`
	part   string // the target as the name of an entry
}

// relations returns where a part points to; without a name, the container itself. A container without them has none.
func (c *container) relations(part string) []relation {
	var document struct {
		Relations []relation `xml:"Relationship"`
	}
	if c.decode(path.Join(path.Dir(part), "_rels", path.Base("/"+part)+".rels"), &document) != nil {
		return nil
	}
	var found []relation
	for _, one := range document.Relations {
		if one.Mode == "External" {
			continue
		}
		target := strings.ReplaceAll(one.Target, `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", path.Dir(part), target)
		}
		one.part = strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))
		found = append(found, one)
	}
	return found
}
