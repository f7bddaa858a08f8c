package store

import (
	"context"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/lookup"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/internal/memory"
)

// copies gives where the copies of the school's roster and conferences are kept.
func (tx *Tx) copies() (rosters, plans *memory.Snapshots) {
	if tx.shared == nil {
		return tx.store.rosters, tx.store.plans
	}
	return tx.shared.Rosters.Or(tx.store.rosters, tx.school.ID), tx.shared.Plans.Or(tx.store.plans, tx.school.ID)
}

// Opened opens the school's roster and conferences beforehand if they are not in memory. Who is going to write and needs them calls it first: opening takes
// some milliseconds, and in the writer's turn everybody would wait for it. It is no promise that they still are in memory then.
func (sc Scope) Opened(ctx context.Context) error {
	if sc.store.rosters.Holds(sc.actor.School) && sc.store.plans.Holds(sc.actor.School) {
		return nil
	}
	return sc.Read(ctx, func(tx *Tx) error {
		if _, err := tx.Directory(); err != nil {
			return err
		}
		_, err := tx.Programme()
		return err
	})
}

// RostersOpened counts how often a roster was opened since the program started: once for a school whose families come, and once after each change of it. Much
// more than that, and more schools are in use at once than Config.SnapshotBytes has room for.
func (s *Store) RostersOpened() int64 { return s.rosters.Opened.Load() }

// Directory gives the school's opened roster. It must not be changed.
func (tx *Tx) Directory() (*directory.Directory, error) {
	open := func() (any, int64, error) {
		opened, err := tx.openDirectory()
		if err != nil {
			return nil, 0, err
		}
		return opened, opened.Bytes(), nil
	}
	if tx.rosterTouched {
		opened, _, err := open()
		if err != nil {
			return nil, err
		}
		return opened.(*directory.Directory), nil
	}
	rosters, _ := tx.copies()
	held, err := rosters.Get(tx.school.ID, tx.key, tx.school.RosterVersion, open)
	if err != nil {
		return nil, err
	}
	return held.(*directory.Directory), nil
}

func (tx *Tx) openDirectory() (*directory.Directory, error) {
	var rows directory.Rows
	var err error
	load := func(step func() error) {
		if err == nil {
			err = step()
		}
	}
	load(func() (e error) { rows.Pupils, e = List[models.Pupil](tx); return })
	load(func() error { return OpenGuarded(tx, rows.Pupils) })
	load(func() (e error) { rows.Groups, e = List[models.Group](tx); return })
	load(func() (e error) { rows.PupilGroups, e = List[models.PupilGroup](tx); return })
	load(func() (e error) { rows.Staff, e = List[models.Staff](tx); return })
	load(func() (e error) { rows.Teachings, e = List[models.Teaching](tx); return })
	load(func() (e error) { rows.Households, e = List[models.Household](tx); return })
	load(func() error { return OpenGuarded(tx, rows.Households) })
	load(func() (e error) { rows.HouseholdPupils, e = List[models.HouseholdPupil](tx); return })
	load(func() (e error) { rows.Guardians, e = List[models.Guardian](tx); return })
	if err != nil {
		return nil, err
	}
	return directory.New(rows), nil
}

// Programme gives the school's opened conferences. It must not be changed.
func (tx *Tx) Programme() (*programme.Programme, error) {
	open := func() (any, int64, error) {
		opened, err := tx.openProgramme()
		if err != nil {
			return nil, 0, err
		}
		return opened, opened.Bytes(), nil
	}
	if tx.programmeTouched {
		opened, _, err := open()
		if err != nil {
			return nil, err
		}
		return opened.(*programme.Programme), nil
	}
	_, plans := tx.copies()
	held, err := plans.Get(tx.school.ID, tx.key, tx.school.ProgrammeVersion, open)
	if err != nil {
		return nil, err
	}
	return held.(*programme.Programme), nil
}

func (tx *Tx) openProgramme() (*programme.Programme, error) {
	var rows programme.Rows
	var err error
	load := func(step func() error) {
		if err == nil {
			err = step()
		}
	}
	load(func() (e error) { rows.Conferences, e = List[models.Conference](tx); return })
	load(func() (e error) { rows.Days, e = List[models.Day](tx); return })
	load(func() (e error) { rows.TalkKinds, e = List[models.TalkKind](tx); return })
	load(func() (e error) { rows.Offers, e = List[models.Offer](tx); return })
	load(func() (e error) { rows.OfferStaff, e = List[models.OfferStaff](tx); return })
	load(func() (e error) { rows.Availabilities, e = List[models.Availability](tx); return })
	load(func() (e error) { rows.Blocks, e = List[models.Block](tx); return })
	load(func() (e error) { rows.Rooms, e = List[models.Room](tx); return })
	if err != nil {
		return nil, err
	}
	return programme.New(rows), nil
}

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
