// Package lookup finds a school's families by what its office types: part of a name, a number, a group, a teacher, an address. It is an index in memory, made of the
// opened roster and the contacts on file, which the store makes for one version of them and never changes afterwards. Rows, queries and what may be shown to whom never live here.
package lookup

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/names"
)

// Field is what of a family a word was found in.
type Field string

// The fields, in the order of how much they say: whose own name was typed is more likely meant than who is taught by somebody of that name.
const (
	FieldPupil    Field = "pupil"    // a child's name, or another spelling of it
	FieldGuardian Field = "guardian" // a guardian's name
	FieldNumber   Field = "number"   // a child's key: the student number
	FieldEmail    Field = "email"    // an e-mail address on file
	FieldPhone    Field = "phone"    // a telephone number on file
	FieldGroup    Field = "group"    // a group of a child
	FieldTeacher  Field = "teacher"  // who teaches a child
)

// fields are the fields by their rank.
var fields = []Field{FieldPupil, FieldGuardian, FieldNumber, FieldEmail, FieldPhone, FieldGroup, FieldTeacher}

func rankOf(field Field) uint8 { return uint8(slices.Index(fields, field)) }

// Contact is a contact on file, as far as it is looked for.
type Contact struct {
	ID        models.ContactID
	Household models.HouseholdID
	Kind      models.ContactKind
	Value     string // the address, or the number in E.164
}

// Index finds families. It is read by many at once.
type Index struct {
	homes    []models.HouseholdID // by name
	places   map[models.HouseholdID]int32
	words    []string // in order, each once
	from     []int32  // of word i are the finds from[i] to from[i+1]
	finds    []find
	clusters [][]int32 // the homes of whom a group or teacher is found
	bytes    int64
}

// find is where a word stands: in a field of a home or, for groups and teachers, of a cluster of homes.
type find struct {
	of    int32 // the place of a home, or of a cluster
	rank  uint8 // of the field
	thing models.RowID
}

// New makes an index. The contacts are those on file; typed ones belong to bookings.
func New(people *directory.Directory, contacts []Contact) *Index {
	b := &builder{people: people, finds: map[string][]find{}, clusterOf: map[models.RowID]int32{}}
	b.index.homes = byName(people)
	b.index.places = make(map[models.HouseholdID]int32, len(b.index.homes))
	for place, home := range b.index.homes {
		b.index.places[home] = int32(place)
		b.home(home, int32(place))
	}
	for _, contact := range contacts {
		if place, ok := b.index.places[contact.Household]; ok {
			b.contact(contact, place)
		}
	}
	b.groupsAndTeachers()
	return b.done()
}

// byName gives the households in the order in which people look for them: by the surname of the oldest row among the children, without its prefix, then by given name.
func byName(people *directory.Directory) []models.HouseholdID {
	type named struct {
		id             models.HouseholdID
		surname, given string
	}
	list := make([]named, 0, len(people.Households()))
	for _, home := range people.Households() {
		one := named{id: home.ID}
		for _, pupil := range active(people, home.ID) {
			one.surname, one.given = names.Surname(pupil.Details.Prefix, pupil.Details.Surname), names.Key(pupil.Details.Given)
			break
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b named) int {
		return cmp.Or(strings.Compare(a.surname, b.surname), strings.Compare(a.given, b.given), a.id.Compare(b.id))
	})
	homes := make([]models.HouseholdID, len(list))
	for i := range list {
		homes[i] = list[i].id
	}
	return homes
}

// active gives the children of a household who have not left.
func active(people *directory.Directory, home models.HouseholdID) (list []*models.Pupil) {
	for _, id := range people.Members(home) {
		if pupil, ok := people.Pupil(id); ok && pupil.State == models.PersonActive {
			list = append(list, pupil)
		}
	}
	return list
}

// Bytes is about how much memory the index takes.
func (x *Index) Bytes() int64 { return x.bytes }

// Households gives all families, by name.
func (x *Index) Households() []models.HouseholdID { return x.homes }

// Place tells how many families stand before one by name; false if it is not there.
func (x *Index) Place(home models.HouseholdID) (int, bool) {
	place, ok := x.places[home]
	return int(place), ok
}
