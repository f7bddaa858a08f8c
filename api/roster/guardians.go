package roster

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
)

// NewContact is a guardian's contact, entered by staff.
type NewContact struct {
	Name     string                    `json:"name,omitempty" maxLength:"200" doc:"The guardian's name." example:"M. van den Berg"`
	Email    string                    `json:"email,omitempty" maxLength:"254" doc:"An e-mail address." example:"ouder@example.com"`
	Phone    string                    `json:"phone,omitempty" maxLength:"40" doc:"A mobile number." example:"06 12345678"`
	Language string                    `json:"language,omitempty" enum:"nl,en" doc:"Language of messages." example:"nl"`
	Teacher  shape.Ref[models.StaffID] `json:"teacher,omitzero" doc:"The guardian also teaches here: then nobody is booked with them at the time of their own talks."`
}

func (c NewContact) model() household.NewContact {
	return household.NewContact{Name: c.Name, Email: c.Email, Phone: c.Phone, Language: c.Language, Staff: c.Teacher.Value}
}

type contactInput struct {
	shape.ForHousehold
	Body struct {
		NewContact
		Guardian shape.Ref[models.GuardianID] `json:"guardian,omitzero" doc:"The guardian of the household to whom it belongs. Without one, a new guardian is added."`
	}
}

func (s *Chapter) addContact(ctx context.Context, in *contactInput) (*householdOutput, error) {
	id, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	wanted := in.Body.model()
	wanted.Guardian = in.Body.Guardian.Value
	if err := s.households.AddContact(ctx, rest.CallOf(ctx).Actor, id, wanted); err != nil {
		return nil, err
	}
	return s.household(ctx, id)
}

type newGuardianInput struct {
	shape.ForHousehold
	Body NewContact
}

func (s *Chapter) addGuardian(ctx context.Context, in *newGuardianInput) (*householdOutput, error) {
	id, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	if _, err := s.households.AddGuardian(ctx, rest.CallOf(ctx).Actor, id, in.Body.model()); err != nil {
		return nil, err
	}
	return s.household(ctx, id)
}

type guardianInput struct {
	shape.GuardianPath
	Body struct {
		Name     *string  `json:"name,omitempty" minLength:"1" maxLength:"200" doc:"The guardian's name. Kept against files until they have another one than now." example:"M. van den Berg"`
		Language *string  `json:"language,omitempty" enum:",nl,en" doc:"Language of messages; empty for the school's own." example:"en"`
		Release  []string `json:"release,omitempty" maxItems:"20" maxLength:"40" doc:"Fields of by_hand that files decide again: name, which is at once the one that files have." example:"[\"name\"]"`
		Informed *bool    `json:"informed,omitempty" doc:"False: nothing is sent to this guardian any more, neither confirmations nor log-in codes, whatever files say." example:"false"`
	}
}

func (s *Chapter) updateGuardian(ctx context.Context, in *guardianInput) (*householdOutput, error) {
	home, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	guardian, err := shape.PathID[models.GuardianID](in.Guardian)
	if err != nil {
		return nil, err
	}
	patch := household.GuardianPatch{Name: in.Body.Name, Language: in.Body.Language, Informed: in.Body.Informed, Release: in.Body.Release}
	if err := s.households.UpdateGuardian(ctx, rest.CallOf(ctx).Actor, home, guardian, patch); err != nil {
		return nil, err
	}
	return s.household(ctx, home)
}

func (s *Chapter) removeGuardian(ctx context.Context, in *shape.GuardianPath) (*struct{}, error) {
	home, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	guardian, err := shape.PathID[models.GuardianID](in.Guardian)
	if err != nil {
		return nil, err
	}
	return nil, s.households.RemoveGuardian(ctx, rest.CallOf(ctx).Actor, home, guardian)
}

func (s *Chapter) removeContact(ctx context.Context, in *shape.ContactPath) (*struct{}, error) {
	household, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	contact, err := shape.PathID[models.ContactID](in.Contact)
	if err != nil {
		return nil, err
	}
	return nil, s.households.RemoveContact(ctx, rest.CallOf(ctx).Actor, household, contact)
}

type householdPatchInput struct {
	shape.ForHousehold
	Body struct {
		Label       *string  `json:"label,omitempty" maxLength:"200" doc:"The school's own note." example:"moeder"`
		Language    *string  `json:"language,omitempty" enum:",nl,en" doc:"Language of messages to guardians who have none of their own; empty for the school's own." example:"en"`
		Interpreter *string  `json:"interpreter,omitempty" maxLength:"60" doc:"Language of the interpreter whom the school asks to the talks; empty for none." example:"Tigrinya"`
		Release     []string `json:"release,omitempty" maxItems:"20" maxLength:"40" doc:"Fields of by_hand that files decide again, from the next import on: postcode, removed_guardians, removed_contacts, uninformed." example:"[\"removed_guardians\"]"`
	}
}

func (s *Chapter) updateHousehold(ctx context.Context, in *householdPatchInput) (*householdOutput, error) {
	id, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	patch := household.Patch{Label: in.Body.Label, Language: in.Body.Language, Interpreter: in.Body.Interpreter, Release: in.Body.Release}
	if err := s.households.Update(ctx, rest.CallOf(ctx).Actor, id, patch); err != nil {
		return nil, err
	}
	return s.household(ctx, id)
}
