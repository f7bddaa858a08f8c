package conference

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// The lists of pupils that causes are about.
const (
	CannotLogIn  = "cannot_log_in"
	WithoutOffer = "without_offer"
	WithoutSlot  = "without_slot"
)

// maxExamples is how many pupils a cause names.
const maxExamples = 3

// Cause says why some pupils stand in one of the lists of a readiness.
type Cause struct {
	About string // which list
	Code  string // stable code of the cause
	// Kinds are the titles of the talk kinds concerned; Roles what the teachers whom these pupils have are to them. Both stay empty where they say nothing.
	Kinds    []string
	Roles    []models.TeachingRole
	Pupils   int
	Groups   []GroupCount // the most first
	Teachers []rules.StaffName
	Examples []PupilNotice
	// Mend is what would mend it for the most of them, where the conference itself could; nil where the roster has to.
	Mend *Mend
}

// GroupCount is how many pupils of a group something concerns.
type GroupCount struct {
	Name   string
	Pupils int
}

// Mend is a change of a talk kind that would offer it to pupils who are offered nothing.
type Mend struct {
	Kind     models.TalkKindID
	Title    string
	Staffing models.Staffing
	Pupils   int // to how many of them
}

// AllCauses lists the codes of causes beside those of the log-in, which are the reasons of its list.
func AllCauses() []string {
	return []string{
		noGroup, noTeachers, teachersLeft, otherRoles, offersOnly, noHours, hoursPast, hoursElsewhere, hoursShort, hoursApart,
	}
}

const (
	noGroup        = "no-group"              // the pupil is in no group, and nobody teaches it by name
	noTeachers     = "group-without-teacher" // nobody teaches the pupil's groups
	teachersLeft   = "teachers-left"         // those with whom the talk would be have left
	otherRoles     = "other-roles"           // there are teachers, but none as the talk kinds want them
	offersOnly     = "offers-only"           // the talk kinds are by offers only, and none means the pupil
	noHours        = "teachers-without-hours"
	hoursPast      = "hours-past"
	hoursElsewhere = "hours-on-other-days"
	hoursShort     = "hours-too-short"
	hoursApart     = "no-hours-together"
)

// why is why one pupil stands in a list.
type why struct {
	about, code string
	roles       []models.TeachingRole
	teachers    []models.StaffID
}

func (w why) key() string {
	key := w.about + "|" + w.code
	for _, role := range w.roles {
		key += "|" + string(role)
	}
	return key
}

// causes gathers pupils by why.
type causes map[string]*gathered

type gathered struct {
	why
	pupils   []*models.Pupil
	teachers map[models.StaffID]bool
}

func (c causes) add(pupil *models.Pupil, reason why) {
	found, ok := c[reason.key()]
	if !ok {
		found = &gathered{why: reason, teachers: map[models.StaffID]bool{}}
		c[reason.key()] = found
	}
	found.pupils = append(found.pupils, pupil)
	for _, teacher := range reason.teachers {
		found.teachers[teacher] = true
	}
}

func (c causes) list(l *readinessLook) []Cause {
	list := []Cause{}
	for _, found := range c {
		list = append(list, l.cause(found))
	}
	slices.SortFunc(list, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(a.About, b.About), cmp.Compare(b.Pupils, a.Pupils), cmp.Compare(a.Code, b.Code), slices.Compare(a.Roles, b.Roles))
	})
	return list
}

func (l *readinessLook) cause(found *gathered) Cause {
	cause := Cause{
		About: found.about, Code: found.code, Roles: append([]models.TeachingRole{}, found.roles...), Pupils: len(found.pupils),
		Kinds: []string{}, Groups: []GroupCount{}, Examples: []PupilNotice{},
	}
	groups := map[string]int{}
	for _, pupil := range found.pupils {
		notice := PupilNotice{Pupil: pupil.ID, Key: pupil.Details.Key, Name: pupil.Details.FullName()}
		if group, ok := l.people.Group(pupil.GroupID); ok {
			notice.Group = group.Details.Name
			groups[notice.Group]++
		}
		cause.Examples = append(cause.Examples, notice)
	}
	sortNotices(cause.Examples)
	cause.Examples = cause.Examples[:min(len(cause.Examples), maxExamples)]
	for name, count := range groups {
		cause.Groups = append(cause.Groups, GroupCount{name, count})
	}
	slices.SortFunc(cause.Groups, func(a, b GroupCount) int {
		return cmp.Or(cmp.Compare(b.Pupils, a.Pupils), strings.Compare(a.Name, b.Name))
	})
	if found.about == WithoutOffer {
		for _, kind := range l.conference.TalkKinds {
			cause.Kinds = append(cause.Kinds, kind.Details.Title)
		}
		cause.Mend = l.mend(found.pupils)
	}
	cause.Teachers = rules.Viewer{People: l.people}.Staff(slices.Collect(maps.Keys(found.teachers)))
	return cause
}

