package roster

import (
	"context"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/names"
)

// groupName names a group.
type groupName struct {
	ID   shape.Ref[models.GroupID] `json:"id" doc:"The group's id."`
	Key  string                    `json:"key" doc:"The school's own key." example:"3B"`
	Name string                    `json:"name" doc:"What it is called." example:"Klas 3B"`
}

// pupilBody is a pupil as staff see one. What a log-in compares is not in it.
type pupilBody struct {
	ID             shape.Ref[models.PupilID]       `json:"id" doc:"The pupil's id."`
	Key            string                          `json:"key" doc:"The school's own key: the student number." example:"104711"`
	Given          string                          `json:"given" doc:"First name." example:"Sanne"`
	Prefix         string                          `json:"prefix" doc:"Prefix of the surname." example:"van den"`
	Surname        string                          `json:"surname" doc:"Surname without the prefix." example:"Berg"`
	Aliases        []string                        `json:"aliases" doc:"Other spellings by which parents may name the child." example:"[\"Sanne Berg\"]"`
	State          string                          `json:"state" enum:"active,left" doc:"Whether the pupil is at the school now." example:"active"`
	Group          *groupName                      `json:"group,omitempty" doc:"The main group; missing if there is none."`
	OtherGroups    []groupName                     `json:"other_groups" doc:"Groups beside the main one."`
	Year           string                          `json:"year" doc:"The year, as the roster names it." example:"3"`
	Households     []shape.Ref[models.HouseholdID] `json:"households" doc:"The households that the pupil belongs to, the first one first."`
	Arrangement    string                          `json:"arrangement" enum:"each,together,one" doc:"How two households come to talks: each has its own, together (the first one books), or the first one only." example:"each"`
	Protected      bool                            `json:"protected" doc:"Protected address: never grouped, no postcode kept, no log-in by factors." example:"false"`
	Adult          bool                            `json:"adult" doc:"The pupil has come of age and decides who may book. The day is not shown: it would tell the birth date." example:"false"`
	ParentsMayBook bool                            `json:"parents_may_book" doc:"The parents of an adult pupil may still book." example:"true"`
	OneAtATime     *bool                           `json:"one_at_a_time,omitempty" doc:"Whether the pupil, if it has two households, is at one talk at a time where it comes too; missing where the talk kind decides." example:"true"`
	ByHand         []string                        `json:"by_hand" doc:"The fields that somebody set: imports leave them alone and report them. added: the pupil was added by hand, and an import does not take it away." example:"[\"surname\"]"`
}

func groupNames(people *directory.Directory, ids []models.GroupID) []groupName {
	found := []groupName{}
	for _, id := range ids {
		if group, ok := people.Group(id); ok {
			found = append(found, groupName{shape.RefTo(id), group.Details.Key, group.Details.Name})
		}
	}
	return found
}

func (s *Chapter) pupilOf(people *directory.Directory, set byhand.Fields, pupil *models.Pupil) pupilBody {
	today, adult := civil.Of(s.base.Clock.Now()), pupil.ComesOfAge()
	body := pupilBody{
		ID: shape.RefTo(pupil.ID), Key: pupil.Details.Key, Given: pupil.Details.Given, Prefix: pupil.Details.Prefix, Surname: pupil.Details.Surname,
		Aliases: append([]string{}, pupil.Details.Aliases...), State: string(pupil.State), Year: pupil.Year, Arrangement: string(pupil.Arrangement),
		Protected: pupil.Protected, Adult: !adult.IsZero() && !today.Before(adult), ParentsMayBook: pupil.Details.ParentsMayBook, OneAtATime: pupil.Details.OneAtATime, ByHand: set.OfPupil(pupil),
		Households: shape.Mapped(people.HouseholdsOf(pupil.ID), func(row models.HouseholdPupil) shape.Ref[models.HouseholdID] { return shape.RefTo(row.HouseholdID) }),
	}
	if main := groupNames(people, []models.GroupID{pupil.GroupID}); len(main) > 0 {
		body.Group = &main[0]
	}
	others := slices.DeleteFunc(slices.Clone(people.GroupsOf(pupil.ID)), func(id models.GroupID) bool { return id == pupil.GroupID })
	body.OtherGroups = groupNames(people, others)
	return body
}

type pupilsInput struct {
	shape.SchoolPath
	shape.Paging
	Query string `query:"q" maxLength:"100" doc:"Part of a name, or a key. Case and accents do not matter." example:"berg"`
}

type pupilsOutput struct{ Body shape.List[pupilBody] }

