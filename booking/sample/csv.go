package sample

import (
	"bytes"
	"fmt"
	"strings"
)

// Layout is which columns a CSV file has.
type Layout int

// The layouts.
const (
	// LayoutParnasSys is one full table as primary schools export it: names, birth date, address, group, teachers, two guardians with e-mail and number.
	LayoutParnasSys Layout = iota
	// LayoutMagister is what a secondary school's export without effort gives: number, name, class, mentor. No birth date, postcode or guardian.
	LayoutMagister
	// LayoutSupplement adds postcode and house number to pupils by their number.
	LayoutSupplement
	// LayoutContacts adds birth date, whole address and guardians to pupils by their number.
	LayoutContacts
)

// Encoding is how the letters of a file are written.
type Encoding int

// The encodings.
const (
	UTF8BOM     Encoding = iota // UTF-8 with a byte order mark, as web applications write it for Excel
	UTF8                        // UTF-8 without
	Windows1252                 // what Excel on a Dutch Windows saves as "CSV"; letters beyond Western Europe lose their marks or become "?"
)

// Dialect says how a CSV file is written. Lines end in CR LF in all of them.
type Dialect struct {
	Layout        Layout // an unknown layout is written as LayoutParnasSys
	Encoding      Encoding
	Separator     rune // zero is the semicolon
	QuoteEmpty    bool // empty cells are written as ""
	SeparatorLine bool // a first line "sep=;" for Excel
	// FamilyCodes adds the column Gezinscode where the layout has guardians.
	FamilyCodes bool
	// GuardianAddresses adds each guardian's own postcode and house number where the layout has guardians: the only way in which a file can tell where the
	// second parent of a child lives.
	GuardianAddresses bool
	// Quirks writes dates, postcodes, numbers and addresses in the changing ways that people type them. The meaning stays the same.
	Quirks bool
}

// ParnasSysCSV is a primary school's export in the given encoding.
func ParnasSysCSV(e Encoding) Dialect { return Dialect{Layout: LayoutParnasSys, Encoding: e} }

// MagisterCSV is a secondary school's web export; it needs SupplementCSV or ContactsCSV beside it.
func MagisterCSV() Dialect { return Dialect{Layout: LayoutMagister, Separator: ',', QuoteEmpty: true} }

// SupplementCSV is the second file that adds postcodes.
func SupplementCSV() Dialect {
	return Dialect{Layout: LayoutSupplement, Encoding: UTF8, SeparatorLine: true}
}

// ContactsCSV is the second file that adds everything a secondary school knows of pupils' homes.
func ContactsCSV() Dialect { return Dialect{Layout: LayoutContacts} }

// CSV writes the pupils as a file of the dialect, group by group.
func (s *School) CSV(d Dialect) []byte {
	columns := columnsOf(d)
	staff := staffByGroup(s)
	rows := [][]string{heads(columns)}
	for i := range s.Pupils {
		row := make([]string, len(columns))
		c := cell{school: s, pupil: &s.Pupils[i], staff: staff, habit: habitOf(d, s.Pupils[i].Number)}
		for n := range columns {
			row[n] = columns[n].value(c)
		}
		rows = append(rows, row)
	}
	return writeTable(d, rows)
}

// TeacherTable tells which teacher is what to which group, subject teachers included, which neither a pupils' CSV nor EdeXML can. The columns are
// groep (the group's name), leerkracht (full name), rol, vak, email and leerkrachtcode; semicolons, UTF-8 with byte order mark.
func (s *School) TeacherTable() []byte {
	rows := [][]string{{"groep", "leerkracht", "rol", "vak", "email", "leerkrachtcode"}}
	for _, groups := range [][]Group{s.Groups, s.CrossGroups} {
		for _, g := range groups {
			for _, t := range s.Teachers {
				for _, a := range t.Groups {
					if a.Group == g.Key {
						rows = append(rows, []string{g.Name, t.FullName(), roleWords[a.Role], a.Subject, t.Email, t.Code})
					}
				}
			}
		}
	}
	return writeTable(Dialect{}, rows)
}

// roleWords are the roles in Dutch.
var roleWords = map[Role]string{RoleMentor: "mentor", RoleGroup: "groepsleerkracht", RoleSubject: "vakdocent", RoleCare: "intern begeleider"}

func heads(columns []column) []string {
	row := make([]string, len(columns))
	for i := range columns {
		row[i] = columns[i].head
	}
	return row
}

// writeTable writes the rows by the rules of the dialect. encoding/csv cannot quote empty cells, and quotes more than exports do.
func writeTable(d Dialect, rows [][]string) []byte {
	separator := d.Separator
	if separator == 0 {
		separator = ';'
	}
	var text strings.Builder
	if d.SeparatorLine {
		fmt.Fprintf(&text, "sep=%c\r\n", separator)
	}
	for _, row := range rows {
		for i, value := range row {
			if i > 0 {
				text.WriteRune(separator)
			}
			text.WriteString(quoted(value, separator, d.QuoteEmpty))
		}
		text.WriteString("\r\n")
	}
	return encode(text.String(), d.Encoding)
}

func quoted(value string, separator rune, quoteEmpty bool) string {
	if strings.ContainsRune(value, separator) || strings.ContainsAny(value, "\"\r\n") || (value == "" && quoteEmpty) {
		return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
	}
	return value
}

const byteOrderMark = "\uFEFF"

func encode(text string, e Encoding) []byte {
	switch e {
	case Windows1252:
		return windows1252(text)
	case UTF8:
		return []byte(text)
	default:
		return bytes.Join([][]byte{[]byte(byteOrderMark), []byte(text)}, nil)
	}
}
