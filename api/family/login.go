package family

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
)

// frontBody is what anybody may see of a school.
type frontBody struct {
	ID           shape.Ref[models.SchoolID] `json:"id" doc:"The school's id."`
	Slug         string                     `json:"slug" doc:"The school's part of addresses." example:"de-linde"`
	Name         string                     `json:"name" doc:"What the school is called." example:"Basisschool De Linde"`
	Languages    []string                   `json:"languages" doc:"Languages that parents are offered, the default first." example:"[\"nl\",\"en\"]"`
	Zone         string                     `json:"zone" doc:"Time zone (IANA)." example:"Europe/Amsterdam"`
	Factors      []string                   `json:"factors" doc:"What is asked beside the child's name." example:"[\"birth_date\",\"postcode\"]"`
	PostcodePart string                     `json:"postcode_part" doc:"The fragment of the postcode that is asked for: digits, letters or all." example:"all"`
	Rehearsal    bool                       `json:"rehearsal" doc:"The school is rehearsing: no message leaves the building." example:"false"`
}

type frontOutput struct{ Body frontBody }

func (s *Chapter) getFront(ctx context.Context, _ *shape.SchoolPath) (*frontOutput, error) {
	front, err := s.auth.Front(ctx, rest.CallOf(ctx).School)
	if err != nil {
		return nil, err
	}
	policy := shape.PolicyOf(front.Policy)
	return &frontOutput{Body: frontBody{
		ID: shape.RefTo(front.School), Slug: front.Slug, Name: front.Name, Languages: append([]string{}, front.Languages...), Zone: front.Zone,
		Factors: policy.Factors, PostcodePart: policy.PostcodePart, Rehearsal: front.Rehearsal,
	}}, nil
}

// Answers is what a parent typed. The limits are those of auth, which checks them.
type Answers struct {
	Name string `json:"name,omitempty" maxLength:"200" doc:"The child's first name and surname, as people write it; one slip is forgiven. Not needed with a code that was sent." example:"Sanne van den Berg"`
	shape.TypedFactors
	Try string `json:"try,omitempty" maxLength:"100" doc:"What an earlier answer gave as try, so that your own slips are taken back once you get in, and a code that was sent is known as yours." example:"ot_mZ1Qk0cJw2yqv8lTn3oXbA"`
}

func (a Answers) model() parent.Answers {
	return parent.Answers{Name: a.Name, Factors: a.Values()}
}

type familySessionInput struct {
	shape.SchoolPath
	Body struct {
		Answers
		Code       string `json:"code,omitempty" maxLength:"200" doc:"Digits that were sent to a contact on file, with the try of the answer to that request; or the code that was read out at the desk, with the name." example:"12345678"`
		FamilyCode string `json:"family_code,omitempty" maxLength:"200" doc:"The code of the school's letter, with the name, instead of the factors." example:"7K3M-9QRT-4"`
		Device     string `json:"device,omitempty" maxLength:"100" doc:"The device's receipt of an earlier session; opens again what that device booked." example:"od_0u3mWb7s1Yk"`
		Language   string `json:"language,omitempty" maxLength:"20" doc:"Language of messages to this parent; that of the request where left out." example:"nl"`
	}
}

// childName is a child of a session.
type childName struct {
	ID        shape.Ref[models.PupilID] `json:"id" doc:"The pupil's id."`
	Given     string                    `json:"given" doc:"First name only." example:"Sanne"`
	Confirmed bool                      `json:"confirmed" doc:"The household was confirmed by something only it has; then all of its appointments show." example:"false"`
}

// familySession is a parent's opened session.
type familySession struct {
	Token     string      `json:"token" doc:"The session's token, for the Authorization header. Shown this once." example:"os_9p1ZyQ"`
	Device    string      `json:"device" doc:"The device's receipt: keep it, and send it at the next log-in." example:"od_0u3mWb7s1Yk"`
	ExpiresAt time.Time   `json:"expires_at" doc:"When the session ends at the latest, UTC." example:"2026-11-02T20:00:00Z"`
	Level     string      `json:"level" enum:"recognised,confirmed" doc:"Confirmed if every household of the session is." example:"recognised"`
	Children  []childName `json:"children" doc:"The children of the session."`
}

type familySessionOutput struct{ Body familySession }

// languageOf gives a language that there are texts in: the one somebody chose, or that of the request.
func (s *Chapter) languageOf(v *rest.Call, chosen string) string {
	if chosen == "" {
		return v.Language
	}
	return s.base.Texts.Match(chosen)
}

func (s *Chapter) origin(ctx context.Context, device, language string) parent.Origin {
	v := rest.CallOf(ctx)
	return parent.Origin{Address: v.Address, Try: v.Try, Device: device, Language: s.languageOf(v, language), Session: v.Actor}
}

// keepTry takes the try token that a client sent back, or makes one, which a failure gives.
func keepTry(ctx context.Context, given string) { rest.CallOf(ctx).Try = session.Try(given) }

