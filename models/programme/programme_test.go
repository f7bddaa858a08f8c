package programme_test

import (
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/programme"
)

// id gives an id that ends in a number.
func id[T ~[16]byte](n byte) T { return T{15: n} }

// rows are two conferences, whose rows come in no order.
func rows() programme.Rows {
	first, second := id[models.ConferenceID](1), id[models.ConferenceID](2)
	return programme.Rows{
		Conferences: []models.Conference{{ID: first, Version: 1}, {ID: second, Version: 2}},
		Days: []models.Day{
			{ID: id[models.DayID](12), ConferenceID: first, Date: civil.Date{Year: 2026, Month: 11, Day: 18}}, {ID: id[models.DayID](21), ConferenceID: second, Date: civil.Date{Year: 2026, Month: 10, Day: 1}},
			{ID: id[models.DayID](11), ConferenceID: first, Date: civil.Date{Year: 2026, Month: 11, Day: 17}}, {ID: id[models.DayID](91), ConferenceID: id[models.ConferenceID](9)},
		},
		TalkKinds: []models.TalkKind{
			{ID: id[models.TalkKindID](2), ConferenceID: first, Position: 2}, {ID: id[models.TalkKindID](1), ConferenceID: first, Position: 1},
			{ID: id[models.TalkKindID](3), ConferenceID: first, Position: 2}, {ID: id[models.TalkKindID](9), ConferenceID: id[models.ConferenceID](9)},
		},
		Offers: []models.Offer{
			{ID: id[models.RowID](1), ConferenceID: first}, {ID: id[models.RowID](2), ConferenceID: first}, {ID: id[models.RowID](9), ConferenceID: id[models.ConferenceID](9)},
		},
		OfferStaff: []models.OfferStaff{
			{OfferID: id[models.RowID](1), StaffID: id[models.StaffID](1)}, {OfferID: id[models.RowID](1), StaffID: id[models.StaffID](2)},
			{OfferID: id[models.RowID](9), StaffID: id[models.StaffID](3)},
		},
		Availabilities: []models.Availability{
			{ConferenceID: first, DayID: id[models.DayID](11), StaffID: id[models.StaffID](1), StartTick: 30, EndTick: 40},
			{ConferenceID: first, DayID: id[models.DayID](11), StaffID: id[models.StaffID](1), StartTick: 10, EndTick: 20},
			{ConferenceID: first, DayID: id[models.DayID](12), StaffID: id[models.StaffID](2), StartTick: 10, EndTick: 20},
			{ConferenceID: id[models.ConferenceID](9), DayID: id[models.DayID](11), StaffID: id[models.StaffID](3), StartTick: 10, EndTick: 20},
		},
		Blocks: []models.Block{
			{ConferenceID: first, DayID: id[models.DayID](11), StaffID: id[models.StaffID](1), StartTick: 35, EndTick: 36},
			{ConferenceID: first, DayID: id[models.DayID](11), StaffID: id[models.StaffID](1), StartTick: 15, EndTick: 16},
			{ConferenceID: id[models.ConferenceID](9), DayID: id[models.DayID](11), StaffID: id[models.StaffID](1)},
		},
		Rooms: []models.Room{{ID: id[models.RoomID](1), Details: models.RoomDetails{Zone: "north"}}, {ID: id[models.RoomID](2)}},
	}
}

