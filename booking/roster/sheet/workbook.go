package sheet

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// workbook is a Book of Office Open XML.
type workbook struct {
	*container
	limits   Limits
	tabs     []Tab
	parts    []string // of each tab
	contents []*contents
	styles   []style // by the number that cells give
	from1904 bool
	texts    []string // those that cells share
	library  *excelize.File
	loaded   string // the tab whose part the library has, as the library calls it
}

// document is the part that lists the sheets.
type document struct {
	Properties struct {
		From1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
		ID    string `xml:"id,attr"`
	} `xml:"sheets>sheet"`
}

func openWorkbook(c *container, limits Limits) (*workbook, error) {
	b := &workbook{container: c, limits: limits}
	home := c.workbookPart()
	var listed document
	if err := c.decode(home, &listed); err != nil {
		return nil, err
	}
	if len(listed.Sheets) > maxTabs {
		return nil, TooLarge
	}
	b.from1904 = truth(listed.Properties.From1904)
	byID := map[string]relation{}
	looks, shared := "", ""
	for _, one := range c.relations(home) {
		byID[one.ID] = one
		switch {
		case strings.HasSuffix(one.Type, "/sharedStrings"):
			shared = one.part
		case strings.HasSuffix(one.Type, "/styles"):
			looks = one.part
		}
	}
	for _, one := range listed.Sheets {
		// Sheets of charts and of dialogues have other types, and no cells.
		if to, ok := byID[one.ID]; ok && strings.HasSuffix(to.Type, "/worksheet") && c.has(to.part) {
			b.tabs = append(b.tabs, Tab{Name: one.Name, Hidden: one.State == "hidden" || one.State == "veryHidden"})
			b.parts = append(b.parts, to.part)
		}
	}
	b.contents = make([]*contents, len(b.tabs))
	if err := b.readStyles(looks); err != nil {
		return nil, err
	}
	if err := b.openLibrary(); err != nil {
		return nil, err
	}
	return b, b.readTexts(shared)
}

// truth reads an XML boolean.
func truth(text string) bool { return text == "1" || text == "true" }

func (b *workbook) Tabs() []Tab { return b.tabs }

func (b *workbook) Day(number string) (string, bool) { return day(number, b.from1904) }

// readStyles reads which formats the cells can have. A file without formats is a file of plain numbers.
func (b *workbook) readStyles(part string) error {
	if part == "" || !b.has(part) {
		return nil
	}
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.decode(part, &sheet); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, format := range sheet.Formats {
		codes[format.ID] = format.Code
	}
	known := map[int]style{}
	for _, cell := range sheet.Cells {
		if _, ok := known[cell.Format]; !ok {
			known[cell.Format] = styleOf(cell.Format, codes[cell.Format])
		}
		b.styles = append(b.styles, known[cell.Format])
	}
	return nil
}
