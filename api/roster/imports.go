package roster

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking/imports"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// importRoutes are about imports that lie there until somebody has looked at them.
func (s *Chapter) importRoutes() []rest.Route {
	both, change := rest.Only(access.ReadRoster, access.WriteRoster), rest.Only(access.WriteRoster, access.ReadRoster)
	return []rest.Route{
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/imports", ID: "create-import", Tag: "imports", Status: http.StatusCreated, Needs: change, Upload: importUpload,
			Problems: []int{rest.Conflict, rest.Stale}, Summary: "Hand in files", Operation: rest.Telling(s.createImport),
			About: "They are kept, sealed, until the import is committed or withdrawn, for 14 days at most. The answer comes once they are read, or after ten seconds with the state reading: then ask " +
				"for the import again. Prefer: wait=60 waits longer, Prefer: respond-async not at all. With apply the import is committed at once, which is what a program does every night.",
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/imports", ID: "list-imports", Tag: "imports", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List the imports", About: "In the order in which they were handed in.", Operation: rest.Handle(s.listImports),
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/imports/{import}", ID: "get-import", Tag: "imports", Status: http.StatusOK, Needs: both,
			Summary: "Show an import", Operation: rest.Telling(s.getImport),
			About: "What was found in its files, what it would do to the school as it is now, what that means for talks, what it asks, and what each log-in policy would be worth.",
		},
		{
			Method: http.MethodPatch, Path: rest.AtSchool + "/imports/{import}", ID: "update-import", Tag: "imports", Status: http.StatusOK, Needs: change,
			Problems: []int{rest.Conflict}, Summary: "Answer what an import asks", Operation: rest.Telling(s.updateImport),
			About: "And say how its files are read, for which groups they speak, and what the school asks at log-in from it on. The answer is the import as it is then.",
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/imports/{import}/commit", ID: "commit-import", Tag: "imports", Status: http.StatusOK, Needs: change,
			Problems: []int{rest.Conflict, rest.Stale}, Summary: "Bring the roster in line with an import", Operation: rest.Telling(s.commitImport),
			About: "In one act. Without leave_questions it is refused while a question is open. With it, what is asked stays as it is: answer later, and commit again. Once everything is done, " +
				"the files are deleted, and doing it again does nothing.",
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/imports/{import}", ID: "withdraw-import", Tag: "imports", Status: http.StatusNoContent, Needs: change,
			Summary: "Withdraw an import", About: "Its files are deleted. What of it was done stays done.", Operation: rest.Handle(s.withdrawImport),
		},
	}
}

// How long the answer to handing files in waits for them to be read: where nothing is said, and at most.
const (
	usualWait = 10 * time.Second
	mostWait  = 60 * time.Second
)

type createImportInput struct {
	shape.SchoolPath
	ContentType string `header:"Content-Type" hidden:"true"`
	Prefer      string `header:"Prefer" maxLength:"200" doc:"wait=SECONDS or respond-async, as RFC 7240 has it." example:"wait=30"`
}

type importViewOutput struct{ Body importView }

