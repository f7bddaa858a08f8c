package family

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	families "github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/models"
)

// slotBody is a start that is free now, as freeSlots writes it.
type slotBody struct {
	Day   string `json:"day" format:"uuid" doc:"The conference's day." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Start string `json:"start" format:"date-time" doc:"Start of the talk, UTC." example:"2026-11-24T18:10:00Z"`
	Local string `json:"local" doc:"The same start as the school's clocks show it." example:"2026-11-24T19:10"`
}

// optionBody is a staff set that a talk can be with.
type optionBody struct {
	Staff   []shape.TeacherName `json:"staff" doc:"The teachers; several sit in the talk together."`
	Subject string              `json:"subject" doc:"What a subject teacher teaches the child, as the roster names it; empty for other talks." example:"Wiskunde"`
	Free    freeSlots           `json:"free" doc:"The starts that are free now, in their order."`
}

// talkBody is a talk kind that a child is offered.
type talkBody struct {
	Conference shape.Ref[models.ConferenceID] `json:"conference" doc:"The conference's id."`
	TalkKind   shape.Ref[models.TalkKindID]   `json:"talk_kind" doc:"The talk kind's id."`
	Title      string                         `json:"title" doc:"What the talk is called." example:"Mentorgesprek"`
	Minutes    int                            `json:"minutes" doc:"Its length." example:"20"`
	Obligation string                         `json:"obligation" enum:"optional,expected,required" doc:"How much the school wants it." example:"expected"`
	Attends    bool                           `json:"pupil_attends" doc:"The child comes too." example:"false"`
	Left       *int                           `json:"left,omitempty" doc:"How many more of this kind may be booked; missing where there is no limit." example:"1"`
	Options    []optionBody                   `json:"options" doc:"With whom it can be."`
}

// childBody is a child of the family.
type childBody struct {
	ID              shape.Ref[models.PupilID]     `json:"id" doc:"The pupil's id."`
	Given           string                        `json:"given" doc:"First name only." example:"Sanne"`
	Group           string                        `json:"group" doc:"Name of the main group." example:"3B"`
	Household       shape.Ref[models.HouseholdID] `json:"household" doc:"The household that books for the child."`
	Confirmed       bool                          `json:"confirmed" doc:"The household was confirmed." example:"false"`
	AskSchool       bool                          `json:"ask_school" doc:"This household does not book for this child itself: the school decides." example:"false"`
	BookedElsewhere bool                          `json:"booked_elsewhere" doc:"Something is booked that this session may not see. Nothing more is told of it; confirming shows it." example:"false"`
	Talks           []talkBody                    `json:"talks" doc:"What the child is offered."`
}

// conferenceSummary is a conference as parents see it.
type conferenceSummary struct {
	ID             shape.Ref[models.ConferenceID] `json:"id" doc:"The conference's id."`
	Title          string                         `json:"title" doc:"What it is called." example:"Tienminutengesprekken november"`
	Note           string                         `json:"note" doc:"What the school says above the choices." example:"U kunt voor al uw kinderen tegelijk kiezen."`
	Phase          string                         `json:"phase" enum:"before,open,after" doc:"Where it stands for parents." example:"open"`
	OpensAt        time.Time                      `json:"opens_at" doc:"From when on parents may book, UTC." example:"2026-11-02T18:00:00Z"`
	ClosesAt       time.Time                      `json:"closes_at" doc:"Until when parents may book, UTC." example:"2026-11-20T22:00:00Z"`
	WalkingMinutes int                            `json:"walking_minutes" doc:"What it takes from one part of the building to another." example:"5"`
	Days           []daySummary                   `json:"days" doc:"Its days."`
}

// daySummary is a day of a conference.
type daySummary struct {
	ID   shape.Ref[models.DayID] `json:"id" doc:"The day's id."`
	Date string                  `json:"date" doc:"By the school's calendar." example:"2026-11-24"`
}

// familyBody is everything a family needs on one screen.
type familyBody struct {
	Zone         string                  `json:"zone" doc:"The school's time zone (IANA)." example:"Europe/Amsterdam"`
	Children     []childBody             `json:"children" doc:"The children, with what they are offered."`
	Conferences  []conferenceSummary     `json:"conferences" doc:"The conferences."`
	Appointments []shape.AppointmentBody `json:"appointments" doc:"What is booked, as far as the caller may see it, by start."`
}

type familyOutput struct{ Body familyBody }

func (s *Chapter) getFamily(ctx context.Context, _ *shape.SchoolPath) (*familyOutput, error) {
	family, err := s.families.Family(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return &familyOutput{Body: familyOf(family)}, nil
}

func familyOf(family *families.Family) familyBody {
	zone := family.Zone
	return familyBody{
		Zone:         zone.String(),
		Children:     shape.Mapped(family.Children, func(child families.Child) childBody { return childOf(child, zone) }),
		Conferences:  shape.Mapped(family.Conferences, summaryOf),
		Appointments: shape.Mapped(family.Appointments, shape.AppointmentOf(zone)),
	}
}

func childOf(child families.Child, zone *time.Location) childBody {
	return childBody{
		ID: shape.RefTo(child.ID), Given: child.Given, Group: child.Group, Household: shape.RefTo(child.Household), Confirmed: child.Confirmed, AskSchool: child.AskSchool,
		BookedElsewhere: child.BookedElsewhere, Talks: shape.Mapped(child.Talks, func(talk families.Talk) talkBody { return talkOf(talk, zone) }),
	}
}

func talkOf(talk families.Talk, zone *time.Location) talkBody {
	body := talkBody{
		Conference: shape.RefTo(talk.Conference), TalkKind: shape.RefTo(talk.Kind), Title: talk.Title, Minutes: talk.Minutes, Obligation: string(talk.Obligation),
		Attends: talk.Attends, Options: shape.Mapped(talk.Options, func(option families.TalkOption) optionBody {
			return optionBody{Staff: shape.TeacherNames(option.Staff), Subject: option.Subject, Free: freeSlots{option.Free, zone}}
		}),
	}
	if talk.Left >= 0 {
		body.Left = &talk.Left
	}
	return body
}

func summaryOf(summary families.ConferenceSummary) conferenceSummary {
	return conferenceSummary{
		ID: shape.RefTo(summary.ID), Title: summary.Title, Note: summary.Note, Phase: string(summary.Phase), OpensAt: summary.OpensAt.UTC(),
		ClosesAt: summary.ClosesAt.UTC(), WalkingMinutes: summary.WalkingMinutes,
		Days: shape.Mapped(summary.Days, func(day families.DaySummary) daySummary { return daySummary{shape.RefTo(day.ID), day.Date} }),
	}
}
