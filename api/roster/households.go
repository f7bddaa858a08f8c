package roster

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
)

// pupilName is a pupil within something else.
type pupilName struct {
	ID    shape.Ref[models.PupilID] `json:"id" doc:"The pupil's id."`
	Key   string                    `json:"key" doc:"The school's own key." example:"104711"`
	Name  string                    `json:"name" doc:"Full name." example:"Sanne van den Berg"`
	Group string                    `json:"group" doc:"Name of the main group." example:"Klas 3B"`
}

// guardianBody is a guardian.
type guardianBody struct {
	ID         shape.Ref[models.GuardianID] `json:"id" doc:"The guardian's id."`
	Name       string                       `json:"name" doc:"The guardian's name." example:"M. van den Berg"`
	Language   string                       `json:"language" doc:"Language of messages; empty for the school's own." example:"nl"`
	Teacher    shape.Ref[models.StaffID]    `json:"teacher,omitzero" doc:"Set for one who also teaches here."`
	FromRoster bool                         `json:"from_roster" doc:"Named by a file." example:"true"`
	Informed   bool                         `json:"informed" doc:"False of one to whom nothing is sent, as a court or the school has decided." example:"true"`
	ByHand     []string                     `json:"by_hand" doc:"What somebody set: imports leave it alone. added: the guardian is of no file." example:"[\"name\"]"`
}

// contactBody is a way to reach a household.
type contactBody struct {
	ID         shape.Ref[models.ContactID]  `json:"id" doc:"The contact's id."`
	Guardian   shape.Ref[models.GuardianID] `json:"guardian,omitzero" doc:"Whose it is."`
	Kind       string                       `json:"kind" enum:"email,phone" doc:"What it is." example:"email"`
	Value      string                       `json:"value" doc:"The address, or the number in E.164." example:"ouder@example.com"`
	Source     string                       `json:"source" enum:"file,staff" doc:"Who brought it." example:"file"`
	Language   string                       `json:"language" doc:"Language of messages; empty for the school's own." example:"nl"`
	Suppressed bool                         `json:"suppressed" doc:"Nothing is sent there: the carrier says that nobody is there, or the guardian is not informed." example:"false"`
}

// householdBody is a household as staff see one. What a log-in compares is not in it, and the family code neither.
type householdBody struct {
	ID            shape.Ref[models.HouseholdID] `json:"id" doc:"The household's id."`
	Origin        string                        `json:"origin" enum:"single,certain,suggestion,staff" doc:"Who decided that these children are one household." example:"certain"`
	Label         string                        `json:"label" doc:"The school's own note." example:"moeder"`
	Language      string                        `json:"language" doc:"Language of messages to guardians who have none of their own; empty for the school's own." example:"en"`
	Interpreter   string                        `json:"interpreter" doc:"Language of the interpreter whom the school asks to the talks; empty for none. Only staff see it." example:"Tigrinya"`
	OwnPupil      bool                          `json:"own_pupil" doc:"The household of an adult pupil, who books alone." example:"false"`
	HasFamilyCode bool                          `json:"has_family_code" doc:"A family code was issued." example:"true"`
	Pupils        []pupilName                   `json:"pupils" doc:"The children."`
	Guardians     []guardianBody                `json:"guardians" doc:"The guardians."`
	Contacts      []contactBody                 `json:"contacts" doc:"The contacts on file and those that staff entered."`
	ByHand        []string                      `json:"by_hand" doc:"What somebody set: imports leave it alone. pupils: who belongs to it; removed_guardians, removed_contacts: somebody or something of the files was taken away, and does not come back; uninformed: somebody who is not in the files at present is told nothing." example:"[\"interpreter\"]"`
	Parted        *partedBody                   `json:"parted,omitempty" doc:"Where it was just put together: what came along with the children, and what could not be told apart."`
}

