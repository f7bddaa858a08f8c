package booking_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

func (s *session) propose(question family.Question) *family.Proposals {
	s.w.t.Helper()
	found, err := s.w.booking.Families.Propose(s.w.ctx, s.actor(), question)
	s.w.must(err)
	return found
}

// best gives the first proposal, which must be there.
func (s *session) best(question family.Question) family.Proposal {
	s.w.t.Helper()
	found := s.propose(question)
	if len(found.Proposals) == 0 {
		s.w.t.Fatalf("no proposal; missing %v", s.w.lacking(found.Missing))
	}
	return found.Proposals[0]
}

// proposed writes a proposal as "Tue 19:00 Anna NOO+OOS", with "/2" behind the child for the second party.
func (w *world) proposed(proposal family.Proposal) []string {
	w.t.Helper()
	texts := []string{}
	for _, talk := range proposal.Talks {
		child := talk.Child
		if talk.Item.Party == 2 {
			child += "/2"
		}
		texts = append(texts, fmt.Sprintf("%s %s %s", talk.Item.Start.In(amsterdam(w.t)).Format("Mon 15:04"), child, w.codes(talk.Staff)))
	}
	return texts
}

func (w *world) codes(staff []rules.StaffName) string {
	var codes []string
	for code, id := range w.staff {
		if slices.ContainsFunc(staff, func(name rules.StaffName) bool { return name.ID == id }) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return strings.Join(codes, "+")
}

// lacking writes missing talks as "Anna NOO: full".
func (w *world) lacking(missing []family.MissingTalk) []string {
	w.t.Helper()
	texts := []string{}
	for _, talk := range missing {
		texts = append(texts, fmt.Sprintf("%s %s: %s", talk.Child, w.codes(talk.Staff), talk.Reason))
	}
	slices.Sort(texts)
	return texts
}

// items are what a proposal would have a family book.
func items(proposal family.Proposal) []appointment.Request {
	list := make([]appointment.Request, len(proposal.Talks))
	for i, talk := range proposal.Talks {
		list[i] = talk.Item
	}
	return list
}

// asked gives requests for talks written as for talk, without the time: "Anna Vak LON", or "Anna Mentor" for any of the teachers.
func (w *world) asked(texts ...string) []family.TalkRequest {
	w.t.Helper()
	var list []family.TalkRequest
	for _, text := range texts {
		words := strings.Fields(text)
		wish := family.TalkRequest{Ref: text, Pupil: w.pupils[words[0]], TalkKind: w.kind(w.evening, words[1])}
		if len(words) > 2 {
			wish.Staff = w.members(words[2])
		}
		list = append(list, wish)
	}
	return list
}

func TestWithoutWishesTheFamilyGetsWhatTheSchoolExpects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	before := w.counts()
	found := bakkers.propose(family.Question{})
	if got := w.appeared(before); got != "" {
		t.Errorf("proposing wrote %s", got)
	}
	if len(found.Requests) != 3 || len(found.Proposals) != 3 || len(found.Missing) != 0 {
		t.Fatalf("%d wishes, %d proposals, missing %v", len(found.Requests), len(found.Proposals), w.lacking(found.Missing))
	}
	best := found.Proposals[0]
	got := w.proposed(best)
	if len(got) != 3 || !strings.HasPrefix(got[0], "Tue 19:00") || !strings.HasPrefix(got[1], "Tue 19:20") || !strings.HasPrefix(got[2], "Tue 19:40") {
		t.Errorf("proposed %q", got)
	}
	if best.Days != 1 || best.WaitMinutes != 0 || best.WalkMinutes != 0 || !best.Proven || len(best.Missing) != 0 {
		t.Errorf("%+v", best)
	}
	outcome := bakkers.book(appointment.Change{Make: items(best)})
	equal(t, "booked", w.show(outcome.Appointments), got)
	equal(t, "what is left", w.lacking(bakkers.propose(family.Question{}).Missing), []string{})
	if left := bakkers.propose(family.Question{}); len(left.Requests) != 0 || len(left.Proposals) != 0 {
		t.Errorf("proposed again: %+v", left)
	}
}

