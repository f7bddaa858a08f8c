package office

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/office"
	"github.com/ouderavond/ouderavond/models"
)

// progressFamily is a family of a conference.
type progressFamily struct {
	FamilySummary
	State    string `json:"state" enum:"booked,partly,looked,silent,returned,no_contact" doc:"How far it has come: booked: all that the school expects. partly: some of it. looked: it logged in since booking opened, and has no talk. The others never logged in: silent, returned (all that is sent to it comes back), no_contact (there is no address or number to write to)." example:"looked"`
	Talks    int    `json:"talks" doc:"How many talks it has booked in the conference." example:"1"`
	Open     int    `json:"open" doc:"How many talks the school requires or expects beside them." example:"2"`
	Returned bool   `json:"returned" doc:"What is sent to one of its contacts on file comes back, also where others are good." example:"false"`
}

// progressCount counts families of one state.
type progressCount struct {
	State    string `json:"state" enum:"booked,partly,looked,silent,returned,no_contact" doc:"The state." example:"looked"`
	Families int    `json:"families" doc:"How many families have it." example:"12"`
}

// progressGroup counts the families of a group.
type progressGroup struct {
	Group  shape.Ref[models.GroupID] `json:"group" doc:"The group's id."`
	Name   string                    `json:"name" doc:"What it is called." example:"Klas 3B"`
	Counts []progressCount           `json:"counts" doc:"Families by state; all states, the empty ones too."`
}

type conferenceFamilies struct {
	shape.List[progressFamily]
	Count  int             `json:"count" doc:"How many families were asked for, on all pages." example:"31"`
	Counts []progressCount `json:"counts" doc:"All families of the conference by state; all states, the empty ones too."`
	Groups []progressGroup `json:"groups" doc:"The same by group, by name. A family with children in several groups counts in each."`
}

type progressInput struct {
	shape.ForConference
	State  []string `query:"state" nullable:"false" maxItems:"6" enum:"booked,partly,looked,silent,returned,no_contact" doc:"Only families in one of these states, with commas between them." example:"looked,silent"`
	Group  string   `query:"group" maxLength:"36" doc:"Only families with an invited child whose main group this is." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Limit  int      `query:"limit" default:"50" minimum:"1" maximum:"500" doc:"How many families a page holds at most." example:"50"`
	Cursor string   `query:"cursor" maxLength:"40" doc:"The cursor that the page before gave as next; left out for the first page." example:"AZofPlwdeyqPAD1eb3CBkvPPFbw"`
}

type progressOutput struct{ Body conferenceFamilies }

func (s *Chapter) listProgress(ctx context.Context, in *progressInput) (*progressOutput, error) {
	conference, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	filter := office.ProgressFilter{Limit: in.Limit, States: shape.Mapped(in.State, func(state string) office.ProgressState { return office.ProgressState(state) })}
	if in.Group != "" {
		if filter.Group, err = shape.PathID[models.GroupID](in.Group); err != nil {
			return nil, err
		}
	}
	of := "families of " + conference.String()
	after, err := shape.After(of, in.Cursor)
	if err != nil {
		return nil, err
	}
	filter.After = models.HouseholdID(after)
	progress, err := s.families.Progress(ctx, rest.CallOf(ctx).Actor, conference, filter)
	if err != nil {
		return nil, err
	}
	out := &progressOutput{Body: conferenceFamilies{Count: progress.Count, Counts: progressCounts(progress.Counts)}}
	out.Body.List = shape.ListOf(shape.Mapped(progress.Families, func(one office.FamilyProgress) progressFamily {
		return progressFamily{familySummaryOf(one.Row), string(one.State), one.Talks, one.Open, one.Returned}
	}))
	out.Body.Groups = shape.Mapped(progress.Groups, func(group office.GroupProgress) progressGroup {
		return progressGroup{shape.RefTo(group.Group), group.Name, progressCounts(group.Counts)}
	})
	if !progress.Next.IsZero() {
		out.Body.Next = shape.CursorOf(of, models.RowID(progress.Next))
	}
	return out, nil
}

func progressCounts(counts map[office.ProgressState]int) []progressCount {
	return shape.Mapped(office.ProgressStates(), func(state office.ProgressState) progressCount { return progressCount{string(state), counts[state]} })
}
