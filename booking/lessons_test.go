package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/teaching"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// timetable is a list of lessons as a timetable program writes it: each lesson of each pupil is a row, week after week.
func timetable(header string, lines ...string) roster.File {
	text := "Dag;Uur;" + header + ";Lokaal\n"
	for week := range 40 {
		for i, line := range lines {
			text += fmt.Sprintf("%d;%d;%s;%d\n", week%5+1, i%9+1, line, 100+i)
		}
	}
	return roster.File{Name: "lessen.csv", Data: []byte(text)}
}

// lessons are those of the little school: English by Lont for all, mathematics by Visser for all but Emma, French by West for Anna and Emma alone.
func lessons() (lines []string) {
	for _, number := range []string{"1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "1009"} {
		lines = append(lines, number+";Engels;LON")
		if number != "1004" {
			lines = append(lines, number+";Wiskunde;vis")
		}
	}
	return append(lines, "1001;Frans;WES", "0001004;Frans;WES")
}

var taughtByLessons = map[string][]string{
	"Anna": {"care KAD", "mentor NOO", "mentor OOS", "subject LON Engels", "subject VIS Wiskunde", "subject WES Frans"},
	"Emma": {"care KAD", "mentor NOO", "mentor OOS", "subject LON Engels", "subject WES Frans"},
	"Bram": {"mentor ZUI", "subject LON Engels", "subject VIS Wiskunde"},
	"Hugo": {"care KAD", "mentor NOO", "mentor OOS", "subject LON Engels", "subject VIS Wiskunde"},
	"Gijs": {"mentor ZUI", "subject LON Engels", "subject VIS Wiskunde"},
	"Finn": {"care KAD", "mentor NOO", "mentor OOS", "subject LON Engels", "subject VIS Wiskunde"},
	"Cato": {"mentor WES", "subject LON Engels", "subject VIS Wiskunde"},
}

func (w *world) taughtRows() (groups, pupils int) {
	w.read(func(tx *store.Tx) {
		rows, err := store.List[models.Teaching](tx)
		w.must(err)
		for _, row := range rows {
			if row.PupilID.IsZero() {
				groups++
			} else {
				pupils++
			}
		}
	})
	return groups, pupils
}

func TestAListOfLessonsSaysWhoTeachesWhom(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{"by code": "Leerlingnummer;Vak;Docentcode", "with codes where others have names": "Stamnummer;Vaknaam;Docent"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.confirmed("Emma Smit").makes(w.talk("Emma Vak VIS 19:00"))
			table := people.TeachingTable{Table: timetable(header, append(lessons(), "9999;Engels;LON")...)}
			preview, err := w.booking.People.PreviewTeachers(w.ctx, w.operator, table)
			w.must(err)
			if !preview.Report.Readable() || preview.Report.Files[0].Kind != roster.KindLessons || preview.UnknownPupils != 1 || preview.Consequences.Undecided != 1 || preview.Teachers != (people.CountChange{}) {
				t.Fatalf("preview %+v %+v", preview, preview.Report)
			}
			table.Digest = preview.Digest
			done, err := w.booking.People.ImportTeachers(w.ctx, w.operator, table)
			w.must(err)
			if !done.Applied {
				t.Fatalf("done %+v", done)
			}
			for child, want := range taughtByLessons {
				equal(t, child, w.teaches(child), want)
			}
			// What a whole class has is the class's: nine rows of lessons for the pupils of 1A alone, who differ.
			if groups, pupils := w.taughtRows(); groups != 10 || pupils != 6 {
				t.Errorf("%d rows of groups, %d of pupils", groups, pupils)
			}
			again, err := w.booking.People.ImportTeachers(w.ctx, w.operator, people.TeachingTable{Table: table.Table})
			w.must(err)
			if !again.Empty() {
				t.Errorf("the same again: %+v", again)
			}
			known, err := w.booking.People.Staff(w.ctx, w.operator)
			w.must(err)
			if eva, _ := known.Staff(w.staff["LON"]); eva.Details.DisplayName != "Eva Lont" || eva.Details.Surname != "Lont" {
				t.Errorf("%+v", eva.Details)
			}
			w.consistent()
		})
	}
}

func TestAListOfLessonsThatLeavesMuchLessTaughtIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const header = "Leerlingnummer;Vak;Docentcode"
	some := slices.DeleteFunc(lessons(), func(line string) bool { return !strings.HasPrefix(line, "1002") && !strings.HasPrefix(line, "1006") })
	table := people.TeachingTable{Table: timetable(header, some...)}
	_, err := w.booking.People.ImportTeachers(w.ctx, w.operator, table)
	wantCode(t, err, "import.removes-teachings")
	equal(t, "nothing changed", w.teaches("Cato"), taughtByLessons["Cato"])
	table.AllowRemoval = true
	w.must(second(w.booking.People.ImportTeachers(w.ctx, w.operator, table)))
	equal(t, "where it is allowed", w.teaches("Cato"), []string{"mentor WES"})
	_, err = w.booking.People.PreviewTeachers(w.ctx, w.operator, people.TeachingTable{Table: timetable(header, "77;Engels;LON", "78;Engels;LON")})
	wantCode(t, err, "import.no-such-pupils")
}

func TestAListOfLessonsMayStandAmongTheFilesOfAnImport(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]bool{"behind the pupils": false, "before the pupils": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			list := timetable("Leerlingnummer;Roepnaam;Achternaam;Klas;Vak;Docentcode", "1001;Anna;Bakker;1A;Frans;WES", "1002;Bram;Bakker;2B;Frans;WES", "1006;Gijs;de Wit;2B;Frans;WES")
			request := people.ImportRequest{Files: append(files(), list)}
			if first {
				slices.Reverse(request.Files)
			}
			result := w.imported(request)
			if len(result.Change.Gone)+len(result.Change.Changed) > 0 || result.Change.Teachings.Removed > 0 || result.Change.Teachings.Added != 2 {
				t.Errorf("change %+v", result.Change)
			}
			equal(t, "Anna", w.teaches("Anna"), append(slices.Clone(taughtByLessons["Hugo"]), "subject WES Frans"))
			equal(t, "a whole class", w.teaches("Bram"), append(slices.Clone(taughtByLessons["Bram"]), "subject WES Frans"))
			equal(t, "not her", w.teaches("Hugo"), taughtByLessons["Hugo"])
			if again := w.imported(request); !again.Change.Empty() {
				t.Errorf("the same again: %+v", again.Change)
			}
		})
	}
}

func TestAListOfLessonsOfGroupsLeavesMentorsAndSubstitutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(second(w.booking.Teachings.Substitute(w.ctx, w.operator, teaching.Substitution{Teacher: w.staff["LON"], Substitute: w.staff["WES"], Group: w.groups["2B"]}, false)))
	table := people.TeachingTable{Table: timetable("Lesgroep;Vak;Docentcode", "1A;Engels;LON", "2B;Engels;LON", "3C;Engels;LON", "1A;Wiskunde;VIS", "2B;Wiskunde;VIS", "3C;Wiskunde;VIS", "9z;Latijn;VIS")}
	done, err := w.booking.People.ImportTeachers(w.ctx, w.operator, table)
	w.must(err)
	if !done.Empty() || !slices.Equal(done.Unknown, []string{"9z"}) {
		t.Errorf("done %+v", done)
	}
	equal(t, "kept", keptWords(done.Kept), []string{"LON: substitute"})
	equal(t, "Bram", w.teaches("Bram"), []string{"mentor ZUI", "subject VIS Wiskunde", "subject WES Engels"})
}
