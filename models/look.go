package models

import "time"

// SchoolKind is what kind of school a school is. It decides the words of every text: a primary school has groups and other names for who teaches than a secondary one.
type SchoolKind string

// The kinds of schools.
const (
	PrimarySchool    SchoolKind = "primary"
	SecondarySchool  SchoolKind = "secondary"
	VocationalSchool SchoolKind = "vocational"
)

// AllSchoolKinds returns them.
func AllSchoolKinds() []SchoolKind {
	return []SchoolKind{PrimarySchool, SecondarySchool, VocationalSchool}
}

// Logo is a school's logo: a PNG that the program drew itself from what the school handed in. A school has one or none; another one has another id.
type Logo struct {
	SchoolID  SchoolID `gorm:"primaryKey"`
	ID        RowID    `gorm:"primaryKey"`
	Picture   []byte   // a PNG
	CreatedAt time.Time
}

// LogoMark is what a page has to know of a school's logo: its id, empty if there is none, and its size in pixels.
type LogoMark struct {
	ID     string `json:"id,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// TableName is the table of logos.
func (Logo) TableName() string { return "school_logos" }
