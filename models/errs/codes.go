package errs

// Codes that the program itself looks at, or that more than one package makes. A code that only a person reads stands where it is made. All have a text in every
// language; what they mean to clients is in the description of the API.
const (
	CodeNotFound      = "not-found"             // not there, or not theirs
	CodeExists        = "exists"                // a row with this key is there
	CodeInUse         = "in-use"                // something that is not there is referred to, or something that is referred to is to go
	CodeKeyTaken      = "key-taken"             // another thing has this key of the school's own
	CodeBusy          = "busy"                  // too many wait
	CodeRequired      = "required"              // a field is empty that must not be
	CodeUnknown       = "unknown"               // a field names something that nobody knows
	CodeNotLoggedIn   = "not-logged-in"         // nobody, or not with this token
	CodeNotRecognised = "login.not-recognised"  // every failure of a parent's log-in
	CodeLinkNotGood   = "login.link-not-good"   // a link that is unknown, dead, or of a family that has no such link
	CodeItems         = "booking.items"         // items of a booking cannot be; each says why
	CodeConfirmFirst  = "booking.confirm-first" // only somebody confirmed may go on
	CodeTryAgain      = "booking.try-again"     // somebody else was quicker
	CodeNoAppointment = "booking.no-such-appointment"
	CodeNoChild       = "booking.no-such-child"
	CodeNothingBooked = "message.nothing-booked"
	CodeKeyReused     = "idempotency-key-reused" // the same key with another content
	CodeBothBooked    = "household.both-booked"  // two families that would become one are at two talks at once
	CodeNotInformed   = "contact.not-informed"   // of a guardian who is told nothing
	CodeTooMany       = "too-many"
	CodeDatabase      = "database" // the database is away
)
