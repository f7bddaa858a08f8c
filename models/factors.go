package models

import "github.com/ouderavond/ouderavond/models/civil"

// Factor is something asked of a parent at log-in beside the child's name.
type Factor string

// The factors that a school can choose from. What each is, is the table of package factor.
const (
	FactorPostcode      Factor = "postcode"       // the fragment that Policy.PostcodePart names
	FactorBirthDate     Factor = "birth_date"     // the child's
	FactorStudentNumber Factor = "student_number" // the school's own number for the child
	FactorCitizenLast4  Factor = "citizen_last4"  // last four digits of the citizen service number; needs a stated legal ground
)

// PupilFactors is what a log-in compares. Only auth and the import open it, and only the factors of the school's policy are in it.
type PupilFactors struct {
	Postcode      string     `json:"postcode,omitempty"` // canonical: 1234AB
	BirthDate     civil.Date `json:"birth_date,omitzero"`
	StudentNumber string     `json:"student_number,omitempty"`
	CitizenLast4  string     `json:"citizen_last4,omitempty"`
	// AdultFrom is the day from which the pupil decides who may book, kept within a year of it whatever the policy asks. It tells the birth date, and is sealed like it.
	AdultFrom civil.Date `json:"adult_from,omitzero"`
}

// HouseholdFactors is what tells two households of one child apart at log-in.
type HouseholdFactors struct {
	Postcode string `json:"postcode,omitempty"`
	// OfPupils says that the postcode is that of pupils of the household and not one that a person gave it; each pupil's own then counts beside it.
	OfPupils bool `json:"of_pupils,omitempty"`
}

// HouseholdOf returns what tells a household apart that has no postcode but that of its pupils.
func HouseholdOf(pupils PupilFactors) HouseholdFactors {
	return HouseholdFactors{Postcode: pupils.Postcode, OfPupils: pupils.Postcode != ""}
}
