package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
)

// The comparison is small in the suite; the flags make it long enough to mean something.
var (
	ratioFamilies = flag.Int("ratio.families", 40, "how many families book, three times three talks each")
	ratioClients  = flag.Int("ratio.clients", 30, "how many clients book at once")
	ratioRounds   = flag.Int("ratio.rounds", 1, "how often each side is measured, in turns")
	ratioLeast    = flag.Float64("ratio.least", 0.1, "the least ratio of the product's bookings per second to the hand-written ones")
)

const (
	ratioDays  = 3  // each family books once for each
	ratioSlots = 60 // of each teacher on each day
)

// order is one booking that a client sends: three talks, one for each child of a family.
type order struct {
	token string
	body  []byte
	key   string
}

// ratioSchool is a school where every order can be met: as many teachers as it takes.
type ratioSchool struct {
	*apitest.School
	families int
	groups   int
	mentors  []models.StaffID
	days     []models.DayID
	pupils   map[string]models.PupilID
	kinds    []models.TalkKindID
	people   *directory.Directory
}

func newRatioSchool(t *testing.T, w *apitest.World, families int) *ratioSchool {
	t.Helper()
	ctx := context.Background()
	s := &ratioSchool{families: families, groups: 3 * ((families + ratioSlots - 1) / ratioSlots), pupils: map[string]models.PupilID{}}
	made, err := w.Booking.Schools.Create(ctx, models.Actor{Kind: models.ActorOperator}, school.NewSchool{
		Slug: "verhouding", Details: models.SchoolDetails{Name: "School Verhouding"}, Channels: &models.Channels{Mail: true},
	})
	wantNoError(t, err)
	s.School = &apitest.School{World: w, ID: made.ID, Slug: "verhouding", Path: "/api/v1/schools/verhouding"}
	result, err := w.Booking.People.Import(ctx, s.Actor(), people.ImportRequest{Files: []roster.File{{Name: "leerlingen.csv", Data: []byte(s.csv())}}})
	wantNoError(t, err)
	if !result.Applied {
		t.Fatalf("the roster was not taken: %+v", result.Report.Errors)
	}
	var teachers strings.Builder
	teachers.WriteString("groep;leerkracht;rol\n")
	for group := range s.groups {
		fmt.Fprintf(&teachers, "%s;mw. J. Visser%s;mentor\n", ratioGroup(group), ratioLetters(group))
	}
	_, err = w.Booking.People.ImportTeachers(ctx, s.Actor(), people.TeachingTable{Table: roster.File{Name: "docenten.csv", Data: []byte(teachers.String())}})
	wantNoError(t, err)
	s.find(t)
	s.open(t)
	return s
}

func wantNoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ratioGroup(group int) string { return fmt.Sprintf("%d%c", 1+group/26, 'A'+group%26) }

func ratioLetters(number int) string {
	text := ""
	for range 3 {
		text = string(rune('a'+number%26)) + text
		number /= 26
	}
	return text
}

// group is the group of a family's child: families that share teachers are in rows of as many families as there are slots.
func (s *ratioSchool) group(family, child int) int { return 3*(family%(s.groups/3)) + child }

func (s *ratioSchool) csv() string {
	var out strings.Builder
	out.WriteString("Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Postcode;Huisnummer;Klas;Leerjaar\n")
	for family := range s.families {
		for child := range 3 {
			fmt.Fprintf(&out, "%d;%s;Gezin%s;%d-03-%02d;12%02d AB;%d;%s;1\n", 1000+3*family+child, []string{"Anna", "Bram", "Cato"}[child], ratioLetters(family),
				2012+2*child, 1+family%28, family%90+10, 1+family, ratioGroup(s.group(family, child)))
		}
	}
	return out.String()
}

