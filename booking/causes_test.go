package booking_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/availability"
	conferences "github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
)

func causes(ready *conferences.Readiness) []string {
	list := []string{}
	for _, cause := range ready.Causes {
		text := fmt.Sprintf("%s %s %d", cause.About, cause.Code, cause.Pupils)
		for _, group := range cause.Groups {
			text += fmt.Sprintf(" %s:%d", group.Name, group.Pupils)
		}
		for _, role := range cause.Roles {
			text += " " + string(role)
		}
		if cause.Mend != nil {
			text += fmt.Sprintf(" -> %s %s %d", cause.Mend.Title, cause.Mend.Staffing, cause.Mend.Pupils)
		}
		list = append(list, text)
	}
	return list
}

// primarySchool has thirty pupils in two groups, each with a group teacher, as a primary school's file says it.
func primarySchool(t *testing.T) *world {
	w := newSchool(t)
	var pupils, teachers strings.Builder
	pupils.WriteString("Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Postcode;Huisnummer;Klas;Leerjaar\n")
	for i := range 30 {
		fmt.Fprintf(&pupils, "%d;Kind;Achter%c%c;%d-1-2018;1234AB;%d;Groep %d;%d\n", 2000+i, 'a'+i/6, 'a'+i%6, 1+i%28, i, 3+i%2, 3+i%2)
	}
	teachers.WriteString("groep;leerkracht;rol;leerkrachtcode\nGroep 3;Gea Drie;groepsleerkracht;DRI\nGroep 4;Gijs Vier;groepsleerkracht;VIE\n")
	result, err := w.booking.People.Import(w.ctx, w.operator, people.ImportRequest{AllowRemoval: true, Files: []roster.File{
		{Name: "leerlingen.csv", Data: []byte(pupils.String())}, {Name: "docenten.csv", Data: []byte(teachers.String())},
	}})
	w.must(err)
	if !result.Applied {
		t.Fatalf("not applied: %+v", result.Report)
	}
	w.look()
	return w
}

func TestPupilsWithOneCauseStandInOneLineWithWhatWouldMendIt(t *testing.T) {
	t.Parallel()
	w := primarySchool(t)
	wanted := evenings()
	wanted.TalkKinds = wanted.TalkKinds[:2] // mentors and subject teachers, which a primary school has not
	w.evening = w.create(wanted)
	w.available(w.evening, w.windows("DRI", 0, nil, "19:00-21:00"), w.windows("VIE", 1, nil, "19:00-21:00"))
	ready := w.ready(w.evening.ID)
	equal(t, "causes", causes(ready), []string{"without_offer other-roles 30 Groep 3:15 Groep 4:15 group -> Mentor group 30"})
	if examples := ready.Causes[0].Examples; len(examples) != 3 || examples[0].Name == "" || examples[0].Group != "Groep 3" {
		t.Errorf("examples %+v", examples)
	}
	mend := ready.Causes[0].Mend
	_, err := w.booking.Parts.ChangeTalkKind(w.ctx, w.operator, conferences.At{Conference: w.evening.ID}, mend.Kind, conferences.TalkKindPatch{Staffing: &mend.Staffing})
	w.must(err)
	equal(t, "mended", causes(w.ready(w.evening.ID)), []string{})
	w.openConference(w.evening.ID)
}

