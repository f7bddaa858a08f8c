package booking_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// previewed is what an import would mean.
func (w *world) previewed(request people.ImportRequest) *people.ImportResult {
	w.t.Helper()
	result, err := w.booking.People.PreviewImport(w.ctx, w.operator, request)
	w.must(err)
	return result
}

func TestATalkOfAPupilWhoChangesClassStandsAndCanBeMovedToTheNewMentor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	family := w.confirmed("Gijs de Wit")
	w.recognised("Gijs de Wit").makes(w.talk("Gijs Mentor ZUI 19:00"))
	w.confirmed("Anna Bakker").makes(w.talk("Bram Mentor ZUI 19:20"))
	p.drain()
	request := w.changed("5-5-2012;1234AB;1;2B;2", "5-5-2012;1234AB;1;3C;3")
	preview := w.previewed(request)
	if got := preview.Consequences; got.Movable != 1 || got.Cancelled+got.Undecided+got.Following != 0 || got.Families != 1 {
		t.Errorf("the preview counts %+v", got)
	}
	// What is booked until then is counted by the import, and does not stand in its way.
	w.confirmed("Anna Bakker").makes(w.talk("Bram Vak LON 19:50"))
	request.Digest = preview.Digest
	if got := w.imported(request).Consequences; got.Movable != 1 {
		t.Errorf("the import counts %+v", got)
	}
	told := only(t, p.confirmations(), "m.bakker@example.com")
	if !strings.Contains(told.Text, "andere docenten") || !strings.Contains(told.Text, "19:20") {
		t.Errorf("told\n%s", told.Text)
	}
	bakkers := w.manages(told)
	equal(t, "it stands", bakkers.sees(), []string{"Tue 19:20 Bram ZUI", "Tue 19:50 Bram LON"})
	equal(t, "free with the new mentor", bakkers.free("Bram", "Mentor", "WES")[:1], []string{"Tue 19:00"})
	change := bakkers.cancels("Tue 19:20 Bram ZUI")
	moved := bakkers.move("Tue 19:20 Bram ZUI", 0, "19:20", "WES")
	change.Cancel, change.Move = nil, append(change.Move, moved)
	bakkers.book(change)
	equal(t, "moved", bakkers.sees(), []string{"Tue 19:20 Bram WES", "Tue 19:50 Bram LON"})
	if len(family.sees()) != 1 {
		t.Error("another family's talk changed")
	}
	w.consistent()
}

func TestTalksOfATeacherWhoLeftAreListedAndDecidedAndFamiliesAreToldThen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.confirmed("Anna Bakker").makes(w.talks("Anna Vak LON 19:00", "Bram Vak VIS 19:20")...)
	w.confirmed("Jet Prins").makes(w.talk("Jet Vak LON 19:10"))
	w.recognised("Finn Visser").makes(w.talk("Finn Vak VIS 19:10"))
	p.drain()
	_, err := w.booking.People.UpdateStaff(w.ctx, w.operator, w.staff["LON"], people.StaffPatch{Left: ptr(true)})
	w.must(err)
	list, err := w.booking.Decisions.Undecided(w.ctx, w.operator)
	w.must(err)
	if len(list.Talks) != 2 || !list.Talks[0].Left || list.Talks[0].Child != "Anna" || list.Talks[1].Child != "Jet" {
		t.Fatalf("listed %+v", list.Talks)
	}
	if told := p.confirmations(); len(told) != 0 {
		t.Errorf("%d families are told before anything is decided", len(told))
	}
	ids := []models.AppointmentID{list.Talks[0].ID, list.Talks[1].ID}
	// Visser is free at seven, and busy at ten past.
	busy, err := w.booking.Decisions.Decide(w.ctx, w.operator, people.Decision{Appointments: ids, Teacher: w.staff["VIS"]})
	w.must(err)
	if len(busy) != 1 || busy[0] != ids[1] {
		t.Errorf("busy %v", busy)
	}
	told := only(t, p.confirmations(), "m.bakker@example.com")
	if !strings.Contains(told.Text, "is er niet meer") || !strings.Contains(told.Text, "Visser") || strings.Contains(told.Text, "Lont") {
		t.Errorf("told\n%s", told.Text)
	}
	w.consistent()
	_, err = w.booking.Decisions.Decide(w.ctx, w.operator, people.Decision{Appointments: ids[1:], Cancel: true})
	w.must(err)
	told = only(t, p.confirmations(), "a.prins@example.com")
	if !strings.Contains(told.Text, "is er niet meer") || told.event.method != "CANCEL" {
		t.Errorf("told\n%s", told.Text)
	}
	equal(t, "schedule", w.schedule(), []string{"Tue 19:00 Anna VIS", "Tue 19:10 Finn VIS", "Tue 19:20 Bram VIS"})
	if list, err = w.booking.Decisions.Undecided(w.ctx, w.operator); err != nil || len(list.Talks) != 0 {
		t.Errorf("still listed: %+v %v", list.Talks, err)
	}
	_, err = w.booking.Decisions.Decide(w.ctx, w.operator, people.Decision{Appointments: ids, Cancel: true})
	wantKind(t, err, errs.NotFound)
	w.consistent()
}