func (s *ratioSchool) find(t *testing.T) {
	t.Helper()
	pupils, people, err := s.World.Booking.People.Pupils(context.Background(), s.Actor())
	wantNoError(t, err)
	for _, pupil := range pupils {
		s.pupils[pupil.Details.Key] = pupil.ID
	}
	s.mentors = make([]models.StaffID, s.groups)
	for family := range s.families {
		for child := range 3 {
			teachings := slices.Collect(people.Teachings(s.pupils[fmt.Sprint(1000+3*family+child)]))
			if len(teachings) != 1 {
				t.Fatalf("a pupil with %d teachers", len(teachings))
			}
			s.mentors[s.group(family, child)] = teachings[0].StaffID
		}
	}
}

func (s *ratioSchool) open(t *testing.T) {
	t.Helper()
	ctx, service := context.Background(), s.World.Booking
	now := s.World.Database.Clock.Now()
	var days []conference.NewDay
	var kinds []conference.NewTalkKind
	for day := range ratioDays {
		// A pupil has one talk of a kind with a teacher, so each booking asks for another kind.
		kinds = append(kinds, conference.NewTalkKind{
			Title: fmt.Sprint("Gesprek ", 1+day), Minutes: 10, Obligation: models.Expected, MaxPerPupil: 1, Staffing: models.StaffedByMentor, Pairing: models.PairingEither,
		})
		days = append(days, conference.NewDay{Date: apitest.Evening().AddDays(day), Audience: models.Audience{Everybody: true}})
	}
	conference, err := service.Conferences.Create(ctx, s.Actor(), conference.NewConference{
		Key: "najaar", Title: "Gesprekken", OpensAt: now.Add(-time.Hour), ClosesAt: now.AddDate(0, 0, 21), Days: days,
		TalkKinds: kinds,
	})
	wantNoError(t, err)
	for _, kind := range conference.TalkKinds {
		s.kinds = append(s.kinds, kind.ID)
	}
	var windows []availability.TeacherDay
	for _, day := range conference.Days {
		s.days = append(s.days, day.ID)
		for _, mentor := range s.mentors {
			windows = append(windows, availability.TeacherDay{Staff: mentor, Day: day.ID, Windows: []rules.Window{{From: "12:00", Until: "22:00"}}})
		}
	}
	_, err = service.Availability.Set(ctx, s.Actor(), conference.ID, windows)
	wantNoError(t, err)
	_, err = service.Conferences.Open(ctx, s.Actor(), conference.ID)
	wantNoError(t, err)
}

// orders gives every booking of a day, the families in the order in which they find free slots; logged in beforehand.
func (s *ratioSchool) orders(t *testing.T) []order {
	t.Helper()
	tokens := make([]string, s.families)
	for family := range tokens {
		typed := map[string]string{
			"name": "Anna Gezin" + ratioLetters(family), "birth_date": fmt.Sprintf("2012-03-%02d", 1+family%28), "postcode": fmt.Sprintf("12%02d AB", family%90+10),
		}
		tokens[family] = s.World.Post(t, "", s.Path+"/family/session", typed).Want(t, http.StatusCreated).Text("token")
	}
	var all []order
	for day := range ratioDays {
		for family := range s.families {
			var items []any
			for child := range 3 {
				// Siblings go one after another: their teachers are three, and each of them has the families of a row in another order.
				slot := (family/(s.groups/3) + 2*child) % ratioSlots
				start := time.Date(2026, time.November, 24+day, 11, 0, 0, 0, time.UTC).Add(time.Duration(slot) * 10 * time.Minute)
				items = append(items, map[string]any{
					"ref": fmt.Sprint(child), "pupil": s.pupils[fmt.Sprint(1000+3*family+child)].String(), "talk_kind": s.kinds[day].String(),
					"staff": []string{s.mentors[s.group(family, child)].String()}, "start": start.Format(time.RFC3339),
				})
			}
			body, err := json.Marshal(map[string]any{"make": items, "contact": map[string]string{"email": fmt.Sprintf("gezin%d@example.nl", family)}})
			wantNoError(t, err)
			all = append(all, order{tokens[family], body, fmt.Sprintf("key-%d-%d", family, day)})
		}
	}
	return all
}

