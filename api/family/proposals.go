package family

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/models"
)

// talkRequest is a talk that a family wants.
type talkRequest struct {
	Ref      string                       `json:"ref,omitempty" maxLength:"64" doc:"Your own name for the talk; its place in the list where left out. It becomes the ref of the item to book. No personal data." example:"sanne-mentor"`
	Pupil    shape.Ref[models.PupilID]    `json:"pupil" doc:"The child."`
	TalkKind shape.Ref[models.TalkKindID] `json:"talk_kind" doc:"The kind of talk."`
	Staff    []shape.Ref[models.StaffID]  `json:"staff,omitempty" maxItems:"10" doc:"The teachers, as one of the offered options has them; left out, any option will do."`
}

// refusedItem is a time that a booking refused.
type refusedItem struct {
	Pupil    shape.Ref[models.PupilID]    `json:"pupil" doc:"The child."`
	TalkKind shape.Ref[models.TalkKindID] `json:"talk_kind" doc:"The kind of talk."`
	Staff    []shape.Ref[models.StaffID]  `json:"staff" minItems:"1" maxItems:"10" doc:"The teachers of the item."`
	Start    time.Time                    `json:"start" doc:"The start of the item." example:"2026-11-24T18:10:00Z"`
}

// familyWindow is a time at which a family can come.
type familyWindow struct {
	Day   shape.Ref[models.DayID] `json:"day,omitempty" doc:"The conference's day; every day where left out."`
	From  string                  `json:"from,omitempty" maxLength:"5" doc:"From when, as the school's clocks show it; from the beginning where left out." example:"19:00"`
	Until string                  `json:"until,omitempty" maxLength:"5" doc:"Until when; to the end where left out." example:"20:30"`
}

// proposalQuestion asks for proposals.
type proposalQuestion struct {
	Talks   []talkRequest  `json:"talks,omitempty" maxItems:"60" doc:"The talks that are wanted, each child's most wanted first. Left out, what the school expects and is not booked yet."`
	Keep    []makeItem     `json:"keep,omitempty" maxItems:"60" doc:"Talks at times that the family chose itself: they stay, and the others are planned around them."`
	Refused []refusedItem  `json:"refused,omitempty" maxItems:"60" doc:"Items that a booking refused a moment ago (booking-items): these times are not proposed again."`
	Windows []familyWindow `json:"windows,omitempty" maxItems:"60" doc:"When the family can come; always where left out."`
	Parties int            `json:"parties,omitempty" minimum:"1" maximum:"2" doc:"2 where the household splits up: two adults who go to different talks." example:"1"`
	Most    int            `json:"most,omitempty" minimum:"1" maximum:"3" doc:"How many proposals are wanted at most; three where left out." example:"3"`
}

func (q proposalQuestion) model() family.Question {
	asked := family.Question{Parties: q.Parties, Most: q.Most, Keep: BookingRequest{Make: q.Keep}.model("", "").Make}
	for _, talk := range q.Talks {
		asked.Talks = append(asked.Talks, family.TalkRequest{Ref: talk.Ref, Pupil: talk.Pupil.Value, TalkKind: talk.TalkKind.Value, Staff: shape.IDs(talk.Staff)})
	}
	for _, item := range q.Refused {
		asked.Refused = append(asked.Refused, appointment.Request{Pupil: item.Pupil.Value, TalkKind: item.TalkKind.Value, Staff: shape.IDs(item.Staff), Start: item.Start.UTC()})
	}
	for _, window := range q.Windows {
		asked.Windows = append(asked.Windows, family.Window{Day: window.Day.Value, From: window.From, Until: window.Until})
	}
	return asked
}

// familyProposalsBody is what a family can choose from.
type familyProposalsBody struct {
	Wishes    []talkRequest        `json:"wishes" doc:"What was planned: the talks asked for, or what the school expects. Send them as talks to ask again."`
	Proposals []familyProposalBody `json:"proposals" doc:"Up to three, clearly different, the best first; none if nothing could be placed."`
	Missing   []missingTalk        `json:"missing" doc:"The talks that are in none of the proposals."`
}

// familyProposalBody is one way in which the family could have its talks.
type familyProposalBody struct {
	Make        []makeItem     `json:"make" doc:"The items to book, all of them and as they are: send them as make of a booking."`
	Talks       []proposedTalk `json:"talks" doc:"The same talks for people to read, in the same order: by start."`
	Missing     []missingTalk  `json:"missing" doc:"The wanted talks that this proposal leaves out. Empty if it is complete."`
	Days        int            `json:"days" doc:"On how many days the family comes, appointments that it has already included." example:"1"`
	WaitMinutes int            `json:"wait_minutes" doc:"Minutes of waiting between talks." example:"10"`
	WalkMinutes int            `json:"walk_minutes" doc:"Minutes of walking between talks." example:"5"`
	Proven      bool           `json:"proven" doc:"Nothing better is possible, but for a few minutes for the sake of others. False above twelve talks, for households that split up, and for the second and third proposal." example:"true"`
}

