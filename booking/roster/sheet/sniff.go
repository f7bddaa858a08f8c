package sheet

import (
	"bytes"
	"io"
	"path"
	"strings"
	"unicode/utf16"
)

const (
	zipMagic = "PK\x03\x04"
	oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

// Packed reports whether a file is packed as spreadsheets are. What it is, Open finds out.
func Packed(data []byte) bool {
	return bytes.HasPrefix(data, []byte(zipMagic)) || bytes.HasPrefix(data, []byte(oleMagic))
}

// Open finds out what a packed file is, whatever its name says, and opens it if it is a workbook that can be read. Any other, and one that is damaged or would
// unpack to more than the limits allow, is a Fault.
func Open(data []byte, limits Limits) (Book, error) {
	if bytes.HasPrefix(data, []byte(oleMagic)) {
		return nil, olderThanZip(data)
	}
	c, err := openContainer(data, limits)
	if err != nil {
		return nil, err
	}
	if fault := c.otherKind(); fault != "" {
		return nil, fault
	}
	return openWorkbook(c, limits)
}

// olderThanZip tells apart what is in a compound file (MS-CFB) by the names of its streams.
func olderThanZip(data []byte) Fault {
	holds := func(stream string) bool {
		var name []byte
		for _, unit := range utf16.Encode([]rune(stream)) {
			name = append(name, byte(unit), byte(unit>>8))
		}
		return bytes.Contains(data, name)
	}
	switch {
	case holds("EncryptedPackage"), holds("EncryptionInfo"):
		return Locked
	case holds("WordDocument"), holds("PowerPoint Document"):
		return Document
	}
	return OldExcel
}

// otherKind names a container that is no workbook of Office Open XML; empty if it is one.
func (c *container) otherKind() Fault {
	switch mime := c.mimetype(); {
	case strings.HasPrefix(mime, "application/vnd.oasis.opendocument.spreadsheet"):
		return OpenDocument
	case strings.HasPrefix(mime, "application/vnd.oasis.opendocument"), strings.HasPrefix(mime, "application/epub"):
		return Document
	}
	switch {
	case c.has("xl/workbook.bin"):
		return BinaryExcel
	case c.has("word/document.xml"), c.has("ppt/presentation.xml"):
		return Document
	case c.has("index/calculationengine.iwa"), c.has("index/tables/datalist.iwa"), c.has("index.zip"):
		return Numbers
	case c.has("index/document.iwa"):
		return Document
	case c.workbookPart() == "":
		return Archive
	}
	return ""
}

// mimetype returns what the first file of an OpenDocument container says that it is.
func (c *container) mimetype() string {
	entry := c.entries["mimetype"]
	if entry == nil {
		return ""
	}
	opened, err := entry.Open()
	if err != nil {
		return ""
	}
	defer func() { _ = opened.Close() }()
	head, err := io.ReadAll(io.LimitReader(opened, 200))
	if err != nil {
		return ""
	}
	return string(head)
}

// workbookPart returns the name of the part that lists the sheets; empty if the container has none.
func (c *container) workbookPart() string {
	for _, relation := range c.relations("") {
		if strings.HasSuffix(relation.Type, "/officeDocument") && c.has(relation.part) && !strings.HasPrefix(path.Base(relation.part), "document") {
			return relation.part
		}
	}
	if c.has("xl/workbook.xml") {
		return "xl/workbook.xml"
	}
	return ""
}
