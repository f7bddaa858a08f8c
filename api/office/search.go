package office

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/office"
	"github.com/ouderavond/ouderavond/models"
)

// summaryChild is a child of a family.
type summaryChild struct {
	ID    shape.Ref[models.PupilID] `json:"id" doc:"The pupil's id."`
	Key   string                    `json:"key" doc:"The school's own key: the student number." example:"104711"`
	Name  string                    `json:"name" doc:"Full name." example:"Sanne van den Berg"`
	Group string                    `json:"group" doc:"Name of the main group; empty for none." example:"Klas 3B"`
}

// summaryGuardian is a guardian of a family.
type summaryGuardian struct {
	ID   shape.Ref[models.GuardianID] `json:"id" doc:"The guardian's id."`
	Name string                       `json:"name" doc:"The guardian's name." example:"M. van den Berg"`
}

// FamilySummary is what every list of the office tells of a family.
type FamilySummary struct {
	Household shape.Ref[models.HouseholdID] `json:"household" doc:"The household's id."`
	Name      string                        `json:"name" doc:"The surnames of the children, each once; of the guardians where no child is at the school." example:"van den Berg"`
	Label     string                        `json:"label" doc:"The school's own note." example:"moeder"`
	Children  []summaryChild                `json:"children" doc:"The children who are at the school."`
	Guardians []summaryGuardian             `json:"guardians" doc:"The guardians."`
}

func familySummaryOf(row office.Row) FamilySummary {
	return FamilySummary{
		Household: shape.RefTo(row.Household), Name: row.Name, Label: row.Label,
		Children: shape.Mapped(row.Children, func(child office.Child) summaryChild {
			return summaryChild{shape.RefTo(child.ID), child.Key, child.Name, child.Group}
		}),
		Guardians: shape.Mapped(row.Guardians, func(one office.Guardian) summaryGuardian { return summaryGuardian{shape.RefTo(one.ID), one.Name} }),
	}
}

// matchBody is why a family was found.
type matchBody struct {
	Field string `json:"field" enum:"pupil,guardian,number,email,phone,group,teacher" doc:"In what a word was found." example:"email"`
	Text  string `json:"text" doc:"The name, number or group; of an address or a telephone number as much as tells it from others." example:"ou•••r@example.com"`
}

// FamilyRow is a family in a list of the office.
type foundFamily struct {
	FamilySummary
	Matches []matchBody `json:"matches" doc:"Why it was found: one thing for each word, each once. Empty where nothing was typed."`
	Talks   int         `json:"talks" doc:"How many talks it has booked that are yet to come." example:"2"`
	Booked  bool        `json:"booked" doc:"Whether there is such a talk." example:"true"`
}

// foundFamilies is a page of families that were found.
type foundFamilies struct {
	shape.List[foundFamily]
	Count int `json:"count" doc:"How many families were found, on all pages." example:"3"`
}

type searchInput struct {
	shape.SchoolPath
	Search string `query:"search" maxLength:"200" doc:"What is typed: parts of names, a student number, a group, a teacher, an address or a telephone number, in any order. Left out, all families." example:"jan berg"`
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"How many families a page holds at most." example:"20"`
	Cursor string `query:"cursor" maxLength:"40" doc:"The cursor that the page before gave as next; left out for the first page." example:"AAGaHz5cHXsqjwA9Xm9wgZKfPFbw"`
}

type searchOutput struct{ Body foundFamilies }

func (s *Chapter) searchFamilies(ctx context.Context, in *searchInput) (*searchOutput, error) {
	of := listOf(ctx, "families")
	after, err := shape.AfterBy(of, in.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := s.families.Search(ctx, rest.CallOf(ctx).Actor, office.Search{Typed: in.Search, Limit: in.Limit, After: after})
	if err != nil {
		return nil, err
	}
	out := &searchOutput{Body: foundFamilies{Count: found.Count}}
	out.Body.List = shape.ListOf(shape.Mapped(found.Families, func(family office.FoundFamily) foundFamily {
		return foundFamily{
			FamilySummary: familySummaryOf(family.Row), Talks: family.Talks, Booked: family.Talks > 0,
			Matches: shape.Mapped(family.Matches, func(match office.Match) matchBody { return matchBody{string(match.Field), match.Text} }),
		}
	}))
	if found.Next != nil {
		out.Body.Next = shape.CursorBy(of, found.Next)
	}
	return out, nil
}