func TestEveryProposalCanBeBookedAsItIs(t *testing.T) {
	t.Parallel()
	w := building(t)
	bakkers := w.recognised("Anna Bakker")
	question := family.Question{Talks: w.asked("Anna Mentor", "Anna Vak LON", "Bram Mentor", "Bram Vak VIS", "Cato Vak LON", "Anna Zorg KAD")}
	found := bakkers.propose(question)
	if len(found.Proposals) != 3 {
		t.Fatalf("%d proposals", len(found.Proposals))
	}
	spans := map[string]bool{}
	for i, proposal := range found.Proposals {
		if len(proposal.Talks) != 6 {
			t.Errorf("proposal %d: %v, missing %v", i, w.proposed(proposal), w.lacking(proposal.Missing))
		}
		copied := w.fork()
		outcome := bakkers.in(copied).book(appointment.Change{Make: items(proposal)})
		equal(t, fmt.Sprintf("proposal %d", i), copied.show(outcome.Appointments), w.proposed(proposal))
		copied.consistent()
		spans[w.proposed(proposal)[0]] = true
	}
	if len(spans) < 2 {
		t.Errorf("the proposals all begin at the same time: %v", spans)
	}
}

// TestWhatIsProposedIsNeverRefused lets others book at random, and then books what is proposed to a family that is confirmed.
func TestWhatIsProposedIsNeverRefused(t *testing.T) {
	t.Parallel()
	rounds := 6
	if testing.Short() {
		rounds = 3
	}
	for seed := range rounds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := building(t)
			dice := rand.New(rand.NewPCG(uint64(seed), 1))
			bakkers := w.confirmed("Anna Bakker")
			for range 40 {
				given := []string{"Emma", "Gijs", "Jet", "Anna", "Cato"}[dice.IntN(5)]
				home := w.home(given)
				item := w.talk(given + " " + []string{"Vak LON", "Vak VIS"}[dice.IntN(2)] + fmt.Sprintf(" 19:%d0", dice.IntN(6)))
				item.Start = item.Start.Add(time.Duration(dice.IntN(2)) * (48*time.Hour + 30*time.Minute))
				_, _ = w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Household: home, Make: []appointment.Request{item}})
			}
			question := family.Question{Talks: w.asked("Anna Mentor", "Anna Vak VIS", "Bram Mentor", "Bram Vak LON", "Bram Vak VIS", "Cato Mentor", "Cato Vak VIS")}
			question.Parties = 1 + seed%2
			if seed%3 == 0 {
				question.Windows = []family.Window{{From: "19:20", Until: "20:40"}}
			}
			for i, proposal := range bakkers.propose(question).Proposals {
				copied := w.fork()
				outcome, err := bakkers.in(copied).try(appointment.Change{Make: items(proposal)})
				if err != nil {
					t.Fatalf("proposal %d, %v: %v %v", i, w.proposed(proposal), err, reasons(err))
				}
				if len(outcome.Appointments)+len(proposal.Missing) != len(question.Talks) {
					t.Errorf("proposal %d: %d booked and %d missing of %d", i, len(outcome.Appointments), len(proposal.Missing), len(question.Talks))
				}
				copied.consistent()
			}
		})
	}
}

func TestTheFamilysTimesAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	day := func(n int) models.DayID { return w.evening.Days[n].ID }
	for name, test := range map[string]struct {
		windows       []family.Window
		want, missing []string
	}{
		"not before half past seven": {
			[]family.Window{{From: "19:30"}}, []string{"Tue 19:40 Bram ZUI", "Tue 20:00 Cato WES"}, []string{},
		},
		"Thursday only":                 {[]family.Window{{Day: day(1)}}, []string{"Thu 19:00 Bram ZUI", "Thu 19:20 Cato WES"}, []string{}},
		"Thursday late, or Tuesday":     {[]family.Window{{Day: day(1), From: "20:00"}, {Day: day(0), Until: "19:20"}}, []string{"Thu 20:00 Bram ZUI", "Thu 20:20 Cato WES"}, []string{}},
		"room for one talk only":        {[]family.Window{{Day: day(0), From: "19:00", Until: "19:20"}}, []string{"Tue 19:00 Bram ZUI"}, nil},
		"too short for any of them":     {[]family.Window{{From: "19:05", Until: "19:30"}}, nil, []string{"Bram ZUI: outside_windows", "Cato WES: outside_windows"}},
		"a time when nobody can be met": {[]family.Window{{From: "08:00", Until: "12:00"}}, nil, []string{"Bram ZUI: outside_windows", "Cato WES: outside_windows"}},
	} {
		found := bakkers.propose(family.Question{Talks: w.asked("Bram Mentor", "Cato Mentor"), Windows: test.windows, Most: 1})
		if test.want == nil {
			if len(found.Proposals) != 0 {
				t.Errorf("%s: %v", name, w.proposed(found.Proposals[0]))
			}
		} else if got := w.proposed(found.Proposals[0]); len(got) != len(test.want) || got[0][:9] != test.want[0][:9] || got[len(got)-1][:9] != test.want[len(got)-1][:9] {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if name == "room for one talk only" {
			if len(found.Missing) != 1 || found.Missing[0].Reason != family.MissingInTheWay {
				t.Errorf("%s: missing %v", name, w.lacking(found.Missing))
			}
			continue
		}
		equal(t, name, w.lacking(found.Missing), test.missing)
	}
}

func TestAPartialProposalSaysWhatIsMissingAndWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	w.available(w.evening, w.windows("LON", 0, nil, "19:00-19:10"), w.windows("LON", 1, nil))
	jet := w.recognised("Jet Prins")
	jet.makes(w.talks("Jet Vak LON 19:00")...)
	best := bakkers.best(family.Question{Talks: w.asked("Anna Vak LON", "Anna Vak VIS", "Bram Mentor")})
	equal(t, "missing", w.lacking(best.Missing), []string{"Anna LON: full"})
	if len(best.Talks) != 2 {
		t.Errorf("proposed %v", w.proposed(best))
	}
	narrow := []family.Window{{Day: w.evening.Days[0].ID, From: "19:00", Until: "19:20"}}
	both := bakkers.best(family.Question{Talks: w.asked("Bram Mentor", "Cato Mentor"), Windows: narrow})
	if len(both.Missing) != 1 || both.Missing[0].Reason != family.MissingInTheWay || len(both.Missing[0].Instead) != 1 || both.Missing[0].Instead[0] == both.Missing[0].Request.Ref {
		t.Errorf("missing %+v", both.Missing)
	}
	equal(t, "not offered", w.lacking(bakkers.propose(family.Question{Talks: w.asked("Bram Vak NOO")}).Missing), []string{"Bram : not_offered"})
}

func TestWalkingAndWhatTheFamilyHasAlreadyBindAProposal(t *testing.T) {
	t.Parallel()
	w := building(t)
	bakkers := w.recognised("Anna Bakker")
	first := bakkers.best(family.Question{Talks: w.asked("Anna Vak LON", "Bram Vak VIS")})
	if gap := first.Talks[1].Item.Start.Sub(first.Talks[0].End); gap != 10*time.Minute || first.WalkMinutes != 5 || first.WaitMinutes != 5 {
		t.Errorf("%v, walk %d, wait %d", w.proposed(first), first.WalkMinutes, first.WaitMinutes)
	}
	bakkers.makes(w.talks("Anna Vak LON 20:00")...)
	second := bakkers.best(family.Question{Talks: w.asked("Bram Mentor", "Bram Vak VIS")})
	if second.Days != 1 || second.WaitMinutes+second.WalkMinutes > 10 {
		t.Errorf("beside 20:00: %v, days %d, wait %d", w.proposed(second), second.Days, second.WaitMinutes)
	}
	only := []family.Window{{Day: w.evening.Days[0].ID, From: "19:55", Until: "20:15"}}
	equal(t, "missing", w.lacking(bakkers.propose(family.Question{Talks: w.asked("Bram Vak VIS"), Windows: only}).Missing), []string{"Bram VIS: own_appointments"})
}

func TestChosenTimesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	kept := w.talks("Anna Mentor NOO 20:00", "Bram Mentor ZUI Thu 20:40")
	best := bakkers.best(family.Question{Keep: kept, Talks: w.asked("Bram Vak LON", "Cato Mentor")})
	got := w.proposed(best)
	if len(got) != 4 || !slices.Contains(got, "Tue 20:00 Anna NOO") || !slices.Contains(got, "Thu 20:40 Bram ZUI") || best.Days != 2 || best.WaitMinutes != 0 {
		t.Errorf("%v, days %d, wait %d", got, best.Days, best.WaitMinutes)
	}
	bakkers.in(w.fork()).book(appointment.Change{Make: items(best)})
	w.recognised("Jet Prins").makes(w.talks("Jet Mentor NOO 20:00")...)
	again := bakkers.best(family.Question{Keep: kept, Talks: w.asked("Cato Mentor")})
	equal(t, "missing", w.lacking(again.Missing), []string{"Anna NOO: full"})
}

func TestTheLimitsOfTheConferenceBindAProposal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(models.ConferenceRules{MaxPerHousehold: 2, MaxPerPupil: 1})
	bakkers := w.recognised("Anna Bakker")
	best := bakkers.best(family.Question{Talks: w.asked("Anna Vak LON", "Anna Mentor", "Bram Mentor", "Cato Mentor")})
	if got := w.proposed(best); len(got) != 2 {
		t.Errorf("proposed %v", got)
	}
	if len(best.Missing) != 2 || best.Missing[0].Reason != family.MissingLimit || best.Missing[1].Reason != family.MissingLimit {
		t.Errorf("missing %v", w.lacking(best.Missing))
	}
	bakkers.in(w.fork()).book(appointment.Change{Make: items(best)})
	// What cannot be had at all leaves its place to another wish.
	w.available(w.evening, w.windows("LON", 0, nil), w.windows("LON", 1, nil))
	instead := bakkers.best(family.Question{Talks: w.asked("Anna Vak LON", "Anna Mentor", "Bram Mentor")})
	if len(instead.Talks) != 2 {
		t.Errorf("proposed %v, missing %v", w.proposed(instead), w.lacking(instead.Missing))
	}
	staff, err := w.booking.Families.Propose(w.ctx, w.operator, family.Question{Household: w.home("Anna"), Talks: w.asked("Anna Mentor", "Anna Vak VIS", "Bram Mentor", "Cato Mentor")})
	w.must(err)
	if len(staff.Proposals[0].Talks) != 4 {
		t.Errorf("staff are held to the limits: %v", w.proposed(staff.Proposals[0]))
	}
}

func TestAHouseholdThatSplitsUpIsHomeEarlier(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	found := bakkers.propose(family.Question{Parties: 2, Talks: w.asked("Anna Mentor", "Bram Mentor", "Cato Mentor", "Cato Vak LON")})
	best := found.Proposals[0]
	parties := map[int]int{}
	for _, talk := range best.Talks {
		parties[talk.Item.Party]++
	}
	last := best.Talks[len(best.Talks)-1]
	if len(best.Talks) != 4 || parties[1] == 0 || parties[2] == 0 || last.End.Sub(best.Talks[0].Item.Start) > 40*time.Minute || best.Proven {
		t.Errorf("%v", w.proposed(best))
	}
	for i, proposal := range found.Proposals {
		copied := w.fork()
		bakkers.in(copied).book(appointment.Change{Make: items(proposal)})
		copied.consistent()
		if len(proposal.Talks) != 4 {
			t.Errorf("proposal %d: %v", i, w.proposed(proposal))
		}
	}
}

