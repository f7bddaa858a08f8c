package people

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/policy"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
)

// QuestionKind is what an import asks about.
type QuestionKind string

// The kinds of questions.
const (
	AskWho     QuestionKind = "who"     // which of the school's pupils one of the files is
	AskPupils  QuestionKind = "pupils"  // whether many pupils may go
	AskLessons QuestionKind = "lessons" // whether much of who teaches whom may go
	AskField   QuestionKind = "field"   // whether a field may be emptied of many
)

// Answers that are no pupil's number.
const (
	AnswerYes  = "yes"
	AnswerNo   = "no"   // what is asked about stays as it is
	AnswerSame = "same" // of AskWho: the one pupil who is meant
	AnswerNew  = "new"  // of AskWho: nobody of the school's pupils
	// AnswerGroups is of AskPupils: the files speak for the groups that they name and for no others.
	AnswerGroups = "groups"
)

// Question is something that an import cannot decide, and does not do without an answer.
type Question struct {
	ID      string // names it among the questions of an import, as long as its files are the same
	Kind    QuestionKind
	Subject string   // the pupil's number in the files, or the field
	Given   string   // the pupil's first name
	Because []string // what a pupil of the school has in common with the one of the files, as in Renumbering
	Reason  string   // why nobody can say who it is, as in UnsurePupil
	Options []string // what can be answered: numbers of the school's pupils, or Answers
	Count   int      // how many go or lose something, of how many
	Of      int
	Answer  string // empty while it is open
}

// id returns the id of a question.
func (k QuestionKind) id(subject string) string {
	if subject == "" {
		return string(k)
	}
	return string(k) + ":" + subject
}

// questionKinds are all kinds, with what can be answered to all questions of the kind alike.
var questionKinds = map[QuestionKind][]string{
	AskWho: {AnswerSame, AnswerNew}, AskPupils: {AnswerYes, AnswerNo, AnswerGroups}, AskLessons: {AnswerYes, AnswerNo}, AskField: {AnswerYes, AnswerNo},
}

// CheckAnswers refuses answers to what is never asked, as errs.Invalid.
func CheckAnswers(answers map[string]string) error {
	for id, answer := range answers {
		kind, subject, one := strings.Cut(id, ":")
		options, known := questionKinds[QuestionKind(kind)]
		if !known || one && subject == "" {
			return errs.InvalidField("answers", errs.CodeUnknown)
		}
		if !slices.Contains(options, answer) && !(one && kind == string(AskWho)) { // who may be one of the school's numbers
			return errs.InvalidField("answers", errs.CodeUnknown)
		}
	}
	return nil
}

// answer returns what was answered to a question; empty if nothing was.
func (r ImportRequest) answer(kind QuestionKind, subject string) string {
	if answer := r.Answers[kind.id(subject)]; answer != "" {
		return answer
	}
	if answer := r.Answers[string(kind)]; answer != "" {
		return answer
	}
	switch {
	case kind == AskWho && r.Renumbered == nil, kind != AskWho && !r.AllowRemoval:
		return ""
	case kind != AskWho:
		return AnswerYes
	case *r.Renumbered:
		return AnswerSame
	}
	return AnswerNew
}

// policyOf returns what a school asks at log-in, with what it will ask after the import as what is to come: the data of both are kept.
func (r ImportRequest) policyOf(school *models.School) models.Policy {
	keeps := school.Policy
	if r.Policy != nil {
		keeps.Next = r.Policy
	}
	return keeps
}

// holds is what an import leaves as it is, since somebody said so or nobody has said anything.
type holds struct {
	pupils, lessons, groups bool // groups: the files speak for those that they name
	fields                  map[string]bool
}

func (h holds) has(q Question) bool {
	switch q.Kind {
	case AskPupils:
		return h.pupils || h.groups
	case AskLessons:
		return h.lessons
	case AskField:
		return h.fields[q.Subject]
	case AskWho: // those are left row by row
	}
	return false
}

// with returns the holds with one more, as it was answered.
func (h holds) with(q Question) holds {
	switch q.Kind {
	case AskPupils:
		h.groups, h.pupils = h.groups || q.Answer == AnswerGroups, h.pupils || q.Answer != AnswerGroups
	case AskLessons:
		h.lessons = true
	case AskField:
		h.fields = maps.Clone(h.fields)
		if h.fields == nil {
			h.fields = map[string]bool{}
		}
		h.fields[q.Subject] = true
	case AskWho:
	}
	return h
}

