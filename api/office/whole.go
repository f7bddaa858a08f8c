package office

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/messages"
	"github.com/ouderavond/ouderavond/booking/office"
	"github.com/ouderavond/ouderavond/models"
)

// familyTeacher is who teaches a child.
type familyTeacher struct {
	ID      shape.Ref[models.StaffID] `json:"id" doc:"The teacher's id."`
	Name    string                    `json:"name" doc:"As families know the teacher." example:"mw. J. Visser"`
	Role    string                    `json:"role" enum:"mentor,group,subject,care" doc:"What the teacher is to the child." example:"mentor"`
	Subject string                    `json:"subject" doc:"The subject; empty for none." example:"Wiskunde"`
	Left    bool                      `json:"left" doc:"The teacher is not at the school any more." example:"false"`
}

// wholeChild is a child with its teachers.
type wholeChild struct {
	ID       shape.Ref[models.PupilID] `json:"id" doc:"The pupil's id."`
	Key      string                    `json:"key" doc:"The school's own key: the student number." example:"104711"`
	Name     string                    `json:"name" doc:"Full name." example:"Sanne van den Berg"`
	Group    string                    `json:"group" doc:"Name of the main group; empty for none." example:"Klas 3B"`
	Teachers []familyTeacher           `json:"teachers" doc:"Who teaches the child, by name."`
}

// wholeGuardian is a guardian.
type wholeGuardian struct {
	ID       shape.Ref[models.GuardianID] `json:"id" doc:"The guardian's id."`
	Name     string                       `json:"name" doc:"The guardian's name." example:"M. van den Berg"`
	Language string                       `json:"language" doc:"Language of messages; empty for the household's." example:"nl"`
	Teacher  shape.Ref[models.StaffID]    `json:"teacher,omitzero" doc:"Set for one who also teaches here."`
	Informed bool                         `json:"informed" doc:"False of one to whom nothing is sent." example:"true"`
}

// partContact is a contact on file, in part.
type partContact struct {
	ID         shape.Ref[models.ContactID]  `json:"id" doc:"The contact's id."`
	Guardian   shape.Ref[models.GuardianID] `json:"guardian,omitzero" doc:"Whose it is."`
	Kind       string                       `json:"kind" enum:"email,phone" doc:"What it is." example:"email"`
	To         string                       `json:"to" doc:"As much of it as tells it from others." example:"ou•••r@example.com"`
	Source     string                       `json:"source" enum:"file,staff" doc:"Who brought it." example:"file"`
	Suppressed bool                         `json:"suppressed" doc:"Nothing is sent there." example:"true"`
	Problem    string                       `json:"problem" doc:"Stable code of why; empty where something is sent." example:"no-such-address"`
	About      string                       `json:"about" doc:"Why as a sentence, in the language of the answer." example:"Nobody is at that address."`
	Since      *time.Time                   `json:"since,omitempty" doc:"Since when, UTC." example:"2026-11-02T18:03:01Z"`
}

// familyMessage is a message to the family.
type familyMessage struct {
	ID         shape.Ref[models.MessageID] `json:"id" doc:"The message's id."`
	Kind       string                      `json:"kind" doc:"What it is about: confirmation, code, new_device or returned." example:"confirmation"`
	Channel    string                      `json:"channel" doc:"How it goes: mail or sms." example:"mail"`
	State      string                      `json:"state" doc:"How far it has come: queued, sending, sent, delivered, unknown, failed or superseded." example:"delivered"`
	To         string                      `json:"to" doc:"As much of the address or number as tells it from others." example:"ou•••r@example.com"`
	Problem    string                      `json:"problem" doc:"Stable code of what was wrong; empty where nothing was." example:"mailbox-full"`
	About      string                      `json:"about" doc:"The problem as a sentence, in the language of the answer." example:"The mailbox is full."`
	MayGoAgain bool                        `json:"may_go_again" doc:"It can be sent again." example:"true"`
	CreatedAt  time.Time                   `json:"created_at" doc:"When it was queued, UTC." example:"2026-11-02T18:03:00Z"`
	SentAt     *time.Time                  `json:"sent_at,omitempty" doc:"When the carrier took it, UTC." example:"2026-11-02T18:03:01Z"`
}

// liveCode is a one-time code that can still be used.
type liveCode struct {
	Kind      string    `json:"kind" enum:"contact,desk" doc:"contact: sent to a contact on file. desk: read out by staff." example:"desk"`
	CreatedAt time.Time `json:"created_at" doc:"When it was made, UTC." example:"2026-11-02T18:00:00Z"`
	Until     time.Time `json:"until" doc:"When it ends, UTC." example:"2026-11-02T20:00:00Z"`
}

// linkState is a personal link of the family.
type linkState struct {
	Conference shape.Ref[models.ConferenceID] `json:"conference" doc:"The conference's id."`
	Title      string                         `json:"title" doc:"What the conference is called." example:"Tienminutengesprekken november"`
	MadeAt     time.Time                      `json:"made_at" doc:"When the school last got it, UTC. It may have ended since: a family that loses a guardian or a contact gets another one." example:"2026-11-02T18:00:00Z"`
}

// logCount counts something that was done.
type logCount struct {
	What  string `json:"what" doc:"What is counted." example:"made"`
	Count int    `json:"count" doc:"How many." example:"2"`
}

// logEntry is something that was done.
type logEntry struct {
	At       time.Time  `json:"at" doc:"When, UTC." example:"2026-11-02T18:03:00Z"`
	Action   string     `json:"action" doc:"What: stable code." example:"booking"`
	By       string     `json:"by" enum:"parent,staff,key,operator,system" doc:"What sort of caller did it." example:"staff"`
	OnBehalf bool       `json:"on_behalf" doc:"Of a booking: the school did it for the family." example:"true"`
	Counts   []logCount `json:"counts" doc:"How much, by name."`
}

