package roster

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
)

// hiddenElements are the elements whose content is never looked at: EdeXML 2.1 sections leerling and leerkracht, what is not needed for appointments.
var hiddenElements = words("toevoegingen bsn sofinummer onderwijsnummer rijksregisternummer etniciteit land land_vader land_moeder gewicht gewicht_nieuw " +
	"fotourl geslacht voornamen voorletters-1 voorletters gebruikersnaam start_ondw_jgr3")

// readableElements are the elements whose content is read; all others are passed over.
var readableElements = words("schooljaar peildatum aanmaakdatum brincode xsdversie naam jaargroep achternaam voorvoegsel roepnaam geboortedatum groep " +
	"samengestelde_groepen samengestelde_groep postcodenl postnummerbe postcodeoverig uitstroomdatum emailadres rol groepen bsn_ondwnr-4")

const (
	elementLast4 = "bsn_ondwnr-4"
	elementMail  = "emailadres"
	roots        = " edex leerlinggegevens "
)

// edexReader reads one EdeXML document. Its parts may stand in any order; references are followed at the end.
type edexReader struct {
	*treeReader
	source  *source
	options Options
	report  *Report
	roster  *Roster

	section  string // the part of the document that is being read
	pupils   []node
	teachers []node
	groups   map[string]bool
	lost     map[string]bool // references that were warned of
	created  civil.Date
	stated   civil.Date
}

func readEdeXML(s *source, text string, options Options, report *Report) *Roster {
	checkDeclaration(s, text, report)
	e := &edexReader{treeReader: newTreeReader(cleanControls(text, s.name, report), options.Limits), source: s, options: options, report: report,
		roster: &Roster{Format: FormatEdeXML, Pupils: []Pupil{}, Groups: []Group{}, Teachers: []Teacher{}},
		groups: map[string]bool{}, lost: map[string]bool{}}
	e.hidden = e.hide
	if err := e.document(); err != nil {
		if finding, ok := errUnknownRoot(err, s.name); ok {
			report.fail(finding)
		} else {
			report.fail(e.explain(err, s.name))
		}
		return nil
	}
	s.report.Rows = len(e.pupils)
	e.settle()
	return e.roster
}

