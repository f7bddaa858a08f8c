package parent_test

import (
	"net/url"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/models"
)

func TestChoicesReadBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	id := rapid.Custom(func(r *rapid.T) (id [16]byte) {
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(r, "id"))
		return id
	})
	rapid.Check(t, func(r *rapid.T) {
		written := url.Values{}
		for range rapid.IntRange(0, 20).Draw(r, "choices") {
			var staff []models.StaffID
			for range rapid.IntRange(1, 10).Draw(r, "teachers") {
				staff = append(staff, id.Draw(r, "teacher"))
			}
			start := models.Tick(rapid.Uint32().Draw(r, "start"))
			name, value := parent.ChoiceField(id.Draw(r, "child"), id.Draw(r, "kind"), staff, start, rapid.Bool().Draw(r, "second"), rapid.Bool().Draw(r, "walk"))
			written.Set(name, value)
		}
		again, count, err := parent.RereadChoices(written)
		if err != nil || count != len(written) || !reflect.DeepEqual(again, written) {
			r.Fatalf("%v, %d of %d:\n%v\n%v", err, count, len(written), written, again)
		}
	})
}

func FuzzChoices(f *testing.F) {
	name, value := parent.ChoiceField(models.New[models.PupilID](), models.New[models.TalkKindID](), []models.StaffID{models.New[models.StaffID]()}, 5964492, true, true)
	f.Add(name, value)
	f.Add("c..", "1.")
	f.Add("c.a.b", "-1")
	f.Fuzz(func(t *testing.T, name, value string) {
		again, count, err := parent.RereadChoices(url.Values{name: {value}})
		if err != nil || count == 0 {
			return
		}
		// What was read once reads the same for ever.
		third, _, err := parent.RereadChoices(again)
		if err != nil || !reflect.DeepEqual(again, third) {
			t.Errorf("%v: %v became %v", err, again, third)
		}
	})
}
