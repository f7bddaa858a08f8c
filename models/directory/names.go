package directory

import (
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/names"
)

// nameIndex finds pupils by the ways in which their names are written, some ten for each, or by what is left of them where a letter is left out. It keeps a short
// sum of each way instead of its text; whether the pupil really bears the name is looked up in the row.
type nameIndex struct {
	seed    maphash.Seed
	entries []nameEntry // by sum, then by pupil
}

type nameEntry struct {
	sum   uint32
	pupil int32 // the place in the list of pupils
}

// newNameIndex finds the active pupils by the keys that list gives for each.
func newNameIndex(pupils []*models.Pupil, list func(*models.Pupil, func(string))) nameIndex {
	n := nameIndex{seed: maphash.MakeSeed()}
	for i, pupil := range pupils {
		if pupil.State == models.PersonActive {
			list(pupil, func(key string) { n.entries = append(n.entries, nameEntry{n.sum(key), int32(i)}) })
		}
	}
	slices.SortFunc(n.entries, func(a, b nameEntry) int { return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.pupil, b.pupil)) })
	n.entries = exactly(slices.Compact(n.entries))
	return n
}

func (n nameIndex) sum(key string) uint32 { return uint32(maphash.String(n.seed, key)) }

// find gives the places of the active pupils who may be meant by a key, each once.
func (n nameIndex) find(found []int32, key string) []int32 {
	sum := n.sum(key)
	first, _ := slices.BinarySearchFunc(n.entries, sum, func(e nameEntry, sum uint32) int { return cmp.Compare(e.sum, sum) })
	for _, entry := range n.entries[first:] {
		if entry.sum != sum {
			break
		}
		if !slices.Contains(found, entry.pupil) {
			found = append(found, entry.pupil)
		}
	}
	return found
}

// look asks an index for keys, and the pupils found there whether they are meant. If none is found one is asked all the same, so that the time that it takes
// says little of who is there.
func (d *Directory) look(index nameIndex, keys []string, meant func(*models.Pupil) bool) []*models.Pupil {
	var places []int32
	for _, key := range keys {
		places = index.find(places, key)
	}
	var found []*models.Pupil
	for _, place := range places {
		if pupil := d.pupils.list[place]; meant(pupil) {
			found = append(found, pupil)
		}
	}
	if len(places) == 0 && len(d.pupils.list) > 0 {
		meant(d.pupils.list[0])
	}
	return found
}

// ByTypedName gives the active pupils whose name matches what somebody typed, each once.
func (d *Directory) ByTypedName(typed string) []*models.Pupil {
	keys := names.TypedKeys(typed)
	return d.look(d.byName, keys, func(pupil *models.Pupil) bool {
		return slices.ContainsFunc(keysOf(pupil), func(key string) bool { return slices.Contains(keys, key) })
	})
}

// BySlip gives the active pupils whose name is one slip away from what somebody typed: a letter too many, too few, another, or two swapped.
func (d *Directory) BySlip(typed string) []*models.Pupil {
	keys := names.TypedKeys(typed)
	var left []string
	for _, key := range keys {
		names.LettersLeftOut(key, func(key string) { left = append(left, key) })
	}
	return d.look(d.bySlip, left, func(pupil *models.Pupil) bool { return names.OneSlip(keys, names.SlipKeys(personOf(pupil))) })
}

func personOf(pupil *models.Pupil) names.Person {
	return names.Person{Given: pupil.Details.Given, Prefix: pupil.Details.Prefix, Surname: pupil.Details.Surname}
}

func exactKeys(pupil *models.Pupil, each func(string)) {
	for _, key := range keysOf(pupil) {
		each(key)
	}
}

func slipKeys(pupil *models.Pupil, each func(string)) {
	for _, key := range names.SlipKeys(personOf(pupil)) {
		names.LettersLeftOut(key, each)
	}
}

// keysOf gives the keys under which a pupil is found, some of them twice.
func keysOf(pupil *models.Pupil) []string {
	keys := names.Keys(personOf(pupil))
	for _, alias := range pupil.Details.Aliases {
		keys = append(keys, names.TypedKeys(alias)...)
	}
	return keys
}
