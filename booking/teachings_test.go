package booking_test

import (
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/teaching"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// teaches lists who teaches a child, "subject LON Engels", in order.
func (w *world) teaches(child string) []string {
	w.t.Helper()
	known, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	lines := []string{}
	for row := range known.Teachings(w.pupils[child]) {
		staff, _ := known.Staff(row.StaffID)
		line := string(row.Role) + " " + staff.Details.Key
		if row.Subject != "" {
			line += " " + row.Subject
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// tie finds a row of who teaches a group.
func (w *world) tie(code, group string) models.Teaching {
	w.t.Helper()
	rows, _, err := w.booking.Teachings.List(w.ctx, w.operator)
	w.must(err)
	at := slices.IndexFunc(rows, func(row models.Teaching) bool { return row.StaffID == w.staff[code] && row.GroupID == w.groups[group] })
	if at < 0 {
		w.t.Fatalf("%s does not teach %s", code, group)
	}
	return rows[at]
}

func TestATeachingThatIsAddedOrRemovedByHandIsKeptAgainstImports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.confirmed("Anna Bakker").makes(w.talks("Bram Mentor ZUI 19:20", "Bram Vak LON 19:50")...)
	before := []string{"mentor ZUI", "subject LON Engels", "subject VIS Wiskunde"}
	equal(t, "before", w.teaches("Bram"), before)
	mentor := w.tie("ZUI", "2B").ID
	preview, err := w.booking.Teachings.Remove(w.ctx, w.operator, mentor, true)
	w.must(err)
	if preview.Consequences.Undecided != 1 || len(preview.Teachings) != 1 {
		t.Errorf("preview %+v", preview)
	}
	equal(t, "after a preview", w.teaches("Bram"), before)
	done, err := w.booking.Teachings.Remove(w.ctx, w.operator, mentor, false)
	w.must(err)
	if done.Consequences != preview.Consequences {
		t.Errorf("done %+v, previewed %+v", done.Consequences, preview.Consequences)
	}
	_, err = w.booking.Teachings.Remove(w.ctx, w.operator, mentor, false)
	wantKind(t, err, errs.NotFound)
	care := models.Teaching{StaffID: w.staff["KAD"], PupilID: w.pupils["Bram"], Role: models.TeachesCare, Subject: " Rekenen "}
	added, err := w.booking.Teachings.Add(w.ctx, w.operator, care, false)
	w.must(err)
	_, err = w.booking.Teachings.Add(w.ctx, w.operator, models.Teaching{StaffID: care.StaffID, PupilID: care.PupilID, Role: care.Role, Subject: "Rekenen"}, false)
	wantCode(t, err, errs.CodeExists)

	by := []string{"care KAD Rekenen", "subject LON Engels", "subject VIS Wiskunde"}
	equal(t, "by hand", w.teaches("Bram"), by)
	result := w.again()
	equal(t, "after an import", w.teaches("Bram"), by)
	if equal(t, "kept", keptWords(result.Change.Kept), []string{"ZUI: teaching"}); !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
	// A file without the mentor, and one with him again.
	w.must(second(w.booking.People.ImportTeachers(w.ctx, w.operator, w.table("2B;Cor Zuid;mentor;;c.zuid@school.example.com;ZUI\n", ""))))
	w.again()
	equal(t, "after he was away", w.teaches("Bram"), by)
	list, err := w.booking.Decisions.Undecided(w.ctx, w.operator)
	w.must(err)
	if len(list.Talks) != 1 || list.Talks[0].Left {
		t.Errorf("to decide %+v", list.Talks)
	}
	if released, err := w.booking.Teachings.Release(w.ctx, w.operator, mentor, false); err != nil || len(released.Teachings) != 1 {
		t.Errorf("released %+v %v", released, err)
	}
	w.must(second(w.booking.Teachings.Remove(w.ctx, w.operator, added.Teachings[0].ID, false)))
	equal(t, "as it was", w.teaches("Bram"), before)
	_, err = w.booking.Teachings.Release(w.ctx, w.operator, mentor, false)
	wantKind(t, err, errs.NotFound)
	if again := w.again(); !again.Change.Empty() || len(again.Change.Kept) > 0 {
		t.Errorf("change %+v", again.Change)
	}
	for field, wrong := range map[string]models.Teaching{
		"teacher": {GroupID: w.groups["2B"], Role: models.TeachesMentor}, "group": {StaffID: w.staff["ZUI"], Role: models.TeachesMentor},
		"pupil": {StaffID: w.staff["ZUI"], PupilID: models.New[models.PupilID](), Role: models.TeachesMentor}, "role": {StaffID: w.staff["ZUI"], GroupID: w.groups["2B"], Role: "head"},
	} {
		_, err := w.booking.Teachings.Add(w.ctx, w.operator, wrong, false)
		if failed, ok := errs.As(err); !ok || len(failed.Fields) != 1 || failed.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestASubstituteTeachesUntilItIsTakenBackWhateverFilesSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.confirmed("Anna Bakker").makes(w.talks("Bram Vak LON 19:50", "Anna Vak LON 19:00")...)
	p.drain()
	english := teaching.Substitution{Teacher: w.staff["LON"], Substitute: w.staff["WES"], Group: w.groups["2B"]}
	preview, err := w.booking.Teachings.Substitute(w.ctx, w.operator, english, true)
	w.must(err)
	done, err := w.booking.Teachings.Substitute(w.ctx, w.operator, english, false)
	w.must(err)
	if preview.Consequences != done.Consequences || done.Consequences.Undecided != 1 || done.Consequences.Families != 0 || len(done.Teachings) != 1 {
		t.Errorf("previewed %+v, done %+v", preview.Consequences, done.Consequences)
	}
	if told := p.confirmations(); len(told) > 0 {
		t.Errorf("%d families are told before anything is decided", len(told))
	}
	instead := []string{"mentor ZUI", "subject VIS Wiskunde", "subject WES Engels"}
	check := func(when string) {
		t.Helper()
		equal(t, when, w.teaches("Bram"), instead)
		equal(t, when+", another class", w.teaches("Cato"), []string{"mentor WES", "subject LON Engels", "subject VIS Wiskunde"})
	}
	check("from now on")
	result := w.again()
	if equal(t, "kept", keptWords(result.Change.Kept), []string{"LON: substitute"}); !result.Change.Empty() {
		t.Errorf("change %+v", result.Change)
	}
	check("after an import")
	const row = "2B;Eva Lont;vakdocent;Engels;e.lont@school.example.com;LON"
	w.must(second(w.booking.People.ImportTeachers(w.ctx, w.operator, w.table(row, "2B;Eva Lont;vakdocent;Engelse taal;e.lont@school.example.com;LON"))))
	if got := w.teaches("Bram"); slices.Contains(got, "subject LON Engelse taal") || !slices.Contains(got, "subject WES Engelse taal") {
		t.Errorf("with a subject written otherwise: %q", got)
	}
	w.must(second(w.booking.People.ImportTeachers(w.ctx, w.operator, w.table(row+"\n", ""))))
	w.again()
	check("after she was away")

	list, err := w.booking.Decisions.Undecided(w.ctx, w.operator)
	w.must(err)
	if len(list.Talks) != 1 || list.Talks[0].Child != "Bram" {
		t.Fatalf("to decide %+v", list.Talks)
	}
	busy, err := w.booking.Decisions.Decide(w.ctx, w.operator, people.Decision{Appointments: []models.AppointmentID{list.Talks[0].ID}, Teacher: w.staff["WES"]})
	if err != nil || len(busy) > 0 {
		t.Errorf("busy %v, %v", busy, err)
	}
	equal(t, "schedule", w.schedule(), []string{"Tue 19:00 Anna LON", "Tue 19:50 Bram WES"})

	back, err := w.booking.Teachings.TakeBack(w.ctx, w.operator, english, false)
	w.must(err)
	if back.Consequences.Undecided != 1 {
		t.Errorf("back %+v", back)
	}
	if got := w.teaches("Bram"); !slices.Contains(got, "subject LON Engels") || slices.Contains(got, "subject WES Engels") {
		t.Errorf("taken back: %q", got)
	}
	_, err = w.booking.Teachings.TakeBack(w.ctx, w.operator, english, false)
	wantField(t, err, "group", "not-taught")
	_, err = w.booking.Teachings.Substitute(w.ctx, w.operator, teaching.Substitution{Teacher: w.staff["LON"], Substitute: w.staff["LON"]}, false)
	wantField(t, err, "substitute", errs.CodeUnknown)
	_, err = w.booking.Teachings.Substitute(w.ctx, w.operator, teaching.Substitution{Teacher: w.staff["KAD"], Substitute: w.staff["LON"], Group: w.groups["2B"]}, false)
	wantField(t, err, "group", "not-taught")
	w.consistent()
}

func TestASubstituteForEverybodyCanHaveASubstitute(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	for _, pair := range [][2]string{{"LON", "WES"}, {"WES", "NOO"}} {
		w.must(second(w.booking.Teachings.Substitute(w.ctx, w.operator, teaching.Substitution{Teacher: w.staff[pair[0]], Substitute: w.staff[pair[1]]}, false)))
	}
	equal(t, "twice", w.teaches("Cato"), []string{"mentor NOO", "subject NOO Engels", "subject VIS Wiskunde"})
	w.must(second(w.booking.Teachings.TakeBack(w.ctx, w.operator, teaching.Substitution{Teacher: w.staff["WES"]}, false)))
	equal(t, "the one is back", w.teaches("Cato"), []string{"mentor WES", "subject NOO Engels", "subject VIS Wiskunde"})
	w.must(second(w.booking.Teachings.Substitute(w.ctx, w.operator, teaching.Substitution{Teacher: w.staff["NOO"], Substitute: w.staff["LON"], Group: w.groups["3C"]}, false)))
	equal(t, "and so the other", w.teaches("Cato"), []string{"mentor WES", "subject LON Engels", "subject VIS Wiskunde"})
	w.must(second(w.booking.Teachings.TakeBack(w.ctx, w.operator, teaching.Substitution{Teacher: w.staff["LON"]}, false)))
	if again := w.again(); !again.Change.Empty() || len(again.Change.Kept) > 0 {
		t.Errorf("change %+v", again.Change)
	}
}