// listen serves a handler on the loopback.
func listen(t *testing.T, handler http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	wantNoError(t, err)
	server := &http.Server{Handler: handler}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return "http://" + listener.Addr().String()
}

// bookAll sends the orders from so many clients and gives how long each took and all of them together.
func bookAll(t *testing.T, url string, orders []order, clients int) ([]time.Duration, time.Duration) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	took := make([]time.Duration, len(orders))
	var next atomic.Int64
	var running sync.WaitGroup
	began := time.Now()
	for range clients {
		running.Go(func() {
			for {
				at := int(next.Add(1)) - 1
				if at >= len(orders) {
					return
				}
				sent := time.Now()
				if problem := sendOrder(client, url, &orders[at]); problem != "" {
					t.Errorf("order %d: %s", at, problem)
					return
				}
				took[at] = time.Since(sent)
			}
		})
	}
	running.Wait()
	all := time.Since(began)
	slices.Sort(took)
	return took, all
}

func sendOrder(client *http.Client, url string, one *order) string {
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(one.body))
	if err != nil {
		return err.Error()
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+one.token)
	request.Header.Set("Idempotency-Key", one.key)
	answer, err := client.Do(request)
	if err != nil {
		return err.Error()
	}
	content, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil || answer.StatusCode != http.StatusCreated {
		return fmt.Sprint(answer.Status, " ", string(content), err)
	}
	return ""
}

// TestBookingsBesideHandWrittenSQL books over HTTP, first with the product and then with a server of a hundred lines that writes the same rows with the same
// grouping of commits and does nothing else, and compares.
func TestBookingsBesideHandWrittenSQL(t *testing.T) {
	t.Setenv("OUDERAVOND_TEST_ENGINE", "sqlite")
	w := apitest.New(t)
	school := newRatioSchool(t, w, *ratioFamilies)
	orders := school.orders(t)
	other := newRival(t, w.Database.Path, school)
	compare(t, w, school, orders, other, other.orders, func() {})
	other.wantSameRows(t, w.Database.Path)
}

// compare books the orders with both sides, in turns, and wants the product to be no slower than the flags say. own gives orders with the other side's tokens;
// settle is done before each round.
func compare(t *testing.T, w *apitest.World, school *ratioSchool, orders []order, other http.Handler, own func([]order) []order, settle func()) {
	t.Helper()
	product := listen(t, w.Server.Handler()) + school.Path + "/family/bookings"
	hand := listen(t, other) + "/"
	share := len(orders) / *ratioRounds
	var ratios []float64
	for round := range *ratioRounds {
		settle()
		batch := orders[round*share : (round+1)*share]
		took, all := bookAll(t, product, batch, *ratioClients)
		handTook, handAll := bookAll(t, hand, own(batch), *ratioClients)
		ratio := handAll.Seconds() / all.Seconds()
		ratios = append(ratios, ratio)
		t.Logf("product %s; hand-written %s; ratio %.2f", speed(took, all), speed(handTook, handAll), ratio)
		if p99, p50 := took[len(took)*99/100], took[len(took)/2]; len(took) > 1000 && p99 > 10*p50 {
			t.Errorf("p99 %v is more than ten times p50 %v", p99, p50)
		}
	}
	slices.Sort(ratios)
	t.Logf("median ratio %.2f of %d rounds", ratios[len(ratios)/2], len(ratios))
	if ratios[len(ratios)/2] < *ratioLeast {
		t.Errorf("ratio %.2f, want at least %.2f", ratios[len(ratios)/2], *ratioLeast)
	}
}

func speed(took []time.Duration, all time.Duration) string {
	return fmt.Sprintf("%.0f bookings/s, p50 %.1f ms, p99 %.1f ms", float64(len(took))/all.Seconds(),
		took[len(took)/2].Seconds()*1000, took[len(took)*99/100].Seconds()*1000)
}
