package booking_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/appointment"
	conferences "github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
)

// session is a parent's log-in, as the pages keep it: a token and a device.
type session struct {
	w             *world
	token, device string
}

// recognised logs in by a child's name, birth date and postcode, on a new device.
func (w *world) recognised(name string) *session {
	w.t.Helper()
	return w.recognisedOn("", name, known[name][1])
}

func (w *world) recognisedOn(device, name, postcode string) *session {
	w.t.Helper()
	opened, err := w.auth.Parents.Recognise(w.ctx, w.school, parent.Answers{Name: name, Factors: map[models.Factor]string{models.FactorBirthDate: known[name][0], models.FactorPostcode: postcode}}, parent.Origin{Device: device})
	w.must(err)
	return &session{w, opened.Token, opened.Device}
}

// confirmed logs in by a code that staff read out.
func (w *world) confirmed(name string) *session {
	w.t.Helper()
	return w.confirmedAt(w.home(strings.Fields(name)[0]), name)
}

func (w *world) confirmedAt(home models.HouseholdID, name string) *session {
	w.t.Helper()
	code, _, err := w.auth.Parents.DeskCode(w.ctx, w.operator, home)
	w.must(err)
	opened, err := w.auth.Parents.Recognise(w.ctx, w.school, parent.Answers{Name: name, Code: code}, parent.Origin{})
	w.must(err)
	return &session{w, opened.Token, opened.Device}
}

// home is the first household of a pupil.
func (w *world) home(given string) models.HouseholdID {
	w.t.Helper()
	people, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	homes := people.HouseholdsOf(w.pupils[given])
	if len(homes) == 0 {
		w.t.Fatalf("%s has no household", given)
	}
	return homes[0].HouseholdID
}

// in is the same session in a copy of the world.
func (s *session) in(other *world) *session { return &session{other, s.token, s.device} }

// actor is what each request of the session is made as.
func (s *session) actor() models.Actor {
	s.w.t.Helper()
	actor, err := s.w.auth.Authenticate(s.w.ctx, s.w.school, s.token)
	s.w.must(err)
	return actor
}

func (s *session) family() *family.Family {
	s.w.t.Helper()
	family, err := s.w.booking.Families.Family(s.w.ctx, s.actor())
	s.w.must(err)
	return family
}

func (s *session) try(change appointment.Change) (*appointment.Outcome, error) {
	s.w.t.Helper()
	return s.w.booking.Appointments.Book(s.w.ctx, s.actor(), change)
}

func (s *session) book(change appointment.Change) *appointment.Outcome {
	s.w.t.Helper()
	outcome, err := s.try(change)
	if err != nil {
		s.w.t.Fatalf("book: %v %v", err, reasons(err))
	}
	return outcome
}

// makes books one talk for each item.
func (s *session) makes(items ...appointment.Request) *appointment.Outcome {
	s.w.t.Helper()
	return s.book(appointment.Change{Make: items})
}

// refused books and gives the failing items, "ref: reason".
func (s *session) refused(change appointment.Change) []string {
	s.w.t.Helper()
	outcome, err := s.try(change)
	if err == nil {
		s.w.t.Fatalf("booked, but should have been refused: %+v", outcome.Appointments)
	}
	if errs.CodeOf(err) != "booking.items" {
		s.w.t.Fatalf("refused otherwise: %v", err)
	}
	return reasons(err)
}

func reasons(err error) []string {
	failed, ok := errs.As(err)
	if !ok {
		return nil
	}
	return listed(failed.Items)
}

// listed gives failing items as "ref: reason".
func listed(items []errs.Item) []string {
	list := []string{}
	for _, item := range items {
		list = append(list, item.Ref+": "+item.Code)
	}
	return list
}

func itemsOf(t testing.TB, err error) []errs.Item {
	t.Helper()
	var failed *errs.Error
	if !errors.As(err, &failed) || failed.Code != "booking.items" {
		t.Fatalf("no failing items but: %v", err)
	}
	return failed.Items
}

// kind finds a talk kind of a conference by its title.
func (w *world) kind(conference *programme.Conference, title string) models.TalkKindID {
	w.t.Helper()
	for _, kind := range conference.TalkKinds {
		if kind.Details.Title == title {
			return kind.ID
		}
	}
	w.t.Fatalf("no talk kind %q", title)
	return models.TalkKindID{}
}

func (w *world) members(codes string) []models.StaffID {
	w.t.Helper()
	var members []models.StaffID
	for code := range strings.SplitSeq(codes, "+") {
		id, ok := w.staff[code]
		if !ok {
			w.t.Fatalf("no teacher %q", code)
		}
		members = append(members, id)
	}
	return members
}

// at is a time of the wall clock on one of the evenings.
func (w *world) at(day int, clock string) time.Time {
	w.t.Helper()
	return wall(w.t, w.evening.Days[day].Date.String(), clock)
}

