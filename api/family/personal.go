package family

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/parent"
)

type personalLinkInput struct {
	shape.SchoolPath
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"The token at the end of the link." example:"bQGaHz5cHXsqjwA9Xm9wgZ"`
		shape.TypedFactors
		Try      string `json:"try,omitempty" maxLength:"100" doc:"What an earlier answer gave as try." example:"ot_mZ1Qk0cJw2yqv8lTn3oXbA"`
		Device   string `json:"device,omitempty" maxLength:"100" doc:"The device's receipt of an earlier session." example:"od_0u3mWb7s1Yk"`
		Language string `json:"language,omitempty" maxLength:"20" doc:"Language of messages to this parent." example:"nl"`
	}
}

func (s *Chapter) openPersonalLink(ctx context.Context, in *personalLinkInput) (*familySessionOutput, error) {
	keepTry(ctx, in.Body.Try)
	answers := parent.Answers{Factors: in.Body.Values()}
	opened, err := s.auth.Parents.OpenPersonalLink(ctx, rest.CallOf(ctx).School, in.Body.Token, answers, s.origin(ctx, in.Body.Device, in.Body.Language))
	if err != nil {
		return nil, err
	}
	return familySessionOf(opened), nil
}

type personalTokenInput struct {
	shape.SchoolPath
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"The token at the end of the link." example:"bQGaHz5cHXsqjwA9Xm9wgZ"`
	}
}

type personalFormOutput struct {
	Body struct {
		Factor string `json:"factor,omitempty" doc:"What the link asks, of any of the family's children; missing where it opens by a code only." example:"birth_date"`
	}
}

func (s *Chapter) askPersonalLink(ctx context.Context, in *personalTokenInput) (*personalFormOutput, error) {
	form, err := s.auth.Parents.LinkForm(ctx, rest.CallOf(ctx).School, in.Body.Token)
	if err != nil {
		return nil, err
	}
	out := &personalFormOutput{}
	out.Body.Factor = string(form.Factor)
	return out, nil
}

type personalCodeInput struct {
	shape.SchoolPath
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"The token at the end of the link." example:"bQGaHz5cHXsqjwA9Xm9wgZ"`
		Try   string `json:"try,omitempty" maxLength:"100" doc:"What an earlier answer gave as try." example:"ot_mZ1Qk0cJw2yqv8lTn3oXbA"`
	}
}

func (s *Chapter) requestLinkCode(ctx context.Context, in *personalCodeInput) (*codeOutput, error) {
	keepTry(ctx, in.Body.Try)
	asked, err := s.auth.Parents.RequestLinkCode(ctx, rest.CallOf(ctx).School, in.Body.Token, s.origin(ctx, "", ""))
	if err != nil {
		return nil, err
	}
	return s.codeOutputOf(ctx, asked), nil
}
