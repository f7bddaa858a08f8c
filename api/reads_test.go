package api_test

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth/reading"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/kept"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// onBoth runs a test on each engine.
func onBoth(t *testing.T, test func(*testing.T, *apitest.World)) {
	for name, open := range map[string]storetest.Opener{"SQLite": storetest.NewSQLite, "PostgreSQL": storetest.NewPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, apitest.On(t, open(t)))
		})
	}
}

// record is what was written down of a school.
type record struct {
	reads []models.Read
	sets  map[models.RowID]models.ReadSet
	// who are the persons of the school by their index, as their ids are written.
	who map[string]string
	ids map[string]bool
}

func recordOf(t *testing.T, s *apitest.School) record {
	t.Helper()
	found := record{sets: map[models.RowID]models.ReadSet{}, who: map[string]string{}, ids: map[string]bool{}}
	err := s.World.Database.Store.For(storetest.As(s.ID)).Read(context.Background(), func(tx *store.Tx) (err error) {
		if found.reads, err = store.List[models.Read](tx); err != nil {
			return err
		}
		sets, err := store.List[models.ReadSet](tx)
		for _, set := range sets {
			found.sets[set.ID] = set
		}
		if err != nil {
			return err
		}
		found.add(tx, models.PersonSchool, [16]byte(s.ID))
		add := func(kind models.PersonKind) func([16]byte) { return func(id [16]byte) { found.add(tx, kind, id) } }
		for _, each := range []func() error{
			func() error {
				return eachOf(tx, add(models.PersonPupil), func(row models.Pupil) [16]byte { return row.ID })
			},
			func() error {
				return eachOf(tx, add(models.PersonHousehold), func(row models.Household) [16]byte { return row.ID })
			},
			func() error {
				return eachOf(tx, add(models.PersonGuardian), func(row models.Guardian) [16]byte { return row.ID })
			},
			func() error {
				return eachOf(tx, add(models.PersonContact), func(row models.Contact) [16]byte { return row.ID })
			},
			func() error {
				return eachOf(tx, add(models.PersonStaff), func(row models.Staff) [16]byte { return row.ID })
			},
			func() error {
				return eachOf(tx, add(models.PersonAccount), func(row models.Account) [16]byte { return row.ID })
			},
		} {
			if err := each(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(found.reads, func(a, b models.Read) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return found
}

func eachOf[T any](tx *store.Tx, add func([16]byte), id func(T) [16]byte) error {
	rows, err := store.List[T](tx)
	for _, row := range rows {
		add(id(row))
	}
	return err
}

func (r *record) add(tx *store.Tx, kind models.PersonKind, id [16]byte) {
	text := models.RowID(id).String()
	r.who[string(reading.Index(tx, kind, id))] = text
	r.ids[text] = true
}

// last gives the newest read, and the persons whom it showed.
func (r *record) last(t *testing.T) (models.Read, []string) {
	t.Helper()
	if len(r.reads) == 0 {
		t.Fatal("nothing was written down")
	}
	row := r.reads[len(r.reads)-1]
	return row, r.persons(row)
}

func (r *record) persons(row models.Read) (persons []string) {
	indexes := row.Persons
	if !row.SetID.IsZero() {
		indexes = r.sets[row.SetID].Persons
	}
	for index := range slices.Chunk(indexes, reading.IndexSize) {
		persons = append(persons, r.who[string(index)])
	}
	return persons
}

var anID = regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// Whoever's id stands in an answer, the record says so: found here in the bytes of the answers, without the types that the program goes by.
func TestWhoeverAnAnswerNamesIsWrittenDown(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *apitest.World) {
		s := w.School(t, "linde", apitest.Setup{Families: 20})
		w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 0)).Want(t, http.StatusCreated)
		if before := recordOf(t, s); len(before.reads) > 0 {
			t.Errorf("what parents and the program's own services see was written down: %+v", before.reads)
		}
		shown := 0
		for _, route := range api.Routes() {
			if route.Method != http.MethodGet || route.Public != "" || !strings.Contains(route.Path, "{school}") {
				continue
			}
			before := recordOf(t, s)
			answer := w.Get(t, s.Admin, fill(route.Path, "linde", idsOf(s)))
			after := recordOf(t, s)
			if answer.Status != http.StatusOK {
				continue
			}
			var want []string
			for _, id := range anID.FindAllString(string(answer.Body), -1) {
				if after.ids[id] && !slices.Contains(want, id) {
					want = append(want, id)
				}
			}
			if len(want) == 0 && len(after.reads) == len(before.reads) {
				continue
			}
			if len(after.reads) != len(before.reads)+1 {
				t.Errorf("%s: %d reads were written", route.ID, len(after.reads)-len(before.reads))
				continue
			}
			shown++
			row, persons := after.last(t)
			if row.Route != route.ID || row.ActorKind != models.ActorStaff || !row.At.Equal(w.Database.Clock.Now()) {
				t.Errorf("%s: %+v", route.ID, row)
			}
			for _, id := range want {
				if !slices.Contains(persons, id) {
					t.Errorf("%s names %s, and the record does not", route.ID, id)
				}
			}
			total := 0
			for kind, count := range row.Counts {
				if kind != models.PersonUnnamed {
					total += count
				}
			}
			if total != len(persons) || slices.Contains(persons, "") {
				t.Errorf("%s: %v of %v", route.ID, row.Counts, persons)
			}
		}
		if shown < 10 {
			t.Errorf("only %d routes showed anybody", shown)
		}
	})
}

func TestTheRecordSaysToWhom(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *apitest.World) {
		s := w.School(t, "linde", apitest.Setup{Families: 1})
		pupil := s.Path + "/pupils/" + s.Families[0].Children[0].ID.String()
		accounts := w.Get(t, w.Operator, s.Path+"/accounts").Want(t, http.StatusOK).List("items")
		admin := accounts[slices.IndexFunc(accounts, func(one apitest.Document) bool { return one.Text("login") == "admin" })].Text("id")
		keys := w.Get(t, s.Admin, s.Path+"/api-keys").Want(t, http.StatusOK).List("items")
		for _, test := range []struct {
			who  string
			call apitest.Call
			kind models.ActorKind
			id   string
		}{
			{"an administrator is the account", apitest.Call{Token: s.Admin}, models.ActorStaff, admin},
			{"the same person with another session", apitest.Call{Token: s.LogInStaff(t, "admin")}, models.ActorStaff, admin},
			{"a key of the school", apitest.Call{Token: s.Key}, models.ActorKey, keys[0].Text("id")},
			{"the machine's own socket", apitest.Call{Local: true}, models.ActorOperator, models.RowID{}.String()},
		} {
			test.call.Method, test.call.Path = http.MethodGet, pupil
			w.Do(t, test.call).Want(t, http.StatusOK)
			found := recordOf(t, s)
			row, persons := found.last(t)
			if row.ActorKind != test.kind || row.ActorID.String() != test.id || row.Route != "get-pupil" {
				t.Errorf("%s: %+v, want %s", test.who, row, test.id)
			}
			if want := s.Families[0].Children[0].ID.String(); !slices.Contains(persons, want) {
				t.Errorf("%s: %v without %s", test.who, persons, want)
			}
		}
		w.Get(t, w.Operator, pupil).Want(t, http.StatusOK)
		found := recordOf(t, s)
		if row, _ := found.last(t); row.ActorKind != models.ActorOperator || row.ActorID.IsZero() {
			t.Errorf("a key of the operator: %+v", row)
		}
		// A write that answers with somebody is a read as well, and the list of schools shows each school's contact person.
		w.Do(t, apitest.Call{Method: http.MethodPatch, Path: pupil, Token: s.Admin, Body: map[string]any{"given": "Anne"}}).Want(t, http.StatusOK)
		found = recordOf(t, s)
		if row, _ := found.last(t); row.Route != "update-pupil" || row.Counts[models.PersonPupil] != 1 {
			t.Errorf("a write: %+v", row)
		}
		other := w.School(t, "beuk", apitest.Setup{})
		w.Get(t, w.Operator, "/api/v1/schools").Want(t, http.StatusOK)
		for _, one := range []*apitest.School{s, other} {
			found := recordOf(t, one)
			if row, persons := found.last(t); row.Route != "list-schools" || !slices.Equal(persons, []string{one.ID.String()}) {
				t.Errorf("the list of schools: %+v %v", row, persons)
			}
		}
	})
}

