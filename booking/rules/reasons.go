package rules

// Reason tells why an item of a booking could not be. The list is closed.
type Reason string

// The reasons.
const (
	ReasonTaken      Reason = "taken"       // the teacher, room or child is not free at that time
	ReasonOverlap    Reason = "overlap"     // the family itself is elsewhere at that time
	ReasonTooFar     Reason = "too_far"     // no time to walk from one talk to the next; may be overruled
	ReasonLimit      Reason = "limit"       // the school's maximum is reached
	ReasonClosed     Reason = "closed"      // not open yet, closed, past, or too short before the start
	ReasonNotOffered Reason = "not_offered" // this child is not offered this talk at this time
)
