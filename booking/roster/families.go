package roster

import (
	"slices"

	"github.com/ouderavond/ouderavond/models/names"
)

// Families is what a roster says about which pupils are one household. Families of one pupil are not listed. Pupils and families stand in the order of
// the roster.
type Families struct {
	// Certain families have no pupil in common and nothing speaks against them.
	Certain []Family `json:"certain"`
	// Proposed families are for the school to confirm. One may hold a certain family and more.
	Proposed []Family `json:"proposed"`
}

// Family is pupils who are, or may be, one household.
type Family struct {
	PupilKeys []string     `json:"pupil_keys"`
	Reason    FamilyReason `json:"reason"` // the strongest thing that speaks for it
	Vetoes    []Veto       `json:"vetoes"` // what speaks against it; never nil, empty for certain families
}

// FamilyReason is why pupils may be one household. The first three can make it certain.
type FamilyReason string

// The reasons, strongest first.
const (
	BecauseFamilyCode       FamilyReason = "family-code"     // the file gives them one code
	BecauseAddress          FamilyReason = "same-address"    // postcode, house number, addition and surname
	BecauseGuardian         FamilyReason = "shared-guardian" // a guardian's e-mail or phone, and one has all guardians of the other
	BecauseHalfSurname      FamilyReason = "half-surname"    // one address and one half of a double surname
	BecausePostcode         FamilyReason = "same-postcode"   // postcode and surname, house number unknown
	BecauseSomeGuardian     FamilyReason = "some-guardian"   // a guardian's e-mail or phone, but each has guardians whom the other has not
	becauseNothing          FamilyReason = ""
	maxPerContact                        = 8   // pupils; a contact of more is the school's or an institution's
	maxChildren                          = 5   // of a family that needs no confirmation
	crowdedAddress                       = 8   // pupils at one address
	crowdedSurnames                      = 4   // different surnames among them
	crowdedPostcode                      = 60  // pupils of one postcode
	maxPairs                             = 120 // pupils whose pairs are looked at one by one
	shortestGap, longestGap              = 4, 240
)

var reasonOrder = []FamilyReason{BecauseFamilyCode, BecauseAddress, BecauseGuardian, BecauseHalfSurname, BecausePostcode, BecauseSomeGuardian}

// edge is something that speaks for two pupils being one household.
type edge struct {
	a, b   int // places in the roster
	reason FamilyReason
	veto   Veto // what speaks against this evidence itself
}

func (e edge) certain() bool {
	return e.veto == "" && (e.reason == BecauseFamilyCode || e.reason == BecauseAddress || e.reason == BecauseGuardian)
}

// FamiliesOf proposes the households of a roster. Certain are pupils with one family code, with one whole Dutch address and surname, or with a shared
// guardian where one pupil has all the guardians of the other, as long as no Veto holds. Leavers never take part.
func FamiliesOf(r *Roster) Families { return familiesBy(newContactBook(r, nil)) }

func familiesBy(book *contactBook) Families {
	m := &matcher{roster: book.roster, book: book}
	m.collect()
	m.byCode()
	m.byAddress()
	m.byPostcode()
	m.byGuardian()
	return m.result()
}

func newFamilies() Families { return Families{Certain: []Family{}, Proposed: []Family{}} }

// matcher gathers the evidence.
type matcher struct {
	roster *Roster
	active []int
	edges  []edge
	crowds map[string]int // postcode -> pupils
	book   *contactBook
	// Of each pupil, by its place in the roster: the surname as it may be written, the whole address, and the guardians as far as they may join anybody.
	written   [][]string
	addresses []string
	parents   [][]Guardian
}

func (m *matcher) pupil(i int) *Pupil { return &m.roster.Pupils[i] }

