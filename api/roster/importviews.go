package roster

import (
	"context"
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/imports"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/policy"
	"github.com/ouderavond/ouderavond/models"
)

// applyNot says of an import that somebody looks at it first, which is so where nothing is said.
const applyNot = "no"

// importUpload is files that are handed in, with what the reader should know of them.
var importUpload = &rest.Upload{
	Types: []string{echo.MIMEMultipartForm},
	Fields: func() map[string]*huma.Schema {
		fields := map[string]*huma.Schema{
			"source": {
				Type: huma.TypeString, Examples: []any{"parnassys-nightly"},
				Description: "What you call the place that the files come from. Files of the same source that still lie there are withdrawn: they are older.",
			},
			"groups": {
				Type: huma.TypeString, Examples: []any{`["3A","3B"]`},
				Description: "The groups for which the files speak, as JSON: keys or names. Of the pupils of others, as of another site, they say nothing. All groups where left out.",
			},
			"answers": {
				Type: huma.TypeString, Examples: []any{`[{"question":"who","answer":"same"}]`},
				Description: "Answers that are known before anything is asked, as JSON; see the field answers of a change.",
			},
			"apply": {
				Type: huma.TypeString, Enum: []any{applyNot, string(models.ApplyClear), string(models.ApplyLeave)}, Examples: []any{applyNot},
				Description: "Commit at once: if-clear where nothing is asked, leave-questions in any case, leaving as it is what is asked.",
			},
			"tell_office": {
				Type: huma.TypeString, Enum: []any{"true", "false"}, Examples: []any{"false"},
				Description: "Writes to the school's own address what became of the files: how many pupils came, changed and went, and how many questions there are. For programs that hand in files by night.",
			},
		}
		for _, name := range []string{"file", "mapping", "encoding", "sheet"} {
			fields[name] = rosterUpload.Fields[name]
		}
		return fields
	}(),
}

// ImportRow is an import in a list.
type ImportRow struct {
	ID        shape.Ref[models.RowID] `json:"id" doc:"The import's id."`
	State     string                  `json:"state" enum:"reading,unreadable,ready,applied,withdrawn,failed" doc:"reading: ask again. unreadable: the report says what to correct. ready: it can be committed. applied: done, but for questions that were left." example:"ready"`
	At        string                  `json:"at" format:"date-time" doc:"When it came into this state, or was last committed." example:"2026-11-30T19:04:11Z"`
	Source    string                  `json:"source,omitempty" doc:"Where its files come from, as whoever handed them in calls it." example:"parnassys-nightly"`
	Format    string                  `json:"format" doc:"edexml, csv or xlsx; empty if not known." example:"xlsx"`
	Counts    map[string]int          `json:"counts" doc:"How many pupils were added, changed and gone, of one that was committed." example:"{\"added\":3,\"changed\":12,\"gone\":1}"`
	Questions int                     `json:"questions" doc:"How many questions nobody has answered." example:"2"`
	Problem   string                  `json:"problem,omitempty" doc:"Why it failed: a stable code." example:"import.gave-up"`
}

func importRowOf(row models.Import) ImportRow {
	counts := map[string]int{}
	maps.Copy(counts, row.Counts)
	return ImportRow{
		ID: shape.RefTo(row.ID), State: string(row.State), At: row.At.UTC().Format("2006-01-02T15:04:05Z"), Source: row.Details.Source, Format: row.Format, Counts: counts,
		Questions: row.Questions, Problem: row.Problem,
	}
}

// importView is an import with everything that was found.
type importView struct {
	ImportRow
	Progress     *progressBody       `json:"progress,omitempty" doc:"How far reading has come."`
	Digest       string              `json:"digest,omitempty" doc:"Names what a commit would do: send it along to agree to that and nothing else." example:"5f2d9c1e7a3b4c5d6e7f8091"`
	Report       *shape.RosterReport `json:"report,omitempty" doc:"What reading the files found."`
	Change       *rosterChange       `json:"change,omitempty" doc:"What a commit would do."`
	Consequences *consequencesBody   `json:"consequences,omitempty" doc:"What that means for the talks that are booked at the moment."`
	Asked        []questionBody      `json:"asked" doc:"What it asks, answered questions too."`
	Said         *saidBody           `json:"said,omitempty" doc:"What somebody has said of it."`
	Policies     []priceBody         `json:"policies,omitempty" doc:"What the school could ask at log-in, and what each would be worth with this roster; the school's own first."`
}