func (s *Chapter) openFamilySession(ctx context.Context, in *familySessionInput) (*familySessionOutput, error) {
	keepTry(ctx, in.Body.Try)
	typed := in.Body.model()
	typed.Code, typed.FamilyCode = in.Body.Code, in.Body.FamilyCode
	opened, err := s.auth.Parents.Recognise(ctx, rest.CallOf(ctx).School, typed, s.origin(ctx, in.Body.Device, in.Body.Language))
	if err != nil {
		return nil, err
	}
	return familySessionOf(opened), nil
}

func familySessionOf(opened *session.Opened) *familySessionOutput {
	body := familySession{Token: opened.Token, Device: opened.Device, ExpiresAt: opened.ExpiresAt.UTC(), Level: "confirmed"}
	if slices.ContainsFunc(opened.Actor.Grants, func(grant models.Grant) bool { return !grant.Confirmed }) {
		body.Level = "recognised"
	}
	body.Children = shape.Mapped(opened.Children, func(child session.OpenedChild) childName {
		return childName{ID: shape.RefTo(child.ID), Given: child.Given, Confirmed: child.Confirmed}
	})
	return &familySessionOutput{Body: body}
}

type codeInput struct {
	shape.SchoolPath
	Body struct {
		Answers
		Contact string `json:"contact,omitempty" maxLength:"200" doc:"The mail address or telephone of whoever asks, as the school has it on file, instead of the factors: the code goes there." example:"s.devries@example.nl"`
	}
}

type codeOutput struct {
	Body struct {
		Message   string    `json:"message" doc:"What to tell the person; always the same." example:"If the data are right, a message with a code and a link has been sent."`
		Try       string    `json:"try" doc:"Send it back with the digits: they are good here only. The link in the message opens on any device." example:"ot_mZ1Qk0cJw2yqv8lTn3oXbA"`
		Until     time.Time `json:"until" doc:"When the digits of a message that was sent now end, UTC." example:"2026-11-02T18:14:00Z"`
		LinkUntil time.Time `json:"link_until" doc:"When the link of a message that was sent now ends at the earliest, UTC." example:"2026-11-02T18:34:00Z"`
	}
}

func (s *Chapter) requestCode(ctx context.Context, in *codeInput) (*codeOutput, error) {
	v := rest.CallOf(ctx)
	keepTry(ctx, in.Body.Try)
	typed := in.Body.model()
	typed.Contact = in.Body.Contact
	asked, err := s.auth.Parents.RequestCode(ctx, v.School, typed, s.origin(ctx, "", ""))
	if err != nil {
		return nil, err
	}
	return s.codeOutputOf(ctx, asked), nil
}

func (s *Chapter) codeOutputOf(ctx context.Context, asked parent.Asked) *codeOutput {
	out := &codeOutput{}
	out.Body.Try, out.Body.Until, out.Body.LinkUntil = asked.Try, asked.Until.UTC(), asked.LinkUntil.UTC()
	out.Body.Message = s.base.Texts.Say(rest.CallOf(ctx).Voice(), "code.asked", nil)
	return out
}

type manageLinkInput struct {
	shape.SchoolPath
	Body struct {
		Token    string `json:"token" maxLength:"200" doc:"The token at the end of the link." example:"bQGaHz5cHXsqjwA9Xm9wgZI"`
		Try      string `json:"try,omitempty" maxLength:"100" doc:"What an earlier answer gave as try." example:"ot_mZ1Qk0cJw2yqv8lTn3oXbA"`
		Device   string `json:"device,omitempty" maxLength:"100" doc:"The device's receipt of an earlier session." example:"od_0u3mWb7s1Yk"`
		Language string `json:"language,omitempty" maxLength:"20" doc:"Language of messages to this parent." example:"nl"`
	}
}

func (s *Chapter) openManageLink(ctx context.Context, in *manageLinkInput) (*familySessionOutput, error) {
	keepTry(ctx, in.Body.Try)
	opened, err := s.auth.Parents.OpenManageLink(ctx, rest.CallOf(ctx).School, in.Body.Token, s.origin(ctx, in.Body.Device, in.Body.Language))
	if err != nil {
		return nil, err
	}
	return familySessionOf(opened), nil
}

func (s *Chapter) openCodeLink(ctx context.Context, in *manageLinkInput) (*familySessionOutput, error) {
	keepTry(ctx, in.Body.Try)
	opened, err := s.auth.Parents.OpenCodeLink(ctx, rest.CallOf(ctx).School, in.Body.Token, s.origin(ctx, in.Body.Device, in.Body.Language))
	if err != nil {
		return nil, err
	}
	return familySessionOf(opened), nil
}

func (s *Chapter) closeSession(ctx context.Context, _ *shape.SchoolPath) (*struct{}, error) {
	return nil, s.auth.Sessions.Leave(ctx, rest.CallOf(ctx).Actor)
}
