package conference

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/models"
)

type dayIn struct {
	shape.ForConference
	shape.Matching
	Body dayInput
}

func (s *Chapter) addDay(ctx context.Context, in *dayIn) (*conferenceOutput, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	day, err := in.Body.model()
	if err != nil {
		return nil, err
	}
	return answered(s.parts.AddDay(ctx, rest.CallOf(ctx).Actor, at, day))
}

// DayPath names a day in an address.
type DayPath struct {
	shape.ForConference
	Day string `path:"day" doc:"The day's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

type dayPatchInput struct {
	DayPath
	shape.Matching
	Body struct {
		Date     *string       `json:"date,omitempty" format:"date" doc:"By the school's calendar. The teachers' hours go along." example:"2026-11-24"`
		Audience *audienceBody `json:"audience,omitempty" doc:"For whom it is; replaces what was there."`
	}
}

func (s *Chapter) updateDay(ctx context.Context, in *dayPatchInput) (*conferenceOutput, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	id, err := shape.PathID[models.DayID](in.Day)
	if err != nil {
		return nil, err
	}
	var patch conference.DayPatch
	if in.Body.Date != nil {
		date, err := shape.DateOf("date", *in.Body.Date)
		if err != nil {
			return nil, err
		}
		patch.Date = &date
	}
	if in.Body.Audience != nil {
		audience := in.Body.Audience.model()
		patch.Audience = &audience
	}
	return answered(s.parts.ChangeDay(ctx, rest.CallOf(ctx).Actor, at, id, patch))
}

type dayRemovalInput struct {
	DayPath
	shape.Matching
}

func (s *Chapter) removeDay(ctx context.Context, in *dayRemovalInput) (*conferenceOutput, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	id, err := shape.PathID[models.DayID](in.Day)
	if err != nil {
		return nil, err
	}
	return answered(s.parts.RemoveDay(ctx, rest.CallOf(ctx).Actor, at, id))
}

type talkKindIn struct {
	shape.ForConference
	shape.Matching
	Body talkKindInput
}

func (s *Chapter) addTalkKind(ctx context.Context, in *talkKindIn) (*conferenceOutput, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	return answered(s.parts.AddTalkKind(ctx, rest.CallOf(ctx).Actor, at, in.Body.model()))
}

// TalkKindPath names a talk kind in an address.
type TalkKindPath struct {
	shape.ForConference
	TalkKind string `path:"talk_kind" doc:"The talk kind's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

type talkKindPatchInput struct {
	TalkKindPath
	shape.Matching
	Body struct {
		Title       *string            `json:"title,omitempty" maxLength:"200" doc:"What parents read." example:"Mentorgesprek"`
		Minutes     *int               `json:"minutes,omitempty" minimum:"5" maximum:"240" multipleOf:"5" doc:"Its length." example:"20"`
		Obligation  *models.Obligation `json:"obligation,omitempty" enum:"optional,expected,required" doc:"How much the school wants it." example:"expected"`
		MaxPerPupil *int               `json:"max_per_pupil,omitempty" minimum:"0" maximum:"1000" doc:"Talks of this kind per pupil and household; 0 for no limit." example:"1"`
		Attends     *bool              `json:"pupil_attends,omitempty" doc:"The child comes too." example:"false"`
		OneAtATime  *bool              `json:"one_at_a_time,omitempty" doc:"A child of two households who comes too is at one talk at a time. Then each household sees which times are gone, and so when the other one comes." example:"false"`
		Staffing    *models.Staffing   `json:"staffing,omitempty" enum:"mentor,group,subject,care,offer" doc:"With whom, by the roster; offer: only what offers say." example:"mentor"`
		Pairing     *models.Pairing    `json:"pairing,omitempty" enum:"either,together,both" doc:"What two teachers who share a group mean." example:"both"`
		Position    *int               `json:"position,omitempty" minimum:"0" maximum:"100" doc:"Its place among the talk kinds, from 0." example:"0"`
	}
}

func (s *Chapter) updateTalkKind(ctx context.Context, in *talkKindPatchInput) (*conferenceOutput, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	id, err := shape.PathID[models.TalkKindID](in.TalkKind)
	if err != nil {
		return nil, err
	}
	return answered(s.parts.ChangeTalkKind(ctx, rest.CallOf(ctx).Actor, at, id, conference.TalkKindPatch{
		Title: in.Body.Title, Minutes: in.Body.Minutes, Obligation: in.Body.Obligation, MaxPerPupil: in.Body.MaxPerPupil, PupilAttends: in.Body.Attends, OneAtATime: in.Body.OneAtATime,
		Staffing: in.Body.Staffing, Pairing: in.Body.Pairing, Position: in.Body.Position,
	}))
}

type talkKindRemovalInput struct {
	TalkKindPath
	shape.Matching
}

func (s *Chapter) removeTalkKind(ctx context.Context, in *talkKindRemovalInput) (*conferenceOutput, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	id, err := shape.PathID[models.TalkKindID](in.TalkKind)
	if err != nil {
		return nil, err
	}
	return answered(s.parts.RemoveTalkKind(ctx, rest.CallOf(ctx).Actor, at, id))
}
