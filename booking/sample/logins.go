package sample

// LoginCase names what a login shows. The values are stable, for translated texts.
type LoginCase string

// The cases, in the order in which Logins picks them.
const (
	CaseThreeChildren   LoginCase = "three-children"
	CaseTwins           LoginCase = "twins"
	CaseSeparatedFirst  LoginCase = "separated-first"
	CaseSeparatedSecond LoginCase = "separated-second"
	CaseBlended         LoginCase = "blended"
	CaseStaff           LoginCase = "teacher-is-parent"
	CaseAdult           LoginCase = "adult-pupil"
	CaseNamesake        LoginCase = "namesake"
	CaseNoPostcode      LoginCase = "no-postcode"
	CaseNoContact       LoginCase = "no-contact"
	CaseOrdinary        LoginCase = "one-child"
)

// Login is a parent worth trying out.
type Login struct {
	Case      LoginCase
	Household int          // place in School.Households
	Enters    []LoginEntry // one for each child of the household, in the order in which the parent would enter them
	Expect    string       // what should happen, in English, for whoever tries it
}

// LoginEntry is what the parent types for one child; a school's policy asks for some of it.
type LoginEntry struct {
	Pupil         int    // place in School.Pupils
	Name          string // "Sanne van den Berg"
	Postcode      string // of the household that logs in: "1234AB"
	BirthDate     string // ISO 8601
	StudentNumber string
}

// loginRule finds the households of a case.
type loginRule struct {
	name   LoginCase
	fits   func(s *School, at int) bool
	expect string
}

var loginRules = []loginRule{
	{CaseThreeChildren, func(s *School, at int) bool { return s.plain(at) && len(s.Households[at].Pupils) == 3 },
		"Three children on one screen. After the first child its brothers and sisters come along by themselves if the file has house numbers or family codes, or " +
			"once the school has confirmed the family; until then the parent adds them one by one."},
	{CaseTwins, func(s *School, at int) bool { h := s.Households[at]; return s.complete(at) && h.Twins && !h.Separated },
		"Twins: same postcode and birth date (or a day apart), so only the given name tells them apart. Both are on one screen."},
	{CaseSeparatedFirst, func(s *School, at int) bool { return s.separated(at, 0) },
		"The parents are separated and this is the household whose address the school has. The parent sees and books this household's talks only and never learns " +
			"whether or when the other parent comes."},
	{CaseSeparatedSecond, func(s *School, at int) bool { return s.separated(at, 1) },
		"The other parent of the same child, at another postcode. Recognised with that postcode if the file has the guardians' addresses; if not, it takes a " +
			"contact on file or a family code, and the refusal reads like any other."},
	{CaseBlended, func(s *School, at int) bool {
		h := s.Households[at]
		return s.complete(at) && h.Blended && !h.Separated
	},
		"Children with different surnames at one address. They are not joined by name; the shared contacts or a family code join them, or the parent adds the " +
			"second child."},
	{CaseStaff, func(s *School, at int) bool { return s.complete(at) && s.first(at).Traits.StaffChild },
		"This parent also teaches here and must not be booked by others at the time of the own talks."},
	{CaseAdult, func(s *School, at int) bool { return s.complete(at) && s.first(at).Traits.Adult },
		"The pupil is 18 or older and may book alone; parents may book only if the school or the pupil lets them."},
	{CaseNamesake, func(s *School, at int) bool {
		return len(s.Households[at].Pupils) == 1 && s.first(at).Traits.Namesake && s.first(at).Address.Country == "NL"
	},
		"Another pupil bears exactly the same name. Only the other facts tell them apart; a mixture of both is refused."},
	{CaseNoPostcode, func(s *School, at int) bool {
		return len(s.Households[at].Pupils) == 1 && s.first(at).Traits.NoPostcode && !s.first(at).Traits.NoContact
	},
		"The school's file has no postcode for this child, so nothing the parent types as postcode is right. The other ways in are offered; the school saw the " +
			"child in its list of families who cannot log in."},
	{CaseNoContact, func(s *School, at int) bool { return s.complete(at) && s.first(at).Traits.NoContact },
		"The school has neither e-mail address nor number. The parent logs in and books; the confirmation goes to what is typed for this booking, or nowhere."},
}

// Logins picks up to n parents: each case once as far as the school has it, then ordinary families with one child. The same school gives the same
// logins, and a larger n only adds to them.
func (s *School) Logins(n int) []Login {
	var logins []Login
	used := map[int]bool{}
	for _, rule := range loginRules {
		for at := range s.Households {
			if len(logins) < n && !used[at] && rule.fits(s, at) && s.follows(logins, rule.name, at) {
				logins, used[at] = append(logins, s.login(rule.name, at, rule.expect)), true
				break
			}
		}
	}
	for at := range s.Households {
		if len(logins) < n && !used[at] && s.plain(at) && len(s.Households[at].Pupils) == 1 && s.first(at).Traits == (Traits{}) {
			logins = append(logins, s.login(CaseOrdinary, at, "One child: the shortest way from the log-in to a booked talk."))
		}
	}
	return logins
}

// follows makes sure that the second household of separated parents shares its child with the first one picked.
func (s *School) follows(logins []Login, name LoginCase, at int) bool {
	if name != CaseSeparatedSecond {
		return true
	}
	for _, l := range logins {
		if l.Case == CaseSeparatedFirst {
			return l.Enters[0].Pupil == s.Households[at].Pupils[0]
		}
	}
	return false
}

func (s *School) login(name LoginCase, at int, expect string) Login {
	l := Login{Case: name, Household: at, Expect: expect}
	h := s.Households[at]
	for _, i := range h.Pupils {
		p := s.Pupils[i]
		l.Enters = append(l.Enters, LoginEntry{
			Pupil: i, Name: p.FullName(), Postcode: h.Address.Postcode, BirthDate: p.BirthDate, StudentNumber: p.Number,
		})
	}
	return l
}

func (s *School) first(at int) Pupil { return s.Pupils[s.Households[at].Pupils[0]] }

// complete tells whether the parent of the household can be recognised by what the file says of the children.
func (s *School) complete(at int) bool {
	for _, i := range s.Households[at].Pupils {
		p := s.Pupils[i]
		if p.Traits.NoPostcode || p.Traits.Namesake || p.Address.Country != "NL" || p.Address != s.Households[at].Address {
			return false
		}
	}
	return true
}

// plain is complete with nothing out of the ordinary in the household.
func (s *School) plain(at int) bool {
	h := s.Households[at]
	return s.complete(at) && !h.Twins && !h.Blended && !h.Separated
}

// separated tells whether the household is the first (0) or second (1) one of its only child.
func (s *School) separated(at, rank int) bool {
	h := s.Households[at]
	p := s.first(at)
	return len(h.Pupils) == 1 && !h.Blended && len(p.Households) == 2 && p.Households[rank] == at && !p.Traits.NoPostcode && !p.Traits.Namesake
}
