package roster

import (
	"slices"

	"github.com/ouderavond/ouderavond/models/names"
)

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
	at := map[int]int{}
	var all [][]int
	for _, i := range members {
		root := p.root(i)
		if _, known := at[root]; !known {
			at[root] = len(all)
			all = append(all, nil)
		}
		all[at[root]] = append(all[at[root]], i)
	}
	return slices.DeleteFunc(all, func(set []int) bool { return len(set) < 2 })
}

// result divides the evidence into certain and proposed families.
func (m *matcher) result() Families {
	families := newFamilies()
	sure, maybe := newParts(len(m.roster.Pupils)), newParts(len(m.roster.Pupils))
	for _, e := range m.edges {
		maybe.join(e.a, e.b)
		if e.certain() {
			sure.join(e.a, e.b)
		}
	}
	within := func(p parts) map[int][]edge {
		found := map[int][]edge{}
		for _, e := range m.edges {
			if root := p.root(e.a); root == p.root(e.b) {
				found[root] = append(found[root], e)
			}
		}
		return found
	}
	sureEdges, maybeEdges := within(sure), within(maybe)
	settled := map[int]int{} // root -> size
	for _, set := range sure.sets(m.active) {
		edges := slices.DeleteFunc(slices.Clone(sureEdges[set[0]]), func(e edge) bool { return !e.certain() })
		if vetoes := m.vetoes(set, edges); len(vetoes) == 0 {
			settled[set[0]] = len(set)
			families.Certain = append(families.Certain, m.family(set, edges, vetoes))
		}
	}
	for _, set := range maybe.sets(m.active) {
		if m.allSettled(set, sure, settled) {
			continue
		}
		edges := maybeEdges[set[0]]
		families.Proposed = append(families.Proposed, m.family(set, edges, m.vetoes(set, edges)))
	}
	return families
}

// allSettled reports whether a possible family is one certain family and nothing more.
func (m *matcher) allSettled(set []int, sure parts, settled map[int]int) bool {
	return settled[sure.root(set[0])] == len(set)
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
	found := map[Veto]bool{}
	for _, e := range edges {
		found[e.veto] = true
	}
	found[VetoTooMany] = len(set) > maxChildren
	coded := map[string]int{}
	for _, i := range set {
		found[VetoProtected] = found[VetoProtected] || m.pupil(i).Protected
		coded[names.StudentNumber(m.pupil(i).FamilyCode)]++
	}
	if len(set) <= maxPairs {
		for x, a := range set {
			for _, b := range set[x+1:] {
				m.pairVetoes(m.pupil(a), m.pupil(b), found)
			}
		}
	}
	vetoes := []Veto{}
	for veto, holds := range found {
		if holds && veto != "" {
			vetoes = append(vetoes, veto)
		}
	}
	slices.Sort(vetoes)
	return vetoes
}

func (m *matcher) pairVetoes(a, b *Pupil, found map[Veto]bool) {
	if !a.BirthDate.IsZero() && !b.BirthDate.IsZero() {
		days := a.BirthDate.DaysUntil(b.BirthDate)
		if days = max(days, -days); days >= shortestGap && days <= longestGap {
			found[VetoBirths] = true
		}
	}
	code := names.StudentNumber(a.FamilyCode)
	if code != "" && code == names.StudentNumber(b.FamilyCode) {
		return
	}
	left, right := m.parents[a], m.parents[b]
	if guardiansDiffer(left, right, sameHouse(a, b)) {
		found[VetoGuardians] = true
	}
	// Who moved with one guardian, known by name or by address and surname, is in the file twice; a mere number does not move a child.
	moved := len(left) > 0 && len(right) > 0 && (allOf(left, right) || allOf(right, left)) && (share(left, right, surelySame) || shareSurname(a, b) && share(left, right, sameAddress))
	known := wholeAddress(a) != "" && wholeAddress(b) != ""
	if known && (a.Postcode != b.Postcode || !mayShareHouse(a, b)) && !moved {
		found[VetoAddresses] = true
	}
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
