package directory

import (
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/names"
)

// nameIndex finds pupils by the ways in which their names are written, some ten for each. It keeps a short sum of each way instead of its text; whether the
// pupil really bears the name is looked up in the row.
type nameIndex struct {
	seed    maphash.Seed
	entries []nameEntry // by sum, then by pupil
}

type nameEntry struct {
	sum   uint32
	pupil int32 // the place in the list of pupils
}

func newNameIndex(pupils []*models.Pupil) nameIndex {
	n := nameIndex{seed: maphash.MakeSeed()}
	for i, pupil := range pupils {
		if pupil.State != models.PersonActive {
			continue
		}
		for _, key := range keysOf(pupil) {
			n.entries = append(n.entries, nameEntry{n.sum(key), int32(i)})
		}
	}
	slices.SortFunc(n.entries, func(a, b nameEntry) int { return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.pupil, b.pupil)) })
	n.entries = exactly(slices.Compact(n.entries))
	return n
}

func (n nameIndex) sum(key string) uint32 { return uint32(maphash.String(n.seed, key)) }

// find gives the active pupils who may bear one of the names, each once.
func (n nameIndex) find(typed []string, pupils []*models.Pupil) []*models.Pupil {
	var found []*models.Pupil
	for _, key := range typed {
		sum := n.sum(key)
		first, _ := slices.BinarySearchFunc(n.entries, sum, func(e nameEntry, sum uint32) int { return cmp.Compare(e.sum, sum) })
		for _, entry := range n.entries[first:] {
			if entry.sum != sum {
				break
			}
			if pupil := pupils[entry.pupil]; !slices.Contains(found, pupil) && slices.Contains(keysOf(pupil), key) {
				found = append(found, pupil)
			}
		}
	}
	return found
}

// keysOf gives the keys under which a pupil is found, some of them twice.
func keysOf(pupil *models.Pupil) []string {
	keys := names.Keys(names.Person{Given: pupil.Details.Given, Prefix: pupil.Details.Prefix, Surname: pupil.Details.Surname})
	for _, alias := range pupil.Details.Aliases {
		keys = append(keys, names.TypedKeys(alias)...)
	}
	return keys
}
