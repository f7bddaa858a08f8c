package roster

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// groupBody is a group.
type groupBody struct {
	ID    shape.Ref[models.GroupID] `json:"id" doc:"The group's id."`
	Key   string                    `json:"key" doc:"The school's own key." example:"3B"`
	Name  string                    `json:"name" doc:"What it is called." example:"Klas 3B"`
	Year  string                    `json:"year" doc:"The year, as the roster names it." example:"3"`
	State string                    `json:"state" enum:"active,left" doc:"Whether it is there now." example:"active"`
}

type groupsOutput struct{ Body shape.List[groupBody] }

type listInput struct {
	shape.SchoolPath
	shape.AllOrPage
}

func (s *Chapter) listGroups(ctx context.Context, in *listInput) (*groupsOutput, error) {
	people, err := s.people.Staff(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	id := func(group *models.Group) models.RowID { return models.RowID(group.ID) }
	list, err := shape.Cut(in.AllOrPage, listOf(ctx, "groups"), people.Groups(), id, func(group *models.Group) groupBody {
		return groupBody{shape.RefTo(group.ID), group.Details.Key, group.Details.Name, group.Year, string(group.State)}
	})
	return &groupsOutput{Body: list}, err
}

// TeacherBody is a teacher as staff see one.
type TeacherBody struct {
	ID      shape.Ref[models.StaffID] `json:"id" doc:"The teacher's id."`
	Key     string                    `json:"key" doc:"The school's own key or code." example:"VIS"`
	Name    string                    `json:"name" doc:"The display name, which parents see." example:"mw. J. Visser"`
	Email   string                    `json:"email" doc:"The teacher's address; parents never see it." example:"j.visser@delinde.example.com"`
	Aliases []string                  `json:"aliases" doc:"Other spellings in files." example:"[\"Visser, J.\"]"`
	State   string                    `json:"state" enum:"active,left" doc:"Whether the teacher is at the school now." example:"active"`
	ByHand  []string                  `json:"by_hand" doc:"The fields that somebody set: imports leave them alone and report them." example:"[\"name\"]"`
}

func teacherOf(set byhand.Fields) func(*models.Staff) TeacherBody {
	return func(staff *models.Staff) TeacherBody {
		return TeacherBody{
			ID: shape.RefTo(staff.ID), Key: staff.Details.Key, Name: staff.Details.DisplayName, Email: staff.Details.Email,
			Aliases: append([]string{}, staff.Details.Aliases...), State: string(staff.State), ByHand: set.OfStaff(staff),
		}
	}
}

func (s *Chapter) teacher(ctx context.Context, staff *models.Staff) (TeacherBody, error) {
	set, err := s.byHand.Fields(ctx, rest.CallOf(ctx).Actor, models.SubjectStaff)
	return teacherOf(set)(staff), err
}

type teacherListOutput struct{ Body shape.List[TeacherBody] }

func (s *Chapter) listTeachers(ctx context.Context, in *listInput) (*teacherListOutput, error) {
	people, err := s.people.Staff(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	set, err := s.byHand.Fields(ctx, rest.CallOf(ctx).Actor, models.SubjectStaff)
	if err != nil {
		return nil, err
	}
	id := func(staff *models.Staff) models.RowID { return models.RowID(staff.ID) }
	list, err := shape.Cut(in.AllOrPage, listOf(ctx, "teachers"), people.AllStaff(), id, teacherOf(set))
	return &teacherListOutput{Body: list}, err
}

type newTeacherInput struct {
	shape.SchoolPath
	Body struct {
		Key     string   `json:"key" maxLength:"256" doc:"The school's own key or code." example:"VIS"`
		Name    string   `json:"name" maxLength:"200" doc:"The display name, which parents see." example:"mw. J. Visser"`
		Email   *string  `json:"email,omitempty" maxLength:"254" doc:"The teacher's address." example:"j.visser@delinde.example.com"`
		Aliases []string `json:"aliases,omitempty" maxItems:"20" maxLength:"200" doc:"Other spellings in files." example:"[\"Visser, J.\"]"`
	}
}

type teacherOutput struct{ Body TeacherBody }

func (s *Chapter) createTeacher(ctx context.Context, in *newTeacherInput) (*teacherOutput, error) {
	row, err := s.people.AddStaff(ctx, rest.CallOf(ctx).Actor, in.Body.Key, people.StaffPatch{DisplayName: &in.Body.Name, Email: in.Body.Email, Aliases: in.Body.Aliases})
	if err != nil {
		return nil, err
	}
	body, err := s.teacher(ctx, row)
	return &teacherOutput{Body: body}, err
}

type teacherPatchInput struct {
	shape.SchoolPath
	Teacher string `path:"teacher" doc:"The teacher's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Body    struct {
		Name    *string  `json:"name,omitempty" maxLength:"200" doc:"The display name, which parents see." example:"mw. J. Visser"`
		Email   *string  `json:"email,omitempty" maxLength:"254" doc:"The teacher's address; the empty text takes it away." example:"j.visser@delinde.example.com"`
		Aliases []string `json:"aliases,omitempty" maxItems:"20" maxLength:"200" doc:"Other spellings in files." example:"[\"Visser, J.\"]"`
		Left    *bool    `json:"left,omitempty" doc:"The teacher has left the school." example:"false"`
		Release []string `json:"release,omitempty" maxItems:"20" maxLength:"40" doc:"Fields of by_hand that files decide again, from the next import on: name, email." example:"[\"name\"]"`
	}
}

// touchedTalk is a coming talk with a teacher who has left the school.
type touchedTalk struct {
	Appointment shape.Ref[models.AppointmentID] `json:"appointment" doc:"The appointment's id."`
	Conference  shape.Ref[models.ConferenceID]  `json:"conference" doc:"The conference's id."`
	Start       time.Time                       `json:"start" doc:"UTC." example:"2026-11-24T18:10:00Z"`
	Local       string                          `json:"local" doc:"The same start as the school's clocks show it." example:"2026-11-24T19:10"`
}

type changedTeacherOutput struct {
	Body struct {
		TeacherBody
		Talks []touchedTalk `json:"talks" doc:"The coming talks with a teacher who has left. They stand, and the schedule marks them; the school decides."`
	}
}

func (s *Chapter) updateTeacher(ctx context.Context, in *teacherPatchInput) (*changedTeacherOutput, error) {
	id, err := shape.PathID[models.StaffID](in.Teacher)
	if err != nil {
		return nil, err
	}
	patch := people.StaffPatch{DisplayName: in.Body.Name, Email: in.Body.Email, Aliases: in.Body.Aliases, Left: in.Body.Left, Release: in.Body.Release}
	actor := rest.CallOf(ctx).Actor
	row, err := s.people.UpdateStaff(ctx, actor, id, patch)
	if err != nil {
		return nil, err
	}
	var left people.UndecidedTalks
	if row.State != models.PersonActive {
		if left, err = s.decisions.Undecided(ctx, actor); err != nil {
			return nil, err
		}
	}
	out := &changedTeacherOutput{}
	if out.Body.TeacherBody, err = s.teacher(ctx, row); err != nil {
		return nil, err
	}
	out.Body.Talks = []touchedTalk{}
	for _, talk := range left.Talks {
		if slices.ContainsFunc(talk.Staff, func(staff rules.StaffName) bool { return staff.ID == id }) {
			out.Body.Talks = append(out.Body.Talks, touchedTalk{shape.RefTo(talk.ID), shape.RefTo(talk.Conference), talk.Start.UTC(), shape.LocalTime(talk.Start, left.Zone)})
		}
	}
	return out, nil
}
