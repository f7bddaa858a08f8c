package plan

// FormatVersion is the version of the interchange format that this package reads and writes.
const FormatVersion = 1

// Kinds of a party.
const (
	// Family is a household that goes together.
	Family = "family"
	// Separated is one of two parents who come apart; each of them is a party of its own.
	Separated = "separated"
)

// Instance is one planning question for a whole conference: who wants to speak to whom, and when everybody can. All times are whole minutes from the
// start of the day's grid; days count from zero. Nothing here knows a date or a time zone.
type Instance struct {
	// Format must be FormatVersion.
	Format int    `json:"format"`
	Name   string `json:"name"`
	// Days is the number of days; every day mentioned lies below it.
	Days int `json:"days"`
	// WalkMinutes gives the minutes it takes to walk from one zone of the building (row) to another (column).
	WalkMinutes [][]int `json:"walk_minutes"`
	// Teachers lists everything a talk may need for itself: teachers, and in the same way rooms or tables that are scarce.
	Teachers []Teacher `json:"teachers"`
	Parties  []Party   `json:"parties"`
	Breaks   []Break   `json:"breaks"`
	// Pinned appointments stay where they are. Optional.
	Pinned []Assignment `json:"pinned,omitempty"`
	// Apart lists parties that must not meet. Optional.
	Apart []Apart `json:"apart,omitempty"`
}

// Teacher is one teacher (or one scarce room) with the moments at which one talk can be held.
type Teacher struct {
	ID   string `json:"id"`
	Zone int    `json:"zone"`
	// Slots: each holds at most one talk or break. Two slots of one teacher that overlap in time are never both used.
	Slots []Slot `json:"slots"`
}

// Slot is one bookable moment, in minutes from the start of the day's grid.
type Slot struct {
	Day   int `json:"day"`
	Start int `json:"start"`
	End   int `json:"end"`
}

// Party is who moves through the building together.
type Party struct {
	ID string `json:"id"`
	// Kind is Family or Separated; empty means Family.
	Kind string `json:"kind"`
	// Windows are the times at which the party can come; a talk lies within one of them as a whole.
	Windows  []Window  `json:"windows"`
	Requests []Request `json:"requests"`
}

// Window is a stretch of one day, in minutes from the start of the day's grid.
type Window struct {
	Day  int `json:"day"`
	From int `json:"from"`
	To   int `json:"to"`
}

// Request is one wish for a talk.
type Request struct {
	ID    string `json:"id"`
	Child string `json:"child"`
	// Teachers must all be there, at the same start. The talk is held in the zone of the first.
	Teachers []string `json:"teachers"`
	Minutes  int      `json:"minutes"`
	// Weight says how much it counts when the wish is not met.
	Weight float64 `json:"weight"`
	// Rank orders the wishes of one child, 1 being the first; 0 means not ranked and counts as 1. Used by Objective.ByRank only. Optional.
	Rank int `json:"rank,omitempty"`
	// Must marks a talk that the school asks for; it stands before every rank. Used by Objective.ByRank only. Optional.
	Must bool `json:"must,omitempty"`
}

// Break is a rest that a teacher needs within one of the windows; it takes one slot.
type Break struct {
	ID      string   `json:"id"`
	Teacher string   `json:"teacher"`
	Windows []Window `json:"windows"`
	Minutes int      `json:"minutes"`
	Weight  float64  `json:"weight"`
}

// Apart says that two parties must never be in the building at the same time.
type Apart struct {
	A string `json:"a"`
	B string `json:"b"`
	// Minutes that must lie between the one leaving and the other coming; 0 lets them follow directly.
	Minutes int `json:"minutes,omitempty"`
}

// Plan says when each met request and each break takes place.
type Plan struct {
	Assignments []Assignment `json:"assignments"`
	Breaks      []BreakTime  `json:"breaks"`
	// Bound is what was proven about the instance; nil when nothing was.
	Bound *Bound `json:"bound,omitempty"`
}

// Assignment is the time of one request.
type Assignment struct {
	Request string `json:"request"`
	Day     int    `json:"day"`
	Start   int    `json:"start"`
}

// BreakTime is the time of one break.
type BreakTime struct {
	Break string `json:"break"`
	Day   int    `json:"day"`
	Start int    `json:"start"`
}

// Bound is what no plan of the instance can go below.
type Bound struct {
	// DroppedWeight is the weight of wishes and breaks that every plan must leave unmet.
	DroppedWeight float64 `json:"dropped_weight"`
	// Cost is a lower limit of the cost of every plan, in minutes of waiting, by the objective that was used.
	Cost float64 `json:"cost"`
}