// toHold returns the questions of which the import still does what it must not do without a yes.
func (w *importer) toHold(request ImportRequest, present holds) []Question {
	return slices.DeleteFunc(w.guards(request), func(q Question) bool {
		leave := q.Answer == AnswerNo || q.Answer == AnswerGroups || q.Answer == "" && request.Leave
		return !leave || present.has(q)
	})
}

// guards asks about what takes much away.
func (w *importer) guards(request ImportRequest) (asked []Question) {
	add := func(q Question) {
		q.ID, q.Answer = q.Kind.id(q.Subject), request.answer(q.Kind, q.Subject)
		asked = append(asked, q)
	}
	before := 0
	for _, pupil := range w.people.Pupils() {
		if pupil.State == models.PersonActive {
			before++
		}
	}
	if gone := len(w.change.Gone); gone > removalLeast && gone*removalShare > before {
		q := Question{Kind: AskPupils, Options: []string{AnswerYes, AnswerNo}, Count: gone, Of: before}
		if w.elsewhere() {
			q.Options = append(q.Options, AnswerGroups)
		}
		add(q)
	}
	if count := w.change.Teachings; w.unteaches() {
		add(Question{Kind: AskLessons, Options: []string{AnswerYes, AnswerNo}, Count: w.untaught - count.Added, Of: w.taught})
	}
	for _, field := range slices.Sorted(maps.Keys(w.change.Erased)) {
		if w.erasesMany(field) {
			add(Question{Kind: AskField, Subject: field, Options: []string{AnswerYes, AnswerNo}, Count: w.change.Erased[field], Of: w.had[field]})
		}
	}
	return asked
}

// elsewhere reports whether all pupils who would go are in groups that the files do not name, as where a file is of one site.
func (w *importer) elsewhere() bool {
	named := w.namedGroups()
	return len(named) > 0 && !slices.ContainsFunc(w.gone, func(pupil *models.Pupil) bool { return named[pupil.GroupID] })
}

func (w *importer) namedGroups() map[models.GroupID]bool {
	named := map[models.GroupID]bool{}
	for _, id := range w.groups {
		named[id] = true
	}
	return named
}

// scopeOf returns the groups for which the files speak; nil if for all.
func (w *importer) scopeOf(request ImportRequest, held holds) map[models.GroupID]bool {
	if held.groups {
		return w.namedGroups()
	}
	if len(request.Groups) == 0 {
		return nil
	}
	scope := map[models.GroupID]bool{}
	for _, group := range w.people.Groups() {
		scope[group.ID] = slices.Contains(request.Groups, group.Details.Key) || slices.Contains(request.Groups, group.Details.Name)
	}
	for _, group := range w.roster.Groups {
		if slices.Contains(request.Groups, group.Key) || slices.Contains(request.Groups, group.Name) {
			scope[w.groups[group.Key]] = true
		}
	}
	return scope
}

// holdPupils notes of which pupils who are not in the files the import says nothing: those of other groups than it speaks for, and all if so many must not go. Where
// they live, who their guardians are and who teaches them stays, too.
func (w *importer) holdPupils() {
	for _, pupil := range w.people.Pupils() {
		if pupil.State != models.PersonActive || w.present[pupil.ID] || pupil.Details.ByHand {
			continue
		}
		if w.hold.pupils || w.scope != nil && !w.scope[pupil.GroupID] {
			w.held[pupil.ID] = true
		}
	}
}

// refusal is the error of an open question.
func (w *importer) refusal(q Question) error {
	switch q.Kind {
	case AskPupils:
		return errs.New(errs.Conflict, "import.removes-many").With("gone", fmt.Sprint(q.Count)).With("present", fmt.Sprint(q.Of))
	case AskLessons:
		return w.mayUnteach()
	case AskField:
		return w.mayErase()
	case AskWho:
	}
	return w.mayRenumber()
}

