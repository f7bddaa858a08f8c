package roster

import (
	"context"
	"net/http"
	"slices"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/booking/teaching"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
)

// teachingRoutes are who teaches whom, one by one.
func (s *Chapter) teachingRoutes() []rest.Route {
	write := rest.Only(access.WriteRoster)
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/teachings", ID: "list-teachings", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List who teaches whom", About: "Each tie of a teacher to a group or to one pupil, by files and by hand, and what staff took away. By pages.", Operation: rest.Handle(s.listTeachings),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/teachings", ID: "add-teaching", Tag: "roster", Status: http.StatusCreated, Needs: write, Problems: []int{rest.Conflict},
			Summary: "Tie a teacher to a group or a pupil by hand", Operation: rest.Handle(s.addTeaching),
			About: "Imports leave it alone. With preview it is only told what that means for booked talks; the answer is the same, and nothing is changed.",
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/teachings/{teaching}", ID: "remove-teaching", Tag: "roster", Status: http.StatusOK, Needs: write,
			Summary: "Take a tie away", Operation: rest.Handle(s.removeTeaching),
			About: "One of the files does not come back with the next import. Talks that are booked stand, until the school decides about them (list-undecided-talks).",
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/teachings/{teaching}/release", ID: "release-teaching", Tag: "roster", Status: http.StatusOK, Needs: write,
			Summary: "Let files decide about a tie again", About: "It is as files have it, at once.", Operation: rest.Handle(s.releaseTeaching),
		},
		{
			Method: http.MethodPut, Path: rest.AtSchool + "/teachers/{teacher}/substitute", ID: "set-substitute", Tag: "roster", Status: http.StatusOK, Needs: write,
			Summary: "Let somebody stand in for a teacher", Operation: rest.Handle(s.substitute),
			About: "For a group and its pupils, or for everybody whom the teacher teaches, from now on and whatever files say. Talks that are booked with the teacher stand, until the " +
				"school decides about them (list-undecided-talks): they can be given to the substitute at the same time.",
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/teachers/{teacher}/substitute", ID: "take-back-substitute", Tag: "roster", Status: http.StatusOK, Needs: write,
			Summary: "Let a teacher teach again", About: "For whom somebody stands in: in a group, or everywhere.", Operation: rest.Handle(s.takeBack),
		},
	}
}

// teachingBody is a tie of a teacher to a group or a pupil.
type teachingBody struct {
	ID         shape.Ref[models.RowID] `json:"id" doc:"The tie's id."`
	Teacher    shape.TeacherName       `json:"teacher" doc:"The teacher."`
	Group      *groupName              `json:"group,omitempty" doc:"The group; missing of a tie to one pupil."`
	Pupil      *pupilName              `json:"pupil,omitempty" doc:"The pupil; missing of a tie to a group."`
	Role       string                  `json:"role" enum:"mentor,group,subject,care" doc:"What the teacher is to them." example:"subject"`
	Subject    string                  `json:"subject" doc:"The subject; empty if none." example:"Engels"`
	FromRoster bool                    `json:"from_roster" doc:"Files said so." example:"true"`
	Removed    bool                    `json:"removed" doc:"Staff took it away: the teacher does not teach them." example:"false"`
	Substitute *shape.TeacherName      `json:"substitute,omitempty" doc:"Who stands in for the teacher."`
	ByHand     []string                `json:"by_hand" doc:"What somebody set: added, removed, substitute." example:"[\"substitute\"]"`
}

