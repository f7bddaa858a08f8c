package evening

// Lengths of time, in milliseconds.
const (
	Second = int64(1000)
	Minute = 60 * Second
	Hour   = 60 * Minute
)

// The evening: it begins two hours before the bookings open, and ends four hours after.
const (
	Begin = -2 * Hour
	End   = 4 * Hour
)

// TakeBack says when the misses of a try token are taken back.
type TakeBack int

// The ways of taking back.
const (
	TakeBackAlways  TakeBack = iota // whatever lets the device into the household
	TakeBackFactors                 // a log-in by factors only, not a second proof
	TakeBackNever
)

// Rules are the limiter's rules, each of which can be changed to see what it is worth.
type Rules struct {
	// PerHundred is how many misses a school has for each hundred pupils, beside the three that every school has.
	PerHundred int
	// Level is the share, in hundredths, of the total that can be spent at once; the rest comes back over 25 hours per total. At 100 nothing comes back.
	Level int
	// LoginsPerMiss gives one more for so many log-ins; 0 gives none.
	LoginsPerMiss int
	// Child is how many different wrong answers a child has; Address how many an address has, beside one for each household that got in from it if AddressGrows.
	Child, Address int
	AddressGrows   bool
	// AddressPerChild is set if an address is charged for each child of the typed name, and not once for the answer.
	AddressPerChild bool
	// Near is what a near miss costs, in quarters of a far one.
	Near int
	// TakeBack says when misses are taken back, and TakeBackWithin how old the oldest of them is.
	TakeBack       TakeBack
	TakeBackWithin int64
	// OwnAddress is set if a code can be asked for by the contact's own address, so also by a family whose data the file has wrong.
	OwnAddress bool
	// UnknownCharges is set if a name that no child has costs the school what a far miss does.
	UnknownCharges bool
	// NameSlip is set if a name that is one slip away from a child's is taken for it.
	NameSlip bool
	// LastMessageLives is set if the link of a family's twelfth message lives for 24 hours.
	LastMessageLives bool
}

// Specified are the rules as the product has them.
func Specified() Rules {
	return Rules{
		PerHundred: 2, Level: 80, Child: 3, Address: 3, AddressGrows: true, Near: 1, TakeBack: TakeBackAlways, TakeBackWithin: 12 * Hour,
		OwnAddress: true, NameSlip: true, LastMessageLives: true,
	}
}

// Wide are the rules of a school without personal links, or one that chose so.
func Wide() Rules {
	rules := Specified()
	rules.PerHundred = 6
	return rules
}

// Total returns how many far misses a school of some pupils has in twelve hours.
func (r Rules) Total(pupils int) int { return 3 + pupils*r.PerHundred/100 }

// Size is a kind of school.
type Size struct {
	Name             string
	Pupils, Families int
	// SameName is the share of pupils whose typed name is another pupil's too.
	SameName float64
}

// Primary and Secondary are the two schools that are played.
var (
	Primary   = Size{Name: "primary", Pupils: 300, Families: 206, SameName: 0.01}
	Secondary = Size{Name: "secondary", Pupils: 1200, Families: 900, SameName: 0.08}
)

// People are the assumptions about families. All are shares.
type People struct {
	// Slip is the share of tries with a slip; SlipName of the slips are in the name, of which NameNear are one letter and the others make it a name that nobody
	// has; of the slips in the factors, SlipFar are more than one letter or digit.
	Slip, SlipName, NameNear, SlipFar float64
	// WrongData is the share of families whose data the file has wrong, all of them far. WrongAgain of their further tries are the same answer once more, and
	// WrongToCode go on to a code after three tries.
	WrongData, WrongAgain, WrongToCode float64
	// OtherDevice go on with another device after a miss, and Later go on 45 minutes later.
	OtherDevice, Later float64
	// AtOpening come at the opening, within a time that is Rush on average; the others come evenly over the four hours. Shared sit behind eight shared addresses.
	AtOpening, Shared float64
	Rush              int64
	// NoContact have no contact on file, MessageLost never get the message, Letter have the school's letter with the family code, and the school's desk reaches Desk.
	NoContact, MessageLost, Letter, Desk float64
	// Doubt try another answer after a right one that was refused.
	Doubt float64
	// ByLink come by their household's personal link, and Known use a device that the household has booked with before.
	ByLink, Known float64
}

// Usual are the assumptions that the product's figures are computed with.
func Usual() People {
	return People{
		Slip: 0.10, SlipName: 0.30, NameNear: 0.60, SlipFar: 0.20, WrongData: 0.01, WrongAgain: 0.50, WrongToCode: 0.80, OtherDevice: 0.08, Later: 0.05,
		AtOpening: 0.60, Rush: 6 * Minute, Shared: 0.45, NoContact: 0.03, MessageLost: 0.005, Letter: 0.85, Desk: 0.80, Doubt: 0.30,
	}
}

// sharedAddresses is how many addresses are shared by families who do not know one another, such as those of a telephone company.
const sharedAddresses = 8

// Strategy is what somebody does who has the list of all pupils and guesses. The zero Strategy is nobody.
type Strategy struct {
	Name        string
	From, Until int64
	// Every is how long it is from one try to the next; 0 is no tries at all.
	Every int64
	// Most ends it after so many tries; 0 does not.
	Most int
	// Addresses is how many addresses it has; 0 is a new one for each try. Shared adds those that families share.
	Addresses int
	Shared    bool
	// PerChild is how many tries there are at a child before the next one; 0 is one.
	PerChild int
	// Near is set if all but one letter or digit is known of each child; Unknown if only names are tried that no child has.
	Near, Unknown bool
	// Own is set if it has a family of its own at the school, with whose right data it takes misses back.
	Own bool
	// Messages is of how many families it has the right data, and has messages sent to them for as long as it goes on.
	Messages int
}