// settleWho keeps the questions who pupils of the files are, and leaves those whom nobody has decided. asked is who they are before anything was answered.
func (w *importer) settleWho(asked, who *matcher) {
	for i := range w.roster.Pupils {
		row := &w.roster.Pupils[i]
		said := w.request.Answers[AskWho.id(row.Key)]
		of := who
		if said != "" {
			of = asked
		}
		q, inQuestion := of.question(row)
		if !inQuestion {
			continue
		}
		if q.Answer = w.request.answer(AskWho, row.Key); said != "" && !who.obeyed(row, said, q) {
			q.Answer = "" // of a pupil whom the school does not have, or who is somebody else already
		}
		w.questions = append(w.questions, q)
		if q.Answer != "" || !w.request.Leave {
			continue
		}
		w.left[row] = true
		for _, pupil := range of.meant(row) {
			w.held[pupil.ID] = true
		}
	}
}

// question returns what is asked about a row; false if who it is needs nobody's word.
func (m *matcher) question(row *roster.Pupil) (Question, bool) {
	found, reason := m.found[row], m.unsure[row]
	asks := found.pupil != nil && len(found.because) > 0 && !row.KeyIsTemporary && looseNumber(row.Key) != looseNumber(found.pupil.Details.Key)
	if !asks && reason == "" {
		return Question{}, false
	}
	q := Question{ID: AskWho.id(row.Key), Kind: AskWho, Subject: row.Key, Given: row.Given, Because: found.because, Reason: reason}
	for _, pupil := range m.meant(row) {
		q.Options = append(q.Options, pupil.Details.Key)
	}
	q.Options = append(q.Options, AnswerNew)
	return q, true
}

// meant returns the pupils of the school whom a row may be.
func (m *matcher) meant(row *roster.Pupil) (pupils []*models.Pupil) {
	if found := m.found[row]; found.pupil != nil {
		return []*models.Pupil{found.pupil}
	}
	return m.candidates[row]
}

// obey takes the rows of whom somebody said who they are. What was said of a number that nobody has, or that another row has been given, is not obeyed.
func (m *matcher) obey(request ImportRequest) {
	for _, row := range m.rows {
		switch said := request.Answers[AskWho.id(row.row.Key)]; said {
		case "", AnswerSame:
		case AnswerNew:
			row.taken = true
		default:
			at := slices.IndexFunc(m.known, func(pupil *person) bool { return !pupil.taken && pupil.pupil.Details.Key == said })
			if at >= 0 {
				m.take(row, m.known[at], inCommon(row, m.known[at])...)
			}
		}
	}
}

// obeyed reports whether a row is who somebody said it is.
func (m *matcher) obeyed(row *roster.Pupil, said string, q Question) bool {
	found := m.found[row].pupil
	return said == AnswerNew || said == AnswerSame && q.Reason == "" || found != nil && found.Details.Key == said
}

// prices tell what the policies that the school could have are worth with the roster as it will be, by everything that the files say.
func (w *importer) prices() []policy.Price {
	rows := directory.Rows{HouseholdPupils: w.memberships}
	homes := map[models.HouseholdID]bool{}
	for _, row := range w.memberships {
		if !homes[row.HouseholdID] {
			homes[row.HouseholdID] = true
			home := models.Household{ID: row.HouseholdID}
			if present, ok := w.people.Household(row.HouseholdID); ok && !present.Factors.OfPupils {
				home.Factors = present.Factors
			}
			rows.Households = append(rows.Households, home)
		}
	}
	add := func(pupil models.Pupil) {
		if row := w.rowOf[pupil.ID]; row != nil {
			pupil.Factors = told(factsOf(row), pupil)
		}
		rows.Pupils = append(rows.Pupils, pupil)
	}
	known := map[models.PupilID]bool{}
	for _, pupil := range w.people.Pupils() {
		known[pupil.ID] = true
		switch filled := w.filled[pupil.ID]; {
		case filled != nil:
			add(*filled)
		case pupil.State == models.PersonActive && !slices.Contains(w.gone, pupil):
			add(*pupil)
		}
	}
	for id, pupil := range w.filled {
		if !known[id] {
			add(*pupil)
		}
	}
	return policy.Prices(directory.New(rows), w.request.policyOf(w.tx.School()))
}

// told returns what files say of a pupil for log-in, and before it what is kept of the pupil: a person may have put it right.
func told(facts models.PupilFactors, pupil models.Pupil) models.PupilFactors {
	for _, one := range factor.All {
		if known := one.Get(pupil.Factors); known != "" {
			one.Put(&facts, known)
		}
	}
	if pupil.Protected {
		facts.Postcode = ""
	}
	return facts
}
