package roster

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
)

// uploadInput is an upload; its body is with the visit.
type uploadInput struct {
	shape.SchoolPath
	ContentType string `header:"Content-Type" hidden:"true"`
}

// maxSource is the longest name of a source of lists, in characters.
const maxSource = 100

type reportOutput struct{ Body *shape.RosterReport }

func (s *Chapter) importRequest(ctx context.Context, in *uploadInput) (people.ImportRequest, error) {
	taken, err := rest.ReadForm(ctx, in.ContentType, rosterUpload.Fields)
	if err != nil {
		return people.ImportRequest{}, err
	}
	request := people.ImportRequest{Files: taken.Files, Digest: strings.TrimSpace(taken.Fields["digest"]), Encoding: strings.TrimSpace(taken.Fields["encoding"]), Sheet: taken.Fields["sheet"], Source: strings.TrimSpace(taken.Fields["source"])}
	if utf8.RuneCountInString(request.Source) > maxSource {
		return request, errs.InvalidField("source", "too-long")
	}
	if len(request.Files) == 0 {
		return request, errs.InvalidField("file", errs.CodeRequired)
	}
	if request.Mapping, err = taken.Mapping(); err != nil {
		return request, err
	}
	if taken.Fields["allow_renumbering"] != "" {
		same, err := taken.Yes("allow_renumbering")
		if err != nil {
			return request, err
		}
		request.Renumbered = &same
	}
	request.AllowRemoval, err = taken.Yes("allow_removal")
	return request, err
}

