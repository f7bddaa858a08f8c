package evening

import "slices"

// nobody stands for a child, household or address that there is none of.
const nobody = int32(-1)

// Try is an answer in the public form.
type Try struct {
	At              int64
	Device, Address int32 // an Address of -1 is one that is never used again
	// Child is whose name was typed, -1 if it is nobody's; Mate is another child of that name, or -1. A wrong answer is as far from the mate as can be.
	Child, Mate int32
	// Answer tells wrong answers apart; 0 is the right one.
	Answer int32
	Near   bool // a wrong answer misses by one slip only
}

// Outcome is what came of a try.
type Outcome struct {
	In      bool
	Charged int // rows that were written
}

// miss is a wrong answer that was charged.
type miss struct {
	at                             int64
	cost                           int64 // in quarters
	child, device, address, answer int32
	known                          bool // charged to a known device, and to nothing else
	along                          bool // of a try that another child was charged for already
}

// arrival is a household that got in from an address.
type arrival struct {
	at        int64
	household int32
}

// Limiter is the state of a school's limiter.
type Limiter struct {
	rules     Rules
	pupils    int
	household []int32 // of each child
	knows     []int32 // of each device, the household that it is known to; -1 or beyond the end for none
	misses    []miss
	arrivals  [][]arrival // of each address
	loggedIn  []bool      // of each household
	logins    int
	// shutUntil is until when the school's budget surely has no room, if nothing is taken back before.
	shutUntil int64
}

// NewLimiter makes the limiter of a school, of whose children it is given the households.
func NewLimiter(rules Rules, households []int32, families int) *Limiter {
	return &Limiter{rules: rules, pupils: len(households), household: households, loggedIn: make([]bool, families), shutUntil: Begin - 48*Hour}
}

// Know makes a device known to a household.
func (l *Limiter) Know(device, household int32) {
	for len(l.knows) <= int(device) {
		l.knows = append(l.knows, nobody)
	}
	l.knows[device] = household
}

// Try decides a try and keeps what it costs.
func (l *Limiter) Try(try Try) Outcome {
	if try.Child == nobody {
		return l.unknown(try)
	}
	passes := l.passes(try)
	open := l.open(try, passes)
	if try.Answer == 0 {
		if !open && !passes {
			return Outcome{}
		}
		l.LogIn(try.At, try.Device, try.Address, l.household[try.Child], true)
		return Outcome{In: true}
	}
	charged := 0
	cost := int64(4)
	if try.Near {
		cost = int64(l.rules.Near)
	}
	switch {
	case passes && !l.repeated(try, try.Child, true):
		l.charge(try, try.Child, cost, true)
		charged++
	case !passes && open && !l.repeated(try, try.Child, false):
		l.charge(try, try.Child, cost, false)
		charged++
	}
	if try.Mate != nobody && open && !l.repeated(try, try.Mate, false) {
		l.charge(try, try.Mate, 4, false)
		l.misses[len(l.misses)-1].along = charged > 0
		charged++
	}
	return Outcome{Charged: charged}
}

// unknown decides a try with a name that nobody has: it costs nothing, but for the rule that it does.
func (l *Limiter) unknown(try Try) Outcome {
	if !l.rules.UnknownCharges || !l.room(1, try.At) {
		return Outcome{}
	}
	l.charge(try, nobody, 4, false)
	return Outcome{Charged: 1}
}

// LogIn keeps that somebody got into a household: by factors, or by a second proof.
func (l *Limiter) LogIn(at int64, device, address, household int32, factors bool) {
	if address >= 0 {
		for len(l.arrivals) <= int(address) {
			l.arrivals = append(l.arrivals, nil)
		}
		l.arrive(at, address, household)
	}
	if !l.loggedIn[household] {
		l.loggedIn[household] = true
		l.logins++
		if l.rules.LoginsPerMiss > 0 {
			l.shutUntil = at
		}
	}
	if l.rules.TakeBack == TakeBackNever || l.rules.TakeBack == TakeBackFactors && !factors {
		return
	}
	before := len(l.misses)
	l.misses = slices.DeleteFunc(l.misses, func(m miss) bool {
		of := m.child == nobody || l.household[m.child] == household
		return of && m.device == device && m.at+l.rules.TakeBackWithin > at
	})
	if len(l.misses) != before {
		l.shutUntil = at
	}
}

// arrive keeps when a household last got in from an address.
func (l *Limiter) arrive(at int64, address, household int32) {
	for i := range l.arrivals[address] {
		if l.arrivals[address][i].household == household {
			l.arrivals[address][i].at = at
			return
		}
	}
	l.arrivals[address] = append(l.arrivals[address], arrival{at, household})
}