func mailboxOfTwo(context.Context, models.SchoolID, int) ([]rest.MailboxMessage, error) {
	return []rest.MailboxMessage{{ID: "x", Channel: models.ChannelMail, To: "ouder@example.com"}, {ID: "y", Channel: models.ChannelSMS, To: "+31612345678"}}, nil
}

func TestAnswersThatShowSomebodyWithoutAnIDTellWhom(t *testing.T) {
	t.Parallel()
	w := apitest.New(t, func(config *api.Config) { config.Mailbox = mailboxOfTwo })
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 0)).Want(t, http.StatusCreated)
	booked, gone := s.Families[2].Children[0].ID.String(), s.Families[3].Children[0].ID.String()
	conference := s.Path + "/conferences/" + s.Conference.String()
	w.Get(t, s.Admin, conference+"/schedule.csv")
	file := recordOf(t, s)
	if row, persons := file.last(t); row.Route != "get-schedule-file" || !slices.Contains(persons, booked) || !slices.Contains(persons, s.Mentor.String()) {
		t.Errorf("a schedule as a file: %+v %v", row, persons)
	}
	w.Get(t, s.Admin, conference+"/plan-instance").Want(t, http.StatusOK)
	planned := recordOf(t, s)
	if row, persons := planned.last(t); row.Route != "get-plan-instance" || !slices.Contains(persons, booked) || row.Counts[models.PersonStaff] == 0 || row.Counts[models.PersonHousehold] == 0 {
		t.Errorf("a planning question: %+v %v", row, persons)
	}
	newcomer := apitest.Family{Postcode: "1234 AB", Children: []apitest.Child{{Key: "9001", Name: "Noor Nieuwkomer", BirthDate: "2014-03-04"}}}
	changed := apitest.File{Name: "leerlingen.csv", Content: apitest.RosterCSV(append(slices.Clone(s.Families[:3]), newcomer))}
	upload(t, w, s.Key, s.Path+"/roster/preview", nil, changed).Want(t, http.StatusOK)
	preview := recordOf(t, s)
	if row, persons := preview.last(t); row.Route != "preview-roster" || !slices.Equal(persons, []string{gone}) || row.Counts[models.PersonUnnamed] != 1 {
		t.Errorf("a preview: %+v %v, want %s and one without an id", row, persons, gone)
	}
	w.Get(t, s.Admin, s.Path+"/mailbox").Want(t, http.StatusOK)
	mailbox := recordOf(t, s)
	if row, persons := mailbox.last(t); row.Route != "list-mailbox" || row.Counts[models.PersonUnnamed] != 2 || len(persons) != 0 {
		t.Errorf("the mailbox folder: %+v %v", row, persons)
	}
}

