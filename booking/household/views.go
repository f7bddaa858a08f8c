package household

import (
	"context"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// View is a household as staff see it.
type View struct {
	Household models.Household
	Pupils    []*models.Pupil
	Guardians []*models.Guardian
	Contacts  []models.Contact // on file and entered by staff; typed ones belong to bookings
	ByStaff   bool             // a person decided who belongs to it
}

// List lists the households of the school.
func (s *Service) List(ctx context.Context, actor models.Actor) (views []View, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		contacts, err := store.List[models.Contact](tx, store.Not("source", models.SourceTyped))
		if err != nil {
			return err
		}
		byHome := map[models.HouseholdID][]models.Contact{}
		for _, contact := range contacts {
			byHome[contact.HouseholdID] = append(byHome[contact.HouseholdID], contact)
		}
		views = make([]View, 0, len(people.Households()))
		for _, household := range people.Households() {
			views = append(views, viewOf(people, household, byHome[household.ID]))
		}
		return nil
	})
	return views, err
}

// Get gives one household.
func (s *Service) Get(ctx context.Context, actor models.Actor, id models.HouseholdID) (view View, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		household, ok := people.Household(id)
		if !ok {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		contacts, err := store.List[models.Contact](tx, store.Eq("household_id", id), store.Not("source", models.SourceTyped))
		view = viewOf(people, household, contacts)
		return err
	})
	return view, err
}

func viewOf(people *directory.Directory, household *models.Household, contacts []models.Contact) View {
	view := View{Household: *household, Guardians: people.Guardians(household.ID), Contacts: contacts}
	// What a log-in compares is not shown, to staff neither.
	view.Household.Factors = models.HouseholdFactors{}
	for _, id := range people.Members(household.ID) {
		if pupil, ok := people.Pupil(id); ok {
			view.Pupils = append(view.Pupils, pupil)
		}
		view.ByStaff = view.ByStaff || slices.ContainsFunc(people.HouseholdsOf(id), func(row models.HouseholdPupil) bool {
			return row.HouseholdID == household.ID && row.ByStaff
		})
	}
	return view
}
