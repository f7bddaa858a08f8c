package directory_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
)

// numbered gives an id that ends in a number.
func numbered[T ~[16]byte](n int) T { return T{0: 1, 14: byte(n >> 8), 15: byte(n)} }

// school gives the rows of a secondary school, every text a string of its own, as a database gives them.
func school(pupils int) (rows directory.Rows) {
	text := func(format string, n int) string { return fmt.Sprintf(format, n) }
	const households, groups, staff, teachings = 9, 25, 10, 2 // households for ten pupils, pupils for a group, pupils for a teacher, pupils for a teaching
	for i := range pupils {
		row := models.Pupil{
			ID: numbered[models.PupilID](i), State: models.PersonState(text("active%.0d", 0)), Year: text("%d", i%6), GroupID: numbered[models.GroupID](i / groups),
			Arrangement: models.Arrangement(text("each%.0d", 0)),
			Details:     models.PupilDetails{Key: text("%d", 100_000+i), Given: text("Sanne%d", i%200), Prefix: text("van der%.0d", 0), Surname: text("Jong%d", i%500)},
			Factors:     models.PupilFactors{Postcode: text("%dAB", 1000+i%700), StudentNumber: text("%d", 100_000+i)},
		}
		home := i % (pupils * households / 10)
		rows.Pupils = append(rows.Pupils, row)
		rows.HouseholdPupils = append(rows.HouseholdPupils, models.HouseholdPupil{HouseholdID: numbered[models.HouseholdID](home), PupilID: row.ID})
		if home == i {
			rows.Households = append(rows.Households, models.Household{ID: numbered[models.HouseholdID](i), Factors: models.HouseholdFactors{Postcode: text("%dAB", 1000+i%700)}})
			rows.Guardians = append(rows.Guardians, models.Guardian{HouseholdID: numbered[models.HouseholdID](i), Details: models.GuardianDetails{Name: text("J. van der Jong%d", i)}})
		}
		if i%groups == 0 {
			rows.Groups = append(rows.Groups, models.Group{ID: numbered[models.GroupID](i / groups)})
		}
		if i%staff == 0 {
			rows.Staff = append(rows.Staff, models.Staff{ID: numbered[models.StaffID](i / staff), Details: models.StaffDetails{Key: text("abc%d", i), DisplayName: text("mw. J. Visser%d", i)}})
		}
		if i%teachings == 0 {
			rows.Teachings = append(rows.Teachings, models.Teaching{GroupID: row.GroupID, Role: models.TeachesSubject, Subject: text("vak %d", i%14)})
		}
	}
	return rows
}

// TestWhatADirectoryTakes runs alone: it looks at the whole program's memory.
func TestWhatADirectoryTakes(t *testing.T) {
	const schools, pupils = 20, 1000
	held := make([]*directory.Directory, schools)
	before := inUse()
	for i := range held {
		held[i] = directory.New(school(pupils))
	}
	took := float64(inUse()-before) / schools
	said := float64(held[0].Bytes())
	t.Logf("%.0f bytes for each pupil; said are %.0f", took/pupils, said/pupils)
	if took > 1500*pupils {
		t.Errorf("a school of %d pupils takes %.0f bytes: fewer schools fit into memory than the manual says", pupils, took)
	}
	if said < 0.8*took || said > 1.3*took {
		t.Errorf("%.0f bytes are said, %.0f are taken", said, took)
	}
	runtime.KeepAlive(held)
}

func inUse() int64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc)
}