// wholeFamily is everything about a family.
type wholeFamily struct {
	Household     shape.Ref[models.HouseholdID] `json:"household" doc:"The household's id."`
	Name          string                        `json:"name" doc:"The surnames of the children, each once." example:"van den Berg"`
	Label         string                        `json:"label" doc:"The school's own note." example:"moeder"`
	Origin        string                        `json:"origin" enum:"single,certain,suggestion,staff" doc:"Who decided that these children are one household." example:"certain"`
	Language      string                        `json:"language" doc:"Language of messages; empty for the school's own." example:"en"`
	Interpreter   string                        `json:"interpreter" doc:"Language of the interpreter whom the school asks to the talks; empty for none." example:"Tigrinya"`
	OwnPupil      bool                          `json:"own_pupil" doc:"The household of an adult pupil, who books alone." example:"false"`
	HasFamilyCode bool                          `json:"has_family_code" doc:"A family code was issued." example:"true"`
	Children      []wholeChild                  `json:"children" doc:"The children who are at the school."`
	Guardians     []wholeGuardian               `json:"guardians" doc:"The guardians."`
	Contacts      []partContact                 `json:"contacts" doc:"The contacts on file, in part; get-household has them in full."`
	Talks         []shape.AppointmentBody       `json:"talks" doc:"Talks by start, past and cancelled ones too."`
	Messages      []familyMessage               `json:"messages" doc:"The latest fifty messages, newest first."`
	Codes         []liveCode                    `json:"codes" doc:"One-time codes that can still be used. The codes themselves are nowhere to be seen."`
	Links         []linkState                   `json:"personal_links" doc:"Personal links for conferences that are not over. Without the links."`
	Log           []logEntry                    `json:"log" doc:"The latest hundred things that were done: bookings, and what staff changed of the household or its children. Newest first."`
}

type wholeOutput struct{ Body wholeFamily }

func (s *Chapter) getFamily(ctx context.Context, in *shape.ForHousehold) (*wholeOutput, error) {
	id, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	whole, err := s.families.Family(ctx, rest.CallOf(ctx).Actor, id)
	if err != nil {
		return nil, err
	}
	zone, err := s.base.SchoolZone(ctx)
	if err != nil {
		return nil, err
	}
	lang := rest.CallOf(ctx).Language
	return &wholeOutput{Body: wholeFamily{
		Household: shape.RefTo(whole.Household), Name: whole.Name, Label: whole.Label, Origin: string(whole.Origin), Language: whole.Language, Interpreter: whole.Interpreter,
		OwnPupil: whole.OwnPupil, HasFamilyCode: whole.HasFamilyCode, Children: shape.Mapped(whole.Children, wholeChildOf), Guardians: shape.Mapped(whole.Guardians, wholeGuardianOf),
		Contacts: shape.Mapped(whole.Contacts, s.partContactOf(lang)), Talks: shape.Mapped(whole.Talks, shape.AppointmentOf(zone)),
		Messages: shape.Mapped(whole.Messages, s.familyMessageOf(lang)),
		Codes: shape.Mapped(whole.Codes, func(code office.LiveCode) liveCode {
			return liveCode{string(code.Kind), code.CreatedAt.UTC(), code.Until.UTC()}
		}),
		Links: shape.Mapped(whole.Links, func(link office.LinkState) linkState {
			return linkState{shape.RefTo(link.Conference), link.Title, link.MadeAt.UTC()}
		}),
		Log: shape.Mapped(whole.Log, logEntryOf),
	}}, nil
}

func wholeChildOf(child office.WholeChild) wholeChild {
	return wholeChild{shape.RefTo(child.ID), child.Key, child.Name, child.Group, shape.Mapped(child.Teachers, func(one office.Teacher) familyTeacher {
		return familyTeacher{shape.RefTo(one.ID), one.Name, string(one.Role), one.Subject, one.Left}
	})}
}

func wholeGuardianOf(one *models.Guardian) wholeGuardian {
	return wholeGuardian{shape.RefTo(one.ID), one.Details.Name, one.Language, shape.RefTo(one.StaffID), !one.Details.Uninformed}
}

func (s *Chapter) partContactOf(lang string) func(office.PartContact) partContact {
	return func(one office.PartContact) partContact {
		return partContact{
			shape.RefTo(one.ID), shape.RefTo(one.Guardian), string(one.Kind), one.To, string(one.Source), one.Suppressed, one.SuppressedFor,
			s.base.Texts.Trouble(lang, one.SuppressedFor), shape.UTC(one.SuppressedAt),
		}
	}
}

func (s *Chapter) familyMessageOf(lang string) func(messages.View) familyMessage {
	return func(row messages.View) familyMessage {
		return familyMessage{
			shape.RefTo(row.ID), string(row.Kind), string(row.Channel), string(row.State), row.To, row.Problem, s.base.Texts.Trouble(lang, row.Problem), row.MayGoAgain,
			row.CreatedAt.UTC(), shape.UTC(row.SentAt),
		}
	}
}

func logEntryOf(entry office.Entry) logEntry {
	counts := []logCount{}
	for what, count := range entry.Counts {
		counts = append(counts, logCount{what, count})
	}
	slices.SortFunc(counts, func(a, b logCount) int { return cmp.Compare(a.What, b.What) })
	return logEntry{entry.At.UTC(), entry.Action, string(entry.ActorKind), entry.OnBehalf, counts}
}
