package engine

// LostRace is an error after which the work is run again.
type LostRace struct{ Cause error }

func (l LostRace) Error() string { return l.Cause.Error() }

func (l LostRace) Unwrap() error { return l.Cause }