// partedBody is what became of everything else when children moved from one household to another.
type partedBody struct {
	Talks           int                            `json:"talks" doc:"Coming talks that are this household's now. Both families are told." example:"2"`
	TalksCancelled  int                            `json:"talks_cancelled" doc:"Coming talks at a time at which both parents are elsewhere; the families are told." example:"0"`
	Guardians       int                            `json:"guardians" doc:"Guardians who came along, with their contacts." example:"1"`
	SharedGuardians []shape.Ref[models.GuardianID] `json:"shared_guardians" doc:"Guardians of children here and of children who stayed. They stay there until somebody decides."`
	SharedMakers    int                            `json:"shared_makers" doc:"Devices and typed addresses that had booked for children of both." example:"0"`
	LogInsEnded     int                            `json:"log_ins_ended" doc:"Log-ins that were for the households as they were, and have ended." example:"1"`
	CodesWithdrawn  int                            `json:"family_codes_withdrawn" doc:"Family codes that are good no more; issue new ones where letters went out." example:"0"`
}

func partedOf(parted household.Parted) *partedBody {
	return &partedBody{
		Talks: parted.Kept, TalksCancelled: parted.Cancelled, Guardians: parted.Guardians, SharedGuardians: shape.Mapped(parted.Shared, shape.RefTo[models.GuardianID]),
		SharedMakers: parted.SharedMakers, LogInsEnded: parted.SessionsEnded, CodesWithdrawn: parted.CodesGone,
	}
}

func householdOf(groups map[models.GroupID]string, set byhand.Fields) func(household.View) householdBody {
	return func(view household.View) householdBody {
		return householdBody{
			ID: shape.RefTo(view.Household.ID), Origin: string(view.Household.Origin), Label: view.Household.Details.Label,
			Language: view.Household.Details.Language, Interpreter: view.Household.Details.Interpreter, OwnPupil: view.Household.Details.OwnPupil,
			HasFamilyCode: len(view.Household.FamilyCodeIndex) > 0, ByHand: set.OfHousehold(&view.Household, view.ByStaff),
			Pupils: shape.Mapped(view.Pupils, func(pupil *models.Pupil) pupilName {
				return pupilName{shape.RefTo(pupil.ID), pupil.Details.Key, pupil.Details.FullName(), groups[pupil.GroupID]}
			}),
			Guardians: shape.Mapped(view.Guardians, func(guardian *models.Guardian) guardianBody {
				return guardianBody{shape.RefTo(guardian.ID), guardian.Details.Name, guardian.Language, shape.RefTo(guardian.StaffID), guardian.FromRoster, !guardian.Details.Uninformed, byhand.OfGuardian(guardian)}
			}),
			Contacts: shape.Mapped(view.Contacts, func(contact models.Contact) contactBody {
				return contactBody{
					shape.RefTo(contact.ID), shape.RefTo(contact.GuardianID), string(contact.Kind), contact.Details.Value, string(contact.Source), contact.Language, contact.Suppressed,
				}
			}),
		}
	}
}

// showHouseholds returns what writes households.
func (s *Chapter) showHouseholds(ctx context.Context) (func(household.View) householdBody, error) {
	titles, err := s.groupTitles(ctx)
	if err != nil {
		return nil, err
	}
	set, err := s.byHand.Fields(ctx, rest.CallOf(ctx).Actor, models.SubjectHousehold)
	return householdOf(titles, set), err
}