func (s *Chapter) createImport(ctx context.Context, in *createImportInput) (*importViewOutput, error) {
	call := rest.CallOf(ctx)
	taken, err := rest.ReadForm(ctx, in.ContentType, importUpload.Fields)
	if err != nil {
		return nil, err
	}
	wanted := imports.New{Files: taken.Files, Details: models.ImportDetails{
		Source: strings.TrimSpace(taken.Fields["source"]), Encoding: strings.TrimSpace(taken.Fields["encoding"]), Sheet: taken.Fields["sheet"],
	}}
	if wanted.Details.Mapping, err = taken.Mapping(); err != nil {
		return nil, err
	}
	if err := readJSON(taken, "groups", &wanted.Details.Groups); err != nil {
		return nil, err
	}
	var answers []answerBody
	if err := readJSON(taken, "answers", &answers); err != nil {
		return nil, err
	}
	wanted.Details.Answers = answersFrom(answers)
	if apply := taken.Fields["apply"]; apply != applyNot {
		wanted.Details.Apply = models.ImportApply(apply)
	}
	if wanted.Details.Tell, err = taken.Yes("tell_office"); err != nil {
		return nil, err
	}
	id, err := s.imports.Create(ctx, call.Actor, wanted)
	if err != nil {
		return nil, err
	}
	read := s.imports.Start(ctx, call.School)
	waiting, stop := context.WithTimeout(ctx, waitOf(in.Prefer))
	defer stop()
	select {
	case err = <-read:
		if err == nil {
			err = s.imports.Await(waiting, call.School, id)
		}
		if err != nil && errs.KindOf(err) != errs.Unavailable {
			return nil, err
		}
	case <-waiting.Done():
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	view, err := s.imports.Get(ctx, call.Actor, id)
	if err != nil {
		return nil, err
	}
	return s.importViewOf(ctx, view)
}

// readJSON reads a field of a form that holds JSON; what is left out or empty stays as it is.
func readJSON(form *rest.MultipartForm, name string, into any) error {
	text := form.Fields[name]
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if json.Unmarshal([]byte(text), into) != nil {
		return errs.InvalidField(name, "not-valid")
	}
	return nil
}

// waitOf reads how long a client prefers to wait (RFC 7240, sections 4.1 and 4.3).
func waitOf(prefer string) time.Duration {
	for part := range strings.SplitSeq(prefer, ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), "=")
		switch name {
		case "respond-async":
			return 0
		case "wait":
			if seconds, err := time.ParseDuration(value + "s"); err == nil && seconds >= 0 {
				return min(seconds, mostWait)
			}
		}
	}
	return usualWait
}

type listImportsInput struct {
	shape.SchoolPath
	shape.Paging
	Open bool `query:"open" doc:"Only those that lie there, or that ask something." example:"true"`
}

type importsOutput struct{ Body shape.List[ImportRow] }

func (s *Chapter) listImports(ctx context.Context, in *listImportsInput) (*importsOutput, error) {
	rows, err := s.imports.List(ctx, rest.CallOf(ctx).Actor, in.Open)
	if err != nil {
		return nil, err
	}
	shown, next, err := shape.Page(in.Paging, listOf(ctx, "imports"), rows, func(row models.Import) models.RowID { return row.ID })
	if err != nil {
		return nil, err
	}
	out := &importsOutput{Body: shape.ListOf(shape.Mapped(shown, importRowOf))}
	out.Body.Next = next
	return out, nil
}

func (s *Chapter) getImport(ctx context.Context, in *shape.ImportPath) (*importViewOutput, error) {
	id, err := shape.PathID[models.RowID](in.Import)
	if err != nil {
		return nil, err
	}
	view, err := s.imports.Get(ctx, rest.CallOf(ctx).Actor, id)
	if err != nil {
		return nil, err
	}
	return s.importViewOf(ctx, view)
}

type updateImportInput struct {
	shape.ImportPath
	Body importPatch
}

func (s *Chapter) updateImport(ctx context.Context, in *updateImportInput) (*importViewOutput, error) {
	id, err := shape.PathID[models.RowID](in.Import)
	if err != nil {
		return nil, err
	}
	view, err := s.imports.Update(ctx, rest.CallOf(ctx).Actor, id, in.Body.patch())
	if err != nil {
		return nil, err
	}
	return s.importViewOf(ctx, view)
}

type commitImportInput struct {
	shape.ImportPath
	Body struct {
		Digest         string `json:"digest,omitempty" maxLength:"64" doc:"The digest of the import as somebody agreed to it. If it would now do anything else, it does nothing (412)." example:"5f2d9c1e7a3b4c5d6e7f8091"`
		LeaveQuestions bool   `json:"leave_questions,omitempty" doc:"Leave what is asked and not answered as it is, instead of refusing." example:"false"`
	}
}

func (s *Chapter) commitImport(ctx context.Context, in *commitImportInput) (*importViewOutput, error) {
	id, err := shape.PathID[models.RowID](in.Import)
	if err != nil {
		return nil, err
	}
	view, err := s.imports.Commit(ctx, rest.CallOf(ctx).Actor, id, in.Body.Digest, in.Body.LeaveQuestions)
	if err != nil {
		return nil, err
	}
	return s.importViewOf(ctx, view)
}

func (s *Chapter) withdrawImport(ctx context.Context, in *shape.ImportPath) (*struct{}, error) {
	id, err := shape.PathID[models.RowID](in.Import)
	if err != nil {
		return nil, err
	}
	return nil, s.imports.Withdraw(ctx, rest.CallOf(ctx).Actor, id)
}