func (m *matcher) collect() {
	all := len(m.roster.Pupils)
	m.crowds, m.active = make(map[string]int, all), make([]int, 0, all)
	m.written, m.addresses, m.parents = make([][]string, all), make([]string, all), make([][]Guardian, all)
	for i := range m.roster.Pupils {
		if p := m.pupil(i); p.Active() {
			m.written[i], m.addresses[i], m.parents[i] = names.SurnameKeys(p.Prefix, p.Surname), wholeAddress(p), m.book.parentsOf(p)
			m.active = append(m.active, i)
			m.crowds[postcodeOf(p)]++
		}
	}
}

// bucket is the pupils who have a key.
type bucket struct {
	key     string
	first   int   // the first of them; most are alone
	members []int // all of them, if there are several
}

func (b *bucket) add(i int) {
	switch {
	case len(b.members) == 0 && b.first != i:
		b.members = []int{b.first, i}
	case len(b.members) > 0 && b.members[len(b.members)-1] != i:
		b.members = append(b.members, i)
	}
}

// buckets groups pupils by one or more keys, which keysOf appends to a list, and calls visit for each key that more than one has, in a fixed order.
func buckets(pupils []int, keysOf func(i int, keys []string) []string, visit func(key string, members []int)) {
	found, all := make(map[string]int, len(pupils)), make([]bucket, 0, len(pupils))
	var keys []string
	for _, i := range pupils {
		keys = keysOf(i, keys[:0])
		for _, key := range keys {
			if key == "" {
				continue
			}
			if at, known := found[key]; known {
				all[at].add(i)
				continue
			}
			found[key] = len(all)
			all = append(all, bucket{key: key, first: i})
		}
	}
	for i := range all {
		if len(all[i].members) > 1 {
			visit(all[i].key, all[i].members)
		}
	}
}

// chain notes the same evidence for all members.
func (m *matcher) chain(members []int, reason FamilyReason, veto Veto) {
	for _, other := range members[1:] {
		m.edges = append(m.edges, edge{members[0], other, reason, veto})
	}
}

func (m *matcher) byCode() {
	buckets(m.active, func(i int, keys []string) []string { return append(keys, familyCode(m.pupil(i))) },
		func(_ string, members []int) { m.chain(members, BecauseFamilyCode, "") })
}

// familyCode is the code of a pupil's family as it is compared.
func familyCode(p *Pupil) string {
	if p.FamilyCode == "" {
		return ""
	}
	return names.StudentNumber(p.FamilyCode)
}

func (m *matcher) surnames(i int, keys []string) []string { return append(keys, m.written[i]...) }

// postcodeOf is the postcode as far as it may be used: not that of a secret address.
func postcodeOf(p *Pupil) string {
	if p.Protected {
		return ""
	}
	return p.Postcode
}

// wholeAddress is the address of a pupil as far as it stands for one house; empty otherwise.
func wholeAddress(p *Pupil) string {
	if p.HouseNumber == "" || !names.DutchPostcode(postcodeOf(p)) {
		return ""
	}
	return p.Postcode + " " + p.HouseNumber + " " + names.Key(p.HouseNumberAddition)
}

func (m *matcher) byAddress() {
	buckets(m.active, func(i int, keys []string) []string { return append(keys, m.addresses[i]) }, func(_ string, members []int) {
		veto := m.institution(members)
		buckets(members, m.surnames, func(_ string, same []int) { m.chain(same, BecauseAddress, veto) })
		buckets(members, func(i int, keys []string) []string {
			p := m.pupil(i)
			return append(append(keys, m.written[i]...), names.SurnameHalves(p.Prefix, p.Surname)...)
		}, func(_ string, same []int) { m.chain(same, BecauseHalfSurname, veto) })
	})
}

// institution tells of an address or postcode at which people live who have nothing to do with one another.
func (m *matcher) institution(members []int) Veto {
	surnames := map[string]bool{}
	for _, i := range members {
		surnames[names.Surname(m.pupil(i).Prefix, m.pupil(i).Surname)] = true
	}
	if len(members) >= crowdedAddress && len(surnames) >= crowdedSurnames || m.crowds[m.pupil(members[0]).Postcode] > crowdedPostcode {
		return VetoInstitution
	}
	return ""
}