func TestTheSamePersonsAreKeptOnceAMonth(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *apitest.World) {
		s := w.School(t, "linde", apitest.Setup{Families: 20})
		for range 3 {
			w.Get(t, s.Key, s.Path+"/pupils?limit=500").Want(t, http.StatusOK)
		}
		w.Get(t, s.Key, s.Path+"/pupils?limit=3").Want(t, http.StatusOK)
		found := recordOf(t, s)
		if len(found.reads) != 4 || len(found.sets) != 1 || found.reads[0].SetID.IsZero() || found.reads[0].SetID != found.reads[2].SetID || !found.reads[3].SetID.IsZero() || len(found.reads[3].Persons) == 0 {
			t.Errorf("%d reads with %d sets: %+v", len(found.reads), len(found.sets), found.reads)
		}
		w.Database.Clock.Advance(31 * 24 * time.Hour)
		w.Get(t, s.Key, s.Path+"/pupils?limit=500").Want(t, http.StatusOK)
		if next := recordOf(t, s); len(next.reads) != 5 || len(next.sets) != 2 {
			t.Errorf("in the next month: %d reads with %d sets", len(next.reads), len(next.sets))
		}
		// By their age they go: reads first, what they share a month later.
		w.Database.Clock.Advance(kept.ReadsAge - 31*24*time.Hour + time.Hour)
		tidy(t, w)
		if old := recordOf(t, s); len(old.reads) != 1 || len(old.sets) != 2 {
			t.Errorf("after 400 days: %d reads with %d sets", len(old.reads), len(old.sets))
		}
		w.Database.Clock.Advance(62 * 24 * time.Hour)
		tidy(t, w)
		if old := recordOf(t, s); len(old.reads) != 0 || len(old.sets) != 0 {
			t.Errorf("after that: %d reads with %d sets", len(old.reads), len(old.sets))
		}
	})
}