func (s *Chapter) listPupils(ctx context.Context, in *pupilsInput) (*pupilsOutput, error) {
	rows, people, err := s.people.Pupils(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	set, err := s.byHand.Fields(ctx, rest.CallOf(ctx).Actor, models.SubjectPupil)
	if err != nil {
		return nil, err
	}
	found := rows
	if wanted := names.Key(in.Query); wanted != "" {
		found = nil
		for _, pupil := range rows {
			if answersTo(pupil, wanted) {
				found = append(found, pupil)
			}
		}
	}
	shown, next, err := shape.Page(in.Paging, listOf(ctx, "pupils"), found, func(pupil *models.Pupil) models.RowID { return models.RowID(pupil.ID) })
	if err != nil {
		return nil, err
	}
	out := &pupilsOutput{Body: shape.ListOf(shape.Mapped(shown, func(pupil *models.Pupil) pupilBody { return s.pupilOf(people, set, pupil) }))}
	out.Body.Next = next
	return out, nil
}

// answersTo reports whether a folded text is part of a pupil's name, or the beginning of the key.
func answersTo(pupil *models.Pupil, wanted string) bool {
	details := pupil.Details
	full := names.Key(details.Given + " " + details.Prefix + " " + details.Surname)
	return strings.Contains(full, wanted) || strings.HasPrefix(names.Key(details.Key), wanted)
}

type pupilOutput struct{ Body pupilBody }

func (s *Chapter) getPupil(ctx context.Context, in *shape.PupilPath) (*pupilOutput, error) {
	id, err := shape.PathID[models.PupilID](in.Pupil)
	if err != nil {
		return nil, err
	}
	body, err := s.pupil(ctx, id)
	if err != nil {
		return nil, err
	}
	return &pupilOutput{Body: body}, nil
}

func (s *Chapter) pupil(ctx context.Context, id models.PupilID) (pupilBody, error) {
	_, people, err := s.people.Pupils(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return pupilBody{}, err
	}
	found, ok := people.Pupil(id)
	if !ok {
		return pupilBody{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	set, err := s.byHand.Fields(ctx, rest.CallOf(ctx).Actor, models.SubjectPupil)
	return s.pupilOf(people, set, found), err
}

// PupilFields is what staff may set of a pupil.
type PupilFields struct {
	Given   *string                         `json:"given,omitempty" maxLength:"200" doc:"First name." example:"Sanne"`
	Prefix  *string                         `json:"prefix,omitempty" maxLength:"200" doc:"Prefix of the surname." example:"van den"`
	Surname *string                         `json:"surname,omitempty" maxLength:"200" doc:"Surname without the prefix." example:"Berg"`
	Aliases []string                        `json:"aliases,omitempty" maxItems:"10" maxLength:"200" doc:"Other spellings by which parents may name the child." example:"[\"Sanne Berg\"]"`
	Group   shape.Clearable[models.GroupID] `json:"group,omitzero" doc:"The main group; the empty text takes it away."`
	Year    *string                         `json:"year,omitempty" maxLength:"40" doc:"The year, as the roster names it." example:"3"`
	shape.EnteredFactors
	Protected      *bool   `json:"protected,omitempty" doc:"Protected address: never grouped, no postcode kept, no log-in by factors." example:"false"`
	Arrangement    *string `json:"arrangement,omitempty" enum:"each,together,one" doc:"How two households come to talks." example:"each"`
	ParentsMayBook *bool   `json:"parents_may_book,omitempty" doc:"The parents of an adult pupil may still book." example:"true"`
	Adult          *bool   `json:"adult,omitempty" doc:"The pupil is of age and decides who may book, or is not, whatever birth dates say." example:"true"`
	OneAtATime     *bool   `json:"one_at_a_time,omitempty" doc:"Whether the pupil, if it has two households, is at one talk at a time where it comes too, over what the talk kind says. Then each household sees when the other one comes. Refused while talks of the pupil are booked." example:"false"`
}

func (f PupilFields) patch() people.PupilPatch {
	patch := people.PupilPatch{
		Given: f.Given, Prefix: f.Prefix, Surname: f.Surname, Aliases: f.Aliases, Year: f.Year, Factors: f.Values(),
		Protected: f.Protected, ParentsMayBook: f.ParentsMayBook, OneAtATime: f.OneAtATime, Adult: f.Adult,
	}
	if f.Group.Given {
		patch.Group = &f.Group.Value
	}
	if f.Arrangement != nil {
		arrangement := models.Arrangement(*f.Arrangement)
		patch.Arrangement = &arrangement
	}
	return patch
}

type newPupilInput struct {
	shape.SchoolPath
	Body struct {
		Key string `json:"key,omitempty" maxLength:"256" doc:"The school's own key: the student number. Left out where nobody knows it yet: a file that has the pupil, by name and birth date, brings it." example:"104711"`
		PupilFields
	}
}

type newPupilOutput struct {
	Location string `header:"Location" doc:"Where the pupil is." example:"/api/v1/schools/de-linde/pupils/019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Body     pupilBody
}

func (s *Chapter) createPupil(ctx context.Context, in *newPupilInput) (*newPupilOutput, error) {
	v := rest.CallOf(ctx)
	made, err := s.people.AddPupil(ctx, v.Actor, people.NewPupil{Key: in.Body.Key, Patch: in.Body.patch()})
	if err != nil {
		return nil, err
	}
	body, err := s.pupil(ctx, made.ID)
	if err != nil {
		return nil, err
	}
	return &newPupilOutput{Location: rest.AtSchools + "/" + v.School.String() + "/pupils/" + made.ID.String(), Body: body}, nil
}

type pupilPatchInput struct {
	shape.PupilPath
	Body struct {
		PupilFields
		Release []string `json:"release,omitempty" maxItems:"20" maxLength:"40" doc:"Fields of by_hand that files decide again, from the next import on. added: whether the pupil is at the school; protected ends at once." example:"[\"surname\"]"`
	}
}

func (s *Chapter) updatePupil(ctx context.Context, in *pupilPatchInput) (*pupilOutput, error) {
	id, err := shape.PathID[models.PupilID](in.Pupil)
	if err != nil {
		return nil, err
	}
	patch := in.Body.patch()
	patch.Release = in.Body.Release
	if _, err := s.people.UpdatePupil(ctx, rest.CallOf(ctx).Actor, id, patch); err != nil {
		return nil, err
	}
	body, err := s.pupil(ctx, id)
	if err != nil {
		return nil, err
	}
	return &pupilOutput{Body: body}, nil
}

func (s *Chapter) erasePupil(ctx context.Context, in *shape.PupilPath) (*struct{}, error) {
	id, err := shape.PathID[models.PupilID](in.Pupil)
	if err != nil {
		return nil, err
	}
	return nil, s.people.ErasePupil(ctx, rest.CallOf(ctx).Actor, id)
}
