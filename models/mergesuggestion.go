package models

import "time"

// SuggestionState is how far the school has come with a merge suggestion.
type SuggestionState string

// The states of a merge suggestion.
const (
	SuggestionOpen     SuggestionState = "open"
	SuggestionAccepted SuggestionState = "accepted"
	SuggestionDeclined SuggestionState = "declined"
)

// MergeSuggestion says that some pupils may be one household. The reasons and vetoes are codes without personal data.
type MergeSuggestion struct {
	SchoolID SchoolID `gorm:"primaryKey"`
	ID       RowID    `gorm:"primaryKey"`
	State    SuggestionState
	PupilIDs []PupilID `gorm:"serializer:json"`
	Reason   string
	Vetoes   []string `gorm:"serializer:json"`
	// Members is the keyed index of the sorted pupils, so that the same suggestion is not made twice and a declined one stays declined.
	Members   []byte
	CreatedAt time.Time
}

// TableName is the table of merge suggestions.
func (MergeSuggestion) TableName() string { return "merge_suggestions" }
