package roster

import (
	"context"
	"net/http"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
)

const atLinks = rest.AtSchool + "/conferences/{conference}/personal-links"

// linkRoutes are the personal links of families, which staff hand out.
func (s *Chapter) linkRoutes() []rest.Route {
	needs := rest.Only(access.WriteRoster, access.BookForFamilies)
	return []rest.Route{
		{
			Method: http.MethodGet, Path: atLinks, ID: "list-personal-links", Tag: "roster", Status: http.StatusOK, Needs: needs, Problems: []int{rest.Conflict},
			Summary: "List the personal links of a conference", About: "Those that were made and are good. Whoever has a family's link gets in by one factor, so keep the list as safe as the roster.",
			Operation: rest.Handle(s.listLinks),
		},
		{
			Method: http.MethodPost, Path: atLinks, ID: "make-personal-links", Tag: "roster", Status: http.StatusOK, Needs: needs, Problems: []int{rest.Conflict},
			Summary: "Make the personal links of a conference",
			About: "One for each family with a child at the school, to send it or to print it in a letter. Asked for again they are the same, but for families that lost a guardian or a contact, or were " +
				"joined or split: their link was dead from that moment, and they have another one. The family of a child with a protected address has none: it gets its family code, on paper, from the school's hand.",
			Operation: rest.Handle(s.makeLinks),
		},
		{
			Method: http.MethodPost, Path: atLinks + "/{household}", ID: "make-personal-link", Tag: "roster", Status: http.StatusOK, Needs: needs, Problems: []int{rest.Conflict},
			Summary: "Make one family's personal link", About: "The same as in the list of all.", Operation: rest.Handle(s.makeLink),
		},
		{
			Method: http.MethodDelete, Path: atLinks + "/{household}", ID: "revoke-personal-link", Tag: "roster", Status: http.StatusNoContent, Needs: needs, Problems: []int{rest.Conflict},
			Summary: "End one family's personal link", About: "At once and for good. The family's next link is another one.", Operation: rest.Handle(s.revokeLink),
		},
	}
}

// linkBody is a family's personal link.
type linkBody struct {
	Household shape.Ref[models.HouseholdID] `json:"household" doc:"The household's id."`
	Children  []shape.Ref[models.PupilID]   `json:"children" doc:"The household's children at the school."`
	Link      string                        `json:"link,omitempty" doc:"Where the link leads: put the address of the server in front. Missing where it is on paper only." example:"/de-linde/l/bQGaHz5cHXsqjwA9Xm9wgZ"`
	Token     string                        `json:"token,omitempty" doc:"The end of the link." example:"bQGaHz5cHXsqjwA9Xm9wgZ"`
	OnPaper   bool                          `json:"on_paper,omitempty" doc:"A child has a protected address: the family has no link, and gets its family code on paper from the school's hand." example:"false"`
	MadeAt    *time.Time                    `json:"made_at,omitempty" doc:"When the link was last made, UTC." example:"2026-11-02T18:00:00Z"`
}

type linksOutput struct{ Body shape.List[linkBody] }

func (s *Chapter) linksOf(ctx context.Context, links []parent.FamilyLink) (*linksOutput, error) {
	school, err := s.schools.Get(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return &linksOutput{Body: shape.ListOf(shape.Mapped(links, func(link parent.FamilyLink) linkBody {
		body := linkBody{Household: shape.RefTo(link.Household), Children: shape.Mapped(link.Children, shape.RefTo[models.PupilID])}
		if link.Token == "" {
			body.OnPaper = true
			return body
		}
		body.Token, body.Link, body.MadeAt = link.Token, "/"+school.Slug+"/l/"+link.Token, shape.UTC(&link.MadeAt)
		return body
	}))}, nil
}

func (s *Chapter) listLinks(ctx context.Context, in *shape.ForConference) (*linksOutput, error) {
	conference, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	links, err := s.auth.Parents.MadeLinks(ctx, rest.CallOf(ctx).Actor, conference)
	if err != nil {
		return nil, err
	}
	return s.linksOf(ctx, links)
}

func (s *Chapter) makeLinks(ctx context.Context, in *shape.ForConference) (*linksOutput, error) {
	conference, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	links, err := s.auth.Parents.Links(ctx, rest.CallOf(ctx).Actor, conference, models.HouseholdID{}, false)
	if err != nil {
		return nil, err
	}
	return s.linksOf(ctx, links)
}

// LinkPath names a family's link in an address.
type LinkPath struct {
	shape.ForConference
	Household string `path:"household" doc:"The household's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

func (p LinkPath) ids() (conference models.ConferenceID, household models.HouseholdID, err error) {
	if conference, err = shape.PathID[models.ConferenceID](p.Conference); err != nil {
		return conference, household, err
	}
	household, err = shape.PathID[models.HouseholdID](p.Household)
	return conference, household, err
}

type linkOutput struct{ Body linkBody }

func (s *Chapter) makeLink(ctx context.Context, in *LinkPath) (*linkOutput, error) {
	conference, household, err := in.ids()
	if err != nil {
		return nil, err
	}
	links, err := s.auth.Parents.Links(ctx, rest.CallOf(ctx).Actor, conference, household, false)
	if err != nil {
		return nil, err
	}
	out, err := s.linksOf(ctx, links)
	if err != nil {
		return nil, err
	}
	return &linkOutput{Body: out.Body.Items[0]}, nil
}

func (s *Chapter) revokeLink(ctx context.Context, in *LinkPath) (*struct{}, error) {
	conference, household, err := in.ids()
	if err != nil {
		return nil, err
	}
	_, err = s.auth.Parents.Links(ctx, rest.CallOf(ctx).Actor, conference, household, true)
	return nil, err
}
