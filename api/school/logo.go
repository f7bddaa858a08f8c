package school

import (
	"context"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
)

// logoUpload is a picture. SVG is among the types only so that whoever sends one is told why it is refused.
var logoUpload = &rest.Upload{Types: []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", echo.MIMEOctetStream}}

type logoOutput struct{ Body shape.LogoBody }

func (s *Chapter) setLogo(ctx context.Context, _ *shape.SchoolPath) (*logoOutput, error) {
	v := rest.CallOf(ctx)
	mark, err := s.schools.SetLogo(ctx, v.Actor, v.Body)
	if err != nil {
		return nil, err
	}
	return &logoOutput{Body: *shape.LogoOf(mark)}, nil
}

type logoFile struct {
	Type string `header:"Content-Type" doc:"The type of the file." example:"image/png"`
	Body []byte
}

func (s *Chapter) getLogo(ctx context.Context, _ *shape.SchoolPath) (*logoFile, error) {
	row, err := s.schools.Logo(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return &logoFile{"image/png", row.Picture}, nil
}

func (s *Chapter) removeLogo(ctx context.Context, _ *shape.SchoolPath) (*struct{}, error) {
	return nil, s.schools.RemoveLogo(ctx, rest.CallOf(ctx).Actor)
}
