package conference

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
)

// rulesBody is the limits of a conference. Zero means no limit.
type rulesBody struct {
	MaxPerPupil     int `json:"max_per_pupil,omitempty" minimum:"0" maximum:"10000" doc:"Appointments per pupil and household; 0 for no limit." example:"4"`
	MaxPerHousehold int `json:"max_per_household,omitempty" minimum:"0" maximum:"10000" doc:"Appointments per household; 0 for no limit." example:"0"`
	WalkingMinutes  int `json:"walking_minutes,omitempty" minimum:"0" maximum:"10000" doc:"What it takes from one part of the building to another." example:"5"`
	LeadMinutes     int `json:"lead_minutes,omitempty" minimum:"0" maximum:"10000" doc:"How long before its start parents can no longer book or move a talk." example:"60"`
	CancelMinutes   int `json:"cancel_minutes,omitempty" minimum:"0" maximum:"10000" doc:"How long before its start parents can no longer cancel a talk; that goes on after booking has closed." example:"30"`
}

// audienceBody tells for whom a day is.
type audienceBody struct {
	Everybody bool                        `json:"everybody,omitempty" doc:"For all pupils." example:"true"`
	Groups    []shape.Ref[models.GroupID] `json:"groups,omitempty" maxItems:"500" doc:"For these groups." example:"[]"`
	Years     []string                    `json:"years,omitempty" maxItems:"50" maxLength:"40" doc:"For these years, as the roster names them." example:"[]"`
	Siblings  bool                        `json:"siblings,omitempty" doc:"A family that may come for one child may bring its other children." example:"true"`
}

// dayInput is a day to be added. Without an audience it is for everybody.
type dayInput struct {
	Date     string        `json:"date" format:"date" doc:"By the school's calendar." example:"2026-11-24"`
	Audience *audienceBody `json:"audience,omitempty" doc:"For whom it is; for everybody where left out."`
}

func (a audienceBody) model() models.Audience {
	return models.Audience{Everybody: a.Everybody, Groups: shape.IDs(a.Groups), Years: a.Years, Siblings: a.Siblings}
}

func (d dayInput) model() (conference.NewDay, error) {
	date, err := shape.DateOf("date", d.Date)
	audience := models.Audience{Everybody: true}
	if d.Audience != nil {
		audience = d.Audience.model()
	}
	return conference.NewDay{Date: date, Audience: audience}, err
}

// talkKindInput is a talk kind to be added.
type talkKindInput struct {
	Title       string `json:"title" maxLength:"200" doc:"What parents read." example:"Mentorgesprek"`
	Minutes     int    `json:"minutes" minimum:"5" maximum:"240" multipleOf:"5" doc:"Its length." example:"20"`
	Obligation  string `json:"obligation,omitempty" enum:"optional,expected,required" doc:"How much the school wants it; optional where left out." example:"expected"`
	MaxPerPupil int    `json:"max_per_pupil,omitempty" minimum:"0" maximum:"1000" doc:"Talks of this kind per pupil and household; 0 for no limit." example:"1"`
	Attends     bool   `json:"pupil_attends,omitempty" doc:"The child comes too." example:"false"`
	OneAtATime  bool   `json:"one_at_a_time,omitempty" doc:"A child of two households who comes too is at one talk at a time. Then each household sees which times are gone, and so when the other one comes." example:"false"`
	Staffing    string `json:"staffing" enum:"mentor,group,subject,care,offer" doc:"With whom, by the roster; offer: only what offers say." example:"mentor"`
	Pairing     string `json:"pairing,omitempty" enum:"either,together,both" doc:"What two teachers who share a group mean: with one of them (where left out), with all at once, or as the family chooses." example:"both"`
}

func (k talkKindInput) model() conference.NewTalkKind {
	return conference.NewTalkKind{
		Title: k.Title, Minutes: k.Minutes, Obligation: cmp.Or(models.Obligation(k.Obligation), models.Optional), MaxPerPupil: k.MaxPerPupil,
		PupilAttends: k.Attends, OneAtATime: k.OneAtATime, Staffing: models.Staffing(k.Staffing), Pairing: cmp.Or(models.Pairing(k.Pairing), models.PairingEither),
	}
}

