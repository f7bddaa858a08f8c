package evening

// Strategies are what somebody with a class list may do. The last is everything at once.
func Strategies() []Strategy {
	return []Strategy{
		{Name: "10,000 addresses, one try each, from the opening", From: 0, Until: End, Every: Second, Most: 10_000},
		{Name: "a new address each second, two hours before until the end", From: Begin, Until: End, Every: Second},
		{Name: "the same, 20 tries a second", From: Begin, Until: End, Every: Second / 20},
		{Name: "three tries at each child in turn", From: Begin, Until: End, Every: Second, PerChild: 3},
		{Name: "an hour, ending at the opening", From: -Hour, Until: 0, Every: Second},
		{Name: "from three hours after the opening", From: 3 * Hour, Until: End, Every: Second},
		{Name: "30 addresses, all evening", From: Begin, Until: End, Every: Second, Addresses: 30},
		{Name: "3 addresses, all evening", From: Begin, Until: End, Every: Second, Addresses: 3},
		{Name: "2 addresses, five minutes at the opening", From: 0, Until: 5 * Minute, Every: Second, Addresses: 2},
		{Name: "sits behind all shared addresses too", From: Begin, Until: End, Every: Second, Shared: true},
		{Name: "names that nobody has, all evening", From: Begin, Until: End, Every: Second, Unknown: true},
		{Name: "guesses, and takes back misses at an own family", From: Begin, Until: End, Every: Second, Own: true},
		{Name: "guesses, and spends the messages of 25 families whose right data it knows", From: Begin, Until: End, Every: Second, Messages: 25},
		{Name: "knows all but one symbol of every child", From: Begin, Until: End, Every: Second, Near: true},
		{Name: "everything at once", From: Begin, Until: End, Every: Second / 20, Shared: true, Own: true, Messages: 25},
	}
}

// AllEvening is the strategy by which goals are judged: a new address for each try, two hours before until the end.
func AllEvening() Strategy { return Strategies()[1] }

// Everything is all of it at once.
func Everything() Strategy { return Strategies()[len(Strategies())-1] }

// Variant is a change of the rules or of the assumptions.
type Variant struct {
	Name   string
	Rules  Rules
	People People
}

// RuleVariants take away or change one rule each; the first is as specified.
func RuleVariants() []Variant {
	with := func(name string, change func(*Rules)) Variant {
		v := Variant{Name: name, Rules: Specified(), People: Usual()}
		change(&v.Rules)
		return v
	}
	return []Variant{
		with("as specified", func(*Rules) {}),
		with("nothing is taken back", func(r *Rules) { r.TakeBack = TakeBackNever }),
		with("nothing is taken back after a second proof", func(r *Rules) { r.TakeBack = TakeBackFactors }),
		with("no code by the contact's own address", func(r *Rules) { r.OwnAddress = false }),
		with("a near miss costs as much as a far one", func(r *Rules) { r.Near = 4 }),
		with("a near miss costs nothing", func(r *Rules) { r.Near = 0 }),
		with("a name that nobody has costs as much as a miss", func(r *Rules) { r.UnknownCharges = true }),
		with("no slip in the name is accepted", func(r *Rules) { r.NameSlip = false }),
		with("taken back within half an hour only", func(r *Rules) { r.TakeBackWithin = 30 * Minute }),
		with("an address is charged for each child of the name", func(r *Rules) { r.AddressPerChild = true }),
		with("an address has five", func(r *Rules) { r.Address = 5 }),
		with("an address has thirty, whoever got in from it", func(r *Rules) { r.Address, r.AddressGrows = 30, false }),
		with("all can be spent at once, and nothing comes back", func(r *Rules) { r.Level = 100 }),
		with("one more for every 20 log-ins", func(r *Rules) { r.LoginsPerMiss = 20 }),
	}
}

// PeopleVariants are harsher assumptions, one each; the last two have all about slips, data and devices together.
func PeopleVariants() []Variant {
	all := Usual()
	changes := []struct {
		name   string
		change func(*People)
	}{
		{"20 % slips", func(p *People) { p.Slip = 0.20 }},
		{"3 % wrong data", func(p *People) { p.WrongData = 0.03 }},
		{"wrong data always typed differently", func(p *People) { p.WrongAgain = 0 }},
		{"30 % go on with another device", func(p *People) { p.OtherDevice = 0.30 }},
		{"15 % go on later", func(p *People) { p.Later = 0.15 }},
	}
	variants := []Variant{{Name: "as assumed", Rules: Specified(), People: Usual()}}
	for _, one := range changes {
		v := Variant{Name: one.name, Rules: Specified(), People: Usual()}
		one.change(&v.People)
		one.change(&all)
		variants = append(variants, v)
	}
	rush := Variant{Name: "the rush twice as fast", Rules: Specified(), People: Usual()}
	rush.People.Rush /= 2
	variants = append(variants, rush)
	harsh := all
	harsh.WrongData = Usual().WrongData
	return append(variants, Variant{"the first five but the 3 %", Specified(), harsh}, Variant{"the first five", Specified(), all})
}

// Policy is what a school asks, and what the best guess at one child of each size is worth, in bits (see docs/login.md).
type Policy struct {
	Name               string
	Primary, Secondary float64
}

// Policies are those whose worth is told.
func Policies() []Policy {
	return []Policy{
		{"birth date alone", 8.7, 8.9},
		{"birth date + postcode digits", 9.9, 11.5},
		{"birth date + student number in a row", 13.9, 17.1},
		{"birth date + whole postcode (default)", 16.5, 18.2},
		{"birth date + last four of the citizen number", 22.0, 22.2},
	}
}