// checkRoster reads files and compares them with nothing.
func (s *Chapter) checkRoster(ctx context.Context, in *uploadInput) (*reportOutput, error) {
	request, err := s.importRequest(ctx, in)
	if err != nil {
		return nil, err
	}
	row, err := s.schools.Get(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	options := roster.Options{
		ReferenceDate: civil.Of(s.base.Clock.Now().In(row.Location())), Zone: row.Location(), CitizenLast4: row.Policy.Asks(models.FactorCitizenLast4),
		Mapping: request.Mapping, Encoding: request.Encoding, Sheet: request.Sheet,
	}
	if err := s.mappings.Recall(ctx, rest.CallOf(ctx).Actor, request.Source, &options); err != nil {
		return nil, err
	}
	_, report := roster.Read(request.Files, options)
	return &reportOutput{Body: s.reportOf(rest.CallOf(ctx), report)}, nil
}

// countBody counts what comes and goes.
type countBody struct {
	Added   int `json:"added" doc:"New ones." example:"3"`
	Changed int `json:"changed" doc:"Changed ones." example:"1"`
	Removed int `json:"removed" doc:"Removed ones." example:"0"`
}

// pupilChange is one pupil of an import.
type pupilChange struct {
	Key    string   `json:"key" doc:"The school's own key." example:"104711"`
	Given  string   `json:"given" doc:"First name." example:"Sanne"`
	Fields []string `json:"fields" doc:"What changes, of a changed one." example:"[\"group\"]"`
}

// rosterChange is what an import does or would do.
type rosterChange struct {
	Added          []pupilChange    `json:"added" doc:"Pupils who come."`
	Changed        []pupilChange    `json:"changed" doc:"Pupils who change."`
	Gone           []pupilChange    `json:"gone" doc:"Pupils who go, with everything kept of them."`
	Groups         countBody        `json:"groups" doc:"Groups."`
	Teachers       countBody        `json:"teachers" doc:"Teachers."`
	Teachings      countBody        `json:"teachings" doc:"Who teaches whom."`
	Households     countBody        `json:"households" doc:"Households."`
	Contacts       countBody        `json:"contacts" doc:"Guardians with their contacts."`
	Suggestions    int              `json:"merge_suggestions" doc:"New families for the school to decide on." example:"7"`
	Adopted        []pupilChange    `json:"adopted" doc:"Pupils whom somebody added by hand, and whom the files have: they are the same, and files decide from now on."`
	Kept           []keptBody       `json:"kept" doc:"What somebody set by hand, and the files do not overwrite."`
	CancelledTalks int              `json:"cancelled_talks" doc:"Coming appointments of pupils who go." example:"0"`
	Erased         []erasedBody     `json:"erased" doc:"Fields that are emptied, apart from changes: what some pupils had and the files have lost. More than three, and more than a twentieth, are refused unless removal is allowed."`
	Renumbered     []renumberedBody `json:"renumbered" doc:"Pupils whom the files have under another number. The import needs to be told whether they are the same: allow_renumbering."`
	Unsure         []unsureBody     `json:"unsure" doc:"Pupils of the files of whom nobody can say whether the school has them. They are taken for new, once allow_renumbering is answered."`
	Untold         []string         `json:"untold" doc:"Fields that pupils have and of which the files say nothing. They stay as they are." example:"[\"birth_date\"]"`
	Nothing        bool             `json:"nothing" doc:"Nothing changes at all." example:"false"`
}

// renumberedBody is a pupil under another number.
type renumberedBody struct {
	From    string   `json:"from" doc:"The number that the school has." example:"104711"`
	To      string   `json:"to" doc:"The number of the files." example:"204711"`
	Given   string   `json:"given" doc:"First name." example:"Sanne"`
	Because []string `json:"because" doc:"What else is the same: name, birth_date, postcode, group, guardian." example:"[\"name\",\"birth_date\"]"`
}

// unsureBody is a pupil of whom nobody can say who it is.
type unsureBody struct {
	Key    string `json:"key" doc:"The number of the files." example:"204711"`
	Given  string `json:"given" doc:"First name." example:"Sanne"`
	Reason string `json:"reason" doc:"namesakes: several pupils of other numbers have that name and birth date. number-reused: a pupil has the number, but neither the name nor anything else." example:"namesakes"`
}

// erasedBody is a field that an import empties.
type erasedBody struct {
	Field string `json:"field" doc:"The field; of guardian_email and guardian_phone, households are counted." example:"postcode"`
	Count int    `json:"count" doc:"How many lose it." example:"2"`
}

// keptBody is what is kept against files.
type keptBody struct {
	Key    string `json:"key" doc:"The school's own key of the pupil or teacher." example:"104711"`
	Name   string `json:"name" doc:"The pupil's first name, or the teacher's display name." example:"Sanne"`
	Field  string `json:"field" doc:"What was set." example:"group"`
	Detail string `json:"detail" doc:"The same in words." example:"class"`
}

func (s *Chapter) kept(v *rest.Call, values []people.KeptValue) []keptBody {
	return shape.Mapped(values, func(one people.KeptValue) keptBody {
		return keptBody{one.Key, one.Name, one.Field, s.base.Texts.Say(v.Voice(), "kept."+one.Field, nil)}
	})
}

func (s *Chapter) changeOf(v *rest.Call, change people.RosterChange) rosterChange {
	pupils := func(list []people.PupilChange) []pupilChange {
		return shape.Mapped(list, func(one people.PupilChange) pupilChange {
			return pupilChange{Key: one.Key, Given: one.Given, Fields: append([]string{}, one.Fields...)}
		})
	}
	return rosterChange{
		Added: pupils(change.Added), Changed: pupils(change.Changed), Gone: pupils(change.Gone), Groups: countBody(change.Groups),
		Teachers: countBody(change.Teachers), Teachings: countBody(change.Teachings), Households: countBody(change.Households),
		Contacts: countBody(change.Contacts), Suggestions: change.Suggestions, Adopted: pupils(change.Adopted), Kept: s.kept(v, change.Kept), CancelledTalks: change.CancelledTalks,
		Erased: shape.Mapped(slices.Sorted(maps.Keys(change.Erased)), func(field string) erasedBody { return erasedBody{field, change.Erased[field]} }),
		Renumbered: shape.Mapped(change.Renumbered, func(one people.Renumbering) renumberedBody {
			return renumberedBody{one.From, one.To, one.Given, append([]string{}, one.Because...)}
		}),
		Unsure: shape.Mapped(change.Unsure, func(one people.UnsurePupil) unsureBody { return unsureBody(one) }),
		Untold: append([]string{}, change.Untold...), Nothing: change.Empty(),
	}
}

// importBody is the outcome of a preview or an import.
type importBody struct {
	Applied bool                `json:"applied" doc:"The roster was brought in line with the files." example:"true"`
	Digest  string              `json:"digest" doc:"Names what the import does, to agree to it: send it along with the import." example:"5f2d9c1e7a3b4c5d6e7f8091"`
	Report  *shape.RosterReport `json:"report" doc:"What reading the files found."`
	Change  rosterChange        `json:"change" doc:"What the import does or would do."`
	// Consequences are no part of the digest.
	Consequences consequencesBody `json:"consequences" doc:"What that means for the talks that are booked at the moment. What is booked until the import is counted then, and does not stand in its way."`
}

// consequencesBody is what an import means for talks.
type consequencesBody struct {
	Cancelled int `json:"cancelled" doc:"Talks of pupils who go. Their families are told." example:"2"`
	Movable   int `json:"movable" doc:"Talks of pupils who have another class and other teachers now. They stand, and the families are told that they can move them." example:"3"`
	Undecided int `json:"undecided" doc:"Talks with teachers who are there no more, or whom others replace. They stand until the school decides (list-undecided-talks)." example:"24"`
	Following int `json:"following" doc:"Talks of pupils who live in another household now. They go along, and both families are told." example:"1"`
	Families  int `json:"families" doc:"Families that are told." example:"5"`
	LogInsEnd int `json:"log_ins_end" doc:"Households that children leave: log-ins for them end." example:"1"`
}

type importOutput struct{ Body importBody }

func (s *Chapter) previewRoster(ctx context.Context, in *uploadInput) (*importOutput, error) {
	request, err := s.importRequest(ctx, in)
	if err != nil {
		return nil, err
	}
	result, err := s.people.PreviewImport(ctx, rest.CallOf(ctx).Actor, request)
	if err != nil {
		return nil, err
	}
	if !result.Report.Readable() {
		return nil, s.unreadable(rest.CallOf(ctx), result.Report)
	}
	return s.imported(ctx, result), nil
}

func (s *Chapter) importRoster(ctx context.Context, in *uploadInput) (*importOutput, error) {
	request, err := s.importRequest(ctx, in)
	if err != nil {
		return nil, err
	}
	result, err := s.people.Import(ctx, rest.CallOf(ctx).Actor, request)
	if err != nil {
		return nil, err
	}
	if !result.Report.Readable() {
		return nil, s.unreadable(rest.CallOf(ctx), result.Report)
	}
	return s.imported(ctx, result), nil
}

func (s *Chapter) imported(ctx context.Context, result *people.ImportResult) *importOutput {
	body := importBody{
		Applied: result.Applied, Digest: result.Digest, Report: s.reportOf(rest.CallOf(ctx), result.Report), Change: s.changeOf(rest.CallOf(ctx), result.Change),
		Consequences: consequencesBody(result.Consequences),
	}
	trail.Shown(ctx, body.Change.persons()...)
	return &importOutput{Body: body}
}
