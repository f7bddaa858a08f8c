package rush

import "testing"

// TestAPageIsReadAsATelephoneReadsIt reads the forms of a page, and the choices in them.
func TestAPageIsReadAsATelephoneReadsIt(t *testing.T) {
	t.Parallel()
	seen := readPage([]byte(`<section aria-labelledby="child-a"></section><a href="/s/appointments/1">x</a><a href="/s/appointments/1/cancel">x</a>
		<form id="filled" action="/s/choose"><input type="hidden" name="key" value="k"><input type="checkbox" name="w.a" value="1"><input type="checkbox" name="w.b" value="1" checked>
		<select name="c.AAAAAAAAAAAAAAAAAAAAAQ.AAAAAAAAAAAAAAAAAAAAAg"><option value="">no<option value="a">1<option selected value="b.AAAAAAAAAAAAAAAAAAAAAw.p2">2</select></form>
		<form action="/s/take"><input type="hidden" name="p.taken" value="1"></form><input name="outside" value="1">`))
	form := seen.filled()
	if form == nil || seen.children != 1 || len(seen.appointments) != 1 || seen.appointments[0] != "1" || seen.planned() == nil || seen.planned().action != "/s/take" {
		t.Fatalf("%+v", seen)
	}
	if form.fields.Get("key") != "k" || form.fields.Get("w.b") != "1" || form.fields.Has("w.a") || len(form.boxes) != 1 || len(form.lists) != 1 || len(form.lists[0].values) != 2 || form.fields.Has("outside") {
		t.Errorf("%+v", form)
	}
	chosen, err := form.chosen()
	if err != nil || len(chosen) != 1 || chosen[0].Pupil != "00000000-0000-0000-0000-000000000001" || chosen[0].Staff[0] != "00000000-0000-0000-0000-000000000003" || !chosen[0].Start.Equal(instant(11*tick)) {
		t.Errorf("%v, %+v", err, chosen)
	}
}
