package directory

import (
	"unsafe"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
)

// Rows is what a Directory is built from: all rows of one school, with their guarded columns opened.
type Rows struct {
	Pupils          []models.Pupil
	Groups          []models.Group
	PupilGroups     []models.PupilGroup
	Staff           []models.Staff
	Teachings       []models.Teaching
	Households      []models.Household
	HouseholdPupils []models.HouseholdPupil
	Guardians       []models.Guardian
}

// compact lets go of what an opened roster does not need: room for more rows, sealed columns, and words that stand in many rows.
func (r *Rows) compact() {
	w := words{}
	r.Pupils, r.Groups, r.Staff = exactly(r.Pupils), exactly(r.Groups), exactly(r.Staff)
	r.Households, r.Guardians = exactly(r.Households), exactly(r.Guardians)
	for i := range r.Pupils {
		row := &r.Pupils[i]
		row.DetailsBox, row.FactorsBox = seal.Box{}, seal.Box{}
		row.State, row.Year, row.Arrangement = models.PersonState(w.same(string(row.State))), w.same(row.Year), models.Arrangement(w.same(string(row.Arrangement)))
		row.Details.Prefix, row.Details.Surname, row.Factors.Postcode = w.same(row.Details.Prefix), w.same(row.Details.Surname), w.same(row.Factors.Postcode)
		row.Factors.StudentNumber = w.same(row.Factors.StudentNumber)
	}
	for i := range r.Groups {
		r.Groups[i].DetailsBox = seal.Box{}
	}
	for i := range r.Staff {
		r.Staff[i].DetailsBox = seal.Box{}
	}
	for i := range r.Households {
		row := &r.Households[i]
		row.DetailsBox, row.FactorsBox = seal.Box{}, seal.Box{}
		row.Origin, row.Factors.Postcode = models.HouseholdOrigin(w.same(string(row.Origin))), w.same(row.Factors.Postcode)
		row.Details.Language = w.same(row.Details.Language)
	}
	for i := range r.Guardians {
		row := &r.Guardians[i]
		row.DetailsBox, row.Language = seal.Box{}, w.same(row.Language)
	}
	for i := range r.Teachings {
		row := &r.Teachings[i]
		row.Role, row.Subject = models.TeachingRole(w.same(string(row.Role))), w.same(row.Subject)
	}
}

const (
	// bytesOfID is what finding a row by its id takes: its place in a map that has room left, a pointer, and where its ties begin.
	bytesOfID = 60
	// bytesOfNames is what the texts of a person take, beside the row, and bytesOfName one name.
	bytesOfNames = 100
	bytesOfName  = 32
)

// bytes is about how much memory the rows and what ties them take.
func (r *Rows) bytes() int64 {
	return size(r.Pupils, bytesOfID+bytesOfNames) + size(r.Groups, bytesOfID+bytesOfNames) + size(r.Staff, bytesOfID+bytesOfNames) + size(r.Households, bytesOfID+bytesOfName) +
		size(r.Guardians, bytesOfName) + int64(len(r.Teachings))*int64(unsafe.Sizeof(taught{})) + size(r.HouseholdPupils, 16) + size(r.PupilGroups, 0)
}

func size[T any](rows []T, more int) int64 {
	var row T
	return int64(len(rows) * (int(unsafe.Sizeof(row)) + more))
}
