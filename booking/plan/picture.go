package plan

import (
	"bufio"
	"cmp"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
)

// PictureOptions of Picture.
type PictureOptions struct {
	// Party whose way is highlighted; empty for none.
	Party string
	// Label turns the identifier of a teacher into the text shown; nil shows the identifier.
	Label func(teacher string) string
	// Clock turns a day and a minute of its grid into the text of the time axis; nil shows hours and minutes from the start.
	Clock func(day, minute int) string
	// Words of the picture; empty means EnglishPicture.
	Words PictureWords
}

// PictureWords are the words of a picture; see EnglishPicture.
type PictureWords struct {
	// Day stands before a day's number, counted from 1.
	Day string
	// Talk, Rest, Free, Own explain the colours; Own is followed by the highlighted party.
	Talk, Rest, Free, Own string
	// Used heads the column that says how many of a teacher's slots are in use, Unmet the one of the wishes not met.
	Used, Unmet string
	// Summary is a format for the wishes met, the wishes in all, and the minutes that a family waits.
	Summary string
}

// EnglishPicture are the words in English.
func EnglishPicture() PictureWords {
	return PictureWords{
		Day: "Day", Talk: "talk", Rest: "break", Free: "free", Own: "the way of", Used: "used", Unmet: "not met",
		Summary: "%d of %d wishes met; a family waits %.1f minutes on average",
	}
}

// Sizes of the picture in pixels.
const (
	rowHeight    = 18
	labelWidth   = 90
	minuteWidth  = 2.4
	dayGap       = 40
	headerHeight = 70
	legendHeight = 40
	usedWidth    = 70
	unmetWidth   = 60
)

// Colours of slots; they can be told apart in grey as well.
const (
	freeColour   = "#eceff1"
	talkColour   = "#8fb1d9"
	pinnedColour = "#4a5a75"
	restColour   = "#f5c542"
	ownColour    = "#b3261e"
)

// Picture draws a plan as an SVG image: a row for each teacher and a column for each time, day beside day; talks and breaks as boxes, the way of one
// party numbered and as a line through its talks, and at the end of each row how full it is and how many wishes were not met. It holds no styles or
// scripts from elsewhere. Errors: ErrInvalid, ErrBroken, those of w.
func Picture(w io.Writer, instance Instance, made Plan, o PictureOptions) error {
	p, err := compile(instance, Interchange(), nil)
	if err != nil {
		return err
	}
	s := newState(p)
	if err := s.load(made); err != nil {
		return err
	}
	d := drawing{Writer: bufio.NewWriter(w), state: s, options: o.filled(), rows: rowsOf(p.teachers)}
	d.layout(instance.Days)
	d.frame(figuresOf(p, s.choice, Interchange()))
	for row, teacher := range d.rows {
		d.row(row, teacher)
	}
	d.ways()
	d.legend()
	d.print("</svg>\n")
	return d.Flush()
}

func (o PictureOptions) filled() PictureOptions {
	if o.Label == nil {
		o.Label = func(id string) string { return id }
	}
	if o.Clock == nil {
		o.Clock = func(_, minute int) string { return fmt.Sprintf("%d:%02d", minute/60, abs(cost(minute%60))) }
	}
	if o.Words == (PictureWords{}) {
		o.Words = EnglishPicture()
	}
	return o
}

type drawing struct {
	*bufio.Writer
	state   *state
	options PictureOptions
	rows    []int // teachers from top to bottom
	from    []int // first minute of each day
	to      []int
	left    []float64 // where each day begins
	width   float64
}

// rowsOf orders teachers as people count: t2 before t10.
func rowsOf(teachers []string) []int {
	rows := make([]int, len(teachers))
	for i := range rows {
		rows[i] = i
	}
	slices.SortStableFunc(rows, func(a, b int) int { return compareCounting(teachers[a], teachers[b]) })
	return rows
}

