package evening

import "math/rand/v2"

// Result is what came of an evening.
type Result struct {
	// Families is how many there are. Public are those of them who know what the file has and use the public form; Asked of these were refused a right answer.
	Families, Public, Asked int
	// NoWay are those of Asked for whom there was neither a code nor a letter before the desk opens; NoWayAfter those whom the desk did not reach either.
	NoWay, NoWayAfter int
	// Wrong are families whose data the file has wrong, and WrongLeft those of them whom neither link, code nor letter let in.
	Wrong, WrongLeft int
	// Linked are the families who came by their personal link, and LinkedOut those of them who did not get in.
	Linked, LinkedOut int
	// Evaluated is how many guesses of a stranger were compared to any effect.
	Evaluated int
}

// Act is something that was tried on an evening, and what came of it. Child is who was meant, whatever name was typed.
type Act struct {
	Try     Try
	Outcome Outcome
	// Name is how the name was typed.
	Name NameTyped
	// Proof is a second proof, and no answer: Try has the child, the device, the address and the time.
	Proof bool
	// Misses is how many are charged after it.
	Misses int
}

// NameTyped is how a name was typed.
type NameTyped uint8

// The ways of typing a name.
const (
	NameRight NameTyped = iota
	NameSlipped
	NameOfNobody
)

// Evening is one to be played.
type Evening struct {
	Size   Size
	Rules  Rules
	People People
	Attack Strategy
	Seed   uint64
	// Begin, if set, is told the household of each child, and another child of its name or -1; Tell each act in its order.
	Begin func(households, mates []int32)
	Tell  func(Act)
}

// player is an evening being played.
type player struct {
	Evening
	random  *rand.Rand
	school  *school
	limiter *Limiter
	queue   queue
	result  Result
}

// Play plays an evening to its end. The same evening always has the same result.
func Play(evening Evening) Result {
	random := rand.New(rand.NewPCG(evening.Seed, 0x6576656e696e67))
	p := &player{Evening: evening, random: random, school: invent(evening.Size, evening.People, random)}
	p.limiter = NewLimiter(evening.Rules, p.school.households, evening.Size.Families)
	if evening.Begin != nil {
		evening.Begin(p.school.households, p.school.mates)
	}
	for i := range p.school.families {
		f := &p.school.families[i]
		first := event{arrivalTime(p.People, random), int32(i), stepTry}
		if f.bits.byLink {
			first.step = stepLink
		} else if p.chance(p.People.Known) {
			p.limiter.Know(f.device, p.school.households[f.child])
		}
		p.queue.push(first)
	}
	attack := newAttacker(p)
	for len(p.queue) > 0 {
		next := p.queue.pop()
		attack.until(next.at)
		p.step(next)
	}
	attack.until(End)
	p.count()
	return p.result
}

func (p *player) chance(share float64) bool { return p.random.Float64() < share }

// try gives an answer to the limiter.
func (p *player) try(try Try, name NameTyped) Outcome {
	meant, mate := try.Child, try.Mate
	if name == NameOfNobody || name == NameSlipped && !p.Rules.NameSlip {
		try.Child, try.Mate = nobody, nobody
	}
	outcome := p.limiter.Try(try)
	if p.Tell != nil {
		try.Child, try.Mate = meant, mate
		p.Tell(Act{Try: try, Outcome: outcome, Name: name, Misses: len(p.limiter.misses)})
	}
	return outcome
}

// prove lets a family in by a second proof.
func (p *player) prove(at int64, f *family) {
	p.limiter.LogIn(at, f.device, f.address, p.school.households[f.child], false)
	if p.Tell != nil {
		p.Tell(Act{Try: Try{At: at, Device: f.device, Address: f.address, Child: f.child, Mate: nobody}, Outcome: Outcome{In: true}, Proof: true, Misses: len(p.limiter.misses)})
	}
	f.in = true
}

func (p *player) step(e event) {
	f := &p.school.families[e.family]
	switch e.step {
	case stepTry:
		p.stepTry(e, f)
	case stepDoubt:
		p.try(p.answer(e.at, f, p.school.answer(), false), NameRight)
		p.queue.push(event{e.at + 30*Second, e.family, stepAsk})
	case stepAsk, stepWait:
		p.stepAsk(e, f)
	case stepProve, stepLetter, stepLink:
		p.prove(e.at, f)
	}
}

func (p *player) answer(at int64, f *family, answer int32, near bool) Try {
	return Try{At: at, Device: f.device, Address: f.address, Child: f.child, Mate: p.school.mates[f.child], Answer: answer, Near: near}
}

