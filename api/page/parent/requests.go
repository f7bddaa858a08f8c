package parent

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/models"
)

const (
	// choicePrefix begins the names of fields that hold a choice.
	choicePrefix = "c."
	// maxChoices is how many talks one booking may hold.
	maxChoices = 60
	// maxSet is the most teachers in one talk that a field may name.
	maxSet = 10
	// tickBase is the base in which times are written: the highest that needs no other signs than digits and small letters.
	tickBase = 36
)

// request is a talk that a parent chose: for whom, of which kind, with whom, when. It travels as one field, whose name says for whom and with whom and
// whose value says when, so that hundreds of possible times stay small:
//
//	c.<pupil>.<talk kind>[.<teacher>...] = <tick>[.<teacher>...][.p2][.w]
//
// Teachers in the value replace those in the name. An empty value is no choice. Everything in it is checked again by the booking service: it is an
// address of things, and no permission.
type request struct {
	pupil models.PupilID
	kind  models.TalkKindID
	staff []models.StaffID
	start models.Tick
	// second tells that the household splits up and its second party goes.
	second bool
	// walk tells that the family accepts too little time to walk.
	walk bool
}

func shortID[T ~[16]byte](id T) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

func readShortID[T ~[16]byte](text string) (T, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != 16 {
		return T{}, false
	}
	return T(raw), true
}

// talkField names the field of a talk for which any of several teachers can be chosen in one list.
func talkField(pupil models.PupilID, kind models.TalkKindID) string {
	return choicePrefix + shortID(pupil) + "." + shortID(kind)
}

// setField names the field of a talk with certain teachers.
func setField(pupil models.PupilID, kind models.TalkKindID, staff []models.StaffID) string {
	return talkField(pupil, kind) + staffText(staff)
}

func staffText(staff []models.StaffID) string {
	var text strings.Builder
	for _, member := range staff {
		text.WriteString("." + shortID(member))
	}
	return text.String()
}

func (c request) name() string { return setField(c.pupil, c.kind, c.staff) }

func (c request) value() string {
	text := tickText(c.start)
	if c.second {
		text += ".p2"
	}
	if c.walk {
		text += ".w"
	}
	return text
}

// tickText writes a time. A page may hold a thousand of them.
func tickText(tick models.Tick) string { return strconv.FormatInt(int64(tick), tickBase) }

func (c request) time() time.Time { return c.start.Time() }

// sameTalk tells whether two choices are for the same child, kind and teachers.
func (c request) sameTalk(other request) bool {
	return c.pupil == other.pupil && c.kind == other.kind && slices.Equal(sortedStaff(c.staff), sortedStaff(other.staff))
}

func sortedStaff(staff []models.StaffID) []models.StaffID {
	return slices.SortedFunc(slices.Values(staff), models.StaffID.Compare)
}

// encodeChoices writes choices for an address.
func encodeChoices(chosen []request) url.Values {
	values := url.Values{}
	for _, one := range chosen {
		values.Set(one.name(), one.value())
	}
	return values
}

// decodeChoices reads the choices of a form, by start. A field that is not one the pages write is a bad form.
func decodeChoices(f layout.Form) ([]request, error) {
	var chosen []request
	for name, values := range f {
		if !strings.HasPrefix(name, choicePrefix) {
			continue
		}
		if len(values) != 1 {
			return nil, layout.ErrBadForm()
		}
		if values[0] == "" {
			continue
		}
		one, ok := decodeChoice(name, values[0])
		if !ok {
			return nil, layout.ErrBadForm()
		}
		chosen = append(chosen, one)
	}
	if len(chosen) > maxChoices {
		return nil, layout.ErrBadForm()
	}
	slices.SortFunc(chosen, compareChoices)
	return chosen, nil
}

func compareChoices(a, b request) int {
	if a.start != b.start {
		return int(a.start - b.start)
	}
	return strings.Compare(a.name(), b.name())
}

func decodeChoice(name, value string) (request, bool) {
	one, ok := decodeName(name)
	return one, ok && one.readValue(value)
}

// decodeName reads for whom a choice is, of which kind, and with whom if the name says so.
func decodeName(name string) (request, bool) {
	var one request
	parts := strings.Split(strings.TrimPrefix(name, choicePrefix), ".")
	if len(parts) < 2 || len(parts) > 2+maxSet {
		return one, false
	}
	var okPupil, okKind bool
	one.pupil, okPupil = readShortID[models.PupilID](parts[0])
	one.kind, okKind = readShortID[models.TalkKindID](parts[1])
	if !okPupil || !okKind {
		return one, false
	}
	for _, part := range parts[2:] {
		member, ok := readShortID[models.StaffID](part)
		if !ok {
			return one, false
		}
		one.staff = append(one.staff, member)
	}
	return one, true
}

func (c *request) readValue(value string) bool {
	parts := strings.Split(value, ".")
	if len(parts) > maxSet+3 {
		return false
	}
	tick, err := strconv.ParseUint(parts[0], tickBase, 32)
	if err != nil {
		return false
	}
	c.start = models.Tick(tick)
	var staff []models.StaffID
	for _, part := range parts[1:] {
		switch part {
		case "p2":
			c.second = true
		case "w":
			c.walk = true
		default:
			member, ok := readShortID[models.StaffID](part)
			if !ok {
				return false
			}
			staff = append(staff, member)
		}
	}
	if len(staff) > 0 {
		c.staff = staff
	}
	return len(c.staff) > 0 && len(c.staff) <= maxSet
}

func hiddenChoices(chosen []request) []layout.Hidden {
	fields := make([]layout.Hidden, 0, len(chosen))
	for _, one := range chosen {
		fields = append(fields, layout.Hidden{Name: one.name(), Value: one.value()})
	}
	return fields
}