func teachingOf(people *directory.Directory) func(models.Teaching) teachingBody {
	name := func(id models.StaffID) shape.TeacherName {
		staff, ok := people.Staff(id)
		if !ok {
			return shape.TeacherNames([]rules.StaffName{{ID: id}})[0]
		}
		return shape.TeacherNames([]rules.StaffName{{ID: id, Name: staff.Details.DisplayName}})[0]
	}
	return func(row models.Teaching) teachingBody {
		body := teachingBody{
			ID: shape.RefTo(row.ID), Teacher: name(row.StaffID), Role: string(row.Role), Subject: row.Subject, FromRoster: row.FromRoster, Removed: row.Removed, ByHand: []string{},
		}
		if groups := groupNames(people, []models.GroupID{row.GroupID}); len(groups) > 0 {
			body.Group = &groups[0]
		}
		if pupil, ok := people.Pupil(row.PupilID); ok {
			body.Pupil = &pupilName{ID: shape.RefTo(pupil.ID), Key: pupil.Details.Key, Name: pupil.Details.FullName()}
			if groups := groupNames(people, []models.GroupID{pupil.GroupID}); len(groups) > 0 {
				body.Pupil.Group = groups[0].Name
			}
		}
		if !row.InsteadID.IsZero() {
			substitute := name(row.InsteadID)
			body.Substitute = &substitute
		}
		for _, one := range []struct {
			name string
			set  bool
		}{{"added", !row.FromRoster}, {"removed", row.Removed}, {"substitute", !row.InsteadID.IsZero()}} {
			if one.set {
				body.ByHand = append(body.ByHand, one.name)
			}
		}
		return body
	}
}

type teachingsInput struct {
	shape.SchoolPath
	shape.Paging
	Teacher string `query:"teacher" maxLength:"36" doc:"Of this teacher only, or of whom this one stands in for." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Group   string `query:"group" maxLength:"36" doc:"Of this group only." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Pupil   string `query:"pupil" maxLength:"36" doc:"Of this pupil alone, beside the pupil's groups." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

type teachingsOutput struct{ Body shape.List[teachingBody] }

// only reads an id of a query; the empty text narrows nothing.
func only[T ~[16]byte](text string) (id T, err error) {
	if text == "" {
		return id, nil
	}
	return shape.PathID[T](text)
}

func (s *Chapter) listTeachings(ctx context.Context, in *teachingsInput) (*teachingsOutput, error) {
	staff, err := only[models.StaffID](in.Teacher)
	if err != nil {
		return nil, err
	}
	group, err := only[models.GroupID](in.Group)
	if err != nil {
		return nil, err
	}
	pupil, err := only[models.PupilID](in.Pupil)
	if err != nil {
		return nil, err
	}
	rows, people, err := s.teachings.List(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(row models.Teaching) bool {
		return !staff.IsZero() && row.StaffID != staff && row.InsteadID != staff || !group.IsZero() && row.GroupID != group || !pupil.IsZero() && row.PupilID != pupil
	})
	shown, next, err := shape.Page(in.Paging, listOf(ctx, "teachings"), rows, func(row models.Teaching) models.RowID { return row.ID })
	if err != nil {
		return nil, err
	}
	out := &teachingsOutput{Body: shape.ListOf(shape.Mapped(shown, teachingOf(people)))}
	out.Body.Next = next
	return out, nil
}

// changedTeachings is what a change does or would do.
type changedTeachings struct {
	Body struct {
		Applied      bool             `json:"applied" doc:"It was done; otherwise it was a preview." example:"true"`
		Teachings    []teachingBody   `json:"teachings" doc:"The ties that change, as they are then."`
		Consequences consequencesBody `json:"consequences" doc:"What that means for the talks that are booked at the moment."`
	}
}

func (s *Chapter) changed(ctx context.Context, outcome teaching.Outcome, preview bool, err error) (*changedTeachings, error) {
	if err != nil {
		return nil, err
	}
	people, err := s.people.Staff(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	out := &changedTeachings{}
	out.Body.Applied, out.Body.Teachings = !preview, shape.Mapped(outcome.Teachings, teachingOf(people))
	out.Body.Consequences = consequencesBody(outcome.Consequences)
	return out, nil
}

type newTeachingInput struct {
	shape.SchoolPath
	Body struct {
		Teacher shape.Ref[models.StaffID] `json:"teacher" doc:"The teacher."`
		Group   shape.Ref[models.GroupID] `json:"group,omitzero" doc:"The group; or else a pupil."`
		Pupil   shape.Ref[models.PupilID] `json:"pupil,omitzero" doc:"The one pupil; or else a group."`
		Role    string                    `json:"role" enum:"mentor,group,subject,care" doc:"What the teacher is to them." example:"subject"`
		Subject string                    `json:"subject,omitempty" maxLength:"100" doc:"The subject." example:"Engels"`
		Preview bool                      `json:"preview,omitempty" doc:"Only tell what it means." example:"false"`
	}
}

func (s *Chapter) addTeaching(ctx context.Context, in *newTeachingInput) (*changedTeachings, error) {
	row := models.Teaching{
		StaffID: in.Body.Teacher.Value, GroupID: in.Body.Group.Value, PupilID: in.Body.Pupil.Value, Role: models.TeachingRole(in.Body.Role), Subject: in.Body.Subject,
	}
	outcome, err := s.teachings.Add(ctx, rest.CallOf(ctx).Actor, row, in.Body.Preview)
	return s.changed(ctx, outcome, in.Body.Preview, err)
}

// TeachingPath names a tie in an address.
type TeachingPath struct {
	shape.SchoolPath
	Teaching string `path:"teaching" doc:"The tie's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Preview  bool   `query:"preview" doc:"Only tell what it means." example:"false"`
}