func wall(t testing.TB, day, clock string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, amsterdam(t))
	if err != nil {
		t.Fatal(err)
	}
	return instant.UTC()
}

func amsterdam(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// talk is an item written "Anna Mentor ZUI 19:00"; a duo is "NOO+OOS", and the second evening "Thu 19:00". The first word is also its ref.
func (w *world) talk(text string) appointment.Request {
	w.t.Helper()
	words := strings.Fields(text)
	day := 0
	if len(words) == 5 && words[3] == "Thu" {
		day, words = 1, slices.Delete(words, 3, 4)
	}
	if len(words) != 4 {
		w.t.Fatalf("%q is no talk", text)
	}
	pupil, ok := w.pupils[words[0]]
	if !ok {
		w.t.Fatalf("no pupil %q", words[0])
	}
	return appointment.Request{
		Ref: words[0] + " " + words[2], Pupil: pupil, TalkKind: w.kind(w.evening, words[1]), Staff: w.members(words[2]), Start: w.at(day, words[3]),
	}
}

func (w *world) talks(texts ...string) []appointment.Request {
	w.t.Helper()
	items := make([]appointment.Request, len(texts))
	for i, text := range texts {
		items[i] = w.talk(text)
	}
	return items
}

// show writes appointments as "Tue 19:00 Anna NOO+OOS".
func (w *world) show(views []rules.AppointmentView) []string {
	w.t.Helper()
	codes := map[models.StaffID]string{}
	for code, id := range w.staff {
		codes[id] = code
	}
	texts := make([]string, len(views))
	for i, view := range views {
		var staff []string
		for _, member := range view.Staff {
			staff = append(staff, codes[member.ID])
		}
		slices.Sort(staff)
		texts[i] = fmt.Sprintf("%s %s %s", view.Start.In(amsterdam(w.t)).Format("Mon 15:04"), view.Child, strings.Join(staff, "+"))
	}
	return texts
}

// sees is what a session's family page shows of its appointments.
func (s *session) sees() []string {
	s.w.t.Helper()
	return s.w.show(s.family().Appointments)
}

// schedule is everything booked in the conference.
func (w *world) schedule() []string {
	w.t.Helper()
	lines, err := w.booking.Conferences.Schedule(w.ctx, w.operator, w.evening.ID, conferences.ScheduleFilter{})
	w.must(err)
	views := make([]rules.AppointmentView, len(lines))
	for i, line := range lines {
		views[i] = line.AppointmentView
	}
	return w.show(views)
}

// offered finds a talk of a child on the family page.
func (s *session) offered(given, title string) family.Talk {
	s.w.t.Helper()
	for _, child := range s.family().Children {
		for _, talk := range child.Talks {
			if child.Given == given && talk.Title == title {
				return talk
			}
		}
	}
	s.w.t.Fatalf("%s is offered no %s", given, title)
	return family.Talk{}
}

// free gives the free starts of a child's talk with a staff set, "Tue 19:00".
func (s *session) free(given, title, codes string) []string {
	s.w.t.Helper()
	wanted := s.w.members(codes)
	for _, option := range s.offered(given, title).Options {
		var staff []models.StaffID
		for _, member := range option.Staff {
			staff = append(staff, member.ID)
		}
		if !sameMembers(staff, wanted) {
			continue
		}
		texts := []string{}
		for _, slot := range option.Free {
			texts = append(texts, slot.Start.In(amsterdam(s.w.t)).Format("Mon 15:04"))
		}
		return texts
	}
	s.w.t.Fatalf("%s is offered no %s with %s", given, title, codes)
	return nil
}

func sameMembers(a, b []models.StaffID) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.SortFunc(a, models.StaffID.Compare)
	slices.SortFunc(b, models.StaffID.Compare)
	return slices.Equal(a, b)
}

// equal compares lists of texts.
func equal(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s\n got %q\nwant %q", what, got, want)
	}
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if err == nil || errs.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func wantField(t testing.TB, err error, field, code string) {
	t.Helper()
	failed, ok := errs.As(err)
	if !ok || failed.Kind != errs.Invalid || len(failed.Fields) != 1 || failed.Fields[0].Name != field || failed.Fields[0].Code != code {
		t.Errorf("got %v, want %s: %s", err, field, code)
	}
}

func wantKind(t testing.TB, err error, kind errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != kind {
		t.Errorf("got %v, want kind %d", err, kind)
	}
}

// logIn logs in a child that is not in the list of known ones.
func (w *world) logIn(name, birthDate, postcode string) *session {
	w.t.Helper()
	opened, err := w.auth.Parents.Recognise(w.ctx, w.school, parent.Answers{Name: name, Factors: map[models.Factor]string{models.FactorBirthDate: birthDate, models.FactorPostcode: postcode}}, parent.Origin{})
	w.must(err)
	return &session{w, opened.Token, opened.Device}
}
