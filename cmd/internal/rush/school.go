package rush

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/ouderavond/ouderavond/booking/sample"
)

// schoolMaker makes one school.
type schoolMaker struct {
	office *Office
	plan   Scale
	slug   string
	now    time.Time
	truth  sample.School
	exists bool
}

func (m *schoolMaker) path(rest string) string { return "/api/v1/schools/" + m.slug + rest }

func (m *schoolMaker) make(ctx context.Context, seed uint64) (School, error) {
	made := School{Slug: m.slug}
	spec := m.spec(seed)
	m.truth = sample.Generate(spec)
	m.trimContacts()
	made.Families = m.families()
	err := m.office.call(ctx, http.MethodPost, "/api/v1/schools", map[string]any{
		"slug": m.slug, "name": "Rush " + spec.Name, "rehearsal": true, "channels": map[string]bool{"mail": true, "sms": false},
		"policy": map[string]any{"factors": []string{"birth_date", "postcode"}, "postcode_part": "all"},
	}, nil)
	if err != nil {
		return made, err
	}
	m.exists = true
	if err := m.roster(ctx); err != nil {
		return made, err
	}
	made.Conference, made.Popular, err = m.conference(ctx)
	return made, err
}

// spec is a school with enough families of the sort that logs in at the first try: about nine of ten pupils live in one.
func (m *schoolMaker) spec(seed uint64) sample.Spec {
	usual, pupilsPerFamily := sample.Primary(), 1.6
	if m.plan.Level == sample.LevelSecondary {
		usual, pupilsPerFamily = sample.Secondary(), 1.45
	}
	pupils := int(float64(m.plan.Families)*pupilsPerFamily) + 40
	share := float64(pupils) / float64(usual.Pupils)
	usual.Seed, usual.Slug, usual.Pupils = seed, m.slug, min(pupils, sample.MaxPupils)
	usual.Teachers = max(int(float64(usual.Teachers)*share), 12)
	usual.Groups = max(int(float64(usual.Groups)*share), 8)
	usual.SchoolYearStart = m.now.Year()
	if m.now.Month() < time.August {
		usual.SchoolYearStart--
	}
	return usual
}

// trimContacts leaves each family as many guardians as the plan says.
func (m *schoolMaker) trimContacts() {
	for i := range m.truth.Pupils {
		pupil := &m.truth.Pupils[i]
		var kept []sample.Guardian
		for _, guardian := range pupil.Guardians {
			guardian.Phone = ""
			if len(kept) < m.plan.Contacts && guardian.Email != "" {
				kept = append(kept, guardian)
			}
		}
		pupil.Guardians = kept
	}
}

// families picks those that log in at the first try: whoever the school's file does not tell apart is turned away by the product, and rightly.
func (m *schoolMaker) families() []Family {
	var list []Family
	for at := range m.truth.Households {
		if len(list) == m.plan.Families {
			break
		}
		if family, ok := m.family(at); ok {
			list = append(list, family)
		}
	}
	return list
}

func (m *schoolMaker) family(at int) (Family, bool) {
	household := m.truth.Households[at]
	var family Family
	for _, place := range household.Pupils {
		pupil := m.truth.Pupils[place]
		odd := pupil.Traits.NoPostcode || pupil.Traits.Namesake || pupil.Traits.Adult || pupil.Traits.StaffChild || pupil.Traits.Abroad || len(pupil.Households) != 1
		if odd || pupil.Address != household.Address || m.plan.Contacts > 0 && len(pupil.Guardians) == 0 {
			return family, false
		}
		family.Children = append(family.Children, Entry{Name: pupil.FullName(), BirthDate: pupil.BirthDate, Postcode: household.Address.Postcode})
	}
	return family, !household.Separated && len(family.Children) > 0
}