type progressBody struct {
	Done  int `json:"done" doc:"Steps that are behind it." example:"1"`
	Total int `json:"total" doc:"All steps; 0 while they are not known." example:"2"`
}

// questionBody is a question of an import.
type questionBody struct {
	ID      string   `json:"id" doc:"Names the question in answers." example:"who:204711"`
	Kind    string   `json:"kind" enum:"who,pupils,lessons,field" doc:"who: which of the school's pupils one of the files is. pupils: many would go. lessons: much of who teaches whom would go. field: a field would be emptied of many." example:"who"`
	Subject string   `json:"subject,omitempty" doc:"The pupil's number in the files, or the field." example:"204711"`
	Given   string   `json:"given,omitempty" doc:"The pupil's first name." example:"Sanne"`
	Because []string `json:"because" doc:"What a pupil of the school has in common with the one of the files." example:"[\"name\",\"birth_date\"]"`
	Reason  string   `json:"reason,omitempty" doc:"Why nobody can say who it is: namesakes or number-reused." example:"namesakes"`
	Count   int      `json:"count,omitempty" doc:"How many go, or lose something." example:"48"`
	Of      int      `json:"of,omitempty" doc:"Of how many." example:"200"`
	Options []string `json:"options" doc:"What can be answered: numbers of the school's pupils, new, yes, no (it stays as it is), groups (the files speak only for the groups that they name)." example:"[\"104711\",\"new\"]"`
	Answer  string   `json:"answer,omitempty" doc:"What was answered; left out while it is open." example:"104711"`
}

func questionsOf(questions []people.Question) []questionBody {
	return shape.Mapped(questions, func(q people.Question) questionBody {
		return questionBody{
			ID: q.ID, Kind: string(q.Kind), Subject: q.Subject, Given: q.Given, Because: append([]string{}, q.Because...), Reason: q.Reason, Count: q.Count, Of: q.Of,
			Options: append([]string{}, q.Options...), Answer: q.Answer,
		}
	})
}

// saidBody is what somebody has said of an import.
type saidBody struct {
	Answers  []answerBody      `json:"answers" doc:"Answers, by question or by kind."`
	Mapping  []columnMeaning   `json:"mapping" doc:"What columns mean."`
	Encoding string            `json:"encoding,omitempty" doc:"How letters are written." example:"cp850"`
	Sheet    string            `json:"sheet,omitempty" doc:"Which sheet is read." example:"Leerlingen"`
	Groups   []string          `json:"groups" doc:"For which groups the files speak; all if none is named." example:"[\"3A\"]"`
	Policy   *shape.PolicyBody `json:"policy,omitempty" doc:"What the school will ask at log-in."`
}

// priceBody is what a policy is worth.
type priceBody struct {
	Policy    shape.PolicyBody `json:"policy" doc:"What is asked."`
	LockedOut int              `json:"locked_out" doc:"Pupils whose parents could not log in by it, but by a link, a code or the desk." example:"4"`
	Pupils    int              `json:"pupils" doc:"Of how many." example:"412"`
	Chance    float64          `json:"chance" doc:"The chance of the best guess at one child whose name is known." example:"0.00001"`
	Openings  float64          `json:"openings" doc:"In how many families somebody with a class list who guesses all evening gets in, on average, in a round whose personal links went out." example:"0.0001"`
	Wide      float64          `json:"openings_without_links" doc:"The same in a round without personal links." example:"0.0003"`
}

// answerBody answers a question.
type answerBody struct {
	Question string `json:"question" maxLength:"300" doc:"The question's id, or its kind for all of the kind." example:"who"`
	Answer   string `json:"answer" maxLength:"300" doc:"One of the question's options; for all of the kind who: same or new. Empty takes an answer back." example:"same"`
}

// columnMeaning says what a column is.
type columnMeaning struct {
	Header string `json:"header" maxLength:"300" doc:"The column's header." example:"Nr"`
	Field  string `json:"field" maxLength:"100" doc:"The field, or ignore." example:"pupil_number"`
}