// typed is what a family types: its answer, how far off it is, and the name.
func (p *player) typed(f *family) (answer int32, near bool, name NameTyped) {
	if f.bits.wrongData {
		if f.tries > 0 && p.chance(1-p.People.WrongAgain) {
			return p.school.answer(), false, NameRight
		}
		return wrongAnswer, false, NameRight
	}
	if !p.chance(p.People.Slip) {
		return 0, false, NameRight
	}
	if p.chance(p.People.SlipName) {
		if p.chance(p.People.NameNear) {
			return 0, false, NameSlipped
		}
		return 0, false, NameOfNobody
	}
	return p.school.answer(), !p.chance(p.People.SlipFar), NameRight
}

// wrongAnswer is what a family believes to be right whose data the file has wrong; no other answer has its number.
const wrongAnswer = int32(-1)

// mostTries is when a family gives up on the form; the letter and the desk are left to it.
const mostTries = 8

func (p *player) stepTry(e event, f *family) {
	answer, near, name := p.typed(f)
	outcome := p.try(p.answer(e.at, f, answer, near), name)
	f.tries++
	next := event{e.at + 20*Second + p.random.Int64N(40*Second), e.family, stepTry}
	switch {
	case outcome.In:
		f.in = true
		return
	case answer == 0 && name != NameOfNobody && (name != NameSlipped || p.Rules.NameSlip):
		f.asked = true
		next.step = stepAsk
		if p.chance(p.People.Doubt) {
			next.step = stepDoubt
		}
		p.queue.push(next)
		return
	case f.bits.wrongData && f.tries == 3 && p.Rules.OwnAddress && p.chance(p.People.WrongToCode):
		next.step = stepAsk
		p.queue.push(next)
		return
	case f.tries >= mostTries:
		if f.bits.letter {
			p.queue.push(event{e.at + 5*Minute, e.family, stepLetter})
		}
		return
	}
	switch {
	case p.chance(p.People.OtherDevice):
		f.device, f.address = p.school.device(), p.school.address()
	case p.chance(p.People.Later / (1 - p.People.OtherDevice)):
		next.at += 45 * Minute
	}
	p.queue.push(next)
}

// stepAsk asks for a code. A message that cannot be sent now leaves the links of earlier ones, which whoever had them sent has handed to the family.
func (p *player) stepAsk(e event, f *family) {
	delivered := !f.bits.noContact && !f.bits.lost
	sent := p.send(e.at, f)
	switch {
	case delivered && (sent || p.lives(e.at, f)):
		p.queue.push(event{e.at + Minute + p.random.Int64N(2*Minute), e.family, stepProve})
	case f.bits.letter:
		p.queue.push(event{e.at + 5*Minute, e.family, stepLetter})
	case delivered && e.at+20*Minute < End+Hour:
		p.queue.push(event{e.at + 20*Minute, e.family, stepWait})
	}
}

// A household is sent three messages at once, then one every twenty minutes, and twelve in a day.
const (
	messagesAtOnce = 3
	messageEvery   = 20 * Minute
	messagesADay   = 12
)

// send sends a message to a family's contacts, if there is room for one.
func (p *player) send(at int64, f *family) bool {
	if len(f.messages) >= messagesADay {
		return false
	}
	// The level of a bucket that loses one message every twenty minutes.
	level, last := int64(0), at
	for _, sent := range f.messages {
		if level > 0 {
			level = max(0, level-(sent-last))
		}
		level, last = level+messageEvery, sent
	}
	if max(0, level-(at-last))+messageEvery > messagesAtOnce*messageEvery {
		return false
	}
	f.messages = append(f.messages, at)
	return true
}

// lives reports whether a link of an earlier message still opens.
func (p *player) lives(at int64, f *family) bool {
	for i, sent := range f.messages {
		if sent+30*Minute > at || i == messagesADay-1 && p.Rules.LastMessageLives {
			return true
		}
	}
	return false
}

// count says what became of each family.
func (p *player) count() {
	p.result.Families = len(p.school.families)
	for i := range p.school.families {
		f := &p.school.families[i]
		switch {
		case f.bits.byLink:
			p.result.Linked++
			p.result.LinkedOut += one(!f.in)
		case !f.bits.wrongData:
			p.result.Public++
			p.result.Asked += one(f.asked)
		}
		if f.bits.wrongData {
			p.result.Wrong++
			p.result.WrongLeft += one(!f.in)
			continue
		}
		if f.asked && !f.in {
			p.result.NoWay++
			p.result.NoWayAfter += one(!f.bits.desk)
		}
	}
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// Add adds what came of another evening.
func (r *Result) Add(other Result) {
	r.Families += other.Families
	r.Public += other.Public
	r.Asked += other.Asked
	r.NoWay += other.NoWay
	r.NoWayAfter += other.NoWayAfter
	r.Wrong += other.Wrong
	r.WrongLeft += other.WrongLeft
	r.Linked += other.Linked
	r.LinkedOut += other.LinkedOut
	r.Evaluated += other.Evaluated
}
