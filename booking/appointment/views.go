package appointment

import (
	"cmp"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

func (w *bookingWork) views(ids []models.AppointmentID) ([]rules.AppointmentView, error) {
	if len(ids) == 0 {
		return []rules.AppointmentView{}, nil
	}
	rows, err := w.tx.Appointments(store.In("id", ids))
	if err != nil {
		return nil, err
	}
	appointments := make([]*models.Appointment, len(rows))
	for i := range rows {
		appointments[i] = &rows[i]
	}
	return w.rendered(appointments), nil
}

// rendered shows appointments in the order of their starts.
func (w *bookingWork) rendered(appointments []*models.Appointment) []rules.AppointmentView {
	appointments = slices.Clone(appointments)
	slices.SortFunc(appointments, func(a, b *models.Appointment) int {
		return cmp.Or(cmp.Compare(a.StartTick, b.StartTick), a.ID.Compare(b.ID))
	})
	v := rules.NewViewer(w.actor, w.people, w.programme, w.tx.Now())
	views := make([]rules.AppointmentView, len(appointments))
	for i, appointment := range appointments {
		views[i] = v.Appointment(appointment)
	}
	return views
}
