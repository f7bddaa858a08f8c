package parent

import (
	"net/url"
	"slices"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// family gives the session's family. A household that is not there any more ends the session, and the family logs in again with what it chose.
func (v *visit) family() (*family.Family, error) {
	ctx := v.Echo.Request().Context()
	found, err := v.pages.config.Booking.Families.Family(ctx, v.actor)
	if err == nil {
		found.Children = onceEach(found.Children)
		return found, nil
	}
	if errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	if err := v.pages.config.Auth.Sessions.Leave(ctx, v.actor); err != nil {
		return nil, err
	}
	v.DropCookie(layout.SessionCookie)
	v.expired = true
	return nil, v.askLogin()
}

// onceEach leaves a child out the second time: a session may have both of its households, and the first one books.
func onceEach(children []family.Child) []family.Child {
	var once []family.Child
	for _, child := range children {
		if !slices.ContainsFunc(once, func(c family.Child) bool { return c.ID == child.ID }) {
			once = append(once, child)
		}
	}
	return once
}

// offered is a choice put beside what the family is offered.
type offered struct {
	choice     request
	child      *family.Child
	talk       *family.Talk
	option     *family.TalkOption
	conference *family.ConferenceSummary
}

// offers finds what each choice is about, and gives those apart that the family is not offered, or not any more.
func offers(home *family.Family, chosen []request) (known []offered, unknown []request) {
	for _, one := range chosen {
		if found, ok := offerOf(home, one); ok {
			known = append(known, found)
		} else {
			unknown = append(unknown, one)
		}
	}
	return known, unknown
}

func offerOf(home *family.Family, one request) (offered, bool) {
	for i := range home.Children {
		child := &home.Children[i]
		if child.ID != one.pupil {
			continue
		}
		for j := range child.Talks {
			talk := &child.Talks[j]
			if talk.Kind != one.kind {
				continue
			}
			for k := range talk.Options {
				if slices.Equal(sortedStaff(one.staff), sortedStaff(staffIDs(talk.Options[k].Staff))) {
					return offered{one, child, talk, &talk.Options[k], conferenceOf(home, talk.Conference)}, true
				}
			}
		}
	}
	return offered{}, false
}

func conferenceOf(home *family.Family, id models.ConferenceID) *family.ConferenceSummary {
	for i := range home.Conferences {
		if home.Conferences[i].ID == id {
			return &home.Conferences[i]
		}
	}
	return &family.ConferenceSummary{ID: id, Phase: family.PhaseAfter}
}

func staffIDs(staff []rules.StaffName) []models.StaffID {
	ids := make([]models.StaffID, len(staff))
	for i, member := range staff {
		ids[i] = member.ID
	}
	return ids
}

// ownOf finds the appointment that the session may see for a choice: of that child, with any of those teachers, or of that kind where none are named.
func ownOf(home *family.Family, one request) (rules.AppointmentView, bool) {
	at := slices.IndexFunc(home.Appointments, func(a rules.AppointmentView) bool {
		return a.Pupil == one.pupil && a.TalkKind == one.kind && (len(one.staff) == 0 || slices.ContainsFunc(staffIDs(a.Staff), func(id models.StaffID) bool { return slices.Contains(one.staff, id) }))
	})
	if at < 0 {
		return rules.AppointmentView{}, false
	}
	return home.Appointments[at], true
}

// notBooked returns the choices apart that the family has booked just so already, in another tab perhaps, or before it went back.
func notBooked(home *family.Family, chosen []request) (rest []request, own []rules.AppointmentView) {
	for _, one := range chosen {
		if a, ok := ownOf(home, one); ok && a.Start.Equal(one.time()) && slices.Equal(sortedStaff(staffIDs(a.Staff)), sortedStaff(one.staff)) {
			own = append(own, a)
		} else {
			rest = append(rest, one)
		}
	}
	return rest, own
}

// busyAt reports whether the family itself has a talk when a choice would be.
func busyAt(home *family.Family, one offered) bool {
	return slices.ContainsFunc(home.Appointments, func(a rules.AppointmentView) bool {
		return a.Household == one.child.Household && a.Party == one.party() && a.Start.Before(one.end().Time()) && a.End.After(one.choice.time())
	})
}

// haveIt leads who has booked everything already to where it stands.
func (v *visit) haveIt() error {
	return v.Redirect(v.Path("/appointments"), url.Values{"done": {"have"}})
}

// free reports whether the chosen time is one of those that are free now.
func (o offered) free() bool {
	return slices.ContainsFunc(o.option.Free, func(slot family.FreeSlot) bool { return slot.Start.Equal(o.choice.time()) })
}

// among counts the choices for the same talk of the same child.
func (o offered) among(chosen []offered) (count int) {
	for _, other := range chosen {
		if other.child == o.child && other.talk == o.talk {
			count++
		}
	}
	return count
}

// end is the first tick after the talk.
func (o offered) end() models.Tick { return o.choice.start + models.Ticks(o.talk.Minutes) }

// party is who of the household goes.
func (o offered) party() int {
	if o.choice.second {
		return 2
	}
	return 1
}

// clashes reports whether one and the same party would have to be at both talks.
func (o offered) clashes(other offered) bool {
	return o.child.Household == other.child.Household && o.party() == other.party() && o.choice.start < other.end() && other.choice.start < o.end()
}

// splitUp lets a second party of the household go to what clashes. It tells whether anything still clashes: three talks at once are too many for two.
func splitUp(chosen []offered) (clashing bool) {
	for i := range chosen {
		if slices.ContainsFunc(chosen[:i], chosen[i].clashes) {
			chosen[i].choice.second = true
			clashing = clashing || slices.ContainsFunc(chosen[:i], chosen[i].clashes)
		}
	}
	return clashing
}

func anyClash(chosen []offered) bool {
	for i := range chosen {
		if slices.ContainsFunc(chosen[:i], chosen[i].clashes) {
			return true
		}
	}
	return false
}

func choicesOf(known []offered) []request {
	chosen := make([]request, len(known))
	for i, one := range known {
		chosen[i] = one.choice
	}
	return chosen
}

// elsewhere names the children of whom something is booked that the session may not see; empty where there is none.
func (v *visit) elsewhere(home *family.Family) string {
	var names []string
	for _, child := range home.Children {
		if child.BookedElsewhere {
			names = append(names, child.Given)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return v.Text.List(names)
}

// staffList names teachers as a sentence does.
func (v *visit) staffList(staff []rules.StaffName) string {
	names := make([]string, len(staff))
	for i, member := range staff {
		names[i] = member.Name
	}
	return v.Text.List(names)
}
