package family

import (
	"bytes"
	"encoding/hex"
	"io"
	"maps"
	"reflect"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/models"
)

// A family's screen is the greatest answer by far, and the one that a whole evening of parents asks for: some hundred free starts, of which few differ. So it
// writes itself, to the same bytes as encoding/json would, which asks each value anew what type it has.

// freeSlots are the starts of an option that are free now.
type freeSlots struct {
	slots []family.FreeSlot
	zone  *time.Location
}

// MarshalJSON writes the starts as a list of slotBody.
func (f freeSlots) MarshalJSON() ([]byte, error) {
	w := familyWriter{}
	w.free(f)
	return w.out, w.err
}

// Schema describes the starts.
func (freeSlots) Schema(registry huma.Registry) *huma.Schema {
	return registry.Schema(reflect.TypeFor[[]slotBody](), true, "")
}

// familyWriter writes a family's screen as JSON.
type familyWriter struct {
	out []byte
	// written tells where in out a start stands already: what is written again is copied.
	written map[slotKey][2]int
	err     error
}

// slotKey is a start of one answer, whose zone is the same everywhere.
type slotKey struct {
	day    models.DayID
	second int64
}

func (w *familyWriter) raw(text string) { w.out = append(w.out, text...) }

// text writes a text. What needs no care is copied; for anything else encoding/json knows the rules.
func (w *familyWriter) text(text string) {
	for i := range len(text) {
		if one := text[i]; one < ' ' || one == '"' || one == '\\' || one >= utf8.RuneSelf {
			w.value(text)
			return
		}
	}
	w.out = append(w.out, '"')
	w.out = append(w.out, text...)
	w.out = append(w.out, '"')
}

// value writes anything else as it is written everywhere.
func (w *familyWriter) value(value any) {
	var written bytes.Buffer
	if err := rest.EncodeJSON(&written, value); err != nil {
		w.err = err
		return
	}
	w.out = append(w.out, bytes.TrimSuffix(written.Bytes(), []byte("\n"))...)
}

// id writes an id as ref does.
func (w *familyWriter) id(id [16]byte) {
	w.out = append(w.out, '"')
	if id != [16]byte{} {
		for i, from := range idParts[:len(idParts)-1] {
			if i > 0 {
				w.out = append(w.out, '-')
			}
			w.out = hex.AppendEncode(w.out, id[from:idParts[i+1]])
		}
	}
	w.out = append(w.out, '"')
}

// idParts is where the groups of an id's canonical form begin and end, in its bytes.
var idParts = [...]int{0, 4, 6, 8, 10, 16}

func (w *familyWriter) yes(yes bool) { w.out = strconv.AppendBool(w.out, yes) }

// listed writes a list, which is never null.
func listed[T any](w *familyWriter, items []T, write func(*T)) {
	w.out = append(w.out, '[')
	for i := range items {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		write(&items[i])
	}
	w.out = append(w.out, ']')
}

func (w *familyWriter) family(body *familyBody) {
	w.raw(`{"zone":`)
	w.text(body.Zone)
	w.raw(`,"children":`)
	listed(w, body.Children, w.child)
	w.raw(`,"conferences":`)
	w.value(body.Conferences)
	w.raw(`,"appointments":`)
	w.value(body.Appointments)
	w.raw("}\n")
}

func (w *familyWriter) child(child *childBody) {
	w.raw(`{"id":`)
	w.id(child.ID.Value)
	w.raw(`,"given":`)
	w.text(child.Given)
	w.raw(`,"group":`)
	w.text(child.Group)
	w.raw(`,"household":`)
	w.id(child.Household.Value)
	w.raw(`,"confirmed":`)
	w.yes(child.Confirmed)
	w.raw(`,"ask_school":`)
	w.yes(child.AskSchool)
	w.raw(`,"booked_elsewhere":`)
	w.yes(child.BookedElsewhere)
	w.raw(`,"talks":`)
	listed(w, child.Talks, w.talk)
	w.raw(`}`)
}

