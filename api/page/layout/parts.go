package layout

import (
	"time"

	"github.com/ouderavond/ouderavond/models/language"
)

// Chip says a state in one to three words. Kind is "good", "warn", "bad", "line" for something neutral, or empty.
type Chip struct{ Kind, Text string }

// DateTile is the date of an evening as the leaf of a calendar: once on a page, never in a list.
type DateTile struct{ Weekday, Day, Month string }

// NewDateTile makes the tile of a day, in a language's short words and a zone.
func NewDateTile(dates language.Dates, day time.Time) DateTile {
	weekday, number, month := dates.Leaf(day)
	return DateTile{weekday, number, month}
}

// Steps are the parts of a long task, of which one is being done. Label names them for a screen reader.
type Steps struct {
	Label string
	Steps []Step
}

// Step is a part of a long task. Href is empty where it cannot be gone to yet.
type Step struct {
	Text, Href    string
	Done, Current bool
}

// Views are a few views of the same thing, each with an address of its own: days, filters. Label names them for a screen reader.
type Views struct {
	Label string
	Views []View
}

// View is one of several views of the same thing.
type View struct {
	Text, Href string
	Current    bool
}

// Tile is a figure that answers a question. Href is the list behind it.
type Tile struct{ Figure, Text, Href string }
