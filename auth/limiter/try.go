package limiter

import "slices"

// Candidate is a child with whom an answer is compared.
type Candidate struct {
	Child string
	// Slips is by how much the answer misses the child, over all factors together; 0 if it is right.
	Slips int
	// Home is the household that a right answer leads to. It is empty if it leads to none, as for a child of two homes where the answer chooses neither.
	Home string
	// Known is set if the household of the child knows this device.
	Known *Device
}

// Device is the budget that a known device has for a household.
type Device struct {
	// Misses is how many wrong answers about the household's children were charged to the device within Kept.
	Misses int
	// Repeated is set if one of them was this very answer at this child.
	Repeated bool
}

// Try is somebody's answer in the public form.
type Try struct {
	// Candidates are who is compared, at most MaxCandidates. A name that no child has, has none.
	Candidates []Candidate
	Token      string
	Answer     string
	// Address and Network are where it came from: a single address of IPv4, or a /64 and its /48.
	Address, Network string
	// Homes and NetworkHomes are how many households got in from there within Kept, by any proof and in any lane.
	Homes, NetworkHomes int
}

// Charge is a miss that is to be written.
type Charge struct {
	Candidate int // its place in Try.Candidates
	Cost      Quarters
	Device    bool // it is the known device's, and counts for nobody else
}

// Outcome is what comes of a try.
type Outcome struct {
	// In is set if it is let in, into Home.
	In   bool
	Home string
	// Open is set if a right answer would have been let in by the public budgets.
	Open bool
	// Charged are the misses to be written; none if it is let in.
	Charged []Charge
}

// Decide says what comes of a try. It depends on nothing but what it is given.
func (s School) Decide(try Try) Outcome {
	outcome := Outcome{Open: s.open(try)}
	right := slices.DeleteFunc(slices.Clone(try.Candidates), func(c Candidate) bool { return c.Slips != 0 })
	if len(right) > 0 {
		home := right[0].Home
		single := home != "" && !slices.ContainsFunc(right, func(c Candidate) bool { return c.Home != home })
		if single && (outcome.Open || slices.ContainsFunc(right, Candidate.passes)) {
			outcome.In, outcome.Home = true, home
		}
		return outcome // right but shut, or right for several families: nothing is charged
	}
	for i, candidate := range try.Candidates {
		switch {
		case candidate.passes():
			if !candidate.Known.Repeated {
				outcome.Charged = append(outcome.Charged, Charge{i, CostOf(candidate.Slips), true})
			}
		case outcome.Open && !s.repeated(try, candidate.Child):
			outcome.Charged = append(outcome.Charged, Charge{i, CostOf(candidate.Slips), false})
		}
	}
	return outcome
}

func (c Candidate) passes() bool { return c.Known != nil && c.Known.Misses < PerDevice }

// open reports whether a right answer would be let in by the public budgets: whether there is room for a miss of each child who is compared. Who is compared
// with nobody is judged as if it were one child.
func (s School) open(try Try) bool {
	public := 0
	for _, candidate := range try.Candidates {
		if candidate.passes() {
			continue
		}
		public++
		if s.count(func(m Miss) bool { return m.Child == candidate.Child }) >= PerChild {
			return false
		}
	}
	more := max(public, 1)
	// Two children of one name are one answer of an address: a parent of one of them would be shut out by a single slip.
	ofAddress := s.answers(func(m Miss) bool { return m.Address == try.Address })
	ofNetwork := s.answers(func(m Miss) bool { return m.Network == try.Network })
	return ofAddress < PerAddress+try.Homes && ofNetwork < PerNetwork+try.NetworkHomes && s.Room(more)
}
