package models

import "github.com/ouderavond/ouderavond/models/seal"

// GuardianDetails names a guardian.
type GuardianDetails struct {
	Name string `json:"name,omitempty"`
	// FileName is the name as the school's files have it, of a guardian whose name was corrected by hand.
	FileName string `json:"file_name,omitempty"`
	// Uninformed tells that the school tells this guardian nothing, as a court or the school has decided: all contacts are SuppressedUninformed.
	Uninformed bool `json:"uninformed,omitempty"`
}

// SuppressedUninformed is why nothing goes to the contacts of a guardian who is told nothing.
const SuppressedUninformed = "not-informed"

// Guardian is a parent or carer, as the roster or the school names them. StaffID is set for one who also teaches here: then the household's talks
// claim the teacher's time too.
type Guardian struct {
	SchoolID    SchoolID   `gorm:"primaryKey"`
	ID          GuardianID `gorm:"primaryKey"`
	HouseholdID HouseholdID
	StaffID     StaffID
	Language    string
	FromRoster  bool
	DetailsBox  seal.Box        `gorm:"column:details"`
	Details     GuardianDetails `gorm:"-"`
}

// TableName is the table of guardians.
func (Guardian) TableName() string { return "guardians" }

// Row gives the id that sealed values of this row are bound to.
func (g *Guardian) Row() [16]byte { return g.ID }

// Sealed lists the sealed columns.
func (g *Guardian) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &g.DetailsBox, Value: &g.Details}}
}

// GuardianPupil tells for which of a household's children a guardian came: whose family it was before two were joined, or whose row of a file named the
// guardian. A guardian of whom there is none came for all of them.
type GuardianPupil struct {
	SchoolID   SchoolID   `gorm:"primaryKey"`
	GuardianID GuardianID `gorm:"primaryKey"`
	PupilID    PupilID    `gorm:"primaryKey"`
}

// TableName is the table of the children for whom guardians came.
func (GuardianPupil) TableName() string { return "guardian_pupils" }
