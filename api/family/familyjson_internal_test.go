package family

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	families "github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// anyID draws an id; now and then the zero id.
func anyID[T ~[16]byte](t *rapid.T) T {
	var id T
	if rapid.IntRange(0, 9).Draw(t, "no id") > 0 {
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	}
	return id
}

// anyText draws texts with everything that JSON writes in another way, and bytes that are no text.
func anyText(t *rapid.T) string {
	odd := rapid.SampledFrom([]string{`"`, `\`, "\n", "\x00", "\x1f", "\x7f", "<&>", "é", "\u2028", "\u2029", "\xff", "\xed\xa0\x80", "👪", "a"})
	return rapid.OneOf(rapid.StringMatching(`[ -~]{0,12}`), rapid.String(), rapid.Custom(func(t *rapid.T) string {
		return odd.Draw(t, "one") + odd.Draw(t, "another")
	})).Draw(t, "text")
}

func anyList[T any](t *rapid.T, one func(*rapid.T) T) []T {
	return rapid.SliceOfN(rapid.Custom(one), 0, 3).Draw(t, "list")
}

func anyTeachers(t *rapid.T) []rules.StaffName {
	return anyList(t, func(t *rapid.T) rules.StaffName {
		return rules.StaffName{ID: anyID[models.StaffID](t), Name: anyText(t)}
	})
}

func anyInstant(t *rapid.T) time.Time {
	return time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "instant"), 0)
}

// anyFamily draws a family whose starts are often the same, as those of an evening are.
func anyFamily(t *rapid.T) *families.Family {
	days := []models.DayID{models.New[models.DayID](), models.New[models.DayID]()}
	starts := []time.Time{anyInstant(t), anyInstant(t)}
	slot := func(t *rapid.T) families.FreeSlot {
		return families.FreeSlot{Day: rapid.SampledFrom(days).Draw(t, "day"), Start: rapid.SampledFrom(starts).Draw(t, "start")}
	}
	talk := func(t *rapid.T) families.Talk {
		return families.Talk{
			Conference: anyID[models.ConferenceID](t), Kind: anyID[models.TalkKindID](t), Title: anyText(t), Minutes: rapid.Int().Draw(t, "minutes"),
			Obligation: models.Obligation(anyText(t)), Attends: rapid.Bool().Draw(t, "attends"), Left: rapid.IntRange(-1, 3).Draw(t, "left"),
			Options: anyList(t, func(t *rapid.T) families.TalkOption {
				return families.TalkOption{Staff: anyTeachers(t), Subject: anyText(t), Free: anyList(t, slot)}
			}),
		}
	}
	zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Europe/Amsterdam", "America/Curacao"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return &families.Family{
		Zone: zone,
		Children: anyList(t, func(t *rapid.T) families.Child {
			return families.Child{
				ID: anyID[models.PupilID](t), Given: anyText(t), Group: anyText(t), Household: anyID[models.HouseholdID](t), Confirmed: rapid.Bool().Draw(t, "confirmed"),
				AskSchool: rapid.Bool().Draw(t, "ask school"), BookedElsewhere: rapid.Bool().Draw(t, "elsewhere"), Talks: anyList(t, talk),
			}
		}),
		Conferences: anyList(t, func(t *rapid.T) families.ConferenceSummary {
			return families.ConferenceSummary{ID: anyID[models.ConferenceID](t), Title: anyText(t), OpensAt: anyInstant(t), ClosesAt: anyInstant(t)}
		}),
		Appointments: anyList(t, func(t *rapid.T) rules.AppointmentView {
			return rules.AppointmentView{ID: anyID[models.AppointmentID](t), Title: anyText(t), Staff: anyTeachers(t), Start: anyInstant(t), End: anyInstant(t)}
		}),
	}
}

func TestAFamilysScreenIsWrittenAsEncodingJSONWritesIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := familyOf(anyFamily(t))
		var usual bytes.Buffer
		if err := rest.EncodeJSON(&usual, body); err != nil {
			t.Fatal(err)
		}
		w := familyWriter{}
		w.family(&body)
		if w.err != nil || !bytes.Equal(w.out, usual.Bytes()) {
			t.Fatalf("written (%v)\n%s\ninstead of\n%s", w.err, w.out, usual.Bytes())
		}
	})
}

func TestFreeStartsAreWrittenAsTheyAreDescribed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		family := anyFamily(t)
		var starts []families.FreeSlot
		for _, child := range family.Children {
			for _, talk := range child.Talks {
				for _, option := range talk.Options {
					starts = append(starts, option.Free...)
				}
			}
		}
		described := shape.Mapped(starts, func(slot families.FreeSlot) slotBody {
			return slotBody{Day: slot.Day.String(), Start: slot.Start.UTC().Format(time.RFC3339), Local: shape.LocalTime(slot.Start, family.Zone)}
		})
		wanted, err := json.Marshal(described)
		if err != nil {
			t.Fatal(err)
		}
		if written, err := json.Marshal(freeSlots{starts, family.Zone}); err != nil || !bytes.Equal(written, wanted) {
			t.Fatalf("written (%v)\n%s\ninstead of\n%s", err, written, wanted)
		}
	})
}