func TestTwoPartiesDoNotMeetOneTeacherAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	narrow := []family.Window{{Day: w.evening.Days[0].ID, From: "19:00", Until: "19:20"}}
	question := family.Question{Parties: 2, Windows: narrow, Talks: w.asked("Anna Vak LON", "Bram Vak VIS", "Cato Vak LON", "Anna Vak VIS"), Most: 1}
	bakkers := w.recognised("Anna Bakker")
	best := bakkers.best(question)
	if len(best.Talks) != 4 || len(best.Missing) != 0 {
		t.Errorf("%v, missing %v", w.proposed(best), w.lacking(best.Missing))
	}
	bakkers.book(appointment.Change{Make: items(best)})
	w.consistent()
}

func TestWhatTheSessionMayNotSeeIsNotInAProposal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := w.recognised("Bram Bakker")
	question := family.Question{Talks: w.asked("Bram Mentor"), Most: 1, Windows: []family.Window{{Day: w.evening.Days[0].ID, Until: "19:40"}}}
	before := w.proposed(stranger.best(question))
	w.confirmed("Cato Bakker").makes(w.talks("Cato Mentor WES 19:00")...)
	equal(t, "proposed to who may not know", w.proposed(stranger.best(question)), before)
	equal(t, "proposed to who may know", w.proposed(w.confirmed("Cato Bakker").best(question)), []string{"Tue 19:20 Bram ZUI"})
	item := stranger.best(question).Talks[0].Item
	if got := stranger.refused(appointment.Change{Make: []appointment.Request{item}}); len(got) != 1 || !strings.HasSuffix(got[0], ": taken") {
		t.Errorf("refused %v", got)
	}
	question.Refused = []appointment.Request{item}
	again := stranger.best(question)
	equal(t, "after the refusal", w.proposed(again), []string{"Tue 19:20 Bram ZUI"})
	stranger.book(appointment.Change{Make: items(again)})
}

func TestSeparatedParentsLearnNothingOfEachOther(t *testing.T) {
	t.Parallel()
	w, mother, father := separated(t)
	question := family.Question{Talks: w.asked("Emma Mentor NOO", "Emma Vak LON"), Most: 1, Windows: []family.Window{{Day: w.evening.Days[0].ID, Until: "19:40"}}}
	mother.book(appointment.Change{Make: items(mother.best(question))})
	equal(t, "the mother's", mother.sees(), []string{"Tue 19:00 Emma NOO", "Tue 19:20 Emma LON"})
	// The teacher's time is taken, as it would be by anybody; the father's own wishes are not met yet, and he may be there at the same time elsewhere.
	equal(t, "the father's", w.proposed(father.best(question)), []string{"Tue 19:10 Emma LON", "Tue 19:20 Emma NOO"})
	if found := father.propose(family.Question{}); len(found.Requests) != 1 {
		t.Errorf("the father is told that %d talks are left", len(found.Requests))
	}
	father.book(appointment.Change{Make: items(father.best(question))})
}

func TestJointTalksNeedAllTheirTeachers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talks("Jet Mentor NOO 19:00")...)
	w.confirmed("Emma Smit").makes(w.talks("Emma Mentor OOS 19:20")...)
	anna := w.recognised("Anna Bakker")
	equal(t, "both mentors", w.proposed(anna.best(family.Question{Talks: w.asked("Anna Mentor NOO+OOS"), Windows: []family.Window{{Day: w.evening.Days[0].ID, Until: "20:00"}}})), []string{"Tue 19:40 Anna NOO+OOS"})
	single := w.proposed(anna.best(family.Question{Talks: w.asked("Anna Mentor")}))
	if len(single) != 1 || strings.Contains(single[0], "+") {
		t.Errorf("any mentor: %v", single)
	}
}

