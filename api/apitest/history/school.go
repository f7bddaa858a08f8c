package history

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// School is a school behind its API, with an evening on which every teacher may be met by everybody, made by calls of the API alone.
type School struct {
	Size
	// ID is the school's; Slug its name in addresses.
	ID, Slug string
	// Operator calls with the rights of the operator.
	Operator Caller

	path, conference, day, kind string
	teachers                    []string
	children                    [][]string // ids, by household
	tokens                      []string   // of the parents' sessions, by household
	begin                       time.Time  // of the first slot
	numbers                     map[string]Talk
}

// talkMinutes is the length of every talk.
const talkMinutes = 10

// NewSchool makes a school with its roster and an open evening, two weeks from now, and logs every family in.
func NewSchool(ctx context.Context, operator Caller, slug string, size Size, now time.Time) (*School, error) {
	s := &School{Size: size, Slug: slug, Operator: operator, path: "/api/v1/schools/" + slug, numbers: map[string]Talk{}}
	for _, step := range []func(context.Context, time.Time) error{s.create, s.people, s.plan, s.open, s.logIn} {
		if err := step(ctx, now); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *School) create(ctx context.Context, _ time.Time) error {
	var made struct{ ID string }
	err := s.Operator.must(ctx, http.MethodPost, "/api/v1/schools", map[string]any{"slug": s.Slug, "name": "School " + s.Slug, "languages": []string{"nl"}}, &made)
	s.ID = made.ID
	return err
}

// letters writes a number as letters: names of people have no digits.
func letters(number int) string {
	text := ""
	for range 3 {
		text = string(rune('a'+number%26)) + text
		number /= 26
	}
	return text
}

func given(child int) string       { return []string{"Anna", "Bram", "Cato", "Daan"}[child%4] }
func surname(household int) string { return "Gezin" + letters(household) }
func postcode(household int) string {
	return fmt.Sprintf("%04d AB", 1000+household)
}
func birth(household, child int) string {
	return fmt.Sprintf("%04d-%02d-%02d", 2012+child, 1+household%12, 1+household%28)
}

// Roster is the school's export file. More adds families that no test logs in.
func (s *School) Roster(more int) string {
	var out strings.Builder
	out.WriteString("Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Postcode;Huisnummer;Klas;Leerjaar\n")
	for household := range s.Households + more {
		for child := range s.Children {
			fmt.Fprintf(&out, "%d;%s;%s;%s;%s;%d;1A;1\n", 1000+household*10+child, given(child), surname(household), birth(household, child), postcode(household), 1+household)
		}
	}
	return out.String()
}

func (s *School) people(ctx context.Context, _ time.Time) error {
	var result struct{ Applied bool }
	reply, err := s.Operator.Upload(ctx, s.path+"/roster/import", "leerlingen.csv", s.Roster(0))
	if err := reply.read(&result, err, "import"); err != nil || !result.Applied {
		return fmt.Errorf("import: %w %s", err, reply.Body)
	}
	for teacher := range s.Teachers {
		var made struct{ ID string }
		body := map[string]any{"key": fmt.Sprintf("T%02d", teacher), "name": "mw. " + letters(teacher)}
		if err := s.Operator.must(ctx, http.MethodPost, s.path+"/teachers", body, &made); err != nil {
			return err
		}
		s.teachers = append(s.teachers, made.ID)
	}
	return nil
}

func (s *School) plan(ctx context.Context, now time.Time) error {
	date := now.AddDate(0, 0, 14).UTC().Format(time.DateOnly)
	var conference struct {
		ID        string
		Days      []struct{ ID string }
		TalkKinds []struct{ ID string } `json:"talk_kinds"`
	}
	err := s.Operator.must(ctx, http.MethodPost, s.path+"/conferences", map[string]any{
		"title": "Avond", "opens_at": now.Add(-time.Hour), "closes_at": now.AddDate(0, 0, 13), "days": []any{map[string]any{"date": date}},
		"talk_kinds": []any{map[string]any{"title": "Gesprek", "minutes": talkMinutes, "staffing": "offer", "max_per_pupil": s.Most}},
	}, &conference)
	if err != nil {
		return err
	}
	s.conference, s.day, s.kind = conference.ID, conference.Days[0].ID, conference.TalkKinds[0].ID
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return err
	}
	if s.begin, err = time.ParseInLocation("2006-01-02 15:04", date+" 12:00", zone); err != nil {
		return err
	}
	until := s.begin.Add(time.Duration(s.Slots) * talkMinutes * time.Minute).Format("15:04")
	var days []any
	for _, teacher := range s.teachers {
		days = append(days, map[string]any{"teacher": teacher, "day": s.day, "windows": []any{map[string]any{"from": "12:00", "until": until}}})
		offer := map[string]any{"talk_kind": s.kind, "staff": []string{teacher}}
		if err := s.Operator.must(ctx, http.MethodPost, s.path+"/conferences/"+s.conference+"/offers", offer, nil); err != nil {
			return err
		}
	}
	return s.Operator.must(ctx, http.MethodPut, s.path+"/conferences/"+s.conference+"/availability", map[string]any{"days": days}, nil)
}

func (s *School) open(ctx context.Context, _ time.Time) error {
	return s.Operator.must(ctx, http.MethodPost, s.path+"/conferences/"+s.conference+"/open", nil, nil)
}

// logIn logs every family in by all its children, one after the other.
func (s *School) logIn(ctx context.Context, _ time.Time) error {
	for household := range s.Households {
		token, err := s.LogIn(ctx, household)
		if err != nil {
			return err
		}
		s.tokens = append(s.tokens, token)
		var family familyAnswer
		if err := s.Operator.With(token).must(ctx, http.MethodGet, s.path+"/family", nil, &family); err != nil {
			return err
		}
		children := make([]string, s.Children)
		for _, child := range family.Children {
			for number := range children {
				if child.Given == given(number) {
					children[number] = child.ID
					s.numbers[child.ID] = Talk{Household: household, Child: number}
				}
			}
		}
		s.children = append(s.children, children)
	}
	return nil
}

// LogIn opens a session of a household and gives its token.
func (s *School) LogIn(ctx context.Context, household int) (string, error) {
	var opened struct{ Token string }
	err := s.Operator.With("").must(ctx, http.MethodPost, s.path+"/family/session", map[string]string{
		"name": given(0) + " " + surname(household), "birth_date": birth(household, 0), "postcode": postcode(household),
	}, &opened)
	return opened.Token, err
}

type familyAnswer struct {
	Children     []struct{ ID, Given string }
	Appointments []appointmentAnswer
}

type appointmentAnswer struct {
	ID, Pupil, State string
	Start            time.Time
	Staff            []struct{ ID string }
}
