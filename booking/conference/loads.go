package conference

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

func (l *readinessLook) loads() {
	pupils := map[models.StaffID]int{}
	slots := map[models.StaffID]int{}
	served := 0
	for _, pupil := range l.audience() {
		asked, bookable := l.offered(pupil, slots)
		switch {
		case len(asked) == 0:
			l.ready.WithoutOffer = append(l.ready.WithoutOffer, l.notice(pupil, "no-offer"))
			l.causes.add(pupil, l.whyNoOffer(pupil))
		case !bookable:
			l.ready.WithoutSlot = append(l.ready.WithoutSlot, l.notice(pupil, "no-slot"))
			l.causes.add(pupil, l.whyNoSlot(pupil))
		default:
			served++
		}
		for member := range asked {
			pupils[member]++
		}
	}
	l.served = served > 0
	for member, count := range pupils {
		if count < busyShare*slots[member] && slots[member] > 0 {
			continue
		}
		if staff, ok := l.people.Staff(member); ok {
			name := rules.StaffName{ID: member, Name: staff.Details.DisplayName}
			l.ready.Overasked = append(l.ready.Overasked, TeacherLoad{name, count, slots[member]})
			if slots[member] == 0 {
				l.ready.WithoutAvailability = append(l.ready.WithoutAvailability, name)
			}
		}
	}
	slices.SortFunc(l.ready.WithoutAvailability, func(a, b rules.StaffName) int { return cmp.Or(cmp.Compare(a.Name, b.Name), a.ID.Compare(b.ID)) })
	slices.SortFunc(l.ready.Overasked, func(a, b TeacherLoad) int {
		return cmp.Or(cmp.Compare(b.Pupils*max(1, a.Slots), a.Pupils*max(1, b.Slots)), cmp.Compare(a.Staff.Name, b.Staff.Name), a.Staff.ID.Compare(b.Staff.ID))
	})
	sortNotices(l.ready.WithoutOffer)
	sortNotices(l.ready.WithoutSlot)
}

// offered tells with whom a pupil is offered talks, and whether one of these talks could be. The slots of who was not met before are counted on the way.
func (l *readinessLook) offered(pupil *models.Pupil, slots map[models.StaffID]int) (asked map[models.StaffID]bool, bookable bool) {
	asked = map[models.StaffID]bool{}
	days := rules.DaysFor(l.people, l.conference, pupil, l.siblings(pupil))
	for _, kind := range l.conference.TalkKinds {
		for _, set := range rules.OffersOf(l.people, l.conference, kind, pupil) {
			bookable = bookable || l.hasSlot(kind, set, days)
			for _, member := range set {
				asked[member] = true
				if _, known := slots[member]; !known {
					slots[member] = l.slotCount(member, kind)
				}
			}
		}
	}
	return asked, bookable
}

// siblings gives the pupils of the homes of a pupil, with whom it may come on days that are not its own.
func (l *readinessLook) siblings(pupil *models.Pupil) []models.PupilID {
	var siblings []models.PupilID
	for _, home := range l.people.HouseholdsOf(pupil.ID) {
		siblings = append(siblings, l.people.Members(home.HouseholdID)...)
	}
	return siblings
}

func (l *readinessLook) hasSlot(kind *models.TalkKind, set rules.StaffSet, days []models.DayID) bool {
	key := fmt.Sprint(kind.ID, set, days) // the same for most of a group
	has, known := l.bookable[key]
	if !known {
		has = slices.ContainsFunc(rules.SlotsOf(l.conference, set, models.Ticks(kind.Minutes), days), func(slot rules.Slot) bool {
			return !slot.Start.Time().Before(l.tx.Now())
		})
		l.bookable[key] = has
	}
	return has
}

func (l *readinessLook) slotCount(member models.StaffID, kind *models.TalkKind) int {
	days := make([]models.DayID, len(l.conference.Days))
	for i, day := range l.conference.Days {
		days[i] = day.ID
	}
	return len(rules.SlotsOf(l.conference, rules.StaffSet{member}, models.Ticks(kind.Minutes), days))
}