// importPatch is what somebody says of an import.
type importPatch struct {
	Answers  []answerBody      `json:"answers,omitempty" maxItems:"5000" doc:"Answers to questions. They are added to those that were given."`
	Mapping  *[]columnMeaning  `json:"mapping,omitempty" maxItems:"200" doc:"What the columns mean. Replaces what was said before."`
	Encoding *string           `json:"encoding,omitempty" maxLength:"60" doc:"How the letters of CSV files are written; empty lets the reader decide." example:"cp850"`
	Sheet    *string           `json:"sheet,omitempty" maxLength:"100" doc:"The sheet that is read; empty lets the reader choose." example:"Leerlingen"`
	Groups   *[]string         `json:"groups,omitempty" maxItems:"500" doc:"The groups for which the files speak: keys or names; none means all." example:"[\"3A\",\"3B\"]"`
	Policy   *shape.PolicyBody `json:"policy,omitempty" doc:"What the school asks at log-in from the commit on."`
	Keep     bool              `json:"keep_policy,omitempty" doc:"The school goes on asking what it asks: takes policy back." example:"false"`
}

func (p importPatch) patch() imports.Patch {
	patch := imports.Patch{Answers: answersFrom(p.Answers), Encoding: p.Encoding, Sheet: p.Sheet, NoPolicy: p.Keep}
	if p.Mapping != nil {
		patch.Mapping = map[string]string{}
		for _, column := range *p.Mapping {
			patch.Mapping[column.Header] = column.Field
		}
	}
	if p.Groups != nil {
		patch.Groups = append([]string{}, *p.Groups...)
	}
	if p.Policy != nil {
		patch.Policy = new(p.Policy.Model())
	}
	return patch
}

func answersFrom(list []answerBody) map[string]string {
	answers := map[string]string{}
	for _, one := range list {
		answers[one.Question] = one.Answer
	}
	return answers
}

// importViewOf shows an import.
func (s *Chapter) importViewOf(ctx context.Context, view *imports.View) (*importViewOutput, error) {
	body := importView{ImportRow: importRowOf(view.Import), Asked: []questionBody{}}
	if view.State == models.ImportReading {
		body.Progress = &progressBody{view.Done, view.Total}
	}
	if said := view.Details; view.State != models.ImportWithdrawn && view.State != models.ImportFailed {
		body.Said = &saidBody{Answers: []answerBody{}, Mapping: []columnMeaning{}, Encoding: said.Encoding, Sheet: said.Sheet, Groups: append([]string{}, said.Groups...)}
		for _, id := range slices.Sorted(maps.Keys(said.Answers)) {
			body.Said.Answers = append(body.Said.Answers, answerBody{id, said.Answers[id]})
		}
		for _, header := range slices.Sorted(maps.Keys(said.Mapping)) {
			body.Said.Mapping = append(body.Said.Mapping, columnMeaning{header, said.Mapping[header]})
		}
		if said.Policy != nil {
			body.Said.Policy = new(shape.PolicyOf(*said.Policy))
		}
	}
	// An import that nobody has read yet, or could, names nobody.
	trail.Shown(ctx)
	result := view.Result
	if result == nil {
		return &importViewOutput{Body: body}, nil
	}
	body.Report = s.reportOf(rest.CallOf(ctx), result.Report)
	if !result.Report.Readable() {
		return &importViewOutput{Body: body}, nil
	}
	body.Digest, body.Change, body.Consequences, body.Asked = result.Digest, new(s.changeOf(rest.CallOf(ctx), result.Change)), new(consequencesBody(result.Consequences)), questionsOf(result.Questions)
	school, err := s.schools.Get(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	body.Policies = shape.Mapped(result.Prices, func(price policy.Price) priceBody {
		byLinks, wide := parent.Openings(string(school.Guessing), price.Pupils, price.Chance)
		return priceBody{shape.PolicyOf(price.Policy), price.LockedOut, price.Pupils, price.Chance, byLinks, wide}
	})
	trail.Shown(ctx, body.persons()...)
	return &importViewOutput{Body: body}, nil
}
