package models

import (
	"time"

	"github.com/ouderavond/ouderavond/models/seal"
)

// ColumnMappingDetails is what somebody said of the columns of a list, and of how it is read. It holds headers and names of fields, and no value of a list.
type ColumnMappingDetails struct {
	// Name is how the caller called the source; empty where it is known by its row of column names.
	Name string `json:"name,omitempty"`
	// Mapping is the field, or "ignore", by the column's header.
	Mapping  map[string]string `json:"mapping,omitempty"`
	Encoding string            `json:"encoding,omitempty"`
	Sheet    string            `json:"sheet,omitempty"`
}

// ColumnMapping remembers, for a school and a source of lists, what somebody said of its columns, so that the next export needs nothing.
type ColumnMapping struct {
	SchoolID SchoolID `gorm:"primaryKey"`
	ID       RowID    `gorm:"primaryKey"`
	// Source is the keyed index of the source's name, or of its row of column names.
	Source     []byte
	CreatedAt  time.Time
	UsedAt     time.Time
	DetailsBox seal.Box             `gorm:"column:details"`
	Details    ColumnMappingDetails `gorm:"-"`
}

// TableName is the table of remembered mappings.
func (ColumnMapping) TableName() string { return "column_mappings" }

// Row gives the id that sealed values of this row are bound to.
func (m *ColumnMapping) Row() [16]byte { return m.ID }

// Sealed lists the sealed columns.
func (m *ColumnMapping) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &m.DetailsBox, Value: &m.Details}}
}