func TestMoreThanTwelveTalksAreNotProven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := evenings()
	second.Title = "Nog een ronde"
	second.TalkKinds = second.TalkKinds[1:2]
	made := w.create(second)
	var days []availability.TeacherDay
	for _, day := range made.Days {
		for _, code := range []string{"LON", "VIS"} {
			days = append(days, availability.TeacherDay{Staff: w.staff[code], Day: day.ID, Windows: []rules.Window{{From: "19:00", Until: "22:00"}}})
		}
	}
	w.available(made, days...)
	w.openConference(made.ID)
	var talks []family.TalkRequest
	for _, child := range []string{"Anna", "Bram", "Cato"} {
		talks = append(talks, w.asked(child+" Mentor", child+" Vak LON", child+" Vak VIS")...)
		for _, code := range []string{"LON", "VIS"} {
			talks = append(talks, family.TalkRequest{Ref: child + code, Pupil: w.pupils[child], TalkKind: made.TalkKinds[0].ID, Staff: w.members(code)})
		}
	}
	bakkers := w.recognised("Anna Bakker")
	best := bakkers.best(family.Question{Talks: talks})
	if len(best.Talks) != 15 || best.Proven {
		t.Errorf("%d of %d talks, proven %v, missing %v", len(best.Talks), len(talks), best.Proven, w.lacking(best.Missing))
	}
	bakkers.book(appointment.Change{Make: items(best)})
	w.consistent()
}

func TestNobodyIsProposedWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	for name, test := range map[string]struct {
		actor    models.Actor
		question family.Question
		code     string
	}{
		"another family's child":        {bakkers.actor(), family.Question{Talks: w.asked("Jet Mentor")}, "booking.no-such-child"},
		"a talk that is none":           {bakkers.actor(), family.Question{Talks: []family.TalkRequest{{Pupil: w.pupils["Anna"], TalkKind: models.New[models.TalkKindID]()}}}, "booking.no-such-talk"},
		"staff without a household":     {w.operator, family.Question{}, "not-found"},
		"a household that is not there": {w.operator, family.Question{Household: models.New[models.HouseholdID]()}, "not-found"},
		"staff for another's child":     {w.operator, family.Question{Household: w.home("Jet"), Talks: w.asked("Anna Mentor")}, "booking.no-such-child"},
		"a kept talk of another's":      {bakkers.actor(), family.Question{Keep: w.talks("Jet Mentor NOO 19:00")}, "booking.no-such-child"},
		"more than anybody has":         {bakkers.actor(), family.Question{Talks: make([]family.TalkRequest, 61)}, "booking.too-many-items"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.booking.Families.Propose(w.ctx, test.actor, test.question)
			wantCode(t, err, test.code)
		})
	}
	for field, question := range map[string]family.Question{
		"windows[0].from":  {Windows: []family.Window{{From: "soon"}}},
		"windows[0].until": {Windows: []family.Window{{From: "20:00", Until: "19:00"}}},
		"windows[0].day":   {Windows: []family.Window{{Day: models.New[models.DayID]()}}},
		"parties":          {Parties: 3},
		"most":             {Most: 4},
	} {
		_, err := w.booking.Families.Propose(w.ctx, bakkers.actor(), question)
		if failed, ok := errs.As(err); !ok || len(failed.Fields) != 1 || failed.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestNothingIsProposedWhileBookingIsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	actor := bakkers.actor()
	w.clock.Set(time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC))
	found, err := w.booking.Families.Propose(w.ctx, actor, family.Question{})
	w.must(err)
	if len(found.Proposals)+len(found.Requests) != 0 {
		t.Errorf("proposed %+v", found)
	}
	asked, err := w.booking.Families.Propose(w.ctx, actor, family.Question{Talks: w.asked("Bram Mentor")})
	w.must(err)
	equal(t, "asked for", w.lacking(asked.Missing), []string{"Bram ZUI: closed"})
}

func BenchmarkPropose(b *testing.B) {
	w := newWorld(b)
	bakkers := w.recognised("Anna Bakker")
	actor := bakkers.actor()
	for name, question := range map[string]family.Question{
		"3 talks": {Talks: w.asked("Anna Mentor", "Bram Mentor", "Cato Mentor")},
		"9 talks": {Talks: w.asked("Anna Mentor", "Bram Mentor", "Cato Mentor", "Anna Vak LON", "Anna Vak VIS", "Bram Vak LON", "Bram Vak VIS", "Cato Vak LON", "Cato Vak VIS")},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := w.booking.Families.Propose(w.ctx, actor, question); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