// roster imports the files, and accepts the families that the product proposes.
func (m *schoolMaker) roster(ctx context.Context) error {
	table := m.truth.CSV(sample.Dialect{Layout: sample.LayoutParnasSys, Encoding: sample.UTF8, FamilyCodes: true})
	var imported struct{ Applied bool }
	if err := m.office.upload(ctx, m.path("/roster/import"), map[string][]byte{"leerlingen.csv": table}, nil, &imported); err != nil {
		return err
	}
	if !imported.Applied {
		return errors.New("the roster was not taken")
	}
	// The table says more than the list of pupils did, and takes its place.
	replacing := map[string]string{"allow_removal": "true"}
	if err := m.office.upload(ctx, m.path("/roster/teachers"), map[string][]byte{"docenten.csv": m.truth.TeacherTable()}, replacing, nil); err != nil {
		return err
	}
	return m.office.call(ctx, http.MethodPost, m.path("/merge-suggestions/decide"), map[string]any{"accept": true}, nil)
}

// firstEvening is in how many days the first evening is.
const firstEvening = 8

// conference makes a conference with all teachers on all evenings, and opens it.
func (m *schoolMaker) conference(ctx context.Context) (id, popular string, err error) {
	var days []map[string]string
	for i := range m.plan.Evenings {
		days = append(days, map[string]string{"date": m.now.AddDate(0, 0, firstEvening+i).Format(time.DateOnly)})
	}
	kinds := []map[string]any{
		{"title": "Mentorgesprek", "minutes": 10, "obligation": "expected", "max_per_pupil": 1, "staffing": "mentor"},
		{"title": "Vakdocent", "minutes": 10, "max_per_pupil": 5, "staffing": "subject"},
	}
	if m.plan.Level == sample.LevelPrimary {
		kinds = []map[string]any{{"title": "Groepsleerkracht", "minutes": 10, "obligation": "expected", "max_per_pupil": 1, "staffing": "group"}}
	}
	if m.plan.Popular > 0 {
		kinds = append(kinds, map[string]any{"title": "Decaan", "minutes": 10, "staffing": "offer"})
	}
	var made struct {
		ID        string
		Days      []struct{ ID string }
		TalkKinds []struct{ ID string } `json:"talk_kinds"`
	}
	err = m.office.call(ctx, http.MethodPost, m.path("/conferences"), map[string]any{
		"title": "Rush", "opens_at": m.now.Add(-time.Hour), "closes_at": m.now.AddDate(0, 0, firstEvening-1), "days": days, "talk_kinds": kinds,
	}, &made)
	if err != nil {
		return "", "", err
	}
	ids := make([]string, len(made.Days))
	for i, day := range made.Days {
		ids[i] = day.ID
	}
	if m.plan.Popular > 0 {
		popular = made.TalkKinds[len(made.TalkKinds)-1].ID
	}
	if err := m.evenings(ctx, made.ID, ids, popular); err != nil {
		return "", "", err
	}
	return made.ID, popular, m.office.call(ctx, http.MethodPost, m.path("/conferences/"+made.ID+"/open"), nil, nil)
}

// maxDays is how many teachers' days the API takes at once.
const maxDays = 2000

// evenings says when the teachers are there, and offers the popular ones to everybody.
func (m *schoolMaker) evenings(ctx context.Context, conference string, days []string, popular string) error {
	var teachers struct{ Items []struct{ ID string } }
	if err := m.office.call(ctx, http.MethodGet, m.path("/teachers"), nil, &teachers); err != nil {
		return err
	}
	var list []map[string]any
	for _, teacher := range teachers.Items {
		for _, day := range days {
			list = append(list, map[string]any{"teacher": teacher.ID, "day": day, "windows": []map[string]string{{"from": "18:00", "until": "21:30"}}})
		}
	}
	for len(list) > 0 {
		part := list[:min(maxDays, len(list))]
		list = list[len(part):]
		if err := m.office.call(ctx, http.MethodPut, m.path("/conferences/"+conference+"/availability"), map[string]any{"days": part}, nil); err != nil {
			return err
		}
	}
	for i := range m.plan.Popular {
		offer := map[string]any{"talk_kind": popular, "staff": []string{teachers.Items[i%len(teachers.Items)].ID}}
		if err := m.office.call(ctx, http.MethodPost, m.path("/conferences/"+conference+"/offers"), offer, nil); err != nil {
			return err
		}
	}
	return nil
}