// checkDeclaration compares what the XML declaration says of the encoding with what was found. The bytes are right and the declaration is often wrong.
func checkDeclaration(s *source, text string, report *Report) {
	label := ""
	if m := declaredLabel.FindStringSubmatch(xmlDeclaration.FindString(text)); m != nil {
		label = strings.ToLower(m[1])
	}
	single := s.encoding == encodingWindows1252
	utf8Label := label == "" || label == "utf-8" || label == "utf8"
	if single && utf8Label || !single && !utf8Label && !strings.HasPrefix(label, "utf-16") && !ascii(text) {
		report.warn(Finding{File: s.name, Line: 1, Reason: ReasonMislabelledEncoding,
			Message: fmt.Sprintf("the file says that it is written in another encoding than it is; it was read as %s", s.encoding)})
	}
	if !single && !utf8Label && ascii(text) && s.encoding == encodingUTF8 {
		s.report.Encoding = labelName(label)
		s.encoding = s.report.Encoding
	}
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// labelName names the declared encoding of a text without any accented letter as this package does.
func labelName(label string) string {
	switch label {
	case "iso-8859-1", "iso-8859-15", "latin1", "windows-1252", "cp1252":
		return encodingWindows1252
	}
	return encodingUTF8
}

// cleanControls takes out characters that XML forbids; some administrations let them through from a form.
func cleanControls(text, file string, report *Report) string {
	if strings.IndexFunc(text, forbidden) < 0 {
		return text
	}
	report.warn(Finding{File: file, Reason: ReasonControlCharacters, Message: "the file holds control characters that XML does not allow; they were taken out"})
	return strings.Map(func(r rune) rune {
		if forbidden(r) {
			return ' '
		}
		return r
	}, text)
}

// forbidden reports whether XML 1.0 does not allow a character (section 2.2).
func forbidden(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
}

// hide decides which elements are passed over, and notes the names of those that may not be read.
func (e *edexReader) hide(name string) bool {
	private := hiddenElements[name] || name == elementLast4 && !e.options.CitizenLast4 || name == elementMail && e.section == "leerlingen"
	if private {
		e.report.drop(name)
	}
	return private || !readableElements[name]
}

// unknownRoot is the error for a document of another kind.
type unknownRoot struct{ name string }

func (u unknownRoot) Error() string { return "unknown root element" }

func errUnknownRoot(err error, file string) (Finding, bool) {
	var u unknownRoot
	if !errors.As(err, &u) {
		return Finding{}, false
	}
	f := Finding{File: file, Line: 1, Reason: ReasonUnknownXML, Message: "this XML file is no EdeXML: the element EDEX (or leerlinggegevens) is missing"}
	switch u.name {
	case "html":
		f.Reason, f.Message = ReasonHTML, "this is a web page, or a spreadsheet saved as one: "+saveAnew
	case "workbook":
		f.Reason, f.Message = ReasonSpreadsheet, "this is a spreadsheet saved as XML: "+saveAnew
	case "edex2000":
		f.Reason, f.Message = ReasonFixedWidth, "this is the old EDEX 2000 format: export EdeXML 2.1 or CSV"
	}
	return f, true
}

// document looks for the root, which may stand inside a SOAP envelope, and reads it.
func (e *edexReader) document() error {
	first := ""
	for {
		token, err := e.next()
		if errors.Is(err, io.EOF) {
			return unknownRoot{first}
		}
		if err != nil {
			return err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		name := localName(start)
		if first == "" {
			first = name
		}
		switch {
		case strings.Contains(roots, " "+name+" "):
			return e.children(e.part)
		case name == "html" || name == "workbook" || name == "header":
			if err := e.skip(); err != nil {
				return err
			}
		}
	}
}

// part reads one child of the root.
func (e *edexReader) part(start xml.StartElement) error {
	e.section = localName(start)
	switch e.section {
	case "school":
		n, err := e.element(start)
		if err == nil {
			e.school(&n)
		}
		return err
	case "groepen", "samengestelde_groepen":
		return e.list(e.group, "groep", "samengestelde_groep")
	case "leerlingen":
		return e.list(func(n node) { e.pupils = append(e.pupils, n) }, "leerling")
	case "leerkrachten":
		return e.list(func(n node) { e.teachers = append(e.teachers, n) }, "leerkracht")
	case "leerling", "leerkracht", "groep", "samengestelde_groep":
		// Some UWLR answers leave the list elements out.
		return e.loose(start)
	}
	if hiddenElements[e.section] {
		e.report.drop(e.section)
	}
	return e.skip()
}

func (e *edexReader) loose(start xml.StartElement) error {
	name := e.section
	if name == "leerling" {
		e.section = "leerlingen"
	}
	n, err := e.element(start)
	if err != nil {
		return err
	}
	switch name {
	case "leerling":
		e.pupils = append(e.pupils, n)
	case "leerkracht":
		e.teachers = append(e.teachers, n)
	default:
		e.group(n)
	}
	return e.tooMany()
}

// list reads the elements of a list that have one of the names.
func (e *edexReader) list(take func(node), wanted ...string) error {
	return e.children(func(start xml.StartElement) error {
		for _, name := range wanted {
			if localName(start) == name {
				n, err := e.element(start)
				if err == nil {
					take(n)
					err = e.tooMany()
				}
				return err
			}
		}
		if name := localName(start); hiddenElements[name] {
			e.report.drop(name)
		}
		return e.skip()
	})
}

func (e *edexReader) tooMany() error {
	if len(e.pupils) > e.limits.Rows || len(e.teachers) > e.limits.Rows || len(e.roster.Groups) > e.limits.Rows {
		return errTooComplex
	}
	return nil
}

var (
	schoolYear = regexp.MustCompile(`^(\d{4})-(\d{4})$`)
	schoolCode = regexp.MustCompile(`^\d{2}[A-Z]{2}$`)
)

// school reads the header. None of it is required: the school ids are optional in the schema, and the list of school years there has long ended.
func (e *edexReader) school(n *node) {
	if year := n.child("schooljaar"); year != "" {
		if m := schoolYear.FindStringSubmatch(year); m != nil && number(m[2]) == number(m[1])+1 {
			e.roster.SchoolYear = year
		} else {
			e.warn(n.line, "schooljaar", ReasonBadSchoolYear, "this is no school year such as 2026-2027; it was left out")
		}
	}
	if code := strings.ToUpper(n.child("brincode")); schoolCode.MatchString(code) {
		e.roster.SchoolCode = code
	}
	e.stated, _ = isoDate(n.child("peildatum"), e.options.Zone)
	e.created, _ = isoDate(n.child("aanmaakdatum"), e.options.Zone)
	if version := names.Clean(n.child("xsdversie")); len(version) <= 32 {
		e.source.report.FormatVersion = version
	}
}

func (e *edexReader) group(n node) {
	name := limit(names.Clean(n.child("naam")))
	switch {
	case n.key == "":
		e.warn(n.line, n.name, ReasonMissingKey, "the group has no key; it was left out")
		return
	case e.groups[n.key]:
		e.warn(n.line, n.name, ReasonRepeatedRow, "a group with this key was already there; it was left out")
		return
	}
	e.groups[n.key] = true
	e.roster.Groups = append(e.roster.Groups, Group{Key: n.key, Name: firstFilled(name, n.key), Year: limit(n.child("jaargroep")),
		Composite: n.name == "samengestelde_groep"})
}

func (e *edexReader) warn(line int, field string, reason Reason, message string) {
	e.report.warn(Finding{File: e.source.name, Line: line, Field: field, Reason: reason, Message: message})
}

// limit cuts a value that is longer than any format allows.
func limit(text string) string {
	if runes := []rune(text); len(runes) > maxKey {
		return string(runes[:maxKey])
	}
	return text
}
