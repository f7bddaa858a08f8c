package auth_test

import (
	"context"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// child is a pupil of the test's school, with households by their letter.
type child struct {
	name, given, prefix, surname string
	birth, postcode, number      string
	last4                        string
	households                   string
	state                        models.PersonState
	protected                    bool
}

// children: Sanne and Daan are sister and brother; two Emmas were born on one day; Noor has two homes with postcodes of their own, Finn two in one street; of Tim
// the roster has no birth date, of Ravi nothing; Zoë's address is protected; Mila has left.
var children = []child{
	{name: "sanne", given: "Sanne", prefix: "de", surname: "Jong", birth: "2015-03-04", number: "010001", last4: "1234", households: "A"},
	{name: "daan", given: "Daan", prefix: "de", surname: "Jong", birth: "2017-06-07", number: "010002", last4: "2345", households: "A"},
	{name: "emma", given: "Emma", surname: "Bakker", birth: "2016-01-02", number: "010003", last4: "3456", households: "B"},
	{name: "emma2", given: "Emma", surname: "Bakker", birth: "2016-01-02", number: "010004", last4: "4567", households: "C"},
	{name: "noor", given: "Noor", surname: "Visser", birth: "2014-09-09", number: "010005", last4: "5678", households: "DE"},
	{name: "lars", given: "Lars", surname: "Visser", birth: "2012-08-08", number: "010006", last4: "6789", households: "D"},
	{name: "finn", given: "Finn", surname: "Smit", birth: "2013-05-05", number: "010007", last4: "7890", households: "FG"},
	{name: "tim", given: "Tim", surname: "Bos", number: "010008", households: "H"},
	{name: "zoe", given: "Zoë", surname: "Mulder", birth: "2015-11-11", postcode: "1111ZZ", number: "010009", last4: "9012", households: "I", protected: true},
	{name: "mila", given: "Mila", surname: "Vos", birth: "2010-10-10", number: "010010", households: "J", state: models.PersonLeft},
	{name: "ravi", given: "Ravi", surname: "Kok", households: "K"},
	{name: "twin1", given: "Lotte", surname: "Dekker", birth: "2016-06-06", number: "010011", households: "L"},
	{name: "twin2", given: "Lotte", surname: "Dekker", birth: "2016-06-06", number: "010012", households: "M"},
	{name: "own", given: "Bo", surname: "Prins", birth: "2014-04-04", postcode: "7777PP", number: "010013", households: "N"},
}

// postcodes are those of the households; the others have none.
var postcodes = map[string]string{"A": "1234AB", "B": "2345BC", "C": "3456CD", "D": "4567DE", "E": "5678EF", "F": "6789FG", "G": "6789FG", "H": "7890GH", "J": "8901HJ", "L": "9012KL", "M": "9012KL"}

// world is a service over a database of its own with two schools, of which only the first has children.
type world struct {
	*testing.T
	*storetest.Database
	service       *auth.Services
	school, other models.SchoolID
	woken         *atomic.Int64
	addresses     int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := storetest.New(t)
	w := &world{T: t, Database: db, school: storetest.School(t, db.Store, "here"), other: storetest.School(t, db.Store, "there"), woken: new(atomic.Int64)}
	w.service = auth.NewServices(db.Store, func() { w.woken.Add(1) })
	w.write(func(tx *store.Tx) error {
		for letter := 'A'; letter <= 'N'; letter++ {
			if err := insertHousehold(tx, string(letter)); err != nil {
				return err
			}
		}
		for _, one := range children {
			if err := insertChild(tx, one); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func household(letter string) models.HouseholdID { return storetest.ID[models.HouseholdID](letter) }
func pupil(name string) models.PupilID           { return storetest.ID[models.PupilID](name) }

func insertHousehold(tx *store.Tx, letter string) error {
	return store.Insert(tx, &models.Household{ID: household(letter), Origin: models.OriginSingle, Factors: models.HouseholdFactors{Postcode: postcodes[letter]}})
}

func insertChild(tx *store.Tx, one child) error {
	row := &models.Pupil{
		ID: pupil(one.name), State: models.PersonActive, Arrangement: models.ArrangementEach, Protected: one.protected,
		Details: models.PupilDetails{Given: one.given, Prefix: one.prefix, Surname: one.surname},
		Factors: models.PupilFactors{Postcode: one.postcode, StudentNumber: one.number, CitizenLast4: one.last4},
	}
	if one.state != "" {
		row.State = one.state
	}
	if one.birth != "" {
		birth, err := civil.Parse(one.birth)
		if err != nil {
			return err
		}
		row.Factors.BirthDate = birth
	}
	if err := store.Insert(tx, row); err != nil {
		return err
	}
	for position, letter := range one.households {
		if err := store.Insert(tx, &models.HouseholdPupil{HouseholdID: household(string(letter)), PupilID: row.ID, Position: position}); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) write(work func(*store.Tx) error) {
	w.Helper()
	if err := w.Store.For(storetest.As(w.school)).Write(context.Background(), work); err != nil {
		w.Fatal(err)
	}
}

// policy sets what the school asks.
func (w *world) policy(part models.PostcodePart, factors ...models.Factor) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		tx.School().Policy = models.Policy{Factors: factors, PostcodePart: part}
		return tx.UpdateSchool("policy")
	})
}

// close puts the school into the state in which nobody gets in.
func (w *world) closeSchool() {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		tx.School().State = models.SchoolClosing
		return tx.UpdateSchool("state")
	})
}

// contact gives a household a contact.
func (w *world) contact(letter, value string, kind models.ContactKind, source models.ContactSource, change ...func(*models.Contact)) models.ContactID {
	w.Helper()
	row := &models.Contact{
		ID: models.New[models.ContactID](), HouseholdID: household(letter), Kind: kind, Source: source, Purposes: []string{"confirmation", "code"}, Language: "nl",
		Details: models.ContactDetails{Value: value},
	}
	for _, one := range change {
		one(row)
	}
	w.write(func(tx *store.Tx) error { return store.Insert(tx, row) })
	return row.ID
}

// maker is what a booking of a device leaves behind.
func (w *world) maker(letter, device string, pupils ...string) models.MakerID {
	w.Helper()
	row := &models.Maker{ID: models.New[models.MakerID](), HouseholdID: household(letter), ExpiresAt: storetest.Start().AddDate(0, 1, 0)}
	for _, name := range pupils {
		row.PupilIDs = append(row.PupilIDs, pupil(name))
	}
	w.write(func(tx *store.Tx) error {
		row.DeviceIndex = tx.Index("device", device)
		return store.Insert(tx, row)
	})
	return row.ID
}

// rows lists the rows of a type of the first school.
func rows[T any](w *world, conditions ...store.Condition) (found []T) {
	w.Helper()
	err := w.Store.For(storetest.As(w.school)).Read(context.Background(), func(tx *store.Tx) (err error) {
		found, err = store.List[T](tx, conditions...)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return found
}

// right gives what a parent of Sanne types.
func right() parent.Answers {
	return parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234 ab"}}
}

// wrong gives the n-th answer that misses Sanne by far, each another.
func wrong(n int) parent.Answers {
	return parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: civil.Date{Year: 2013, Month: 10, Day: 28}.AddDays(n).String(), models.FactorPostcode: "9876 ZY"}}
}

// elsewhere gives an address and a device that were not used before.
func (w *world) elsewhere() parent.Origin {
	w.addresses++
	return parent.Origin{Address: netip.AddrFrom4([4]byte{198, 18, byte(w.addresses >> 8), byte(w.addresses)}), Try: session.Try(""), Language: "nl"}
}

// again gives the services of another program on the same database.
func (w *world) again() *auth.Services { return auth.NewServices(w.Store, nil) }

func (w *world) recognise(answers parent.Answers, origin parent.Origin) (*session.Opened, error) {
	return w.service.Parents.Recognise(context.Background(), w.school, answers, origin)
}

// in logs in and fails the test if that does not work.
func (w *world) in(answers parent.Answers, origin parent.Origin) *session.Opened {
	w.Helper()
	opened, err := w.recognise(answers, origin)
	if err != nil {
		w.Fatal(err)
	}
	return opened
}

// out tries to log in and checks that the answer is the uniform one, to the letter.
func (w *world) out(what string, answers parent.Answers, origin parent.Origin) {
	w.Helper()
	opened, err := w.recognise(answers, origin)
	if opened != nil {
		w.Errorf("%s: got in, with %+v", what, opened.Actor.Grants)
	}
	wantUniform(w, what, err)
}

func wantUniform(t testing.TB, what string, err error) {
	t.Helper()
	found, ok := errs.As(err)
	if !ok || found.Kind != errs.Unauthenticated || err.Error() != "login.not-recognised" || found.Code != "login.not-recognised" || len(found.Fields)+len(found.Items)+len(found.Params) != 0 || found.RetryAfter != 0 {
		t.Errorf("%s: %v is not the uniform answer", what, err)
	}
}

func wantKind(t testing.TB, what string, err error, kind errs.Kind, code string) {
	t.Helper()
	if err == nil || errs.KindOf(err) != kind || errs.CodeOf(err) != code {
		t.Errorf("%s: error %v of kind %d", what, err, errs.KindOf(err))
	}
}

// wantGrant checks that a session has exactly one household, with exactly these children.
func wantGrant(t testing.TB, opened *session.Opened, letter string, confirmed bool, names ...string) {
	t.Helper()
	if len(opened.Actor.Grants) != 1 {
		t.Fatalf("grants: %+v", opened.Actor.Grants)
	}
	grant := opened.Actor.Grants[0]
	want := make([]models.PupilID, len(names))
	for i, name := range names {
		want[i] = pupil(name)
	}
	got := slices.SortedFunc(slices.Values(grant.Pupils), models.PupilID.Compare)
	slices.SortFunc(want, models.PupilID.Compare)
	if grant.Household != household(letter) || grant.Confirmed != confirmed || !slices.Equal(got, want) {
		t.Errorf("grant %+v, want household %s, confirmed %v, children %v", grant, letter, confirmed, names)
	}
}

func (w *world) authenticate(token string) (models.Actor, error) {
	return w.service.Authenticate(context.Background(), w.school, token)
}

// spent sums the budgets of a name, over all subjects and windows.
func (w *world) spent(budget budget.Budget) int {
	w.Helper()
	total := 0
	for _, row := range rows[models.Budget](w, store.Eq("name", budget.Name)) {
		total += row.Spent
	}
	return total
}
