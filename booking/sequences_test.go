package booking_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

var sequences = flag.Int("sequences", 0, "how many random sequences of changes of the roster are tried; 0 for 100, or 20 on PostgreSQL, where each takes ten times as long")

// Whatever is imported, booked, joined, split and erased in whatever order: no talk is left that its family cannot see, nobody has another family's data, and
// everybody's time is held by the talks that there are.
func TestNoSequenceOfChangesLeavesATalkWithoutItsFamily(t *testing.T) {
	t.Parallel()
	count := *sequences
	switch {
	case count > 0:
	case os.Getenv("OUDERAVOND_TEST_ENGINE") == "postgres":
		count = 20
	default:
		count = 100
	}
	for seed := range count {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t)
			random := rand.New(rand.NewPCG(uint64(seed), 7))
			for range 8 {
				w.anyChange(random)
				w.nothingAstray()
				w.held()
				if t.Failed() {
					return
				}
			}
		})
	}
}

// teachers are those of the subject talks and of the one that the pupil attends.
var teachers = []string{"LON", "VIS", "KAD"}

// rosters are the files that may come, as what they have instead of something: a child lives elsewhere, a guardian teaches here no more, or does.
var rosters = [][]string{
	{}, {"5-5-2012;1234AB;1", "5-5-2012;9999ZZ;9"}, {"l.visser@school.example.com;;;", "l.visser@example.com;;;"}, {"a.prins@example.com", "e.lont@school.example.com"},
}

// anyChange does one thing at random. That it is refused is fine.
func (w *world) anyChange(random *rand.Rand) {
	w.t.Helper()
	directory, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	pupils := slices.Clone(directory.Pupils())
	random.Shuffle(len(pupils), func(i, j int) { pupils[i], pupils[j] = pupils[j], pupils[i] })
	switch random.IntN(10) {
	case 0:
		_, _ = w.booking.Households.Join(w.ctx, w.operator, []models.PupilID{pupils[0].ID, pupils[1].ID})
	case 1:
		_, _ = w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: []models.PupilID{pupils[0].ID}, Beside: random.IntN(3) == 0})
	case 2:
		if len(pupils) > 4 {
			w.must(w.booking.People.ErasePupil(w.ctx, w.operator, pupils[0].ID))
		}
	case 3:
		request := w.changed(rosters[random.IntN(len(rosters))]...)
		request.AllowRemoval = true
		_, err := w.booking.People.Import(w.ctx, w.operator, request)
		w.must(err)
	case 4:
		home := directory.Households()[random.IntN(len(directory.Households()))].ID
		_ = w.booking.Households.AddContact(w.ctx, w.operator, home, household.NewContact{Name: "Een ouder", Staff: w.staff[teachers[random.IntN(len(teachers))]]})
	case 5:
		address := []string{"m.bakker@example.com", "j.smit@example.com", "l.visser@school.example.com"}[random.IntN(3)]
		_, _ = w.booking.People.UpdateStaff(w.ctx, w.operator, w.staff[teachers[random.IntN(len(teachers))]], people.StaffPatch{Email: &address})
	default:
		homes := directory.HouseholdsOf(pupils[0].ID)
		if len(homes) == 0 {
			return
		}
		at := random.IntN(len(teachers))
		_, _ = w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{
			Household: homes[random.IntN(len(homes))].HouseholdID, Email: []string{"", "oma@example.com"}[random.IntN(2)],
			Make: []appointment.Request{{
				Pupil: pupils[0].ID, TalkKind: w.kind(w.evening, []string{"Vak", "Vak", "Zorg"}[at]), Staff: w.members(teachers[at]), Party: 1 + random.IntN(2),
				Start: w.at(0, fmt.Sprintf("19:%d0", random.IntN(6))),
			}},
		})
	}
}

// nothingAstray checks that each talk is of a household in which the child lives, that its maker and what was typed for it are that household's, and that guardians
// are with a child for whom they came.
func (w *world) nothingAstray() {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		directory, err := tx.Directory()
		w.must(err)
		appointments, err := tx.Appointments()
		w.must(err)
		makers, err := store.List[models.Maker](tx)
		w.must(err)
		of := map[models.MakerID]models.HouseholdID{}
		for _, maker := range makers {
			of[maker.ID] = maker.HouseholdID
		}
		for _, row := range appointments {
			if !slices.Contains(directory.Members(row.HouseholdID), row.PupilID) {
				w.t.Errorf("a talk of a child is another family's")
			}
			if !row.MakerID.IsZero() && of[row.MakerID] != row.HouseholdID {
				w.t.Errorf("a talk's maker is another family's")
			}
		}
		contacts, err := store.List[models.Contact](tx)
		w.must(err)
		home := map[models.GuardianID]models.HouseholdID{}
		for _, household := range directory.Households() {
			for _, guardian := range directory.Guardians(household.ID) {
				home[guardian.ID] = household.ID
			}
		}
		for _, contact := range contacts {
			if !contact.MakerID.IsZero() && of[contact.MakerID] != contact.HouseholdID || !contact.GuardianID.IsZero() && home[contact.GuardianID] != contact.HouseholdID {
				w.t.Errorf("a contact is in another household than whose it is")
			}
		}
		ties, err := store.List[models.GuardianPupil](tx)
		w.must(err)
		with := map[models.GuardianID]bool{}
		for _, tie := range ties {
			with[tie.GuardianID] = with[tie.GuardianID] || slices.Contains(directory.Members(home[tie.GuardianID]), tie.PupilID)
		}
		for guardian, one := range with {
			if !one {
				w.t.Errorf("guardian %s is with none of the children", guardian)
			}
		}
	})
}

// held checks that talks hold the time of those who are in them, and nobody else's. Where a change of the roster left one person in two talks, one of them has it.
func (w *world) held() {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		talks, err := tx.Appointments()
		w.must(err)
		claims, err := store.List[models.Claim](tx)
		w.must(err)
		type place struct {
			holder models.HolderID
			tick   models.Tick
		}
		taken, own := map[place]bool{}, map[models.AppointmentID]map[models.HolderID]bool{}
		for _, claim := range claims {
			taken[place{claim.Holder, claim.Tick}] = true
			if own[claim.AppointmentID] == nil {
				own[claim.AppointmentID] = map[models.HolderID]bool{}
			}
			own[claim.AppointmentID][claim.Holder] = true
		}
		for i := range talks {
			row := &talks[i]
			var people []models.HolderID
			if row.State == models.AppointmentBooked {
				people = w.peopleIn(tx, row)
			}
			for holder := range own[row.ID] {
				if !slices.Contains(people, holder) {
					w.t.Errorf("talk %s (%s) holds the time of %s, who is not in it", row.ID, row.State, holder)
				}
			}
			for _, holder := range people {
				if slices.Contains(row.StaffIDs, models.StaffID(holder)) && !own[row.ID][holder] {
					w.t.Errorf("talk %s does not hold its teacher's time", row.ID)
				}
				for tick := row.StartTick; tick < row.EndTick; tick++ {
					if !taken[place{holder, tick}] {
						w.t.Errorf("nothing holds the time of %s, who is in talk %s", holder, row.ID)
					}
				}
			}
		}
	})
}
