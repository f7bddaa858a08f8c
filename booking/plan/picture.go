package plan

import (
	"bufio"
	"fmt"
	"html"
	"io"
)

// PictureOptions of Picture.
type PictureOptions struct {
	// Party whose way is highlighted; empty for none.
	Party string
	// Label turns the identifier of a teacher into the text shown; nil shows the identifier.
	Label func(teacher string) string
	// Clock turns a day and a minute of its grid into the text of the time axis; nil shows hours and minutes from the start.
	Clock func(day, minute int) string
	// Day and Unmet are the words before a day's number (from 1) and before the number of wishes not met; empty means "Day" and "not met".
	Day, Unmet string
}

// Sizes of the picture in pixels.
const (
	rowHeight    = 18
	labelWidth   = 120
	minuteWidth  = 2.4
	dayGap       = 40
	headerHeight = 44
	unmetWidth   = 110
)

// Picture draws a plan as an SVG image: a row for each teacher and a column for each time, day beside day; talks and breaks as boxes, the way of one
// party as a line through its talks, and at the end of each row the wishes that were not met. It holds no styles or scripts from elsewhere. Errors:
// ErrInvalid, ErrBroken, those of w.
func Picture(w io.Writer, instance Instance, made Plan, o PictureOptions) error {
	p, err := compile(instance, Interchange(), nil)
	if err != nil {
		return err
	}
	s := newState(p)
	if err := s.load(made); err != nil {
		return err
	}
	d := drawing{Writer: bufio.NewWriter(w), state: s, options: o.filled()}
	d.layout(instance.Days)
	d.frame()
	for t := range p.teachers {
		d.row(t)
	}
	d.ways()
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
	if o.Day == "" {
		o.Day = "Day"
	}
	if o.Unmet == "" {
		o.Unmet = "not met"
	}
	return o
}

type drawing struct {
	*bufio.Writer
	state   *state
	options PictureOptions
	from    []int // first minute of each day
	to      []int
	left    []float64 // where each day begins
	width   float64
}

// print writes; a failed write is reported by the last Flush.
func (d *drawing) print(format string, values ...any) {
	_, _ = fmt.Fprintf(d.Writer, format, values...)
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
	d.width += unmetWidth
}

func (d *drawing) x(day int16, minute int32) float64 {
	return d.left[day] + float64(int(minute)-d.from[day])*minuteWidth
}

func rowTop(row int) int { return headerHeight + row*rowHeight }

func (d *drawing) frame() {
	height := rowTop(len(d.state.p.teachers)) + 10
	d.print("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" font-family=\"sans-serif\" font-size=\"11\" role=\"img\">\n", d.width, height)
	d.print("<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n")
	for day := range d.from {
		if d.to[day] == d.from[day] {
			continue
		}
		d.print("<text x=\"%.1f\" y=\"16\" font-weight=\"bold\">%s %d</text>\n", d.left[day], html.EscapeString(d.options.Day), day+1)
		for minute := d.from[day]; minute <= d.to[day]; minute += 30 {
			x := d.x(int16(day), int32(minute))
			d.print("<path d=\"M%.1f %d V%d\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"34\" fill=\"#555\">%s</text>\n",
				x, headerHeight-6, height-10, x, html.EscapeString(d.options.Clock(day, minute)))
		}
	}
}

// row draws one teacher's slots, talks, breaks, and the number of wishes that were not met.
func (d *drawing) row(teacher int) {
	p := d.state.p
	y := rowTop(teacher)
	d.print("<text x=\"4\" y=\"%d\">%s</text>\n", y+13, html.EscapeString(d.options.Label(p.teachers[teacher])))
	for i := range p.slots {
		seat := &p.slots[i]
		if int(seat.teacher) != teacher {
			continue
		}
		x, width := d.x(seat.day, seat.start), float64(seat.end-seat.start)*minuteWidth
		d.print("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" stroke=\"#fff\"/>\n", x, y+2, width, rowHeight-4, d.fill(int32(i)))
	}
	if unmet := d.unmet(teacher); unmet > 0 {
		d.print("<text x=\"%.1f\" y=\"%d\" fill=\"#a00\">%d %s</text>\n", d.width-unmetWidth, y+13, unmet, html.EscapeString(d.options.Unmet))
	}
}

// fill is the colour of a slot: free, break, talk, talk of the highlighted party.
func (d *drawing) fill(slot int32) string {
	owner := d.state.owner[slot]
	switch {
	case owner == nobody:
		return "#eee"
	case owner == pinnedOwner:
		return "#557"
	case d.state.p.units[owner].rest:
		return "#fc6"
	case d.state.p.units[owner].id == d.options.Party:
		return "#c22"
	}
	return "#79c"
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

// ways draws the way of the highlighted party through its talks.
func (d *drawing) ways() {
	p := d.state.p
	for u := range p.units {
		if p.units[u].rest || p.units[u].id != d.options.Party || d.options.Party == "" {
			continue
		}
		day := int16(-1)
		for _, pick := range d.state.itinerary(u) {
			v := &p.units[u].visits[pick]
			if v.day != day {
				if day >= 0 {
					d.print("\"/>\n")
				}
				d.print("<polyline fill=\"none\" stroke=\"#c22\" stroke-width=\"2\" points=\"")
				day = v.day
			}
			middle := rowTop(int(p.slots[v.slots[0]].teacher)) + rowHeight/2
			d.print("%.1f,%d %.1f,%d ", d.x(v.day, v.start), middle, d.x(v.day, v.end), middle)
		}
		if day >= 0 {
			d.print("\"/>\n")
		}
	}
}
