package lookup

import (
	"maps"
	"slices"
	"strings"
	"unsafe"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/names"
)

type builder struct {
	people    *directory.Directory
	finds     map[string][]find
	index     Index
	clusterOf map[models.RowID]int32
}

func (b *builder) add(word string, found find) {
	if list := b.finds[word]; len(list) == 0 || list[len(list)-1] != found {
		b.finds[word] = append(list, found)
	}
}

// text adds the words of a text, and the text as one word for who types it without its spaces.
func (b *builder) text(text string, found find) {
	words := names.SearchWords(text)
	for _, spellings := range words {
		for _, word := range spellings {
			b.add(word, found)
		}
	}
	if len(words) > 1 {
		for _, word := range names.SearchWhole(text) {
			b.add(word, found)
		}
	}
}

func (b *builder) home(home models.HouseholdID, place int32) {
	for _, pupil := range active(b.people, home) {
		found := find{place, rankOf(FieldPupil), models.RowID(pupil.ID)}
		b.text(pupil.Details.Given, found)
		b.text(pupil.Details.Prefix+" "+pupil.Details.Surname, found)
		for _, alias := range pupil.Details.Aliases {
			b.text(alias, found)
		}
		b.number(pupil.Details.Key, find{place, rankOf(FieldNumber), models.RowID(pupil.ID)})
	}
	for _, guardian := range b.people.Guardians(home) {
		b.text(guardian.Details.Name, find{place, rankOf(FieldGuardian), models.RowID(guardian.ID)})
	}
}

// number adds a pupil's key, with and without the zeros in front, which spreadsheets drop.
func (b *builder) number(key string, found find) {
	for _, form := range []string{names.StudentNumber(key), names.StudentNumberLoose(key)} {
		for _, word := range names.SearchWhole(form) {
			b.add(word, found)
		}
	}
}

// emailParts are the marks behind which a part of an address begins.
const emailParts = ".-_+@"

// contact adds a number by its digits, and an address from the beginning of each of its parts on: people remember of j.jansen@example.com the jansen or the example.
func (b *builder) contact(contact Contact, place int32) {
	if contact.Kind == models.ContactPhone {
		b.add(phoneSign+digitsOf(contact.Value), find{place, rankOf(FieldPhone), models.RowID(contact.ID)})
		return
	}
	address, found := strings.ToLower(contact.Value), find{place, rankOf(FieldEmail), models.RowID(contact.ID)}
	b.add(emailSign+address, found)
	for i := range len(address) - 1 {
		if strings.IndexByte(emailParts, address[i]) >= 0 {
			b.add(emailSign+address[i+1:], found)
		}
	}
}

// What is in contacts is kept apart from words: a number typed is no part of an address, and a name may be one. No word begins with these signs.
const (
	phoneSign = "+"
	emailSign = "@"
)

// digitsOf gives the digits of a text.
func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, names.Digits(text))
}

// groupsAndTeachers adds those by whose names families are found together.
func (b *builder) groupsAndTeachers() {
	groups, teachers := map[models.GroupID][]int32{}, map[models.StaffID][]int32{}
	for place, home := range b.index.homes {
		for _, pupil := range active(b.people, home) {
			for _, group := range b.people.GroupsOf(pupil.ID) {
				groups[group] = appendNew(groups[group], int32(place))
			}
			for teaching := range b.people.Teachings(pupil.ID) {
				teachers[teaching.StaffID] = appendNew(teachers[teaching.StaffID], int32(place))
			}
		}
	}
	for _, group := range b.people.Groups() {
		if homes := groups[group.ID]; len(homes) > 0 {
			b.cluster(homes, FieldGroup, models.RowID(group.ID), group.Details.Key, group.Details.Name)
		}
	}
	for _, teacher := range b.people.AllStaff() {
		if homes := teachers[teacher.ID]; len(homes) > 0 {
			details := teacher.Details
			b.cluster(homes, FieldTeacher, models.RowID(teacher.ID), append([]string{details.Key, details.DisplayName, details.Given + " " + details.Prefix + " " + details.Surname}, details.Aliases...)...)
		}
	}
}

func (b *builder) cluster(homes []int32, field Field, thing models.RowID, texts ...string) {
	b.index.clusters = append(b.index.clusters, slices.Clip(homes))
	for _, text := range texts {
		b.text(text, find{int32(len(b.index.clusters) - 1), rankOf(field), thing})
	}
}

// appendNew adds a place to places that come in order.
func appendNew(places []int32, place int32) []int32 {
	if len(places) > 0 && places[len(places)-1] == place {
		return places
	}
	return append(places, place)
}

// done puts the words into their order.
func (b *builder) done() *Index {
	x := &b.index
	x.words = slices.Sorted(maps.Keys(b.finds))
	x.from = make([]int32, len(x.words)+1)
	for i, word := range x.words {
		x.finds = append(x.finds, b.finds[word]...)
		x.from[i+1] = int32(len(x.finds))
	}
	x.finds = slices.Clip(x.finds)
	for _, word := range x.words {
		x.bytes += int64(len(word)) + int64(unsafe.Sizeof(word)) + 4
	}
	x.bytes += int64(len(x.finds))*int64(unsafe.Sizeof(find{})) + int64(len(x.homes))*60
	for _, homes := range x.clusters {
		x.bytes += int64(len(homes))*4 + int64(unsafe.Sizeof(homes))
	}
	return x
}
