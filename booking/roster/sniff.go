package roster

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// signature is how the files of a kind begin.
type signature struct {
	magic   string
	reason  Reason
	message string
}

const saveAnew = "open it in the spreadsheet program and save it as an Excel workbook (.xlsx)"

var signatures = []signature{
	{"PK\x05\x06", ReasonArchive, "this is an empty ZIP file"},
	{"%PDF", ReasonBinary, "this is a PDF document: export the list as a spreadsheet (.xlsx) or as CSV"},
	{"\x89PNG", ReasonBinary, "this is a picture: export the list as a spreadsheet (.xlsx) or as CSV"},
	{"\xff\xd8\xff", ReasonBinary, "this is a picture: export the list as a spreadsheet (.xlsx) or as CSV"},
	{"GIF8", ReasonBinary, "this is a picture: export the list as a spreadsheet (.xlsx) or as CSV"},
	{"\x1f\x8b", ReasonArchive, "this is a compressed file: unpack it first"},
	{"7z\xbc\xaf\x27\x1c", ReasonArchive, "this is a compressed file: unpack it first"},
	{"Rar!", ReasonArchive, "this is a compressed file: unpack it first"},
	{"{\\rtf", ReasonBinary, "this is a word processor document: export the list as CSV"},
	{"SQLite format 3\x00", ReasonBinary, "this is a database file: export the list as CSV"},
}

// binaryKind names a file that is no text, by its first bytes.
func binaryKind(data []byte) (signature, bool) {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.magic)) {
			return s, true
		}
	}
	return signature{}, false
}

// textKind is what a decoded text looks like.
type textKind int

const (
	textCSV textKind = iota
	textXML
	textRefused
)

var edex2000Name = regexp.MustCompile(`(?i)^EDEX(LL|LK|GR|LG)\.TXT$`)

// sniffText tells XML from CSV and names texts that are neither.
func sniffText(name, text string) (textKind, signature) {
	start := strings.TrimLeft(text[:min(len(text), 4096)], " \t\r\n\u00a0")
	lower := strings.ToLower(start)
	switch {
	case hasAnyPrefix(lower, "<!doctype html", "<html", "<table", "<head", "<body", "<style", "<meta"):
		return textRefused, signature{reason: ReasonHTML, message: "this is a web page, or a spreadsheet saved as one: " + saveAnew}
	case strings.HasPrefix(start, "<") && strings.Contains(start, "urn:oasis:names:tc:opendocument"):
		return textRefused, signature{reason: ReasonSheetOpenDocument, message: "this is a document of LibreOffice as plain XML (.fods): open it and save it as an Excel workbook (.xlsx)"}
	case strings.HasPrefix(start, "<"):
		return textXML, signature{}
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		return textRefused, signature{reason: ReasonJSON, message: "this is a JSON file: export the list as CSV or EdeXML"}
	case isOneRoster(strings.TrimPrefix(text, "\ufeff")):
		return textRefused, signature{reason: ReasonOneRoster, message: oneRosterMessage}
	case edex2000Name.MatchString(baseName(name)), fixedWidth(text):
		return textRefused, signature{reason: ReasonFixedWidth, message: "this looks like the old EDEX 2000 format with columns of fixed width: export EdeXML or CSV"}
	}
	return textCSV, signature{}
}

func hasAnyPrefix(text string, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

// fixedWidth recognises lines of one length that are filled up with spaces and hold no separator.
func fixedWidth(text string) bool {
	const least = 40
	lines := strings.Split(strings.TrimRight(text[:min(len(text), 64<<10)], "\r\n\x1a"), "\n")
	if len(lines) > 2 {
		lines = lines[:len(lines)-1] // the last one may be cut off
	}
	length := len([]rune(strings.TrimRight(lines[0], "\r")))
	for _, line := range lines {
		line = strings.TrimRight(line, "\r")
		if len([]rune(line)) != length || strings.ContainsAny(line, ";\t|,") || !strings.Contains(line, "   ") {
			return false
		}
	}
	return length >= least
}

func baseName(name string) string { return path.Base(strings.ReplaceAll(name, "\\", "/")) }
