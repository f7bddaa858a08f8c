package booking_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/booking/appointment"
	conferences "github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/people"
)

// twoHomes is a school in which pupils come to subject talks, and the sessions of Emma's mother and father, who live apart.
func attending(t *testing.T, change ...func(*conferences.NewTalkKind)) (w *world, mother, father *session) {
	w = newSchool(t)
	w.openEvening(func(c *conferences.NewConference) {
		c.TalkKinds[1].PupilAttends = true
		for _, set := range change {
			set(&c.TalkKinds[1])
		}
	})
	w.secondHome()
	return w, w.recognisedOn("", "Emma Smit", "2345BC"), w.recognisedOn("", "Emma Smit", fathersPostcode)
}

func TestOneHomeDoesNotLearnWhenTheOtherComesWithTheChild(t *testing.T) {
	t.Parallel()
	w, mother, father := attending(t)
	before, propositions := father.free("Emma", "Vak", "VIS"), father.free("Emma", "Zorg", "KAD")
	mother.makes(w.talk("Emma Vak LON 19:00"))
	if got := father.free("Emma", "Vak", "VIS"); !slices.Equal(got, before) {
		t.Errorf("with another teacher other times are free: %v, before %v", got, before)
	}
	if got := father.free("Emma", "Zorg", "KAD"); !slices.Equal(got, propositions) {
		t.Errorf("of another talk other times are free: %v", got)
	}
	// Only the teacher's own time is gone, as it is for every other family.
	if got := w.recognised("Anna Bakker").free("Anna", "Vak", "LON"); !slices.Equal(got, father.free("Emma", "Vak", "LON")) {
		t.Errorf("he sees something else than others do: %v", got)
	}
	father.makes(w.talk("Emma Vak VIS 19:00"))
	w.consistent()
	two := w.ready(w.evening.ID).AtTwoTalks
	if len(two) != 1 || two[0].Name != "Emma Smit" || !two[0].Start.Equal(w.at(0, "19:00")) || fmt.Sprint(staffNames(two[0].Staff)) != "[Eva Lont Lieke Visser]" {
		t.Errorf("the office sees %+v", two)
	}
	if got := codes(w.ready(w.evening.ID).Warnings); !slices.Contains(got, "pupils-at-two-talks 1") {
		t.Errorf("warnings %q", got)
	}
	// Within one home the child still is at one talk at a time.
	item := w.talk("Emma Zorg KAD 19:00")
	item.Party = 2
	if got := mother.refused(appointment.Change{Make: []appointment.Request{item}}); len(got) != 1 {
		t.Errorf("one home booked the child twice: %v", got)
	}
}

func TestTheSchoolChoosesThatTheChildIsAtOneTalkAtATime(t *testing.T) {
	t.Parallel()
	one := func(kind *conferences.NewTalkKind) { kind.OneAtATime = true }
	for name, test := range map[string]struct {
		kind  []func(*conferences.NewTalkKind)
		child *bool
		taken bool
	}{
		"the kind says so":                      {[]func(*conferences.NewTalkKind){one}, nil, true},
		"the kind says so, the child is spared": {[]func(*conferences.NewTalkKind){one}, ptr(false), false},
		"the child alone":                       {nil, ptr(true), true},
		"neither":                               {nil, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, mother, father := attending(t, test.kind...)
			if test.child != nil {
				w.must(second(w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Emma"], people.PupilPatch{OneAtATime: test.child})))
			}
			mother.makes(w.talk("Emma Vak LON 19:00"))
			_, err := father.try(appointment.Change{Make: w.talks("Emma Vak VIS 19:00")})
			if (err != nil) != test.taken {
				t.Errorf("the other home: %v", err)
			}
			w.consistent()
			if got := suffering(second(w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Emma"], people.PupilPatch{OneAtATime: ptr(!test.taken)}))); got != "1" && got != "2" {
				t.Errorf("changed while talks are booked: %s", got)
			}
			kind := conferences.TalkKindPatch{OneAtATime: ptr(len(test.kind) == 0)}
			if got := suffering(second(w.booking.Parts.ChangeTalkKind(w.ctx, w.operator, conferences.At{Conference: w.evening.ID}, w.kind(w.evening, "Vak"), kind))); got != "1" && got != "2" {
				t.Errorf("the kind is changed while talks are booked: %s", got)
			}
		})
	}
}