func (w *familyWriter) talk(talk *talkBody) {
	w.raw(`{"conference":`)
	w.id(talk.Conference.Value)
	w.raw(`,"talk_kind":`)
	w.id(talk.TalkKind.Value)
	w.raw(`,"title":`)
	w.text(talk.Title)
	w.raw(`,"minutes":`)
	w.out = strconv.AppendInt(w.out, int64(talk.Minutes), 10)
	w.raw(`,"obligation":`)
	w.text(talk.Obligation)
	w.raw(`,"pupil_attends":`)
	w.yes(talk.Attends)
	if talk.Left != nil {
		w.raw(`,"left":`)
		w.out = strconv.AppendInt(w.out, int64(*talk.Left), 10)
	}
	w.raw(`,"options":`)
	listed(w, talk.Options, w.option)
	w.raw(`}`)
}

func (w *familyWriter) option(option *optionBody) {
	w.raw(`{"staff":`)
	listed(w, option.Staff, w.teacher)
	w.raw(`,"subject":`)
	w.text(option.Subject)
	w.raw(`,"free":`)
	w.free(option.Free)
	w.raw(`}`)
}

func (w *familyWriter) teacher(teacher *shape.TeacherName) {
	w.raw(`{"id":`)
	w.id(teacher.ID.Value)
	w.raw(`,"name":`)
	w.text(teacher.Name)
	w.raw(`}`)
}

func (w *familyWriter) free(free freeSlots) {
	if w.written == nil {
		w.written = map[slotKey][2]int{}
	}
	listed(w, free.slots, func(slot *family.FreeSlot) {
		key := slotKey{slot.Day, slot.Start.Unix()}
		if place, ok := w.written[key]; ok {
			w.out = append(w.out, w.out[place[0]:place[1]]...)
			return
		}
		from := len(w.out)
		w.slot(slot, free.zone)
		w.written[key] = [2]int{from, len(w.out)}
	})
}

// slot writes a start as slotBody describes it.
func (w *familyWriter) slot(slot *family.FreeSlot, zone *time.Location) {
	w.raw(`{"day":`)
	w.id(slot.Day)
	w.raw(`,"start":"`)
	w.out = slot.Start.UTC().AppendFormat(w.out, time.RFC3339)
	w.raw(`","local":"`)
	w.out = slot.Start.In(zone).AppendFormat(w.out, shape.LocalLayout)
	w.raw(`"}`)
}

// prepared is a written answer. Its length is known before it is begun with, so that it goes out in one piece.
type prepared struct{ text []byte }

// maxPrepared is up to which size, in bytes, an answer's memory is used again.
const maxPrepared = 256 << 10

var preparedAnswers = sync.Pool{New: func() any { return &prepared{} }}

// Prepare is huma's transformer: it writes a family's screen.
func Prepare(ctx huma.Context, _ string, body any) (any, error) {
	family, ok := body.(familyBody)
	if !ok {
		return body, nil
	}
	answer := preparedAnswers.Get().(*prepared)
	w := familyWriter{out: answer.text[:0]}
	w.family(&family)
	if w.err != nil {
		return nil, w.err
	}
	answer.text = w.out
	ctx.SetHeader("Content-Length", strconv.Itoa(len(answer.text)))
	return answer, nil
}

// JsonFormats are huma's, which send what is prepared as it is.
func JsonFormats() map[string]huma.Format {
	formats := maps.Clone(huma.DefaultFormats)
	for name, format := range formats {
		usual := format.Marshal
		format.Marshal = func(into io.Writer, body any) error {
			answer, ok := body.(*prepared)
			if !ok {
				return usual(into, body)
			}
			_, err := into.Write(answer.text)
			if cap(answer.text) <= maxPrepared {
				preparedAnswers.Put(answer)
			}
			return err
		}
		formats[name] = format
	}
	return formats
}
