package roster

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
)

// mappingRoutes are about what the columns of lists mean.
func (s *Chapter) mappingRoutes() []rest.Route {
	return []rest.Route{
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/roster/fields", ID: "list-roster-fields", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List the fields that a column can hold", Operation: rest.Handle(s.listFields),
			About: "The words that the field mapping of an upload uses, what each means, and whether the school may keep it by what it asks at log-in.",
		},
		{
			Method: http.MethodGet, Path: rest.AtSchool + "/roster/mappings", ID: "list-roster-mappings", Tag: "roster", Status: http.StatusOK, Needs: rest.Only(access.ReadRoster),
			Summary: "List what is remembered of lists", Operation: rest.Handle(s.listMappings),
			About: "What somebody said of the columns of a list, its encoding and its sheet is remembered when the import is carried out, and holds for later files of the same source.",
		},
		{
			Method: http.MethodDelete, Path: rest.AtSchool + "/roster/mappings/{mapping}", ID: "forget-roster-mapping", Tag: "roster", Status: http.StatusNoContent,
			Needs: rest.Only(access.WriteRoster), Summary: "Forget what is remembered of a list", About: "Later files of the source are read by their headers again.",
			Operation: rest.Handle(s.forgetMapping),
		},
	}
}

// fieldBody is a field that a column can hold.
type fieldBody struct {
	Field   string `json:"field" doc:"The word. For guardians it has a number, 1 to 4, as guardian1_email, guardian2_email." example:"birth_date"`
	Meaning string `json:"meaning" doc:"What it is, in the language asked for." example:"The day on which the pupil was born."`
	Example string `json:"example" doc:"What stands in such a column; invented." example:"3-11-2014"`
	Kept    bool   `json:"kept" doc:"The school may keep it: it is needed for talks, or asked at log-in. Otherwise it is used while reading, at most." example:"true"`
}

type fieldsOutput struct{ Body shape.List[fieldBody] }

func (s *Chapter) listFields(ctx context.Context, _ *shape.SchoolPath) (*fieldsOutput, error) {
	call := rest.CallOf(ctx)
	school, err := s.schools.Get(ctx, call.Actor)
	if err != nil {
		return nil, err
	}
	return &fieldsOutput{Body: shape.ListOf(shape.Mapped(roster.FieldList(), func(one roster.FieldInfo) fieldBody {
		body := fieldBody{Field: string(one.Field), Meaning: s.base.Texts.Say(call.Voice(), "meaning."+string(one.Field), nil), Example: one.Example}
		body.Kept = one.Kept && (one.Factor == "" || school.Policy.Keeps(one.Factor))
		return body
	}))}, nil
}

// mappingBody is what is remembered of a source of lists.
type mappingBody struct {
	ID       string       `json:"id" doc:"The id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Source   string       `json:"source" doc:"How the source was called; empty where it is known by its row of column names." example:"Esis"`
	Columns  []mappedBody `json:"columns" doc:"What the columns are."`
	Encoding string       `json:"encoding" doc:"How the letters are written; empty if nobody said so." example:"cp850"`
	Sheet    string       `json:"sheet" doc:"The sheet that is read; empty if nobody said so." example:"Leerlingen"`
	SaidAt   time.Time    `json:"said_at" doc:"When it was said first, UTC." example:"2026-09-01T08:12:00Z"`
	UsedAt   time.Time    `json:"used_at" doc:"When an import last went by it, UTC." example:"2026-10-01T08:12:00Z"`
}

// mappedBody is a column that somebody explained.
type mappedBody struct {
	Header string `json:"header" doc:"The column's header; [C] for one without." example:"Kolom1"`
	Field  string `json:"field" doc:"What it is; ignore if it is not read." example:"birth_date"`
}

type mappingsOutput struct{ Body shape.List[mappingBody] }

func (s *Chapter) listMappings(ctx context.Context, _ *shape.SchoolPath) (*mappingsOutput, error) {
	rows, err := s.mappings.List(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return &mappingsOutput{Body: shape.ListOf(shape.Mapped(rows, func(row models.ColumnMapping) mappingBody {
		body := mappingBody{ID: row.ID.String(), Source: row.Details.Name, Columns: []mappedBody{}, Encoding: row.Details.Encoding, Sheet: row.Details.Sheet, SaidAt: row.CreatedAt, UsedAt: row.UsedAt}
		for _, header := range slices.Sorted(maps.Keys(row.Details.Mapping)) {
			body.Columns = append(body.Columns, mappedBody{header, row.Details.Mapping[header]})
		}
		return body
	}))}, nil
}

// mappingPath names a remembered mapping in an address.
type mappingPath struct {
	shape.SchoolPath
	Mapping string `path:"mapping" doc:"The mapping's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

func (s *Chapter) forgetMapping(ctx context.Context, in *mappingPath) (*struct{}, error) {
	id, err := shape.PathID[models.RowID](in.Mapping)
	if err != nil {
		return nil, err
	}
	return nil, s.mappings.Forget(ctx, rest.CallOf(ctx).Actor, id)
}