// byPostcode proposes pupils with one postcode and surname, unless their house numbers are known to differ.
func (m *matcher) byPostcode() {
	buckets(m.active, func(i int, keys []string) []string { return append(keys, postcodeOf(m.pupil(i))) }, func(code string, members []int) {
		veto := Veto("")
		switch {
		case !names.DutchPostcode(code):
			veto = VetoCoarsePostcode
		case len(members) > crowdedPostcode:
			veto = VetoInstitution
		}
		buckets(members, m.surnames, func(_ string, same []int) {
			if len(same) > maxPairs {
				return
			}
			for x, a := range same {
				for _, b := range same[x+1:] {
					if mayShareHouse(m.pupil(a), m.pupil(b)) {
						m.edges = append(m.edges, edge{a, b, BecausePostcode, veto})
					}
				}
			}
		})
	})
}

func mayShareHouse(a, b *Pupil) bool {
	return !differ(a.HouseNumber, b.HouseNumber) && !differ(names.Key(a.HouseNumberAddition), names.Key(b.HouseNumberAddition))
}

func (m *matcher) byGuardian() {
	for _, holders := range m.book.holders {
		if len(holders.members) < 2 || len(holders.members) > maxPerContact || m.book.joinsNobody(holders.key) {
			continue
		}
		for x, a := range holders.members {
			for _, b := range holders.members[x+1:] {
				m.edges = append(m.edges, m.overGuardian(a, b))
			}
		}
	}
}

// overGuardian returns what a contact that stands beside two pupils says of them.
func (m *matcher) overGuardian(a, b int) edge {
	one, other := m.pupil(a), m.pupil(b)
	left, right := m.parents[a], m.parents[b]
	switch {
	case !allOf(left, right) && !allOf(right, left):
		return edge{a, b, BecauseSomeGuardian, VetoGuardians}
	case !shareSurname(one, other) && !m.sameHouse(a, b) && !share(left, right, surelySame):
		return edge{a, b, BecauseGuardian, VetoSurnames}
	}
	return edge{a, b, BecauseGuardian, ""}
}

// allOf reports whether every guardian of part is also in whole.
func allOf(whole, part []Guardian) bool {
	return !slices.ContainsFunc(part, func(g Guardian) bool {
		return !slices.ContainsFunc(whole, func(other Guardian) bool { return samePersonAs(g, other) })
	})
}

// share reports whether some guardian of one pupil is one of another's.
func share(left, right []Guardian, same func(a, b Guardian) bool) bool {
	return slices.ContainsFunc(left, func(g Guardian) bool {
		return slices.ContainsFunc(right, func(other Guardian) bool { return same(g, other) })
	})
}

// samePersonAs reports whether two guardians of different pupils may be one person: an address in common, or a number in common that no address contradicts, or a name
// that not both contradict.
func samePersonAs(a, b Guardian) bool {
	email, phone := a.Email != "" && a.Email == b.Email, a.PhoneE164 != "" && a.PhoneE164 == b.PhoneE164
	name := a.Name != "" && a.Name == b.Name
	return email || phone && !differ(a.Email, b.Email) || name && !(differ(a.Email, b.Email) && differ(a.PhoneE164, b.PhoneE164))
}

// surelySame reports whether two guardians are one person also by name.
func surelySame(a, b Guardian) bool {
	return samePersonAs(a, b) && a.Name != "" && a.Name == b.Name && (a.Email != "" && a.Email == b.Email || a.PhoneE164 != "" && a.PhoneE164 == b.PhoneE164)
}

func (m *matcher) sameHouse(a, b int) bool {
	return m.addresses[a] != "" && m.addresses[a] == m.addresses[b]
}