func TestTalksWithATeacherWhoWasReplacedAreForTheSchoolToDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.confirmed("Anna Bakker").makes(w.talk("Bram Mentor ZUI 19:20"))
	p.drain()
	request := people.ImportRequest{Files: files()}
	request.Files[1].Data = []byte(strings.Replace(teachersFile, "2B;Cor Zuid;mentor;;c.zuid@school.example.com;ZUI", "2B;Dora West;mentor;;d.west@school.example.com;WES", 1))
	if got := w.previewed(request).Consequences; got.Undecided != 1 || got.Families != 0 || got.Movable+got.Cancelled != 0 {
		t.Errorf("the preview counts %+v", got)
	}
	w.imported(request)
	if told := p.confirmations(); len(told) != 0 {
		t.Errorf("%d families are told before anything is decided", len(told))
	}
	list, err := w.booking.Decisions.Undecided(w.ctx, w.operator)
	w.must(err)
	if len(list.Talks) != 1 || list.Talks[0].Left {
		t.Fatalf("listed %+v", list.Talks)
	}
	busy, err := w.booking.Decisions.Decide(w.ctx, w.operator, people.Decision{Appointments: []models.AppointmentID{list.Talks[0].ID}, Teacher: w.staff["WES"]})
	if err != nil || len(busy) != 0 {
		t.Errorf("busy %v, %v", busy, err)
	}
	equal(t, "schedule", w.schedule(), []string{"Tue 19:20 Bram WES"})
	w.consistent()
}

func TestAPreviewTakesNobodysTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	holding, release := make(chan struct{}), make(chan struct{})
	held := make(chan error, 1)
	go func() {
		held <- w.store.For(w.operator).Write(w.ctx, func(*store.Tx) error {
			close(holding)
			<-release
			return nil
		})
	}()
	<-holding
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second) // a preview that waits for the turn would wait for good
	defer cancel()
	result, err := w.booking.People.PreviewImport(ctx, w.operator, w.changed(line("Jet"), "", line("Cato"), ""))
	close(release)
	w.must(err)
	if len(result.Change.Gone) != 2 {
		t.Errorf("change %+v", result.Change)
	}
	w.must(<-held)
}

func TestAnImportOfWhatChangedMeanwhileIsPlannedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.changed(line("Jet"), "")
	request.Digest = w.previewed(request).Digest
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Given: ptr("Annabel")})
	w.must(err)
	_, err = w.booking.People.Import(w.ctx, w.operator, request)
	wantKind(t, err, errs.Stale)
}

func TestABookingBetweenPreviewAndImportIsReportedAndNotRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.changed(line("Jet"), "")
	preview := w.previewed(request)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	request.Digest = preview.Digest
	result := w.imported(request)
	if preview.Consequences.Cancelled != 0 || result.Consequences.Cancelled != 1 || result.Change.CancelledTalks != 1 {
		t.Errorf("previewed %+v, imported %+v", preview.Consequences, result.Consequences)
	}
}

