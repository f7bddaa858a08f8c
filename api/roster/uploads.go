package roster

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/rest"
)

// sheetField says which sheet of a spreadsheet is read.
var sheetField = &huma.Schema{
	Type: huma.TypeString, Examples: []any{"Leerlingen"},
	Description: "The sheet of a spreadsheet that is read, by its name. Without it the one that looks most like the list; the report says which (sheets), and asks (several-sheets) where several do.",
}

// rosterUpload is files of the school's administration, with what the reader should know of them.
var rosterUpload = &rest.Upload{
	Types: []string{echo.MIMEMultipartForm},
	Fields: map[string]*huma.Schema{
		"file": {
			Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString, Format: "binary"},
			Description: "The files, each as a part called file: EdeXML, or a list (a spreadsheet as .xlsx, or CSV) with further lists that add to it. What a file is, is found by looking at it. 25 MB together.",
			Examples:    []any{[]any{"leerlingen.csv"}},
		},
		"mapping": {
			Type: huma.TypeString, Examples: []any{`{"Leerlingnr":"pupil_number","Kenmerk":"ignore"}`},
			Description: "What the columns of a list mean, as JSON: header to field. Goes before what is remembered, and that before the program's own choice. A column without a header is named by its letter: [C]. `list-roster-fields` has the fields.",
		},
		"encoding": {
			Type: huma.TypeString, Examples: []any{"cp850"},
			Description: "How the letters of CSV files are written, where nothing in them says so and `letters` of the report look wrong: windows-1254, iso-8859-2, macintosh, cp850 and so on. Without it UTF-8, and Windows-1252 for what is no UTF-8.",
		},
		"sheet": sheetField,
		"source": {
			Type: huma.TypeString, Examples: []any{"Esis"},
			Description: "What you call the program that the files come from. What is said of their columns, encoding and sheet is remembered under it when the import is carried out, and holds for " +
				"the next files of the same name. Without it a list is known again by its row of column names. `list-roster-mappings` tells what is remembered.",
		},
		"digest": {
			Type: huma.TypeString, Examples: []any{"5f2d9c1e7a3b4c5d6e7f8091"},
			Description: "The digest of the preview that somebody agreed to. If the import would now do anything else, it does nothing (412).",
		},
		"allow_removal": {
			Type: huma.TypeString, Enum: []any{"true", "false"}, Examples: []any{"false"},
			Description: "Lets the import take away more than a fifth of the pupils or of who teaches whom, or empty a field of more than three and more than a twentieth of those who had it.",
		},
		"allow_renumbering": {
			Type: huma.TypeString, Enum: []any{"true", "false"}, Examples: []any{"true"},
			Description: "Says that the pupils whom the files have under another number (renumbered in the preview) are the same ones, or that they are not. Without an answer " +
				"a preview takes them for the same, and an import of any is refused.",
		},
	},
}

// teacherUpload is one table of groups and teachers, as a file or pasted.
var teacherUpload = &rest.Upload{
	Types: []string{echo.MIMEMultipartForm, "text/csv", echo.MIMETextPlain, rest.MIMESpreadsheet},
	Fields: map[string]*huma.Schema{
		"file": {
			Type: huma.TypeString, Format: "binary", Description: "The table, as a spreadsheet (.xlsx) or CSV: group, teacher and, if wanted, role, subject and e-mail address. Or a list of lessons: student number or lesson group, subject, teacher or code.",
			Examples: []any{"docenten.csv"},
		},
		"sheet": sheetField,
		"digest": {
			Type: huma.TypeString, Examples: []any{"5f2d9c1e7a3b4c5d6e7f8091"},
			Description: "The digest of the preview that somebody agreed to. If the table would now do anything else, it does nothing (412).",
		},
		"allow_removal": {
			Type: huma.TypeString, Enum: []any{"true", "false"}, Examples: []any{"false"},
			Description: "Lets the table leave less than four fifths of who teaches whom.",
		},
	},
}