type newConferenceInput struct {
	shape.SchoolPath
	Body struct {
		Key       string          `json:"key,omitempty" maxLength:"256" doc:"The school's own key." example:"2026-najaar"`
		Title     string          `json:"title" maxLength:"200" doc:"What it is called." example:"Tienminutengesprekken november"`
		Note      string          `json:"note,omitempty" maxLength:"2000" doc:"What parents read above their choices." example:"U kunt voor al uw kinderen tegelijk kiezen."`
		OpensAt   time.Time       `json:"opens_at" doc:"From when on parents may book." example:"2026-11-02T18:00:00Z"`
		ClosesAt  time.Time       `json:"closes_at" doc:"Until when parents may book." example:"2026-11-20T22:00:00Z"`
		Rules     rulesBody       `json:"rules,omitempty" doc:"Its limits."`
		Days      []dayInput      `json:"days,omitempty" maxItems:"60" doc:"Its days."`
		TalkKinds []talkKindInput `json:"talk_kinds,omitempty" maxItems:"60" doc:"Its talk kinds."`
	}
}

type newConferenceOutput struct {
	Location string `header:"Location" doc:"Where the conference is." example:"/api/v1/schools/de-linde/conferences/019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	ETag     string `header:"ETag" doc:"Its version, for If-Match." example:"\"1\""`
	Body     conferenceBody
}

func (s *Chapter) createConference(ctx context.Context, in *newConferenceInput) (*newConferenceOutput, error) {
	v, body := rest.CallOf(ctx), in.Body
	wanted := conference.NewConference{
		Key: body.Key, Title: body.Title, Note: body.Note, OpensAt: body.OpensAt.UTC(), ClosesAt: body.ClosesAt.UTC(), Rules: models.ConferenceRules(body.Rules),
		TalkKinds: shape.Mapped(body.TalkKinds, talkKindInput.model),
	}
	for i, day := range body.Days {
		made, err := day.model()
		if err != nil {
			return nil, errs.InvalidField("days["+strconv.Itoa(i)+"].date", "not-a-date")
		}
		wanted.Days = append(wanted.Days, made)
	}
	made, err := s.conferences.Create(ctx, v.Actor, wanted)
	if err != nil {
		return nil, err
	}
	where := rest.AtSchools + "/" + v.School.String() + "/conferences/" + made.ID.String()
	return &newConferenceOutput{Location: where, ETag: etag(made.Version), Body: conferenceOf(made)}, nil
}

type conferencesOutput struct{ Body shape.List[conferenceBody] }

type conferencesInput struct {
	shape.SchoolPath
	shape.AllOrPage
}

func (s *Chapter) listConferences(ctx context.Context, in *conferencesInput) (*conferencesOutput, error) {
	v := rest.CallOf(ctx)
	rows, err := s.conferences.List(ctx, v.Actor)
	if err != nil {
		return nil, err
	}
	id := func(conference *programme.Conference) models.RowID { return models.RowID(conference.ID) }
	list, err := shape.Cut(in.AllOrPage, "conferences "+v.School.String(), rows, id, conferenceOf)
	return &conferencesOutput{Body: list}, err
}

type conferenceOutput struct {
	ETag string `header:"ETag" doc:"Its version, for If-Match." example:"\"3\""`
	Body conferenceBody
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

func answerConference(conference *programme.Conference) *conferenceOutput {
	return &conferenceOutput{ETag: etag(conference.Version), Body: conferenceOf(conference)}
}

// onConference runs a service's function on the conference that an address names.
func (s *Chapter) onConference(ctx context.Context, in shape.ForConference, run func(models.Actor, models.ConferenceID) (*programme.Conference, error)) (*conferenceOutput, error) {
	id, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	conference, err := run(rest.CallOf(ctx).Actor, id)
	if err != nil {
		return nil, err
	}
	return answerConference(conference), nil
}

func (s *Chapter) getConference(ctx context.Context, in *shape.ForConference) (*conferenceOutput, error) {
	return s.onConference(ctx, *in, func(actor models.Actor, id models.ConferenceID) (*programme.Conference, error) {
		return s.conferences.Get(ctx, actor, id)
	})
}

func (s *Chapter) openConference(ctx context.Context, in *shape.ForConference) (*conferenceOutput, error) {
	return s.onConference(ctx, *in, func(actor models.Actor, id models.ConferenceID) (*programme.Conference, error) {
		return s.conferences.Open(ctx, actor, id)
	})
}

func (s *Chapter) closeConference(ctx context.Context, in *shape.ForConference) (*conferenceOutput, error) {
	return s.onConference(ctx, *in, func(actor models.Actor, id models.ConferenceID) (*programme.Conference, error) {
		return s.conferences.Close(ctx, actor, id)
	})
}

type conferencePatchInput struct {
	shape.ForConference
	shape.Matching
	Body struct {
		Key      *string    `json:"key,omitempty" maxLength:"256" doc:"The school's own key; the empty text takes it away." example:"2026-najaar"`
		Title    *string    `json:"title,omitempty" maxLength:"200" doc:"What it is called." example:"Tienminutengesprekken november"`
		Note     *string    `json:"note,omitempty" maxLength:"2000" doc:"What parents read above their choices." example:"U kunt voor al uw kinderen tegelijk kiezen."`
		OpensAt  *time.Time `json:"opens_at,omitempty" doc:"From when on parents may book." example:"2026-11-02T18:00:00Z"`
		ClosesAt *time.Time `json:"closes_at,omitempty" doc:"Until when parents may book." example:"2026-11-20T22:00:00Z"`
		Rules    *rulesBody `json:"rules,omitempty" doc:"Its limits; replaces all of them."`
	}
}

func (s *Chapter) updateConference(ctx context.Context, in *conferencePatchInput) (*conferenceOutput, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	patch := conference.Patch{Key: in.Body.Key, Title: in.Body.Title, Note: in.Body.Note, OpensAt: in.Body.OpensAt, ClosesAt: in.Body.ClosesAt, Version: at.Version}
	if in.Body.Rules != nil {
		rules := models.ConferenceRules(*in.Body.Rules)
		patch.Rules = &rules
	}
	return answered(s.conferences.Update(ctx, rest.CallOf(ctx).Actor, at.Conference, patch))
}

type conferenceRemovalInput struct {
	shape.ForConference
	shape.Matching
}

func (s *Chapter) removeConference(ctx context.Context, in *conferenceRemovalInput) (*struct{}, error) {
	at, err := s.at(ctx, in.ForConference, in.Matching)
	if err != nil {
		return nil, err
	}
	return nil, s.conferences.Remove(ctx, rest.CallOf(ctx).Actor, at)
}

// answered answers with a conference, unless it went wrong.
func answered(conference *programme.Conference, err error) (*conferenceOutput, error) {
	if err != nil {
		return nil, err
	}
	return answerConference(conference), nil
}

// at names the conference of an address with the version that a change is based on, if its If-Match says one. The version is compared again where it is written.
func (s *Chapter) at(ctx context.Context, in shape.ForConference, matching shape.Matching) (conference.At, error) {
	id, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil || matching.IfMatch == "" || strings.TrimSpace(matching.IfMatch) == "*" {
		return conference.At{Conference: id}, err
	}
	present, err := s.conferences.Get(ctx, rest.CallOf(ctx).Actor, id)
	if err != nil {
		return conference.At{}, err
	}
	if !matches(matching.IfMatch, present.Version) {
		return conference.At{}, errs.New(errs.Stale, "stale")
	}
	return conference.At{Conference: id, Version: present.Version}, nil
}

// matches reports whether a version is among the entity tags of an If-Match header (RFC 9110, section 13.1.1). Weak ones never match.
func matches(header string, version int64) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(tag string) bool { return strings.TrimSpace(tag) == etag(version) })
}
