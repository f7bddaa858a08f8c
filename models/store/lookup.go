package store

import (
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/lookup"
	"github.com/ouderavond/ouderavond/models/seal"
)

// soughtContact is a contact as far as families are found by it. Whole rows take four times as long to open, and a large school has ten thousand.
type soughtContact struct {
	SchoolID    models.SchoolID  `gorm:"primaryKey"`
	ID          models.ContactID `gorm:"primaryKey"`
	HouseholdID models.HouseholdID
	Kind        models.ContactKind
	DetailsBox  seal.Box              `gorm:"column:details"`
	Details     models.ContactDetails `gorm:"-"`
}

func (soughtContact) TableName() string { return models.Contact{}.TableName() }

func (c *soughtContact) Row() [16]byte { return c.ID }

func (c *soughtContact) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &c.DetailsBox, Value: &c.Details}}
}

// Lookup gives what finds the school's families by what somebody types. It must not be changed. A writing transaction makes one for itself.
func (tx *Tx) Lookup() (*lookup.Index, error) {
	if tx.writing {
		return tx.openLookup()
	}
	// Each commit that changes what the index is made of raises one of the two counters, so their sum tells every state from the others.
	version := tx.school.RosterVersion + tx.school.ContactsVersion
	held, err := tx.store.lookups.Get(tx.school.ID, tx.key, version, func() (any, int64, error) {
		opened, err := tx.openLookup()
		if err != nil {
			return nil, 0, err
		}
		return opened, opened.Bytes(), nil
	})
	if err != nil {
		return nil, err
	}
	return held.(*lookup.Index), nil
}

func (tx *Tx) openLookup() (*lookup.Index, error) {
	people, err := tx.Directory()
	if err != nil {
		return nil, err
	}
	rows, err := List[soughtContact](tx, In("source", []models.ContactSource{models.SourceFile, models.SourceStaff}))
	if err != nil {
		return nil, err
	}
	contacts := make([]lookup.Contact, len(rows))
	for i, row := range rows {
		contacts[i] = lookup.Contact{ID: row.ID, Household: row.HouseholdID, Kind: row.Kind, Value: row.Details.Value}
	}
	return lookup.New(people, contacts), nil
}
