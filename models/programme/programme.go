// Package programme is a school's conferences opened in memory: days, talk kinds, offers, availability, blocks and rooms, with the look-ups that booking
// and pages need. It is built by the store for one version and never changed afterwards. Appointments, claims and people never live here.
package programme

import (
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
)

// Rows is what a Programme is built from: all rows of one school.
type Rows struct {
	Conferences    []models.Conference
	Days           []models.Day
	TalkKinds      []models.TalkKind
	Offers         []models.Offer
	OfferStaff     []models.OfferStaff
	Availabilities []models.Availability
	Blocks         []models.Block
	Rooms          []models.Room
}

// Programme is the opened conferences of one school. It is read by many at once and must not be changed.
type Programme struct {
	conferences map[models.ConferenceID]*Conference
	order       []*Conference
	rooms       map[models.RoomID]*models.Room
	bytes       int64
}

// Conference is one conference with everything that belongs to it.
type Conference struct {
	*models.Conference
	Days      []*models.Day      // by date
	TalkKinds []*models.TalkKind // by position
	Offers    []*models.Offer

	windows map[staffDay][]models.Availability
	blocks  map[staffDay][]models.Block
	staffed map[models.DayID][]models.StaffID
}

type staffDay struct {
	staff models.StaffID
	day   models.DayID
}

// New opens the rows.
func New(rows Rows) *Programme {
	p := &Programme{conferences: map[models.ConferenceID]*Conference{}, rooms: map[models.RoomID]*models.Room{}}
	for i := range rows.Conferences {
		row := &rows.Conferences[i]
		opened := &Conference{Conference: row, windows: map[staffDay][]models.Availability{}, blocks: map[staffDay][]models.Block{}, staffed: map[models.DayID][]models.StaffID{}}
		p.conferences[row.ID] = opened
		p.order = append(p.order, opened)
	}
	for i := range rows.Rooms {
		p.rooms[rows.Rooms[i].ID] = &rows.Rooms[i]
	}
	p.addDays(rows.Days)
	p.addTalkKinds(rows.TalkKinds)
	p.addOffers(rows.Offers, rows.OfferStaff)
	p.addTimes(rows.Availabilities, rows.Blocks)
	p.bytes = int64(400*len(rows.Conferences) + 200*len(rows.Days) + 200*len(rows.TalkKinds) + 250*len(rows.Offers) + 200*len(rows.Availabilities) + 200*len(rows.Blocks) + 200*len(rows.Rooms))
	return p
}

func (p *Programme) addDays(days []models.Day) {
	for i := range days {
		if conference, ok := p.conferences[days[i].ConferenceID]; ok {
			conference.Days = append(conference.Days, &days[i])
		}
	}
	for _, conference := range p.order {
		slices.SortFunc(conference.Days, func(a, b *models.Day) int { return a.Date.Compare(b.Date) })
	}
}

func (p *Programme) addTalkKinds(kinds []models.TalkKind) {
	for i := range kinds {
		if conference, ok := p.conferences[kinds[i].ConferenceID]; ok {
			conference.TalkKinds = append(conference.TalkKinds, &kinds[i])
		}
	}
	for _, conference := range p.order {
		slices.SortStableFunc(conference.TalkKinds, func(a, b *models.TalkKind) int { return a.Position - b.Position })
	}
}

func (p *Programme) addOffers(offers []models.Offer, staff []models.OfferStaff) {
	sets := map[models.RowID][]models.StaffID{}
	for _, row := range staff {
		sets[row.OfferID] = append(sets[row.OfferID], row.StaffID)
	}
	for i := range offers {
		offers[i].StaffIDs = sets[offers[i].ID]
		if conference, ok := p.conferences[offers[i].ConferenceID]; ok {
			conference.Offers = append(conference.Offers, &offers[i])
		}
	}
}

func (p *Programme) addTimes(windows []models.Availability, blocks []models.Block) {
	for _, window := range windows {
		conference, ok := p.conferences[window.ConferenceID]
		if !ok {
			continue
		}
		key := staffDay{window.StaffID, window.DayID}
		if len(conference.windows[key]) == 0 {
			conference.staffed[window.DayID] = append(conference.staffed[window.DayID], window.StaffID)
		}
		conference.windows[key] = append(conference.windows[key], window)
	}
	for _, block := range blocks {
		if conference, ok := p.conferences[block.ConferenceID]; ok {
			key := staffDay{block.StaffID, block.DayID}
			conference.blocks[key] = append(conference.blocks[key], block)
		}
	}
	for _, conference := range p.order {
		for _, list := range conference.windows {
			slices.SortFunc(list, func(a, b models.Availability) int { return int(a.StartTick - b.StartTick) })
		}
		for _, list := range conference.blocks {
			slices.SortFunc(list, func(a, b models.Block) int { return int(a.StartTick - b.StartTick) })
		}
	}
}

// Bytes is about how much memory the programme takes.
func (p *Programme) Bytes() int64 { return p.bytes }

// Conferences gives all conferences, in the order in which they were made.
func (p *Programme) Conferences() []*Conference { return p.order }

// Conference gives a conference of the school.
func (p *Programme) Conference(id models.ConferenceID) (*Conference, bool) {
	conference, ok := p.conferences[id]
	return conference, ok
}

// Room gives a room of the school.
func (p *Programme) Room(id models.RoomID) (*models.Room, bool) {
	room, ok := p.rooms[id]
	return room, ok
}

// Rooms gives all rooms, in no particular order.
func (p *Programme) Rooms() []*models.Room {
	rooms := make([]*models.Room, 0, len(p.rooms))
	for _, room := range p.rooms {
		rooms = append(rooms, room)
	}
	return rooms
}

// Day gives a day of the conference.
func (c *Conference) Day(id models.DayID) (*models.Day, bool) {
	for _, day := range c.Days {
		if day.ID == id {
			return day, true
		}
	}
	return nil, false
}

// TalkKind gives a talk kind of the conference.
func (c *Conference) TalkKind(id models.TalkKindID) (*models.TalkKind, bool) {
	for _, kind := range c.TalkKinds {
		if kind.ID == id {
			return kind, true
		}
	}
	return nil, false
}

// Over reports whether parents can no longer book in the conference at an instant, for good.
func (c *Conference) Over(now time.Time) bool {
	return c.State == models.ConferenceClosed || !now.Before(c.ClosesAt)
}

// Windows gives a teacher's availability on a day, by start.
func (c *Conference) Windows(staff models.StaffID, day models.DayID) []models.Availability {
	return c.windows[staffDay{staff, day}]
}

// Blocks gives a teacher's breaks and blocked times on a day, by start.
func (c *Conference) Blocks(staff models.StaffID, day models.DayID) []models.Block {
	return c.blocks[staffDay{staff, day}]
}

// Staffed gives the teachers who have availability on a day.
func (c *Conference) Staffed(day models.DayID) []models.StaffID { return c.staffed[day] }
