package operator

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
)

type schoolsOutput struct{ Body shape.List[shape.SchoolBody] }

func (s *Chapter) listSchools(ctx context.Context, in *struct{ shape.AllOrPage }) (*schoolsOutput, error) {
	rows, err := s.schools.List(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	slug := func(row models.School) []byte { return []byte(row.Slug) }
	list, err := shape.CutBy(in.AllOrPage, "schools", rows, slug, func(row models.School) shape.SchoolBody { return shape.SchoolOf(&row) })
	if err != nil {
		return nil, err
	}
	return &schoolsOutput{Body: list}, nil
}

type newSchoolInput struct {
	Body struct {
		Slug          string              `json:"slug" maxLength:"48" doc:"The school's part of addresses: lower-case letters, digits and hyphens." example:"de-linde"`
		Name          string              `json:"name" maxLength:"200" doc:"What the school is called." example:"Basisschool De Linde"`
		Place         string              `json:"place,omitempty" maxLength:"200" doc:"Where it is." example:"Voorbeelddorp"`
		SenderName    string              `json:"sender_name,omitempty" maxLength:"200" doc:"Who messages are from." example:"De Linde"`
		ReplyTo       string              `json:"reply_to,omitempty" maxLength:"254" doc:"Where parents' questions go." example:"info@delinde.example.com"`
		ContactPerson string              `json:"contact_person,omitempty" maxLength:"200" doc:"Whom the operator calls." example:"Administratie"`
		Phone         string              `json:"phone,omitempty" maxLength:"40" doc:"The school's telephone number." example:"+31201234567"`
		Kind          string              `json:"kind,omitempty" enum:"primary,secondary,vocational" doc:"What kind of school it is, which decides the words of every text; secondary where left out." example:"primary"`
		Colour        string              `json:"colour,omitempty" maxLength:"20" doc:"The school's one colour, as #rrggbb; the product's own where left out." example:"#0b5d66"`
		Zone          string              `json:"zone,omitempty" maxLength:"60" doc:"Time zone (IANA); Europe/Amsterdam where left out." example:"Europe/Amsterdam"`
		Languages     []string            `json:"languages,omitempty" maxItems:"10" doc:"Languages that parents are offered, the default first; nl and en where left out." example:"[\"nl\",\"en\"]"`
		Policy        *shape.PolicyBody   `json:"policy,omitempty" doc:"What is asked of parents at log-in; birth date and whole postcode where left out."`
		Channels      *shape.ChannelsBody `json:"channels,omitempty" doc:"The ways in which messages go out; mail only where left out."`
		Rehearsal     bool                `json:"rehearsal,omitempty" doc:"Every message goes to the mailbox folder instead of to people." example:"false"`
	}
}

type newSchoolOutput struct {
	Location string `header:"Location" doc:"Where the school is." example:"/api/v1/schools/de-linde"`
	Body     shape.SchoolBody
}

func (s *Chapter) createSchool(ctx context.Context, in *newSchoolInput) (*newSchoolOutput, error) {
	body := in.Body
	wanted := school.NewSchool{
		Slug: body.Slug, Kind: models.SchoolKind(body.Kind), Colour: body.Colour, Zone: body.Zone, Languages: body.Languages, Rehearsal: body.Rehearsal,
		Details: models.SchoolDetails{
			Name: body.Name, Place: body.Place, SenderName: body.SenderName, ReplyTo: body.ReplyTo, ContactPerson: body.ContactPerson, Phone: body.Phone,
		},
	}
	if body.Policy != nil {
		policy := body.Policy.Model()
		wanted.Policy = &policy
	}
	if body.Channels != nil {
		channels := models.Channels(*body.Channels)
		wanted.Channels = &channels
	}
	row, err := s.schools.Create(ctx, rest.CallOf(ctx).Actor, wanted)
	if err != nil {
		return nil, err
	}
	return &newSchoolOutput{Location: rest.AtSchools + "/" + row.Slug, Body: shape.SchoolOf(row)}, nil
}

type operatorKeyOutput struct {
	Body struct {
		Key string `json:"key" doc:"The key itself, shown this once." example:"oo_Zx8pQ2mYk0T1bN5vWc7RfHs4JdLgUaEi9oXyBzMtKqI"`
	}
}

func (s *Chapter) createOperatorKey(ctx context.Context, _ *struct{}) (*operatorKeyOutput, error) {
	key, err := s.auth.Keys.CreateForOperator(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	out := &operatorKeyOutput{}
	out.Body.Key = key
	return out, nil
}
