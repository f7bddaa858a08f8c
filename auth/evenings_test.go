package auth_test

import (
	"flag"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/auth/limiter/evening"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

var evenings = flag.Int("evenings", 3, "how many evenings of each kind the model and the server play alike")

// The model of docs/login.md's figures and the server decide each try of the same evenings alike: who gets in, what is charged, and what is taken back.
func TestTheModelAndTheServerDecideEachTryAlike(t *testing.T) {
	t.Parallel()
	size := evening.Size{Name: "small", Pupils: 100, Families: 70, SameName: 0.1}
	clumsy := evening.Usual()
	clumsy.Slip, clumsy.WrongData, clumsy.OtherDevice = 0.3, 0.05, 0.2
	slow := func(strategy evening.Strategy) evening.Strategy {
		strategy.Every = evening.Minute
		return strategy
	}
	kinds := map[string]evening.Evening{
		"quiet":              {People: evening.Usual()},
		"clumsy families":    {People: clumsy},
		"guesses":            {People: evening.Usual(), Attack: slow(evening.AllEvening())},
		"three addresses":    {People: clumsy, Attack: evening.Strategy{Name: "three addresses", From: evening.Begin, Until: evening.End, Every: 2 * evening.Minute, Addresses: 3}},
		"near guesses":       {People: clumsy, Attack: evening.Strategy{Name: "near", From: evening.Begin, Until: evening.End, Every: 2 * evening.Minute, Near: true, PerChild: 3}},
		"everything at once": {People: clumsy, Attack: slow(evening.Everything())},
	}
	for name, kind := range kinds {
		for seed := range *evenings {
			t.Run(fmt.Sprint(name, " ", seed), func(t *testing.T) {
				t.Parallel()
				one := kind
				one.Size, one.Rules, one.Seed = size, evening.Specified(), uint64(seed+1)
				var r *replay
				one.Begin = func(households, mates []int32) { r = newReplay(t, households, mates) }
				one.Tell = func(act evening.Act) { r.play(act) }
				evening.Play(one)
				if r.acts < 70 {
					t.Errorf("only %d acts were played", r.acts)
				}
			})
		}
	}
}

// replay is an evening of the model, played at a real service with a database of its own.
type replay struct {
	*testing.T
	*storetest.Database
	service    *auth.Services
	school     models.SchoolID
	households []int32
	codes      map[int32]string // the family code of each household
	names      []string         // of each child
	tokens     map[int32]string
	near       map[int32]int // how many near answers were given at each child
	variants   map[int32]int // which of them each answer is
	fresh      int
	acts       int
}

// childName gives a name that no slip turns into another's.
func childName(n int) string {
	syllables := []string{"ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "ru"}
	return "X" + strings.Repeat(syllables[n/10%10], 3) + strings.Repeat(syllables[n%10], 3)
}

func childBirth(n int) civil.Date { return civil.Date{Year: 2010, Month: 1, Day: 3}.AddDays(n * 29) }

func homePostcode(household int32) string { return fmt.Sprintf("%dAB", 1011+int(household)*113) }

func newReplay(t *testing.T, households, mates []int32) *replay {
	db := storetest.New(t)
	r := &replay{
		T: t, Database: db, school: storetest.School(t, db.Store, "here"), households: households, codes: map[int32]string{}, tokens: map[int32]string{}, near: map[int32]int{}, variants: map[int32]int{},
	}
	r.service = auth.NewServices(db.Store, func() {})
	ctx, actor := t.Context(), storetest.As(r.school)
	home := func(n int32) models.HouseholdID { return storetest.ID[models.HouseholdID](fmt.Sprint("home ", n)) }
	err := db.Store.For(actor).Write(ctx, func(tx *store.Tx) error {
		tx.School().Policy = models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeAll}
		tx.School().Guessing = models.GuessingNarrow
		if err := tx.UpdateSchool("policy", "guessing"); err != nil {
			return err
		}
		for child, household := range households {
			name := child
			if mate := mates[child]; mate >= 0 && int(mate) < child {
				name = int(mate)
			}
			r.names = append(r.names, childName(name))
			if int32(child) == household {
				if err := store.Insert(tx, &models.Household{ID: home(household), Origin: models.OriginSingle, Factors: models.HouseholdFactors{Postcode: homePostcode(household)}}); err != nil {
					return err
				}
			}
			pupil := &models.Pupil{
				ID: models.New[models.PupilID](), State: models.PersonActive, Arrangement: models.ArrangementEach,
				Details: models.PupilDetails{Given: r.names[child], Surname: "Jansen"}, Factors: models.PupilFactors{BirthDate: childBirth(child)},
			}
			if err := store.Insert(tx, pupil); err != nil {
				return err
			}
			if err := store.Insert(tx, &models.HouseholdPupil{HouseholdID: home(household), PupilID: pupil.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for child, household := range households {
		if int32(child) != household {
			continue
		}
		code, err := r.service.Parents.FamilyCode(ctx, actor, home(household))
		if err != nil {
			t.Fatal(err)
		}
		r.codes[household] = code
	}
	return r
}

// play does one act at the service, and compares what comes of it.
func (r *replay) play(act evening.Act) {
	r.acts++
	r.Clock.Set(storetest.Start().Add(time.Duration(act.Try.At-evening.Begin) * time.Millisecond))
	opened, err := r.service.Parents.Recognise(r.Context(), r.school, r.answers(act), parent.Origin{Address: r.address(act.Try.Address), Try: r.token(act.Try.Device), Language: "nl"})
	if err != nil && errs.KindOf(err) != errs.Unauthenticated {
		r.Fatalf("act %d: %v", r.acts, err)
	}
	if in := opened != nil; in != act.Outcome.In {
		r.Fatalf("act %d, %+v: the server lets it in: %v", r.acts, act, in)
	}
	var misses int64
	err = r.Store.For(storetest.As(r.school)).Read(r.Context(), func(tx *store.Tx) (err error) {
		misses, err = store.Count[models.LoginMiss](tx, store.Eq("lane", models.LanePublic))
		return err
	})
	if err != nil || int(misses) != act.Misses {
		r.Fatalf("act %d, %+v: the server has %d misses, %v", r.acts, act, misses, err)
	}
}

func (r *replay) token(device int32) string {
	if r.tokens[device] == "" {
		r.tokens[device] = session.Try("")
	}
	return r.tokens[device]
}

func (r *replay) address(n int32) netip.Addr {
	if n < 0 {
		r.fresh++
		n = int32(1<<20 + r.fresh)
	}
	return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
}

// answers are what is typed for an act.
func (r *replay) answers(act evening.Act) parent.Answers {
	child := act.Try.Child
	household := r.households[child]
	given := r.names[child]
	switch act.Name {
	case evening.NameSlipped:
		given = given[:len(given)-1]
	case evening.NameOfNobody:
		given = "Wyzewyzewyze"
	}
	answers := parent.Answers{Name: given + " Jansen"}
	if act.Proof {
		answers.FamilyCode = r.codes[household]
		return answers
	}
	birth, postcode := childBirth(int(child)), homePostcode(household)
	switch answer := act.Try.Answer; {
	case answer == 0:
	case act.Try.Near:
		variant, known := r.variants[answer]
		if !known {
			variant = r.near[child]
			r.near[child]++
			r.variants[answer] = variant
		}
		letters := []byte("CDEFGHJKLMNPRTVWXZ")
		last := []byte(postcode)
		last[len(last)-1-variant/len(letters)%2] = letters[variant%len(letters)]
		postcode = string(last)
	default:
		birth, postcode = civil.Date{Year: 1970, Month: 1, Day: 2}.AddDays(int(answer)), "9999ZZ"
	}
	answers.Factors = map[models.Factor]string{models.FactorBirthDate: birth.String(), models.FactorPostcode: postcode}
	return answers
}