func TestEverythingIsFoundInItsConference(t *testing.T) {
	t.Parallel()
	opened := programme.New(rows())
	first, ok := opened.Conference(id[models.ConferenceID](1))
	if !ok || first.Version != 1 {
		t.Fatalf("conference %+v, %v", first, ok)
	}
	if day, ok := first.Day(id[models.DayID](12)); !ok || day.Date.Day != 18 {
		t.Errorf("day %+v, %v", day, ok)
	}
	if kind, ok := first.TalkKind(id[models.TalkKindID](2)); !ok || kind.Position != 2 {
		t.Errorf("talk kind %+v, %v", kind, ok)
	}
	if room, ok := opened.Room(id[models.RoomID](1)); !ok || room.Details.Zone != "north" || len(opened.Rooms()) != 2 {
		t.Errorf("room %+v, %v", room, ok)
	}
	if got := first.Offers; len(got) != 2 || !slices.Equal(got[0].StaffIDs, []models.StaffID{id[models.StaffID](1), id[models.StaffID](2)}) || got[1].StaffIDs != nil {
		t.Errorf("offers %+v", got)
	}
	if opened.Bytes() <= 0 {
		t.Errorf("%d bytes", opened.Bytes())
	}
}

func TestListsAreInTheOrderInWhichTheyAreShown(t *testing.T) {
	t.Parallel()
	opened := programme.New(rows())
	if order := opened.Conferences(); len(order) != 2 || order[0].Version != 1 || order[1].Version != 2 {
		t.Errorf("conferences %+v", order)
	}
	first, _ := opened.Conference(id[models.ConferenceID](1))
	if got := first.Days; len(got) != 2 || got[0].ID != id[models.DayID](11) {
		t.Errorf("days are not by date: %+v", got)
	}
	if got := first.TalkKinds; len(got) != 3 || got[0].ID != id[models.TalkKindID](1) || got[1].ID != id[models.TalkKindID](2) || got[2].ID != id[models.TalkKindID](3) {
		t.Errorf("talk kinds are not by position: %+v", got)
	}
	if got := first.Windows(id[models.StaffID](1), id[models.DayID](11)); len(got) != 2 || got[0].StartTick != 10 || got[1].StartTick != 30 {
		t.Errorf("windows %+v", got)
	}
	if got := first.Blocks(id[models.StaffID](1), id[models.DayID](11)); len(got) != 2 || got[0].StartTick != 15 || got[1].StartTick != 35 {
		t.Errorf("blocks %+v", got)
	}
	if got := first.Staffed(id[models.DayID](11)); !slices.Equal(got, []models.StaffID{id[models.StaffID](1)}) {
		t.Errorf("staffed %v", got)
	}
}

func TestWhatIsOfAnotherConferenceOrOfNoneIsNotFound(t *testing.T) {
	t.Parallel()
	opened := programme.New(rows())
	second, _ := opened.Conference(id[models.ConferenceID](2))
	if len(second.Days) != 1 || len(second.TalkKinds)+len(second.Offers) != 0 {
		t.Errorf("the second conference has %+v", second)
	}
	if _, ok := second.Day(id[models.DayID](11)); ok {
		t.Error("a day of the first conference")
	}
	if _, ok := second.TalkKind(id[models.TalkKindID](1)); ok {
		t.Error("a talk kind of the first conference")
	}
	if len(second.Windows(id[models.StaffID](1), id[models.DayID](11))) != 0 || len(second.Blocks(id[models.StaffID](1), id[models.DayID](11))) != 0 || len(second.Staffed(id[models.DayID](11))) != 0 {
		t.Error("times of the first conference")
	}
	if _, ok := opened.Conference(id[models.ConferenceID](9)); ok {
		t.Error("a conference that is not there")
	}
	if _, ok := opened.Room(id[models.RoomID](9)); ok {
		t.Error("a room that is not there")
	}
	first, _ := opened.Conference(id[models.ConferenceID](1))
	if len(first.Windows(id[models.StaffID](2), id[models.DayID](11))) != 0 || len(first.Windows(id[models.StaffID](1), id[models.DayID](12))) != 0 {
		t.Error("a window of another teacher or day")
	}
}

func TestNoRowsAreAnEmptyProgramme(t *testing.T) {
	t.Parallel()
	opened := programme.New(programme.Rows{})
	if len(opened.Conferences()) != 0 || len(opened.Rooms()) != 0 || opened.Bytes() != 0 {
		t.Errorf("%+v", opened)
	}
}