func TestAClassThatIsCorrectedByHandIsToldToTheFamilyThatHasTalks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.confirmed("Anna Bakker").makes(w.talks("Bram Mentor ZUI 19:20", "Bram Vak LON 19:50", "Anna Vak LON 19:00")...)
	w.confirmed("Gijs de Wit").makes(w.talk("Gijs Mentor ZUI 19:00"))
	p.drain()
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Bram"], people.PupilPatch{Given: ptr("Bram")})
	w.must(err)
	if told := p.confirmations(); len(told) != 0 {
		t.Errorf("%d families are told of a name", len(told))
	}
	_, err = w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Bram"], people.PupilPatch{Group: ptr(w.groups["3C"])})
	w.must(err)
	told := only(t, p.confirmations(), "m.bakker@example.com")
	if strings.Count(told.Text, "andere docenten") != 1 || !strings.Contains(told.Text, "19:20") {
		t.Errorf("told\n%s", told.Text)
	}
	equal(t, "they stand", w.schedule(), []string{"Tue 19:00 Anna LON", "Tue 19:00 Gijs ZUI", "Tue 19:20 Bram ZUI", "Tue 19:50 Bram LON"})
	w.consistent()
}

func TestATalkThatIsKeptAsItIsIsListedAgainOnlyIfSomethingElseBecomesTrueOfIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.confirmed("Anna Bakker").makes(w.talks("Anna Vak LON 19:00", "Bram Mentor ZUI 19:20")...)
	p.drain()
	left := func(code string) {
		_, err := w.booking.People.UpdateStaff(w.ctx, w.operator, w.staff[code], people.StaffPatch{Left: ptr(true)})
		w.must(err)
	}
	undecided := func() []string {
		list, err := w.booking.Decisions.Undecided(w.ctx, w.operator)
		w.must(err)
		var children []string
		for _, talk := range list.Talks {
			children = append(children, talk.Child)
		}
		return children
	}
	keep := func() {
		list, err := w.booking.Decisions.Undecided(w.ctx, w.operator)
		w.must(err)
		var ids []models.AppointmentID
		for _, talk := range list.Talks {
			ids = append(ids, talk.ID)
		}
		w.must(second(w.booking.Decisions.Decide(w.ctx, w.operator, people.Decision{Appointments: ids, Keep: true})))
	}
	left("LON")
	equal(t, "asked", undecided(), []string{"Anna"})
	keep()
	equal(t, "once kept", undecided(), nil)
	w.again(line("Jet"), "")
	equal(t, "after an import of something else", undecided(), nil)
	if told := p.confirmations(); len(told) != 0 {
		t.Errorf("%d families are told that nothing changes", len(told))
	}
	left("ZUI")
	equal(t, "of another teacher", undecided(), []string{"Bram"})
	keep()
	w.must(second(w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Anna"], people.PupilPatch{Group: ptr(w.groups["3C"])})))
	equal(t, "once the child has another class", undecided(), []string{"Anna"})
	for _, decision := range []people.Decision{{}, {Keep: true, Cancel: true}, {Keep: true, Teacher: w.staff["VIS"]}} {
		_, err := w.booking.Decisions.Decide(w.ctx, w.operator, decision)
		wantKind(t, err, errs.Invalid)
	}
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Anna"]))
	w.nothingLeftOf(w.pupils["Anna"])
	w.consistent()
}

func TestATableOfTeachersCountsWhatItMeansForTalksAndTheDigestDoesNotCoverThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.confirmed("Gijs de Wit").makes(w.talk("Gijs Mentor ZUI 19:00"))
	table := w.table("2B;Cor Zuid;mentor;;c.zuid@school.example.com;ZUI", "2B;Dora West;mentor;;d.west@school.example.com;WES")
	preview, err := w.booking.People.PreviewTeachers(w.ctx, w.operator, table)
	w.must(err)
	if want := (people.Consequences{Undecided: 1}); preview.Consequences != want {
		t.Errorf("previewed %+v", preview.Consequences)
	}
	w.confirmed("Anna Bakker").makes(w.talk("Bram Mentor ZUI 19:20"))
	table.Digest = preview.Digest
	done, err := w.booking.People.ImportTeachers(w.ctx, w.operator, table)
	w.must(err)
	if want := (people.Consequences{Undecided: 2}); done.Consequences != want {
		t.Errorf("imported %+v", done.Consequences)
	}
	list, err := w.booking.Decisions.Undecided(w.ctx, w.operator)
	w.must(err)
	if len(list.Talks) != 2 {
		t.Errorf("listed %+v", list.Talks)
	}
}