// proposedTalk is a proposed talk for people to read.
type proposedTalk struct {
	Ref        string                         `json:"ref" doc:"The item's name." example:"sanne-mentor"`
	Conference shape.Ref[models.ConferenceID] `json:"conference" doc:"The conference's id."`
	Day        shape.Ref[models.DayID]        `json:"day" doc:"The day's id."`
	Title      string                         `json:"title" doc:"What the talk is called." example:"Mentorgesprek"`
	Child      string                         `json:"child" doc:"First name only." example:"Sanne"`
	Staff      []shape.TeacherName            `json:"staff" doc:"The teachers."`
	Start      time.Time                      `json:"start" doc:"UTC." example:"2026-11-24T18:10:00Z"`
	End        time.Time                      `json:"end" doc:"UTC." example:"2026-11-24T18:20:00Z"`
	Local      string                         `json:"local" doc:"The start as the school's clocks show it." example:"2026-11-24T19:10"`
	Party      int                            `json:"party" doc:"1, or 2 where the household splits up." example:"1"`
	Kept       bool                           `json:"kept" doc:"The family chose this time itself." example:"false"`
}

// missingTalk is a wanted talk that is left out.
type missingTalk struct {
	Ref     string              `json:"ref" doc:"The name of the wish." example:"sanne-wiskunde"`
	Title   string              `json:"title" doc:"What the talk is called." example:"Vakdocent"`
	Child   string              `json:"child" doc:"First name only." example:"Sanne"`
	Staff   []shape.TeacherName `json:"staff" doc:"With whom it was wanted; everybody who would do where any would."`
	Reason  string              `json:"reason" enum:"full,outside_windows,own_appointments,in_the_way,limit,closed,not_offered" doc:"Why it is missing." example:"in_the_way"`
	Detail  string              `json:"detail" doc:"The reason for a person." example:"This is only possible if another talk is left out."`
	Instead []string            `json:"instead" doc:"The names of the talks that would be left out if this one were held; for in_the_way." example:"[\"sanne-mentor\"]"`
}

type proposeInput struct {
	shape.SchoolPath
	Body proposalQuestion
}

type proposeOutput struct{ Body familyProposalsBody }

func (s *Chapter) proposeToFamily(ctx context.Context, in *proposeInput) (*proposeOutput, error) {
	return s.propose(ctx, in.Body.model())
}

type proposeForInput struct {
	shape.ForHousehold
	Body proposalQuestion
}

func (s *Chapter) proposeForHousehold(ctx context.Context, in *proposeForInput) (*proposeOutput, error) {
	household, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	question := in.Body.model()
	question.Household = household
	return s.propose(ctx, question)
}

func (s *Chapter) propose(ctx context.Context, question family.Question) (*proposeOutput, error) {
	v := rest.CallOf(ctx)
	found, err := s.families.Propose(ctx, v.Actor, question)
	if err != nil {
		return nil, err
	}
	zone := found.Zone
	missing := func(talk family.MissingTalk) missingTalk {
		return missingTalk{
			Ref: talk.Request.Ref, Title: talk.Title, Child: talk.Child, Staff: shape.TeacherNames(talk.Staff), Reason: string(talk.Reason),
			Detail: s.base.Texts.Say(v.Voice(), "missing."+string(talk.Reason), nil), Instead: append([]string{}, talk.Instead...),
		}
	}
	return &proposeOutput{Body: familyProposalsBody{
		Wishes: shape.Mapped(found.Requests, func(request family.TalkRequest) talkRequest {
			return talkRequest{Ref: request.Ref, Pupil: shape.RefTo(request.Pupil), TalkKind: shape.RefTo(request.TalkKind), Staff: shape.RefsTo(request.Staff)}
		}),
		Proposals: shape.Mapped(found.Proposals, func(proposal family.Proposal) familyProposalBody {
			return familyProposalBody{
				Make:  shape.Mapped(proposal.Talks, func(talk family.Placement) makeItem { return itemToMake(talk.Item) }),
				Talks: shape.Mapped(proposal.Talks, proposedOf(zone)), Missing: shape.Mapped(proposal.Missing, missing), Days: proposal.Days,
				WaitMinutes: proposal.WaitMinutes, WalkMinutes: proposal.WalkMinutes, Proven: proposal.Proven,
			}
		}),
		Missing: shape.Mapped(found.Missing, missing),
	}}, nil
}

func itemToMake(item appointment.Request) makeItem {
	return makeItem{Ref: item.Ref, Pupil: shape.RefTo(item.Pupil), TalkKind: shape.RefTo(item.TalkKind), Staff: shape.RefsTo(item.Staff), Start: item.Start.UTC(), Party: item.Party}
}

func proposedOf(zone *time.Location) func(family.Placement) proposedTalk {
	return func(talk family.Placement) proposedTalk {
		return proposedTalk{
			Ref: talk.Item.Ref, Conference: shape.RefTo(talk.Conference), Day: shape.RefTo(talk.Day), Title: talk.Title, Child: talk.Child, Staff: shape.TeacherNames(talk.Staff),
			Start: talk.Item.Start.UTC(), End: talk.End.UTC(), Local: shape.LocalTime(talk.Item.Start, zone), Party: talk.Item.Party, Kept: talk.Kept,
		}
	}
}