func tidy(t *testing.T, w *apitest.World) {
	t.Helper()
	if err := w.Booking.Erasures.Tidy(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestWhatCannotBeWrittenDownIsNotShown(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *apitest.World) {
		s := w.School(t, "linde", apitest.Setup{Families: 2})
		parent := s.LogIn(t, 2)
		raw := w.Database.Raw(t)
		if _, err := raw.Exec("ALTER TABLE reads RENAME TO elsewhere"); err != nil {
			t.Fatal(err)
		}
		for who, token := range map[string]string{"staff": s.Admin, "a key": s.Key, "the operator": w.Operator} {
			for _, path := range []string{"/pupils", "/households", "/teachers", ""} {
				answer := w.Get(t, token, s.Path+path)
				if answer.Status != http.StatusServiceUnavailable || anID.Match(answer.Body) || answer.Header.Get("Retry-After") == "" {
					t.Errorf("%s gets %s: %d %s", who, path, answer.Status, answer.Body)
				}
			}
		}
		w.Get(t, s.Admin, s.Path+"/groups").Want(t, http.StatusOK) // nobody is shown
		w.Get(t, parent, s.Path+"/family").Want(t, http.StatusOK)
		if _, err := raw.Exec("ALTER TABLE elsewhere RENAME TO reads"); err != nil {
			t.Fatal(err)
		}
		w.Get(t, s.Admin, s.Path+"/pupils").Want(t, http.StatusOK)
	})
}

// Of a pupil who is erased the record keeps that somebody was shown somebody, and nothing else.
func TestTheRecordOfSomebodyWhoIsErasedNamesNobody(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *apitest.World) {
		s := w.School(t, "linde", apitest.Setup{Families: 20})
		pupil := s.Families[2].Children[0]
		w.Get(t, s.Key, s.Path+"/pupils?limit=500").Want(t, http.StatusOK)
		w.Get(t, s.Key, s.Path+"/pupils/"+pupil.ID.String()).Want(t, http.StatusOK)
		before := recordOf(t, s)
		if _, persons := before.last(t); !slices.Contains(persons, pupil.ID.String()) {
			t.Fatalf("%v", persons)
		}
		w.Do(t, apitest.Call{Method: http.MethodDelete, Path: s.Path + "/pupils/" + pupil.ID.String(), Token: s.Admin}).Want(t, http.StatusNoContent)
		after := recordOf(t, s)
		row, persons := after.last(t)
		if len(after.reads) != len(before.reads) || row.Counts[models.PersonPupil] != 1 || !slices.Contains(persons, "") || slices.Contains(persons, pupil.ID.String()) {
			t.Errorf("%+v %v", row, persons)
		}
		for _, set := range after.sets {
			for _, part := range [][]byte{pupil.ID[:reading.IndexSize], pupil.ID[reading.IndexSize:]} {
				if bytes.Contains(set.Persons, part) || bytes.Contains(row.Persons, part) {
					t.Error("the id itself is kept")
				}
			}
		}
	})
}
