package booking_test

import (
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func tableOf(lines ...string) people.TeachingTable {
	return people.TeachingTable{Table: roster.File{Name: "docenten.csv", Data: []byte("groep;leerkracht;rol;vak;email;leerkrachtcode\n" + strings.Join(lines, "\n") + "\n")}}
}

func TestATableThatLeavesTheSchoolWithoutTeachersIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taught := func() (count int) {
		w.read(func(tx *store.Tx) {
			rows, err := store.List[models.Teaching](tx)
			w.must(err)
			count = len(rows)
		})
		return count
	}
	all := taught()
	for name, tt := range map[string]struct {
		table people.TeachingTable
		code  string
	}{
		"of no group that is here": {tableOf("9Z;Ada Noord;mentor;;;NOO"), "import.no-such-groups"},
		"of one class alone":       {tableOf("1A;Ada Noord;mentor;;;NOO"), "import.removes-teachings"},
	} {
		_, err := w.booking.People.ImportTeachers(w.ctx, w.operator, tt.table)
		wantCode(t, err, tt.code)
		if taught() != all {
			t.Errorf("%s: %d of %d are left", name, taught(), all)
		}
	}
	_, err := w.booking.People.PreviewTeachers(w.ctx, w.operator, tableOf("9Z;Ada Noord;mentor;;;NOO"))
	wantCode(t, err, "import.no-such-groups")
	small := tableOf("2B;Cor Zuid;mentor;;;ZUI")
	preview, err := w.booking.People.PreviewTeachers(w.ctx, w.operator, small)
	w.must(err)
	if preview.Applied || preview.Teachings != (people.CountChange{Removed: 10}) || preview.Unserved != 7 || taught() != all {
		t.Errorf("preview %+v, %d of %d", preview, taught(), all)
	}
	small.AllowRemoval, small.Digest = true, "something else"
	_, err = w.booking.People.ImportTeachers(w.ctx, w.operator, small)
	wantKind(t, err, errs.Stale)
	small.Digest = preview.Digest
	done, err := w.booking.People.ImportTeachers(w.ctx, w.operator, small)
	w.must(err)
	if !done.Applied || taught() != 1 {
		t.Errorf("done %+v, %d", done, taught())
	}
	// A table with as much as before needs no word.
	_, err = w.booking.People.ImportTeachers(w.ctx, w.operator, people.TeachingTable{Table: files()[1]})
	w.must(err)
	if taught() != all {
		t.Errorf("%d of %d are back", taught(), all)
	}
}

func TestAMentorFileWithOneLineDoesNotTakeTheOthersAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.changed()
	request.Files[1].Data = []byte("Leerlingnummer;Mentor\n1001;Ada Noord\n")
	_, err := w.booking.People.Import(w.ctx, w.operator, request)
	wantCode(t, err, "import.removes-teachings")
}
