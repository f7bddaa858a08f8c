package roster

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// teachersBody is what a table of groups and teachers does or would do.
type teachersBody struct {
	Applied   bool                `json:"applied" doc:"The table was brought in." example:"true"`
	Digest    string              `json:"digest" doc:"Names what the table does, to agree to it: send it along with the table." example:"5f2d9c1e7a3b4c5d6e7f8091"`
	Report    *shape.RosterReport `json:"report" doc:"What reading the table found."`
	Teachers  countBody           `json:"teachers" doc:"Teachers."`
	Teachings countBody           `json:"teachings" doc:"Who teaches whom."`
	Unknown   []string            `json:"unknown_groups" doc:"Groups of the table that the school does not have." example:"[\"9Z\"]"`
	// Pupils are counted and not named: a list of another school would name its own.
	UnknownPupils int        `json:"unknown_pupils" doc:"Pupils of a list of lessons whom the school does not have; their lines are left out." example:"0"`
	Kept          []keptBody `json:"kept" doc:"What somebody set by hand, and the table does not overwrite."`
	Unserved      int        `json:"pupils_without_teachers" doc:"Pupils who had teachers and have none by this table." example:"0"`
	// Consequences are no part of the digest.
	Consequences consequencesBody `json:"consequences" doc:"What that means for the talks that are booked at the moment."`
	Nothing      bool             `json:"nothing" doc:"Nothing changes at all." example:"false"`
}

type teachersOutput struct{ Body teachersBody }

func (s *Chapter) teachingTable(ctx context.Context, in *uploadInput) (table people.TeachingTable, err error) {
	table.Table = roster.File{Name: "teachers.csv", Data: rest.CallOf(ctx).Body}
	if !strings.HasPrefix(in.ContentType, echo.MIMEMultipartForm) {
		return table, nil
	}
	taken, err := rest.ReadForm(ctx, in.ContentType, teacherUpload.Fields)
	if err != nil {
		return table, err
	}
	if len(taken.Files) != 1 {
		return table, errs.InvalidField("file", "exactly-one")
	}
	table.Table, table.Digest, table.Sheet = taken.Files[0], strings.TrimSpace(taken.Fields["digest"]), taken.Fields["sheet"]
	table.AllowRemoval, err = taken.Yes("allow_removal")
	return table, err
}

func (s *Chapter) importTeachers(ctx context.Context, in *uploadInput) (*teachersOutput, error) {
	return s.teachers(ctx, in, s.people.ImportTeachers)
}

func (s *Chapter) previewTeachers(ctx context.Context, in *uploadInput) (*teachersOutput, error) {
	return s.teachers(ctx, in, s.people.PreviewTeachers)
}

func (s *Chapter) teachers(ctx context.Context, in *uploadInput, do func(context.Context, models.Actor, people.TeachingTable) (*people.TeachingTableResult, error)) (*teachersOutput, error) {
	table, err := s.teachingTable(ctx, in)
	if err != nil {
		return nil, err
	}
	v := rest.CallOf(ctx)
	result, err := do(ctx, v.Actor, table)
	if err != nil {
		return nil, err
	}
	if !result.Report.Readable() {
		return nil, s.unreadable(v, result.Report)
	}
	body := teachersBody{
		Applied: result.Applied, Digest: result.Digest, Report: s.reportOf(v, result.Report), Teachers: countBody(result.Teachers), Teachings: countBody(result.Teachings),
		Unknown: append([]string{}, result.Unknown...), UnknownPupils: result.UnknownPupils, Kept: s.kept(v, result.Kept), Unserved: result.Unserved, Nothing: result.Empty(),
		Consequences: consequencesBody(result.Consequences),
	}
	trail.Shown(ctx, keptPersons(models.PersonStaff, body.Kept)...)
	return &teachersOutput{Body: body}, nil
}
