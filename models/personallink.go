package models

import "time"

// PersonalLink is the link of a household for a round of talks: whoever has it may log in by one factor, whatever strangers have typed. The link itself is
// computed from what is here, and is never stored.
type PersonalLink struct {
	SchoolID     SchoolID     `gorm:"primaryKey"`
	ConferenceID ConferenceID `gorm:"primaryKey"`
	HouseholdID  HouseholdID  `gorm:"primaryKey"`
	Version      int          // goes up when the present link must not open any more
	LinkIndex    []byte       // keyed index of the link
	People       LinkPeople   `gorm:"serializer:json"`
	MadeAt       time.Time    // when the link was last given to the school
}

// TableName is the table of personal links.
func (PersonalLink) TableName() string { return "personal_links" }

// LinkPeople are whom a household consisted of when its link was last given to the school: when one of them is gone, the link may be in the wrong hands. Ids and keyed
// indexes only.
type LinkPeople struct {
	Pupils    []LinkPupil    `json:"pupils,omitempty"`
	Guardians []LinkGuardian `json:"guardians,omitempty"`
	Contacts  []LinkContact  `json:"contacts,omitempty"`
}

// LinkPupil is a child of the household, and in how many households it was.
type LinkPupil struct {
	ID    PupilID `json:"id"`
	Homes int     `json:"homes"`
}

// LinkGuardian is a guardian of the household, with the index of the name.
type LinkGuardian struct {
	ID   GuardianID `json:"id"`
	Name []byte     `json:"name,omitempty"`
}

// LinkContact is a contact on file of the household, with the indexes of its address or number and of its guardian's name.
type LinkContact struct {
	ID       ContactID   `json:"id"`
	Kind     ContactKind `json:"kind"`
	Value    []byte      `json:"value"`
	Guardian []byte      `json:"guardian,omitempty"`
}
