package roster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster/sheet"
	"github.com/ouderavond/ouderavond/models/names"
)

// candidate is a sheet of a workbook that may be the list.
type candidate struct {
	sheet.Tab
	at    int // among the tabs
	top   []row
	found header
	known bool // found is one
	rank  int
	// more are further sheets of the same list, each of them a class.
	more []*candidate
}

// What a list says is worth more than how it says it: one that names pupils goes before one that adds to them, and that before one of teachers.
const (
	rankNames    = 3000
	rankNumbers  = 2000
	rankTeachers = 1000
	rankPart     = 100
)

// rank tells how much a list looks like what is wanted.
func (c *candidate) rankFor(want listKind) int {
	if !c.known {
		return 0
	}
	rank, set := c.found.score, c.found.columnSet
	switch {
	case set.isTeachers():
		rank += rankTeachers
		if want == teacherList {
			rank += rankNames
		}
	case want == teacherList && set.isLessons():
		rank += rankTeachers + rankNames
	case set.has(FieldGiven, FieldFullName):
		rank += rankNames
	case set.has(FieldPupilNumber, FieldPupilNumbers):
		rank += rankNumbers
	}
	for _, field := range []Field{FieldGroup, FieldPupilNumber, FieldSurname} {
		if set.has(field) {
			rank += rankPart
		}
	}
	return rank
}

// candidates looks at the top of every sheet that holds anything.
func (b spreadsheet) candidates(want listKind, options Options) (all []candidate, err error) {
	for at, tab := range b.book.Tabs() {
		c := candidate{Tab: tab, at: at}
		err := b.book.Rows(at, func(r sheet.Row) bool {
			if one := plainRow(r); !one.blank() {
				c.top = append(c.top, one)
			}
			return len(c.top) < headerSearch
		})
		if err != nil {
			return nil, err
		}
		if len(c.top) == 0 {
			continue
		}
		var best header
		best.search(c.top, 0, options)
		c.found, c.known = best.settled()
		c.rank = c.rankFor(want)
		all = append(all, c)
	}
	return all, nil
}

// choose returns the sheet that is read: the one that was asked for, or the visible one that looks most like the list, or else a hidden one. It returns nil, with an
// error in the report, where nobody can know which is meant.
func (b spreadsheet) choose(s *source, want listKind, options Options, report *Report) *candidate {
	all, err := b.candidates(want, options)
	if err != nil {
		refuseSheet(s.name, err, report)
		return nil
	}
	if len(all) == 0 {
		report.fail(Finding{File: s.name, Reason: ReasonEmpty, Message: "the spreadsheet is empty"})
		return nil
	}
	defer func() {
		for _, one := range all {
			s.report.Sheets = append(s.report.Sheets, SheetReport{Name: sheetLabel(one.Name), Hidden: one.Hidden, Read: one.Name == s.sheet || slices.Contains(report.sheets[s.name], sheetLabel(one.Name))})
		}
	}()
	wanted := options.Sheet
	if wanted == "" {
		wanted = recalledSheet(all, options)
	}
	if at := slices.IndexFunc(all, func(c candidate) bool { return sameSheet(c.Name, wanted) }); at >= 0 && wanted != "" {
		s.sheet, report.sheets[s.name] = all[at].Name, []string{sheetLabel(all[at].Name)}
		return &all[at]
	}
	best := bestOf(all)
	if classes := classSheets(all); want == anyList && len(classes) > 1 {
		return s.together(classes, report)
	}
	var equal, others []string
	for i := range all {
		one := &all[i]
		switch {
		case one == best || one.Hidden != best.Hidden || one.rank < rankNames && one.rank != best.rank || one.rank == 0:
		case one.rank == best.rank:
			equal = append(equal, sheetLabel(one.Name))
		default:
			others = append(others, sheetLabel(one.Name))
		}
	}
	if len(equal) > 0 {
		report.fail(Finding{File: s.name, Reason: ReasonSeveralSheets, Message: fmt.Sprintf("several sheets are such a list (%s, %s): say which is meant, by --sheet or the field sheet",
			sheetLabel(best.Name), strings.Join(equal, ", "))})
		return nil
	}
	s.sheet = best.Name
	report.sheets[s.name] = []string{sheetLabel(best.Name)}
	if len(others) > 0 {
		report.warn(Finding{File: s.name, Reason: ReasonOtherSheets, Message: "other sheets are lists, too, and were not read: " + strings.Join(others, ", ")})
	}
	if best.Hidden && best.known {
		report.warn(Finding{File: s.name, Reason: ReasonHiddenSheet, Message: "the sheet that was read is hidden; no sheet that shows is a list"})
	}
	return best
}