// mend tries every other staffing of every talk kind, and gives the one that offers it to the most of some pupils; of equal ones the first. Nil if none does.
func (l *readinessLook) mend(pupils []*models.Pupil) *Mend {
	var best *Mend
	for _, kind := range l.conference.TalkKinds {
		for _, staffing := range staffings {
			if staffing == kind.Staffing || staffing == models.StaffedByOffer {
				continue
			}
			other := *kind
			other.Staffing = staffing
			offered := 0
			for _, pupil := range pupils {
				if len(rules.OffersOf(l.people, l.conference, &other, pupil)) > 0 {
					offered++
				}
			}
			if offered > 0 && (best == nil || offered > best.Pupils) {
				best = &Mend{kind.ID, kind.Details.Title, staffing, offered}
			}
		}
	}
	return best
}

// whyNoOffer tells why a pupil is offered no talk at all.
func (l *readinessLook) whyNoOffer(pupil *models.Pupil) why {
	wanted, byRoster := map[models.TeachingRole]bool{}, false
	for _, kind := range l.conference.TalkKinds {
		for _, role := range rules.RolesOf(kind.Staffing) {
			wanted[role], byRoster = true, true
		}
	}
	present, left := map[models.TeachingRole]bool{}, []models.StaffID{}
	for teaching := range l.people.Teachings(pupil.ID) {
		staff, known := l.people.Staff(teaching.StaffID)
		switch {
		case known && staff.State == models.PersonActive:
			present[teaching.Role] = true
		case known && wanted[teaching.Role]:
			left = append(left, teaching.StaffID)
		}
	}
	reason := why{about: WithoutOffer}
	switch {
	case !byRoster:
		reason.code = offersOnly
	case len(left) > 0:
		reason.code, reason.teachers = teachersLeft, left
	case len(present) > 0:
		reason.code, reason.roles = otherRoles, slices.Sorted(maps.Keys(present))
	case len(l.people.GroupsOf(pupil.ID)) == 0:
		reason.code = noGroup
	default:
		reason.code = noTeachers
	}
	return reason
}

// whyNoSlot tells why none of the talks that a pupil is offered can ever be: by what is wrong with the one that comes nearest to being possible.
func (l *readinessLook) whyNoSlot(pupil *models.Pupil) why {
	nearness := []string{noHours, hoursPast, hoursElsewhere, hoursShort, hoursApart}
	days := rules.DaysFor(l.people, l.conference, pupil, l.siblings(pupil))
	reason := why{about: WithoutSlot, code: noHours}
	for _, kind := range l.conference.TalkKinds {
		for _, set := range rules.OffersOf(l.people, l.conference, kind, pupil) {
			code := l.whyNotThese(set, days)
			if slices.Index(nearness, code) > slices.Index(nearness, reason.code) {
				reason.code = code
			}
			reason.teachers = append(reason.teachers, set...)
		}
	}
	return reason
}

// whyNotThese tells why a talk with some staff cannot be on some days.
func (l *readinessLook) whyNotThese(set rules.StaffSet, days []models.DayID) string {
	anywhere, there, coming := true, true, true
	for _, member := range set {
		hours := func(days []models.DayID, later bool) bool {
			return slices.ContainsFunc(days, func(day models.DayID) bool {
				return slices.ContainsFunc(rules.FreeSpans(l.conference, member, day), func(span rules.Span) bool {
					return !later || span.End.Time().After(l.tx.Now())
				})
			})
		}
		anywhere, there, coming = anywhere && hours(daysOf(l.conference), false), there && hours(days, false), coming && hours(days, true)
	}
	switch {
	case !anywhere:
		return noHours
	case !there:
		return hoursElsewhere
	case !coming:
		return hoursPast
	case len(set) > 1:
		return hoursApart
	default:
		return hoursShort
	}
}
