package api

import (
	"cmp"
	"context"
	"time"

	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
)

// policyBody is what a school asks of parents at log-in.
type policyBody struct {
	Factors      []string `json:"factors" minItems:"1" maxItems:"4" enum:"postcode,birth_date,student_number,citizen_last4" doc:"What is asked beside the child's name. Two at least, unless accept_weak is set." example:"[\"birth_date\",\"postcode\"]"`
	PostcodePart string   `json:"postcode_part,omitempty" enum:"digits,letters,all" doc:"The fragment of the postcode that is asked for; all where left out." example:"all"`
	LegalGround  string   `json:"legal_ground,omitempty" maxLength:"500" doc:"The stated ground for asking the last digits of the citizen service number; that factor is refused without one." example:"art. 8 WPO"`
	AcceptWeak   bool     `json:"accept_weak,omitempty" doc:"Says that somebody saw what a single factor is worth and takes it." example:"false"`
}

func (p policyBody) model() models.Policy {
	factors := mapped(p.Factors, func(name string) models.Factor { return models.Factor(name) })
	part := cmp.Or(models.PostcodePart(p.PostcodePart), models.PostcodeAll)
	return models.Policy{Factors: factors, PostcodePart: part, LegalGround: p.LegalGround, AcceptWeak: p.AcceptWeak}
}

func policyOf(policy models.Policy) policyBody {
	factors := mapped(policy.Factors, func(factor models.Factor) string { return string(factor) })
	return policyBody{Factors: factors, PostcodePart: string(policy.PostcodePart), LegalGround: policy.LegalGround, AcceptWeak: policy.AcceptWeak}
}

// channelsBody is the ways in which a school's messages go out.
type channelsBody struct {
	Mail bool `json:"mail" doc:"By e-mail." example:"true"`
	SMS  bool `json:"sms" doc:"By text message." example:"false"`
	None bool `json:"none,omitempty" doc:"The school wants no messages at all, and knows that parents then get no confirmation. Goes with neither of the two." example:"false"`
}

// schoolBody is a school.
type schoolBody struct {
	ID            ref[models.SchoolID] `json:"id" doc:"The school's id."`
	Slug          string               `json:"slug" doc:"The school's part of addresses." example:"de-linde"`
	Name          string               `json:"name" doc:"What the school is called." example:"Basisschool De Linde"`
	Place         string               `json:"place" doc:"Where it is." example:"Voorbeelddorp"`
	SenderName    string               `json:"sender_name" doc:"Who messages are from; the school's name where empty." example:"De Linde"`
	ReplyTo       string               `json:"reply_to" doc:"Where parents' questions go." example:"info@delinde.example.com"`
	ContactPerson string               `json:"contact_person" doc:"Whom the operator calls." example:"Administratie"`
	Phone         string               `json:"phone" doc:"The school's telephone number." example:"+31201234567"`
	Zone          string               `json:"zone" doc:"Time zone (IANA): decides every time that a person of this school sees." example:"Europe/Amsterdam"`
	Languages     []string             `json:"languages" doc:"Languages that parents are offered, the default first." example:"[\"nl\",\"en\"]"`
	Policy        policyBody           `json:"policy" doc:"What is asked of parents at log-in."`
	Channels      channelsBody         `json:"channels" doc:"The ways in which messages go out."`
	Rehearsal     bool                 `json:"rehearsal" doc:"Every message goes to the mailbox folder instead of to people." example:"false"`
	CreatedAt     time.Time            `json:"created_at" doc:"When the school was made." example:"2026-09-01T08:00:00Z"`
}

func schoolOf(row *models.School) schoolBody {
	return schoolBody{
		ID: to(row.ID), Slug: row.Slug, Name: row.Details.Name, Place: row.Details.Place, SenderName: row.Details.SenderName, ReplyTo: row.Details.ReplyTo,
		ContactPerson: row.Details.ContactPerson, Phone: row.Details.Phone, Zone: row.Zone, Languages: append([]string{}, row.Languages...),
		Policy: policyOf(row.Policy), Channels: channelsBody(row.Channels), Rehearsal: row.Rehearsal, CreatedAt: row.CreatedAt.UTC(),
	}
}

// SchoolPath is the school that an address names.
type SchoolPath struct {
	School string `path:"school" doc:"The school's slug or id." example:"de-linde"`
}

type schoolOutput struct{ Body schoolBody }

type schoolsOutput struct{ Body list[schoolBody] }

func (s *Server) listSchools(ctx context.Context, _ *struct{}) (*schoolsOutput, error) {
	rows, err := s.config.Booking.Schools.List(ctx, visitOf(ctx).actor)
	if err != nil {
		return nil, err
	}
	out := &schoolsOutput{Body: listOf([]schoolBody{})}
	for i := range rows {
		out.Body.Items = append(out.Body.Items, schoolOf(&rows[i]))
	}
	return out, nil
}

