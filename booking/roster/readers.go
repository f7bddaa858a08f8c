package roster

import (
	"errors"

	"github.com/ouderavond/ouderavond/booking/roster/sheet"
)

// reader is a file that was opened, whatever its format: what all that comes after asks of it. Which reader a file has is found by looking at it (openSource).
type reader interface {
	// format is FormatEdeXML, FormatCSV or FormatXLSX.
	format() string
	// table cuts a list into columns and rows. It returns nil for a format that is no list, and where the report has an error.
	table(s *source, want listKind, options Options, report *Report) *table
	// roster reads the pupils, of the main file; s.table is what table returned.
	roster(s *source, options Options, report *Report) *Roster
}

// listKind is what a list is expected to be.
type listKind int

const (
	anyList     listKind = iota // of pupils, or of what adds to them
	teacherList                 // of groups and teachers; it may lack column names
)

// csvText is the text of a CSV file.
type csvText string

func (csvText) format() string { return FormatCSV }

func (text csvText) table(s *source, want listKind, options Options, report *Report) *table {
	if want == teacherList {
		return teacherTable(s.name, string(text), options, report)
	}
	return readTable(s.name, string(text), options, report)
}

func (csvText) roster(s *source, options Options, report *Report) *Roster {
	return readCSVRoster(s.table, options, report)
}

// edexText is the text of an EdeXML file.
type edexText string

func (edexText) format() string { return FormatEdeXML }

func (edexText) table(s *source, want listKind, _ Options, report *Report) *table {
	if want == teacherList {
		report.fail(Finding{File: s.name, Reason: ReasonNoRows, Message: "no line names a group and a teacher"})
	}
	return nil
}

func (text edexText) roster(s *source, options Options, report *Report) *Roster {
	return readEdeXML(s, string(text), options, report)
}

// spreadsheet is an opened workbook.
type spreadsheet struct{ book sheet.Book }

func (spreadsheet) format() string { return FormatXLSX }

func (spreadsheet) roster(s *source, options Options, report *Report) *Roster {
	return readCSVRoster(s.table, options, report)
}

// sheetFaults say why a packed file is refused, and what to do.
var sheetFaults = map[sheet.Fault]struct {
	reason  Reason
	message string
}{
	sheet.Locked:       {ReasonSheetLocked, "the spreadsheet is protected by a password: open it, take the password off (File, Info, Protect Workbook) and save it, or save it as CSV"},
	sheet.OldExcel:     {ReasonSheetOld, "this is a spreadsheet of the old kind (.xls): open it and save it as an Excel workbook (.xlsx)"},
	sheet.BinaryExcel:  {ReasonSheetBinary, "this is a binary spreadsheet (.xlsb): open it and save it as an Excel workbook (.xlsx)"},
	sheet.OpenDocument: {ReasonSheetOpenDocument, "this is a spreadsheet of LibreOffice (.ods): open it and save it as an Excel workbook (.xlsx)"},
	sheet.Numbers:      {ReasonSheetNumbers, "this is a spreadsheet of Numbers: export it as an Excel workbook (File, Export To, Excel)"},
	sheet.Document:     {ReasonDocument, "this is a text document or a presentation: put the list into a spreadsheet, or export it as CSV"},
	sheet.Archive:      {ReasonArchive, "this is a ZIP file: unpack it first"},
	sheet.Damaged:      {ReasonSheetDamaged, "the spreadsheet is damaged or not whole: download or copy it again, or open it and save it anew"},
	sheet.TooLarge:     {ReasonSheetTooLarge, "the spreadsheet unpacks to more than is read: copy the list alone into a new workbook, or save it as CSV"},
	sheet.TooWide:      {ReasonSheetTooWide, "a sheet has more columns than a spreadsheet can have: copy the list alone into a new workbook"},
}

// refuseSheet says in the report why a spreadsheet cannot be read.
func refuseSheet(name string, err error, report *Report) {
	fault := sheet.Damaged
	errors.As(err, &fault)
	why := sheetFaults[fault]
	report.fail(Finding{File: name, Reason: why.reason, Message: why.message})
}