func TestEachCauseIsToldApart(t *testing.T) {
	t.Parallel()
	everybody := models.Audience{Everybody: true}
	for name, test := range map[string]struct {
		kind  conferences.NewTalkKind
		first models.Audience // of the first day; the second is for everybody
		set   func(*world) []availability.TeacherDay
		want  []string
	}{
		"nobody has hours": {
			conferences.NewTalkKind{Staffing: models.StaffedByMentor}, everybody, func(w *world) []availability.TeacherDay {
				return []availability.TeacherDay{w.windows("LON", 0, nil, "19:00-21:00")}
			},
			[]string{"without_slot teachers-without-hours 9 1A:5 2B:2 3C:2"},
		},
		"hours on another day": {
			conferences.NewTalkKind{Staffing: models.StaffedByMentor}, models.Audience{Years: []string{"1"}},
			func(w *world) []availability.TeacherDay {
				return []availability.TeacherDay{w.windows("ZUI", 0, nil, "19:00-21:00"), w.windows("WES", 1, nil, "19:00-21:00"), w.windows("NOO", 0, nil, "19:00-21:00")}
			},
			[]string{"without_slot hours-on-other-days 2 2B:2"},
		},
		"hours too short": {
			conferences.NewTalkKind{Staffing: models.StaffedByMentor, Minutes: 30}, everybody,
			func(w *world) []availability.TeacherDay {
				return []availability.TeacherDay{w.windows("ZUI", 0, nil, "19:00-19:25"), w.windows("WES", 1, nil, "19:00-21:00"), w.windows("OOS", 0, nil, "19:00-21:00")}
			},
			[]string{"without_slot hours-too-short 2 2B:2"},
		},
		"no hours together": {
			conferences.NewTalkKind{Staffing: models.StaffedByMentor, Pairing: models.PairingTogether}, everybody,
			func(w *world) []availability.TeacherDay {
				return []availability.TeacherDay{w.windows("ZUI", 0, nil, "19:00-20:00"), w.windows("WES", 0, nil, "19:00-20:00"), w.windows("NOO", 0, nil, "19:00-20:00"), w.windows("OOS", 0, nil, "20:00-21:00")}
			},
			[]string{"without_slot no-hours-together 5 1A:5"},
		},
		"offers only": {
			conferences.NewTalkKind{Staffing: models.StaffedByOffer}, everybody, func(w *world) []availability.TeacherDay {
				return []availability.TeacherDay{w.windows("NOO", 0, nil, "19:00-21:00")}
			},
			[]string{"without_offer offers-only 9 1A:5 2B:2 3C:2 -> Gesprek mentor 9"},
		},
		"the mentor has left": {
			conferences.NewTalkKind{Staffing: models.StaffedByMentor}, everybody,
			func(w *world) []availability.TeacherDay {
				_, err := w.booking.People.UpdateStaff(w.ctx, w.operator, w.staff["ZUI"], people.StaffPatch{Left: ptr(true)})
				w.must(err)
				return []availability.TeacherDay{w.windows("WES", 0, nil, "19:00-21:00"), w.windows("NOO", 0, nil, "19:00-21:00")}
			},
			[]string{"without_offer teachers-left 2 2B:2 -> Gesprek subject 2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			wanted := evenings()
			kind := wanted.TalkKinds[0]
			kind.Title, kind.Staffing, kind.Minutes, kind.Pairing = "Gesprek", test.kind.Staffing, max(20, test.kind.Minutes), models.PairingEither
			if test.kind.Pairing != "" {
				kind.Pairing = test.kind.Pairing
			}
			wanted.TalkKinds = []conferences.NewTalkKind{kind}
			wanted.Days[0].Audience = test.first
			w.evening = w.create(wanted)
			w.available(w.evening, test.set(w)...)
			got := []string{}
			for _, cause := range causes(w.ready(w.evening.ID)) {
				if !strings.HasPrefix(cause, "cannot_log_in") {
					got = append(got, cause)
				}
			}
			equal(t, "causes", got, test.want)
		})
	}
}

func TestADayThatCannotBeIsSeenBeforeItOpens(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	wanted := evenings()
	wanted.Days[0].Date = date("2025-11-24")
	made := w.create(wanted)
	w.evening = made
	w.available(made, w.windows("NOO", 0, nil, "19:00-21:00"), w.windows("NOO", 1, nil, "19:00-21:00"))
	if got := codes(w.ready(made.ID).Blockers); len(got) != 1 || got[0] != "day-is-past" {
		t.Errorf("blockers %q", got)
	}
	_, err := w.booking.Conferences.Open(w.ctx, w.operator, made.ID)
	wantCode(t, err, "conference.not-ready")
	later := date("2026-11-24")
	_, err = w.booking.Parts.ChangeDay(w.ctx, w.operator, conferences.At{Conference: made.ID}, made.Days[0].ID, conferences.DayPatch{
		Date: &later, Audience: &models.Audience{Years: []string{"9", "1"}},
	})
	w.must(err)
	_, err = w.booking.Parts.AddOffer(w.ctx, w.operator, conferences.At{Conference: made.ID}, conferences.NewOffer{TalkKind: made.TalkKinds[0].ID, Year: "havo 3", Staff: w.members("NOO")})
	w.must(err)
	_, err = w.booking.Parts.AddDay(w.ctx, w.operator, conferences.At{Conference: made.ID}, conferences.NewDay{Date: date("2026-12-01"), Audience: models.Audience{Years: []string{"9"}}})
	w.must(err)
	found := map[string]map[string]string{}
	for _, notice := range w.ready(made.ID).Warnings {
		found[notice.Code] = notice.Params
	}
	for code, want := range map[string]map[string]string{
		"unknown-years": {"years": "9, havo 3", "known": "1, 2, 3"}, "days-without-hours": {"days": "2026-12-01"}, "days-for-nobody": {"days": "2026-12-01"},
		"offers-for-nobody": {"count": "1"},
	} {
		if fmt.Sprint(found[code]) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", code, found[code], want)
		}
	}
	// What is only half over can be opened again.
	w.openConference(made.ID)
	w.clock.Set(w.at(0, "22:00"))
	_, err = w.booking.Conferences.Close(w.ctx, w.operator, made.ID)
	w.must(err)
	w.clock.Set(w.clock.Now().AddDate(0, 0, 1))
	w.openConference(made.ID)
}

func TestAnOfferIsForOneThing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.counts()
	for field, offer := range map[string]conferences.NewOffer{
		"group": {Pupil: w.pupils["Anna"], Group: w.groups["1A"]}, "year": {Group: w.groups["1A"], Year: "1"},
	} {
		offer.TalkKind, offer.Staff = w.kind(w.evening, "Zorg"), w.members("KAD")
		_, err := w.booking.Parts.AddOffer(w.ctx, w.operator, conferences.At{Conference: w.evening.ID}, offer)
		wantField(t, err, field, "beside-another")
	}
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
}