// classSheets are the sheets that show and have the name of a class, if they, and no other sheet that shows, name pupils.
func classSheets(all []candidate) (classes []*candidate) {
	named := false
	for i := range all {
		switch one := &all[i]; {
		case one.Hidden:
		case isClassName(one.Name):
			classes, named = append(classes, one), named || one.rank >= rankNames
		case one.rank >= rankNames:
			return nil
		}
	}
	if !named {
		return nil
	}
	return classes
}

func isClassName(name string) bool {
	name = names.Clean(name)
	return looksGrouped(name) || groupHeading.MatchString(name)
}

// together makes one list of sheets that are a class each. Where they have not the same column names, nobody can know what the others are.
func (s *source) together(classes []*candidate, report *Report) *candidate {
	first := classes[0]
	var labels []string
	alike := true
	for _, one := range classes {
		labels = append(labels, sheetLabel(one.Name))
		alike = alike && one.known && one.found.source() == first.found.source()
	}
	if !alike {
		report.fail(Finding{File: s.name, Reason: ReasonSeveralSheets, Message: fmt.Sprintf(
			"several sheets have names of classes (%s), but not the same column names: make them alike, then they are read as one list, or say which is meant, by --sheet or the field sheet", strings.Join(labels, ", "))})
		return nil
	}
	s.sheet, first.more, report.sheets[s.name] = first.Name, classes[1:], labels
	report.warn(Finding{File: s.name, Reason: ReasonSheetsTogether, Message: "these sheets have the same column names and are a class each; they were read as one list: " + strings.Join(labels, ", ")})
	return first
}

// recalledSheet is the sheet that somebody once chose of a workbook with such lists; empty if nobody did, or it is not there.
func recalledSheet(all []candidate, options Options) string {
	for i := range all {
		if recalled, ok := options.recalled(all[i].found.headers()); ok && recalled.Sheet != "" && sameSheet(recalled.Sheet, all[i].Name) {
			return all[i].Name
		}
	}
	return ""
}

// bestOf returns the sheet of the highest rank among those that show, or among all if none of these is a list.
func bestOf(all []candidate) *candidate {
	var best *candidate
	for i := range all {
		one := &all[i]
		switch {
		case best == nil:
			best = one
		case (one.rank > 0) != (best.rank > 0):
			if one.rank > 0 {
				best = one
			}
		case one.Hidden != best.Hidden:
			if best.Hidden {
				best = one
			}
		case one.rank > best.rank:
			best = one
		}
	}
	return best
}

var manyDigits = regexp.MustCompile(`\d{6}`)

// sheetLabel shortens the name of a sheet, which often holds two years, and hides one that is a value and not a name.
func sheetLabel(name string) string {
	if name = names.Clean(name); manyDigits.MatchString(name) || strings.Contains(name, "@") {
		return "(unnamed)"
	}
	if runes := []rune(name); len(runes) > maxLabel {
		return string(runes[:maxLabel]) + "…"
	}
	return name
}

// sameSheet compares names of sheets as people type them.
func sameSheet(a, b string) bool { return strings.EqualFold(names.Clean(a), names.Clean(b)) }
