package booking_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// staffedBy gives the evenings with one kind of talk, with staff of one sort.
func staffedBy(staffing models.Staffing) conference.NewConference {
	wanted := evenings()
	wanted.TalkKinds = wanted.TalkKinds[:1]
	wanted.TalkKinds[0].Staffing = staffing
	return wanted
}

func staffNames(staff []rules.StaffName) []string {
	names := []string{}
	for _, one := range staff {
		names = append(names, one.Name)
	}
	return names
}

func TestAConferenceInWhichNobodyCanBookAnythingIsNotReady(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		staffing models.Staffing
		audience models.Audience
		teachers []string // who have availability
		warnings []string
		missing  []string
	}{
		"no offer was made": {models.StaffedByOffer, models.Audience{Everybody: true}, []string{"NOO"}, []string{"days-without-hours", "pupils-without-offer 9"}, []string{}},
		"the offered ones have no availability": {
			models.StaffedByMentor, models.Audience{Everybody: true}, []string{"LON"}, []string{"days-without-hours", "overasked-teachers 4", "pupils-without-slot 9", "teachers-without-availability 4"},
			[]string{"Ada Noord", "Bas Oost", "Cor Zuid", "Dora West"},
		},
		"no pupil is expected": {models.StaffedByMentor, models.Audience{}, []string{"NOO"}, []string{"days-for-nobody", "days-without-hours"}, []string{}},
	} {
		w := newSchool(t)
		wanted := staffedBy(test.staffing)
		wanted.Days[0].Audience, wanted.Days[1].Audience = test.audience, test.audience
		w.evening = w.create(wanted)
		for _, code := range test.teachers {
			w.available(w.evening, w.windows(code, 0, nil, "19:00-21:00"))
		}
		ready := w.ready(w.evening.ID)
		equal(t, name+": blockers", codes(ready.Blockers), []string{"nothing-to-book"})
		got := []string{}
		for _, code := range codes(ready.Warnings) {
			if code != "undecided-families 1" && code != "households-without-contact 3" {
				got = append(got, code)
			}
		}
		equal(t, name+": warnings", got, test.warnings)
		equal(t, name+": teachers", staffNames(ready.WithoutAvailability), test.missing)
		before := w.counts()
		_, err := w.booking.Conferences.Open(w.ctx, w.operator, w.evening.ID)
		if failed, ok := errs.As(err); !ok || failed.Code != "conference.not-ready" || failed.Params["blocker"] != "nothing-to-book" {
			t.Errorf("%s: it was opened: %v", name, err)
		}
		if rows := w.appeared(before); rows != "" {
			t.Errorf("%s: rows %s", name, rows)
		}
	}
}

func TestPupilsWhoSeeTeachersButNoTimeAreCounted(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	wanted := staffedBy(models.StaffedByMentor)
	// The second evening is for another group than that of the mentor who has time then, and brothers and sisters stay at home.
	wanted.Days[1].Audience = models.Audience{Groups: []models.GroupID{w.groups["2B"]}}
	w.evening = w.create(wanted)
	w.available(w.evening, w.windows("ZUI", 0, nil, "19:00-21:00"), w.windows("NOO", 1, nil, "19:00-21:00"), w.windows("OOS", 1, nil, "19:00-21:00"))
	ready := w.ready(w.evening.ID)
	equal(t, "blockers", codes(ready.Blockers), []string{})
	without := map[string]int{}
	for _, notice := range ready.WithoutSlot {
		if notice.Reason != "no-slot" {
			t.Errorf("reason %s", notice.Reason)
		}
		without[notice.Group]++
	}
	if without["1A"] == 0 || without["3C"] == 0 || without["2B"] != 0 {
		t.Errorf("without a slot: %v", without)
	}
	equal(t, "without availability", staffNames(ready.WithoutAvailability), []string{"Dora West"})
	w.openConference(w.evening.ID) // a warning does not keep it closed
}

func TestATimeOnASiblingsEveningCounts(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	wanted := staffedBy(models.StaffedByMentor)
	wanted.Days[1].Audience = models.Audience{Groups: []models.GroupID{w.groups["2B"]}, Siblings: true}
	w.evening = w.create(wanted)
	w.available(w.evening, w.windows("NOO", 1, nil, "19:00-21:00"), w.windows("ZUI", 1, nil, "19:00-21:00"))
	without := map[models.PupilID]bool{}
	for _, notice := range w.ready(w.evening.ID).WithoutSlot {
		without[notice.Pupil] = true
	}
	// Bram of 2B brings Anna, whose mentor is there; Jet has nobody who brings her.
	if without[w.pupils["Anna"]] || !without[w.pupils["Jet"]] || without[w.pupils["Bram"]] {
		t.Errorf("without a slot: %v", names(w.ready(w.evening.ID).WithoutSlot))
	}
}
