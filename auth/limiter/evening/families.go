package evening

import "math/rand/v2"

// family is who logs in: one household with its first child.
type family struct {
	child           int32
	device, address int32
	tries           int
	bits            flags
	messages        []int64 // when one was sent to its contacts
	asked           bool    // a right answer of it was refused
	in              bool
}

// flags are what a family is like.
type flags struct {
	wrongData, byLink, noContact, lost, letter, desk bool
}

// step is what a family does next.
type step uint8

const (
	stepTry    step = iota // an answer in the public form
	stepDoubt              // another answer, after a right one was refused
	stepAsk                // asks for a code
	stepWait               // asks again, because no message could be sent
	stepProve              // types the code, or opens the link of the message
	stepLetter             // types the family code of the letter
	stepLink               // opens its personal link
)

// event is a family's step at a time.
type event struct {
	at     int64
	family int32
	step   step
}

// queue is a heap of events by time, and by family where the times are equal.
type queue []event

func (q queue) less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].family < q[j].family
}

func (q *queue) push(e event) {
	*q = append(*q, e)
	h := *q
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !h.less(i, up) {
			return
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
}

func (q *queue) pop() event {
	h := *q
	first := h[0]
	last := len(h) - 1
	h[0] = h[last]
	h = h[:last]
	for i := 0; ; {
		down := 2*i + 1
		if down >= last {
			break
		}
		if down+1 < last && h.less(down+1, down) {
			down++
		}
		if !h.less(down, i) {
			break
		}
		h[i], h[down] = h[down], h[i]
		i = down
	}
	*q = h
	return first
}

// school is who is at a school on an evening.
type school struct {
	households []int32 // of each child
	mates      []int32 // of each child, another one of its name
	families   []family
	devices    int32 // how many there are so far
	addresses  int32
	answers    int32
}

// invent makes up a school: each family has one child, the others belong to families at random.
func invent(size Size, people People, random *rand.Rand) *school {
	s := &school{households: make([]int32, size.Pupils), mates: make([]int32, size.Pupils), families: make([]family, size.Families), addresses: sharedAddresses}
	for child := range s.households {
		s.households[child], s.mates[child] = int32(child), nobody
		if child >= size.Families {
			s.households[child] = random.Int32N(int32(size.Families))
		}
	}
	for range int(float64(size.Pupils) * size.SameName / 2) {
		a, b := random.Int32N(int32(size.Pupils)), random.Int32N(int32(size.Pupils))
		if s.mates[a] == nobody && s.mates[b] == nobody && s.households[a] != s.households[b] {
			s.mates[a], s.mates[b] = b, a
		}
	}
	chance := func(share float64) bool { return random.Float64() < share }
	for i := range s.families {
		f := &s.families[i]
		f.child, f.device = int32(i), s.device()
		f.address = random.Int32N(sharedAddresses)
		if !chance(people.Shared) {
			f.address = s.address()
		}
		f.bits = flags{
			wrongData: chance(people.WrongData), byLink: chance(people.ByLink), noContact: chance(people.NoContact), lost: chance(people.MessageLost),
			letter: chance(people.Letter), desk: chance(people.Desk),
		}
	}
	return s
}

func (s *school) device() int32 {
	s.devices++
	return s.devices - 1
}

func (s *school) address() int32 {
	s.addresses++
	return s.addresses - 1
}

// answer returns a wrong answer that nobody gave before.
func (s *school) answer() int32 {
	s.answers++
	return s.answers
}

// arrivalTime returns when a family comes.
func arrivalTime(people People, random *rand.Rand) int64 {
	if random.Float64() < people.AtOpening {
		return int64(random.ExpFloat64() * float64(people.Rush))
	}
	return random.Int64N(End)
}
