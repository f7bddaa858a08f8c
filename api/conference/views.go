package conference

import (
	"time"

	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/programme"
)

// conferenceBody is a conference as staff see one.
type conferenceBody struct {
	ID        shape.Ref[models.ConferenceID] `json:"id" doc:"The conference's id."`
	Key       string                         `json:"key" doc:"The school's own key; empty if it has none." example:"2026-najaar"`
	Title     string                         `json:"title" doc:"What it is called." example:"Tienminutengesprekken november"`
	Note      string                         `json:"note" doc:"What parents read above their choices." example:"U kunt voor al uw kinderen tegelijk kiezen."`
	State     string                         `json:"state" enum:"draft,open,closed" doc:"Where it stands." example:"open"`
	OpensAt   time.Time                      `json:"opens_at" doc:"From when on parents may book, UTC." example:"2026-11-02T18:00:00Z"`
	ClosesAt  time.Time                      `json:"closes_at" doc:"Until when parents may book, UTC." example:"2026-11-20T22:00:00Z"`
	Rules     rulesShown                     `json:"rules" doc:"Its limits."`
	Version   int64                          `json:"version" doc:"Counts its changes; the ETag says the same." example:"3"`
	Days      []dayBody                      `json:"days" doc:"Its days, by date."`
	TalkKinds []talkKindBody                 `json:"talk_kinds" doc:"Its talk kinds, in their order."`
	Offers    []offerBody                    `json:"offers" doc:"What is offered beside the talk kinds' staffing."`
}

// rulesShown is the limits of a conference. Zero means no limit.
type rulesShown struct {
	MaxPerPupil     int `json:"max_per_pupil" doc:"Appointments per pupil and household; 0 for no limit." example:"4"`
	MaxPerHousehold int `json:"max_per_household" doc:"Appointments per household; 0 for no limit." example:"0"`
	WalkingMinutes  int `json:"walking_minutes" doc:"What it takes from one part of the building to another." example:"5"`
	LeadMinutes     int `json:"lead_minutes" doc:"How long before its start parents can no longer book or move a talk." example:"60"`
	CancelMinutes   int `json:"cancel_minutes" doc:"How long before its start parents can no longer cancel a talk; that goes on after booking has closed." example:"30"`
}

// dayBody is a day of a conference.
type dayBody struct {
	ID       shape.Ref[models.DayID] `json:"id" doc:"The day's id."`
	Date     string                  `json:"date" doc:"By the school's calendar." example:"2026-11-24"`
	Audience audienceShown           `json:"audience" doc:"For whom it is."`
}

// audienceShown tells for whom a day is.
type audienceShown struct {
	Everybody bool                        `json:"everybody" doc:"For all pupils." example:"true"`
	Groups    []shape.Ref[models.GroupID] `json:"groups" doc:"For these groups."`
	Years     []string                    `json:"years" doc:"For these years." example:"[\"1\",\"2\"]"`
	Siblings  bool                        `json:"siblings" doc:"A family that may come for one child may bring its other children." example:"true"`
}

// talkKindBody is a talk kind.
type talkKindBody struct {
	ID          shape.Ref[models.TalkKindID] `json:"id" doc:"The talk kind's id."`
	Title       string                       `json:"title" doc:"What parents read." example:"Mentorgesprek"`
	Minutes     int                          `json:"minutes" doc:"Its length." example:"20"`
	Obligation  string                       `json:"obligation" doc:"How much the school wants it." example:"expected"`
	MaxPerPupil int                          `json:"max_per_pupil" doc:"Talks of this kind per pupil and household; 0 for no limit." example:"1"`
	Attends     bool                         `json:"pupil_attends" doc:"The child comes too." example:"false"`
	OneAtATime  bool                         `json:"one_at_a_time" doc:"A child of two households who comes too is at one talk at a time." example:"false"`
	Staffing    string                       `json:"staffing" doc:"With whom, by the roster." example:"mentor"`
	Pairing     string                       `json:"pairing" doc:"What two teachers who share a group mean." example:"both"`
}

// offerBody is an offer.
type offerBody struct {
	ID       shape.Ref[models.RowID]      `json:"id" doc:"The offer's id."`
	TalkKind shape.Ref[models.TalkKindID] `json:"talk_kind" doc:"The talk kind's id."`
	Pupil    shape.Ref[models.PupilID]    `json:"pupil,omitzero" doc:"Offered to this pupil."`
	Group    shape.Ref[models.GroupID]    `json:"group,omitzero" doc:"Offered to this group."`
	Year     string                       `json:"year,omitempty" doc:"Offered to this year." example:"3"`
	Staff    []shape.Ref[models.StaffID]  `json:"staff" doc:"The teachers, all of them together."`
}

func conferenceOf(conference *programme.Conference) conferenceBody {
	return conferenceBody{
		ID: shape.RefTo(conference.ID), Key: conference.Details.Key, Title: conference.Details.Title, Note: conference.Details.Note, State: string(conference.State),
		OpensAt: conference.OpensAt.UTC(), ClosesAt: conference.ClosesAt.UTC(), Rules: rulesShown(conference.Rules), Version: conference.Version,
		Days: shape.Mapped(conference.Days, func(day *models.Day) dayBody {
			return dayBody{shape.RefTo(day.ID), day.Date.String(), audienceShown{
				day.Audience.Everybody, shape.RefsTo(day.Audience.Groups), append([]string{}, day.Audience.Years...), day.Audience.Siblings,
			}}
		}),
		TalkKinds: shape.Mapped(conference.TalkKinds, func(kind *models.TalkKind) talkKindBody {
			return talkKindBody{
				shape.RefTo(kind.ID), kind.Details.Title, kind.Minutes, string(kind.Obligation), kind.MaxPerPupil, kind.PupilAttends, kind.Details.OneAtATime, string(kind.Staffing), string(kind.Pairing),
			}
		}),
		Offers: shape.Mapped(conference.Offers, func(offer *models.Offer) offerBody {
			return offerBody{shape.RefTo(offer.ID), shape.RefTo(offer.TalkKindID), shape.RefTo(offer.PupilID), shape.RefTo(offer.GroupID), offer.Year, shape.RefsTo(offer.StaffIDs)}
		}),
	}
}