// groupTitles gives the names of the groups.
func (s *Chapter) groupTitles(ctx context.Context) (map[models.GroupID]string, error) {
	people, err := s.people.Staff(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	titles := map[models.GroupID]string{}
	for _, group := range people.Groups() {
		titles[group.ID] = group.Details.Name
	}
	return titles, nil
}

type householdsInput struct {
	shape.SchoolPath
	shape.Paging
}

type householdsOutput struct{ Body shape.List[householdBody] }

type householdOutput struct{ Body householdBody }

func (s *Chapter) listHouseholds(ctx context.Context, in *householdsInput) (*householdsOutput, error) {
	views, err := s.households.List(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	shown, next, err := shape.Page(in.Paging, listOf(ctx, "households"), views, func(view household.View) models.RowID { return models.RowID(view.Household.ID) })
	if err != nil {
		return nil, err
	}
	show, err := s.showHouseholds(ctx)
	if err != nil {
		return nil, err
	}
	out := &householdsOutput{Body: shape.ListOf(shape.Mapped(shown, show))}
	out.Body.Next = next
	return out, nil
}

func (s *Chapter) household(ctx context.Context, id models.HouseholdID) (*householdOutput, error) {
	view, err := s.households.Get(ctx, rest.CallOf(ctx).Actor, id)
	if err != nil {
		return nil, err
	}
	show, err := s.showHouseholds(ctx)
	if err != nil {
		return nil, err
	}
	return &householdOutput{Body: show(view)}, nil
}

func (s *Chapter) getHousehold(ctx context.Context, in *shape.ForHousehold) (*householdOutput, error) {
	id, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	return s.household(ctx, id)
}

type newHouseholdInput struct {
	shape.SchoolPath
	Body struct {
		Pupils    []shape.Ref[models.PupilID]    `json:"pupils" maxItems:"20" doc:"The children."`
		Postcode  string                         `json:"postcode,omitempty" maxLength:"20" doc:"The household's own, which tells it apart at log-in. Never shown again." example:"1234 AB"`
		Label     string                         `json:"label,omitempty" maxLength:"200" doc:"The school's own note." example:"vader"`
		OwnPupil  bool                           `json:"own_pupil,omitempty" doc:"Of an adult pupil who books alone." example:"false"`
		Contacts  []NewContact                   `json:"contacts,omitempty" maxItems:"10" doc:"Guardians with their contacts."`
		Guardians []shape.Ref[models.GuardianID] `json:"guardians,omitempty" maxItems:"10" doc:"Guardians who move here from the household they are in, with their contacts."`
		Beside    bool                           `json:"beside,omitempty" doc:"The children stay in the household they are in, too; otherwise they move." example:"true"`
	}
}

type newHouseholdOutput struct {
	Location string `header:"Location" doc:"Where the household is." example:"/api/v1/schools/de-linde/households/019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Body     householdBody
}

func (s *Chapter) createHousehold(ctx context.Context, in *newHouseholdInput) (*newHouseholdOutput, error) {
	v, body := rest.CallOf(ctx), in.Body
	parted, err := s.households.Create(ctx, v.Actor, household.NewHousehold{
		Pupils: shape.IDs(body.Pupils), Postcode: body.Postcode, Label: body.Label, OwnPupil: body.OwnPupil, Contacts: shape.Mapped(body.Contacts, NewContact.model),
		Guardians: shape.IDs(body.Guardians), Beside: body.Beside,
	})
	if err != nil {
		return nil, err
	}
	made, err := s.household(ctx, parted.Household)
	if err != nil {
		return nil, err
	}
	made.Body.Parted = partedOf(parted)
	return &newHouseholdOutput{Location: rest.AtSchools + "/" + v.School.String() + "/households/" + parted.Household.String(), Body: made.Body}, nil
}

type joinInput struct {
	shape.SchoolPath
	Body struct {
		Pupils []shape.Ref[models.PupilID] `json:"pupils" maxItems:"20" doc:"Pupils of the households to join; two at least."`
	}
}

func (s *Chapter) joinHouseholds(ctx context.Context, in *joinInput) (*householdOutput, error) {
	parted, err := s.households.Join(ctx, rest.CallOf(ctx).Actor, shape.IDs(in.Body.Pupils))
	if err != nil {
		return nil, err
	}
	out, err := s.household(ctx, parted.Household)
	if err != nil {
		return nil, err
	}
	out.Body.Parted = partedOf(parted)
	return out, nil
}

type familyCodeOutput struct {
	Body struct {
		Code string `json:"code" doc:"The code, as a letter shows it." example:"7K3M-9QRT-4"`
	}
}

func (s *Chapter) issueFamilyCode(ctx context.Context, in *shape.ForHousehold) (*familyCodeOutput, error) {
	id, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	code, err := s.auth.Parents.FamilyCode(ctx, rest.CallOf(ctx).Actor, id)
	if err != nil {
		return nil, err
	}
	out := &familyCodeOutput{}
	out.Body.Code = parent.SpacedFamilyCode(code)
	return out, nil
}

type deskCodeOutput struct {
	Body struct {
		Code  string    `json:"code" doc:"The code, to read out." example:"12345678"`
		Until time.Time `json:"until" doc:"Until when it is good, UTC." example:"2026-11-02T20:00:00Z"`
	}
}

func (s *Chapter) issueDeskCode(ctx context.Context, in *shape.ForHousehold) (*deskCodeOutput, error) {
	id, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	code, until, err := s.auth.Parents.DeskCode(ctx, rest.CallOf(ctx).Actor, id)
	if err != nil {
		return nil, err
	}
	out := &deskCodeOutput{}
	out.Body.Code, out.Body.Until = code, until.UTC()
	return out, nil
}