type newSchoolInput struct {
	Body struct {
		Slug          string        `json:"slug" maxLength:"48" doc:"The school's part of addresses: lower-case letters, digits and hyphens." example:"de-linde"`
		Name          string        `json:"name" maxLength:"200" doc:"What the school is called." example:"Basisschool De Linde"`
		Place         string        `json:"place,omitempty" maxLength:"200" doc:"Where it is." example:"Voorbeelddorp"`
		SenderName    string        `json:"sender_name,omitempty" maxLength:"200" doc:"Who messages are from." example:"De Linde"`
		ReplyTo       string        `json:"reply_to,omitempty" maxLength:"254" doc:"Where parents' questions go." example:"info@delinde.example.com"`
		ContactPerson string        `json:"contact_person,omitempty" maxLength:"200" doc:"Whom the operator calls." example:"Administratie"`
		Phone         string        `json:"phone,omitempty" maxLength:"40" doc:"The school's telephone number." example:"+31201234567"`
		Zone          string        `json:"zone,omitempty" maxLength:"60" doc:"Time zone (IANA); Europe/Amsterdam where left out." example:"Europe/Amsterdam"`
		Languages     []string      `json:"languages,omitempty" maxItems:"10" doc:"Languages that parents are offered, the default first; nl and en where left out." example:"[\"nl\",\"en\"]"`
		Policy        *policyBody   `json:"policy,omitempty" doc:"What is asked of parents at log-in; birth date and whole postcode where left out."`
		Channels      *channelsBody `json:"channels,omitempty" doc:"The ways in which messages go out; mail only where left out."`
		Rehearsal     bool          `json:"rehearsal,omitempty" doc:"Every message goes to the mailbox folder instead of to people." example:"false"`
	}
}

type newSchoolOutput struct {
	Location string `header:"Location" doc:"Where the school is." example:"/api/v1/schools/de-linde"`
	Body     schoolBody
}

func (s *Server) createSchool(ctx context.Context, in *newSchoolInput) (*newSchoolOutput, error) {
	body := in.Body
	wanted := school.NewSchool{
		Slug: body.Slug, Zone: body.Zone, Languages: body.Languages, Rehearsal: body.Rehearsal,
		Details: models.SchoolDetails{
			Name: body.Name, Place: body.Place, SenderName: body.SenderName, ReplyTo: body.ReplyTo, ContactPerson: body.ContactPerson, Phone: body.Phone,
		},
	}
	if body.Policy != nil {
		policy := body.Policy.model()
		wanted.Policy = &policy
	}
	if body.Channels != nil {
		channels := models.Channels(*body.Channels)
		wanted.Channels = &channels
	}
	row, err := s.config.Booking.Schools.Create(ctx, visitOf(ctx).actor, wanted)
	if err != nil {
		return nil, err
	}
	return &newSchoolOutput{Location: atSchools + "/" + row.Slug, Body: schoolOf(row)}, nil
}

func (s *Server) getSchool(ctx context.Context, _ *SchoolPath) (*schoolOutput, error) {
	row, err := s.config.Booking.Schools.Get(ctx, visitOf(ctx).actor)
	if err != nil {
		return nil, err
	}
	return &schoolOutput{Body: schoolOf(row)}, nil
}

type schoolPatchInput struct {
	SchoolPath
	Body struct {
		Name          *string       `json:"name,omitempty" maxLength:"200" doc:"What the school is called." example:"Basisschool De Linde"`
		Place         *string       `json:"place,omitempty" maxLength:"200" doc:"Where it is." example:"Voorbeelddorp"`
		SenderName    *string       `json:"sender_name,omitempty" maxLength:"200" doc:"Who messages are from." example:"De Linde"`
		ReplyTo       *string       `json:"reply_to,omitempty" maxLength:"254" doc:"Where parents' questions go." example:"info@delinde.example.com"`
		ContactPerson *string       `json:"contact_person,omitempty" maxLength:"200" doc:"Whom the operator calls." example:"Administratie"`
		Phone         *string       `json:"phone,omitempty" maxLength:"40" doc:"The school's telephone number." example:"+31201234567"`
		Zone          *string       `json:"zone,omitempty" maxLength:"60" doc:"Time zone (IANA). Refused once there is availability." example:"Europe/Amsterdam"`
		Languages     []string      `json:"languages,omitempty" maxItems:"10" doc:"Languages that parents are offered, the default first." example:"[\"nl\",\"en\"]"`
		Policy        *policyBody   `json:"policy,omitempty" doc:"What is asked of parents at log-in; replaces the whole policy."`
		Channels      *channelsBody `json:"channels,omitempty" doc:"The ways in which messages go out."`
		Rehearsal     *bool         `json:"rehearsal,omitempty" doc:"Every message goes to the mailbox folder instead of to people." example:"false"`
	}
}

func (s *Server) updateSchool(ctx context.Context, in *schoolPatchInput) (*schoolOutput, error) {
	actor, body := visitOf(ctx).actor, in.Body
	present, err := s.config.Booking.Schools.Get(ctx, actor)
	if err != nil {
		return nil, err
	}
	details := present.Details
	for _, field := range []struct{ into, from *string }{
		{&details.Name, body.Name}, {&details.Place, body.Place}, {&details.SenderName, body.SenderName}, {&details.ReplyTo, body.ReplyTo},
		{&details.ContactPerson, body.ContactPerson}, {&details.Phone, body.Phone},
	} {
		if field.from != nil {
			*field.into = *field.from
		}
	}
	patch := school.Patch{Zone: body.Zone, Languages: body.Languages, Rehearsal: body.Rehearsal}
	if details != present.Details {
		patch.Details = &details
	}
	if body.Policy != nil {
		policy := body.Policy.model()
		patch.Policy = &policy
	}
	if body.Channels != nil {
		channels := models.Channels(*body.Channels)
		patch.Channels = &channels
	}
	row, err := s.config.Booking.Schools.Update(ctx, actor, patch)
	if err != nil {
		return nil, err
	}
	return &schoolOutput{Body: schoolOf(row)}, nil
}