// compareCounting compares texts by what stands before the number at their end, and then by the number.
func compareCounting(a, b string) int {
	cutA, cutB := strings.TrimRight(a, "0123456789"), strings.TrimRight(b, "0123456789")
	return cmp.Or(cmp.Compare(cutA, cutB), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// print writes; a failed write is reported by the last Flush.
func (d *drawing) print(format string, values ...any) {
	_, _ = fmt.Fprintf(d.Writer, format, values...)
}

// text writes a text at a place; style is further attributes.
func (d *drawing) text(x float64, y int, style, text string) {
	d.print("<text x=\"%.1f\" y=\"%d\"%s>%s</text>\n", x, y, style, html.EscapeString(text))
}

func (d *drawing) layout(days int) {
	d.from, d.to, d.left = make([]int, days), make([]int, days), make([]float64, days)
	seen := make([]bool, days)
	for i := range d.state.p.slots {
		s := &d.state.p.slots[i]
		if day := s.day; !seen[day] {
			d.from[day], d.to[day], seen[day] = int(s.start), int(s.end), true
		} else {
			d.from[day], d.to[day] = min(d.from[day], int(s.start)), max(d.to[day], int(s.end))
		}
	}
	d.width = labelWidth
	for day := range days {
		d.left[day] = d.width
		d.width += float64(d.to[day]-d.from[day])*minuteWidth + dayGap
	}
	d.width += usedWidth + unmetWidth
}

func (d *drawing) x(day int16, minute int32) float64 {
	return d.left[day] + float64(int(minute)-d.from[day])*minuteWidth
}

func rowTop(row int) int { return headerHeight + row*rowHeight }

func (d *drawing) frame(f Figures) {
	bottom := rowTop(len(d.rows))
	words := d.options.Words
	d.print("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" font-family=\"sans-serif\" font-size=\"11\" role=\"img\">\n", d.width, bottom+legendHeight)
	d.print("<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n")
	d.text(4, 18, ` font-size="14" font-weight="bold"`, fmt.Sprintf(words.Summary, f.Met, f.Requests, float64(f.WaitMinutes)/float64(max(1, f.PartiesComing))))
	for day := range d.from {
		if d.to[day] == d.from[day] {
			continue
		}
		d.text(d.left[day], 42, ` font-weight="bold"`, fmt.Sprintf("%s %d", words.Day, day+1))
		for minute := d.from[day]; minute <= d.to[day]; minute += 30 {
			x := d.x(int16(day), int32(minute))
			d.print("<path d=\"M%.1f %d V%d\" stroke=\"#bbb\"/>\n", x, headerHeight-8, bottom)
			d.text(x, 58, ` fill="#555" text-anchor="middle"`, d.options.Clock(day, minute))
		}
	}
	d.text(d.width-usedWidth-unmetWidth-4, 58, ` fill="#555" text-anchor="start"`, words.Used)
	d.text(d.width-unmetWidth, 58, ` fill="#555"`, words.Unmet)
}

// row draws one teacher's slots, talks, breaks, how many are in use, and the number of wishes that were not met.
func (d *drawing) row(row, teacher int) {
	p := d.state.p
	y := rowTop(row)
	if row%2 == 1 {
		d.print("<rect x=\"0\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"#fafafa\"/>\n", y, d.left[0]-2, rowHeight)
	}
	d.text(4, y+13, "", d.options.Label(p.teachers[teacher]))
	used, all := 0, 0
	for i := range p.slots {
		seat := &p.slots[i]
		if int(seat.teacher) != teacher {
			continue
		}
		if all++; d.state.owner[i] != nobody {
			used++
		}
		x, width := d.x(seat.day, seat.start), float64(seat.end-seat.start)*minuteWidth
		d.print("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" stroke=\"#fff\"/>\n", x, y+2, width, rowHeight-4, d.fill(int32(i)))
	}
	style := ` fill="#555"`
	if used == all {
		style = ` font-weight="bold"`
	}
	d.text(d.width-usedWidth-unmetWidth-4, y+13, style, fmt.Sprintf("%d / %d", used, all))
	if unmet := d.unmet(teacher); unmet > 0 {
		d.text(d.width-unmetWidth, y+13, ` fill="`+ownColour+`" font-weight="bold"`, fmt.Sprint(unmet))
	}
}

// fill is the colour of a slot.
func (d *drawing) fill(slot int32) string {
	owner := d.state.owner[slot]
	switch {
	case owner == nobody:
		return freeColour
	case owner == pinnedOwner:
		return pinnedColour
	case d.state.p.units[owner].rest:
		return restColour
	case d.state.p.units[owner].id == d.options.Party:
		return ownColour
	}
	return talkColour
}

func (d *drawing) unmet(teacher int) int {
	count := 0
	for u, picks := range d.state.choice {
		for t, pick := range picks {
			if pick < 0 && d.state.p.units[u].talks[t].wants(int32(teacher)) {
				count++
			}
		}
	}
	return count
}

// ways draws the way of the highlighted party through its talks, and numbers them.
func (d *drawing) ways() {
	p := d.state.p
	rowOf := make([]int, len(d.rows))
	for row, teacher := range d.rows {
		rowOf[teacher] = row
	}
	for u := range p.units {
		if p.units[u].rest || p.units[u].id != d.options.Party || d.options.Party == "" {
			continue
		}
		for pass := range 2 {
			var last *option
			for n, pick := range d.state.itinerary(u) {
				v := &p.units[u].visits[pick]
				y := rowTop(rowOf[p.slots[v.slots[0]].teacher]) + rowHeight/2
				if pass == 0 && last != nil && last.day == v.day {
					d.print("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\" points=\"%.1f,%d %.1f,%d\"/>\n", ownColour,
						d.x(last.day, last.end), rowTop(rowOf[p.slots[last.slots[0]].teacher])+rowHeight/2, d.x(v.day, v.start), y)
				}
				for _, slot := range v.slots[:pass*len(v.slots)] {
					middle := rowTop(rowOf[p.slots[slot].teacher]) + rowHeight/2
					d.text((d.x(v.day, v.start)+d.x(v.day, v.end))/2, middle+4, ` fill="#fff" font-weight="bold" text-anchor="middle"`, fmt.Sprint(n+1))
				}
				last = v
			}
		}
	}
}

// legend explains the colours.
func (d *drawing) legend() {
	words := d.options.Words
	y, x := rowTop(len(d.rows))+14, float64(labelWidth)
	entries := []struct{ colour, text string }{{talkColour, words.Talk}, {restColour, words.Rest}, {freeColour, words.Free}}
	if d.options.Party != "" {
		entries = append(entries, struct{ colour, text string }{ownColour, words.Own + " " + d.options.Party})
	}
	for _, e := range entries {
		d.print("<rect x=\"%.1f\" y=\"%d\" width=\"24\" height=\"14\" fill=\"%s\" stroke=\"#999\"/>\n", x, y, e.colour)
		d.text(x+30, y+11, "", e.text)
		x += 60 + 7*float64(len(e.text))
	}
}
