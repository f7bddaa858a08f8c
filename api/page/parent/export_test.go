package parent

import (
	"net/url"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/models"
)

// RereadChoices reads the choices of a form and writes them again; count is how many there are.
func RereadChoices(fields url.Values) (again url.Values, count int, err error) {
	chosen, err := decodeChoices(layout.Form(fields))
	return encodeChoices(chosen), len(chosen), err
}

// ChoiceField is how the pages write a choice.
func ChoiceField(pupil models.PupilID, kind models.TalkKindID, staff []models.StaffID, start models.Tick, second, walk bool) (name, value string) {
	one := request{pupil, kind, staff, start, second, walk}
	return one.name(), one.value()
}