func (l *Limiter) charge(try Try, child int32, cost int64, known bool) {
	l.misses = append(l.misses, miss{at: try.At, cost: cost, child: child, device: try.Device, address: try.Address, answer: try.Answer, known: known})
}

// passes reports whether the device is known to the child's household, and has wrong answers left there.
func (l *Limiter) passes(try Try) bool {
	if int(try.Device) >= len(l.knows) || l.knows[try.Device] == nobody || l.knows[try.Device] != l.household[try.Child] {
		return false
	}
	household, wrong := l.household[try.Child], 0
	for i := range l.misses {
		if m := &l.misses[i]; m.known && m.device == try.Device && m.at+24*Hour > try.At && l.household[m.child] == household {
			wrong++
		}
	}
	return wrong < 5
}

// repeated reports whether a device gave this very answer at a child before.
func (l *Limiter) repeated(try Try, child int32, known bool) bool {
	for i := range l.misses {
		if m := &l.misses[i]; m.device == try.Device && m.answer == try.Answer && m.child == child && m.known == known && m.at+24*Hour > try.At {
			return true
		}
	}
	return false
}

// open reports whether the public budgets have room for a miss of each child who is compared.
func (l *Limiter) open(try Try, passes bool) bool {
	more, ofChild, ofMate, ofAddress := 0, 0, 0, 0
	if !passes {
		more++
	}
	if try.Mate != nobody {
		more++
	}
	more = max(more, 1)
	if !l.room(more, try.At) {
		return false
	}
	for i := range l.misses {
		m := &l.misses[i]
		if m.known || m.at+24*Hour <= try.At {
			continue
		}
		switch {
		case m.child == nobody:
		case m.child == try.Child:
			ofChild++
		case m.child == try.Mate:
			ofMate++
		}
		if m.address == try.Address && try.Address != nobody && (!m.along || l.rules.AddressPerChild) {
			ofAddress++
		}
	}
	if !passes && ofChild >= l.rules.Child || try.Mate != nobody && ofMate >= l.rules.Child {
		return false
	}
	if !l.rules.AddressPerChild {
		more = 1
	}
	return ofAddress+more <= l.rules.Address+l.homes(try)
}

// homes counts the households that got in from the address of a try within a day.
func (l *Limiter) homes(try Try) int {
	if !l.rules.AddressGrows || try.Address == nobody || int(try.Address) >= len(l.arrivals) {
		return 0
	}
	homes := 0
	for _, one := range l.arrivals[try.Address] {
		if one.at+24*Hour > try.At {
			homes++
		}
	}
	return homes
}

// room reports whether some more far misses fit into the school's budget. The level is kept in whole numbers: a quarter of a miss is 25 hours, and in each
// millisecond four times the total of it is gone.
func (l *Limiter) room(more int, at int64) bool {
	if at < l.shutUntil {
		return false
	}
	total := int64(l.rules.Total(l.pupils))
	if l.rules.LoginsPerMiss > 0 {
		total += int64(l.logins / l.rules.LoginsPerMiss)
	}
	most := (total*int64(l.rules.Level) + 99) / 100 * 4 * 25 * Hour
	falls := 4 * total
	if l.rules.Level == 100 {
		falls = 0
	}
	var level, sum int64
	last := at
	for i := range l.misses {
		m := &l.misses[i]
		if m.known || m.at+24*Hour <= at {
			continue
		}
		if level > 0 {
			level = max(0, level-falls*(m.at-last))
		}
		level += m.cost * 25 * Hour
		last = m.at
		if m.at+12*Hour > at {
			sum += m.cost
		}
	}
	if level > 0 {
		level = max(0, level-falls*(at-last))
	}
	need := int64(more) * 4
	if level+need*25*Hour <= most && sum+need <= 4*total {
		return true
	}
	if more == 1 && falls > 0 {
		l.shutUntil = at + (level+need*25*Hour-most+falls-1)/falls
		if sum+need > 4*total {
			l.shutUntil = max(l.shutUntil, l.firstOut(at))
		}
	}
	return false
}

// firstOut returns when the oldest miss that counts now leaves the sum of twelve hours.
func (l *Limiter) firstOut(at int64) int64 {
	for i := range l.misses {
		if m := &l.misses[i]; !m.known && m.at+12*Hour > at {
			return m.at + 12*Hour
		}
	}
	return at
}

// mayCompare reports whether the school's budget may have room: while it surely has none, nothing comes of any answer.
func (l *Limiter) mayCompare(at int64) bool { return at >= l.shutUntil }