func (s *Chapter) removeTeaching(ctx context.Context, in *TeachingPath) (*changedTeachings, error) {
	id, err := shape.PathID[models.RowID](in.Teaching)
	if err != nil {
		return nil, err
	}
	outcome, err := s.teachings.Remove(ctx, rest.CallOf(ctx).Actor, id, in.Preview)
	return s.changed(ctx, outcome, in.Preview, err)
}

func (s *Chapter) releaseTeaching(ctx context.Context, in *TeachingPath) (*changedTeachings, error) {
	id, err := shape.PathID[models.RowID](in.Teaching)
	if err != nil {
		return nil, err
	}
	outcome, err := s.teachings.Release(ctx, rest.CallOf(ctx).Actor, id, in.Preview)
	return s.changed(ctx, outcome, in.Preview, err)
}

type substituteInput struct {
	shape.SchoolPath
	Teacher string `path:"teacher" doc:"The teacher's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Body    struct {
		Substitute shape.Ref[models.StaffID] `json:"substitute" doc:"Who stands in."`
		Group      shape.Ref[models.GroupID] `json:"group,omitzero" doc:"For this group and its pupils; otherwise for everybody whom the teacher teaches."`
		Preview    bool                      `json:"preview,omitempty" doc:"Only tell what it means." example:"false"`
	}
}

func (s *Chapter) substitute(ctx context.Context, in *substituteInput) (*changedTeachings, error) {
	id, err := shape.PathID[models.StaffID](in.Teacher)
	if err != nil {
		return nil, err
	}
	wanted := teaching.Substitution{Teacher: id, Substitute: in.Body.Substitute.Value, Group: in.Body.Group.Value}
	outcome, err := s.teachings.Substitute(ctx, rest.CallOf(ctx).Actor, wanted, in.Body.Preview)
	return s.changed(ctx, outcome, in.Body.Preview, err)
}

type takeBackInput struct {
	shape.SchoolPath
	Teacher string `path:"teacher" doc:"The teacher's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Group   string `query:"group" maxLength:"36" doc:"In this group only." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Preview bool   `query:"preview" doc:"Only tell what it means." example:"false"`
}

func (s *Chapter) takeBack(ctx context.Context, in *takeBackInput) (*changedTeachings, error) {
	id, err := shape.PathID[models.StaffID](in.Teacher)
	if err != nil {
		return nil, err
	}
	group, err := only[models.GroupID](in.Group)
	if err != nil {
		return nil, err
	}
	outcome, err := s.teachings.TakeBack(ctx, rest.CallOf(ctx).Actor, teaching.Substitution{Teacher: id, Group: group}, in.Preview)
	return s.changed(ctx, outcome, in.Preview, err)
}
