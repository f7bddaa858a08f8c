package roster

import (
	"context"
	"net/http"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking/undo"
	"github.com/ouderavond/ouderavond/models"
)

// undoRoutes take imports back.
func (s *Chapter) undoRoutes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/imports/{import}/undo-preview", ID: "preview-undo", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.ReadRoster, access.WriteRoster), Problems: []int{rest.Conflict}, Summary: "Say what taking an import back would do",
			About:     "Nothing is changed. The digest names what would happen; an undo that is sent with it does that or nothing. It can be done for undo_days of the school after the import.",
			Operation: rest.Telling(s.previewUndo),
		},
		{
			Method: http.MethodPost, Path: rest.AtSchool + "/imports/{import}/undo", ID: "undo-import", Tag: "roster", Status: http.StatusOK,
			Needs: rest.Only(access.ReadRoster, access.WriteRoster), Problems: []int{rest.Conflict, rest.Stale}, Summary: "Take an import back",
			About: "The inverse change, in one act: who came goes, what changed is as before, who left comes back with everything that was theirs, as far as nobody has changed it since; what stays is " +
				"listed. It is an import itself, and can be taken back in its turn. A second time it does nothing. Talks that were cancelled do not come back: families are told which of their times are free.",
			Operation: rest.Telling(s.undoImport),
		},
	}
}

// stayBody is something that was changed since.
type stayBody struct {
	Key   string `json:"key" doc:"The school's own key of the pupil, teacher or group." example:"104711"`
	Field string `json:"field" doc:"What of it." example:"group"`
}

// formerBody is a talk that a pupil had who comes back.
type formerBody struct {
	Key      string    `json:"key" doc:"The pupil's number." example:"104711"`
	Start    time.Time `json:"start" doc:"When it was to begin." example:"2026-11-24T19:00:00+01:00"`
	Teachers []string  `json:"teachers" doc:"With whom it was." example:"[\"Ada Noord\"]"`
	Obstacle string    `json:"obstacle,omitempty" enum:"past,closed,taken,not-offered,unreached" doc:"Why its time is not offered to the family: it is over, parents cannot book now, somebody else has it, the child is not offered it any more, or the school has no way to write to the family." example:"taken"`
}

// undoBody is what taking an import back does or would do.
type undoBody struct {
	Applied      bool                    `json:"applied" doc:"The import was taken back." example:"true"`
	Digest       string                  `json:"digest" doc:"Names what the undo does, to agree to it: send it along." example:"5f2d9c1e7a3b4c5d6e7f8091"`
	Import       shape.Ref[models.RowID] `json:"import,omitzero" doc:"The import that the undo is itself, to take it back in its turn. Not there where nothing was to do."`
	Change       rosterChange            `json:"change" doc:"What the undo does or would do. Pupils who come back are among added."`
	Consequences consequencesBody        `json:"consequences" doc:"What that means for the talks that are booked at the moment."`
	Stays        []stayBody              `json:"stays" doc:"What the import did, and what was changed since: it stays."`
	Talks        []formerBody            `json:"talks" doc:"The talks of pupils who come back, which were cancelled. Those without an obstacle are offered to the families, the others are the school's to see to."`
	Nothing      bool                    `json:"nothing" doc:"Nothing changes at all." example:"false"`
}

type undoOutput struct{ Body undoBody }

type undoInput struct {
	shape.ImportPath
	Body struct {
		Digest       string `json:"digest,omitempty" maxLength:"100" doc:"The digest of the preview that somebody agreed to. If the undo would now do anything else, it does nothing (412)." example:"5f2d9c1e7a3b4c5d6e7f8091"`
		AllowRemoval bool   `json:"allow_removal,omitempty" doc:"Lets it take away more than a fifth of the pupils." example:"false"`
	}
}

func (s *Chapter) previewUndo(ctx context.Context, in *shape.ImportPath) (*undoOutput, error) {
	id, err := shape.PathID[models.RowID](in.Import)
	if err != nil {
		return nil, err
	}
	result, err := s.undo.Preview(ctx, rest.CallOf(ctx).Actor, undo.Request{Import: id})
	if err != nil {
		return nil, err
	}
	return s.undone(ctx, result)
}

func (s *Chapter) undoImport(ctx context.Context, in *undoInput) (*undoOutput, error) {
	id, err := shape.PathID[models.RowID](in.Import)
	if err != nil {
		return nil, err
	}
	result, err := s.undo.Undo(ctx, rest.CallOf(ctx).Actor, undo.Request{Import: id, Digest: in.Body.Digest, AllowRemoval: in.Body.AllowRemoval})
	if err != nil {
		return nil, err
	}
	return s.undone(ctx, result)
}

func (s *Chapter) undone(ctx context.Context, result *undo.Result) (*undoOutput, error) {
	zone, err := time.LoadLocation(result.Zone)
	if err != nil {
		return nil, err
	}
	body := undoBody{
		Applied: result.Applied, Digest: result.Digest, Change: s.changeOf(rest.CallOf(ctx), result.Change), Consequences: consequencesBody(result.Consequences),
		Stays: shape.Mapped(result.Stays, func(one undo.Stay) stayBody { return stayBody(one) }),
		Talks: shape.Mapped(result.Former, func(one undo.Former) formerBody {
			return formerBody{Key: one.Key, Start: one.Talk.Start.Time().In(zone), Teachers: append([]string{}, one.Teachers...), Obstacle: string(one.Obstacle)}
		}),
		Nothing: result.Empty,
	}
	if !result.Import.IsZero() {
		body.Import = shape.RefTo(result.Import)
	}
	trail.Shown(ctx, body.persons()...)
	return &undoOutput{Body: body}, nil
}
