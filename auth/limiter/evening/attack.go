package evening

// attacker plays a strategy. It has the list of all pupils and goes through it in an order of its own.
type attacker struct {
	*player
	tries     int
	next      int64
	addresses []int32
	order     []int
	messages  int64 // when it has messages sent again
	own       int32 // its own device, if it has a family
}

// nearGuess is the share of guesses that are one slip away from the truth by chance: with a birth date alone, some dates of the year group are one digit away.
// With more factors it is next to nothing, so this is the dear case.
const nearGuess = 0.03

func newAttacker(p *player) *attacker {
	a := &attacker{player: p, next: p.Attack.From, messages: p.Attack.From, own: p.school.device()}
	for range p.Attack.Addresses {
		a.addresses = append(a.addresses, p.school.address())
	}
	if p.Attack.Shared {
		for address := range int32(sharedAddresses) {
			a.addresses = append(a.addresses, address)
		}
	}
	if p.Attack.Every > 0 {
		a.order = p.random.Perm(p.Size.Pupils)
	}
	return a
}

// until does all that the strategy does before a time.
func (a *attacker) until(end int64) {
	end = min(end, a.Attack.Until)
	for ; a.Attack.Messages > 0 && a.messages < end; a.messages += Minute {
		for i := range min(a.Attack.Messages, len(a.school.families)) {
			a.send(a.messages, &a.school.families[i])
		}
	}
	if a.Attack.Every == 0 {
		return
	}
	for ; a.next < end && (a.Attack.Most == 0 || a.tries < a.Attack.Most); a.next += a.Attack.Every {
		a.guess()
	}
}

func (a *attacker) guess() {
	a.tries++
	if a.Attack.Own && a.tries%10 == 0 {
		a.takeBack()
		return
	}
	if !a.limiter.mayCompare(a.next) && a.Tell == nil {
		return // shut: nothing would come of it
	}
	child := int32(a.order[(a.tries-1)/max(a.Attack.PerChild, 1)%len(a.order)])
	try := Try{At: a.next, Device: a.school.device(), Address: a.from(), Child: child, Mate: a.school.mates[child], Answer: a.school.answer()}
	try.Near = a.Attack.Near || a.chance(nearGuess)
	name := NameRight
	if a.Attack.Unknown {
		name = NameOfNobody
	}
	a.result.Evaluated += a.try(try, name).Charged
}

// from returns the address of the next try.
func (a *attacker) from() int32 {
	fresh := a.Attack.Addresses == 0
	if len(a.addresses) == 0 || fresh && a.chance(0.5) {
		return nobody
	}
	return a.addresses[a.tries%len(a.addresses)]
}

// takeBack misses at its own family's child and takes that back, to see whether it wins room by it. The family is the last of the school's.
func (a *attacker) takeBack() {
	child := int32(len(a.school.families) - 1)
	try := Try{At: a.next, Device: a.own, Address: a.from(), Child: child, Mate: a.school.mates[child], Answer: a.school.answer()}
	a.try(try, NameRight)
	try.Answer = 0
	a.try(try, NameRight)
}
