package roster

import "slices"

// Veto is something that speaks against pupils being one household, so that a person must decide.
type Veto string

// The vetoes.
const (
	VetoBirths         Veto = "births-too-close"  // 4 to 240 days apart: neither twins nor born one after the other
	VetoTooMany        Veto = "too-many-children" // more than five
	VetoInstitution    Veto = "institution"       // an address or postcode at which many families live
	VetoProtected      Veto = "protected"         // a pupil's address is secret
	VetoGuardians      Veto = "guardians-differ"  // each has guardians whom the other has not
	VetoSurnames       Veto = "surnames-differ"   // only a contact is shared, and nothing but it: not the surname, the house, or the guardian's name
	VetoAddresses      Veto = "addresses-differ"  // pupils of whom the whole address is known, and not the same
	VetoCoarsePostcode Veto = "coarse-postcode"   // the postcode stands for a town
)

// parts joins pupils into sets (union-find); the smallest place is a set's root.
type parts []int

func newParts(n int) parts {
	p := make(parts, n)
	for i := range p {
		p[i] = i
	}
	return p
}

func (p parts) root(i int) int {
	for p[i] != i {
		p[i] = p[p[i]]
		i = p[i]
	}
	return i
}

func (p parts) join(a, b int) {
	a, b = p.root(a), p.root(b)
	p[max(a, b)] = min(a, b)
}

// sets returns the sets of two or more, in the order of their first member.
func (p parts) sets(members []int) [][]int {
	sizes := make([]int, len(p))
	for _, i := range members {
		sizes[p.root(i)]++
	}
	at := make([]int, len(p)) // of a root, from 1
	var all [][]int
	for _, i := range members {
		root := p.root(i)
		if sizes[root] < 2 {
			continue
		}
		if at[root] == 0 {
			all = append(all, make([]int, 0, sizes[root]))
			at[root] = len(all)
		}
		all[at[root]-1] = append(all[at[root]-1], i)
	}
	return all
}

// within divides evidence among the sets: that of a set is at the place of its root.
func (p parts) within(edges []edge) [][]edge {
	ends := make([]int, len(p)+1)
	for _, e := range edges {
		ends[p.root(e.a)+1]++
	}
	for i := range p {
		ends[i+1] += ends[i]
	}
	sorted, next := make([]edge, len(edges)), slices.Clone(ends)
	for _, e := range edges {
		root := p.root(e.a)
		sorted[next[root]] = e
		next[root]++
	}
	found := make([][]edge, len(p))
	for i := range p {
		found[i] = sorted[ends[i]:ends[i+1]]
	}
	return found
}

// result divides the evidence into certain and proposed families.
func (m *matcher) result() Families {
	families := newFamilies()
	sure, maybe := newParts(len(m.roster.Pupils)), newParts(len(m.roster.Pupils))
	certain := make([]edge, 0, len(m.edges))
	for _, e := range m.edges {
		maybe.join(e.a, e.b)
		if e.certain() {
			sure.join(e.a, e.b)
			certain = append(certain, e)
		}
	}
	within := sure.within(certain)
	settled := make([]int, len(m.roster.Pupils)) // size, by root
	for _, set := range sure.sets(m.active) {
		edges := within[set[0]]
		if vetoes := m.vetoes(set, edges); len(vetoes) == 0 {
			settled[set[0]] = len(set)
			families.Certain = append(families.Certain, m.family(set, edges, vetoes))
		}
	}
	within = maybe.within(m.edges)
	for _, set := range maybe.sets(m.active) {
		if settled[sure.root(set[0])] == len(set) {
			continue // it is one certain family and nothing more
		}
		edges := within[set[0]]
		families.Proposed = append(families.Proposed, m.family(set, edges, m.vetoes(set, edges)))
	}
	return families
}

func (m *matcher) family(set []int, edges []edge, vetoes []Veto) Family {
	f := Family{Reason: becauseNothing, Vetoes: vetoes}
	for _, i := range set {
		f.PupilKeys = append(f.PupilKeys, m.pupil(i).Key)
	}
	best := len(reasonOrder)
	for _, e := range edges {
		if at := slices.Index(reasonOrder, e.reason); at >= 0 && at < best {
			best, f.Reason = at, e.reason
		}
	}
	return f
}

// vetoes returns what speaks against a set, sorted and never nil.
func (m *matcher) vetoes(set []int, edges []edge) []Veto {
	found := []Veto{}
	note := func(veto Veto, holds bool) {
		if holds && !slices.Contains(found, veto) {
			found = append(found, veto)
		}
	}
	for _, e := range edges {
		note(e.veto, e.veto != "")
	}
	note(VetoTooMany, len(set) > maxChildren)
	for _, i := range set {
		note(VetoProtected, m.pupil(i).Protected)
	}
	if len(set) <= maxPairs {
		for x, a := range set {
			for _, b := range set[x+1:] {
				m.pairVetoes(a, b, note)
			}
		}
	}
	slices.Sort(found)
	return found
}

func (m *matcher) pairVetoes(one, other int, note func(veto Veto, holds bool)) {
	a, b := m.pupil(one), m.pupil(other)
	if !a.BirthDate.IsZero() && !b.BirthDate.IsZero() {
		days := a.BirthDate.DaysUntil(b.BirthDate)
		days = max(days, -days)
		note(VetoBirths, days >= shortestGap && days <= longestGap)
	}
	if code := familyCode(a); code != "" && code == familyCode(b) {
		return
	}
	left, right := m.parents[one], m.parents[other]
	note(VetoGuardians, guardiansDiffer(left, right, m.sameHouse(one, other)))
	known := m.addresses[one] != "" && m.addresses[other] != ""
	if !known || a.Postcode == b.Postcode && mayShareHouse(a, b) {
		return
	}
	// Who moved with one guardian, known by name or by address and surname, is in the file twice; a mere number does not move a child.
	moved := len(left) > 0 && len(right) > 0 && (allOf(left, right) || allOf(right, left)) && (share(left, right, surelySame) || shareSurname(a, b) && share(left, right, sameAddress))
	note(VetoAddresses, !moved)
}

func sameAddress(a, b Guardian) bool { return a.Email != "" && a.Email == b.Email }

// guardiansDiffer reports whether two pupils have guardians of whom they share none although both have e-mail addresses on file; or, in different houses,
// whether each has guardians whom the other has not (a grandmother, a second marriage).
func guardiansDiffer(a, b []Guardian, sameHouse bool) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	mail := func(g Guardian) bool { return g.Email != "" }
	if !share(a, b, samePersonAs) {
		return slices.ContainsFunc(a, mail) && slices.ContainsFunc(b, mail)
	}
	return !sameHouse && !allOf(a, b) && !allOf(b, a)
}
