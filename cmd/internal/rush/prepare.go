package rush

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking/sample"
)

// prefix begins the slug of every school that is made for a rush, so that no other one is ever driven or wiped.
const prefix = "rush-"

func prepared(slug string) bool {
	return strings.HasPrefix(slug, prefix) && !strings.ContainsAny(slug, "/?#%. \r\n")
}

// Scale says which schools are made.
type Scale struct {
	Schools  int
	Families int          // of each school
	Level    sample.Level // of all of them
	Seed     uint64
	Evenings int // how many evenings the teachers are there, which says whether the times are enough
	Popular  int // how many teachers everybody may talk to beside their own, for families that all want the same
	Contacts int // how many guardians of a family are on the school's file: as many confirmations are written
}

// Check names what is wrong with the plan.
func (p Scale) Check() error {
	var faults []error
	for _, one := range []struct {
		wrong bool
		fault string
	}{
		{p.Schools < 1 || p.Schools > 10_000, "schools must be from 1 to 10000"},
		{p.Families < 1 || p.Families > 10_000, "families must be from 1 to 10000 a school"},
		{p.Level != sample.LevelPrimary && p.Level != sample.LevelSecondary, "the kind must be primary or secondary"},
		{p.Evenings < 1 || p.Evenings > 20, "evenings must be from 1 to 20"},
		{p.Popular < 0 || p.Popular > 10, "popular teachers must be from 0 to 10"},
		{p.Contacts < 0 || p.Contacts > 2, "contacts must be from 0 to 2"},
	} {
		if one.wrong {
			faults = append(faults, errors.New(one.fault))
		}
	}
	return errors.Join(faults...)
}

// Prepare makes schools through the API as an operator and a school's office would: the school, its roster by files, its families, a conference with
// evenings, opened. Every message of these schools goes to the mailbox folder. What was made is given even if not everything could be.
func Prepare(ctx context.Context, office *Office, plan Scale, say func(format string, values ...any)) (*Families, error) {
	families := &Families{Version: familiesVersion}
	if err := plan.Check(); err != nil {
		return families, err
	}
	for i := range plan.Schools {
		made := &schoolMaker{office: office, plan: plan, slug: fmt.Sprintf("%s%d-%d", prefix, plan.Seed, i+1), now: time.Now().UTC()}
		school, err := made.make(ctx, plan.Seed*100_000+uint64(i)+1)
		if made.exists {
			families.Schools = append(families.Schools, school)
		}
		if err != nil {
			return families, err
		}
		say("school %s: %d families, %d evenings\n", school.Slug, len(school.Families), plan.Evenings)
	}
	return families, nil
}

// Wipe erases prepared schools with everything in them.
func Wipe(ctx context.Context, office *Office, families *Families) error {
	var faults []error
	for _, school := range families.Schools {
		if !prepared(school.Slug) {
			faults = append(faults, errors.New("a school that was not made for a rush is not wiped"))
			continue
		}
		faults = append(faults, office.call(ctx, http.MethodPost, "/api/v1/schools/"+school.Slug+"/cancel", map[string]string{"slug": school.Slug}, nil))
	}
	return errors.Join(faults...)
}

// Families are invented families of schools that Prepare made, with what each types to log in.
type Families struct {
	Version int      `json:"version"`
	Schools []School `json:"schools"`
}

// School is a prepared school with an open conference.
type School struct {
	Slug       string   `json:"slug"`
	Conference string   `json:"conference"`
	Popular    string   `json:"popular,omitempty"` // the talk kind with the teachers whom everybody may want
	Families   []Family `json:"families"`
}

// Family is one family that logs in. Children are in the order in which the parent would enter them, the first one first.
type Family struct {
	Children []Entry `json:"children"`
}

// Entry is what a parent types for a child.
type Entry struct {
	Name      string `json:"name"`
	BirthDate string `json:"birth_date"`
	Postcode  string `json:"postcode"`
}

// familiesVersion is the version of the file of families.
const familiesVersion = 1

// Write writes the families as a file for later runs.
func (f *Families) Write(to io.Writer) error {
	f.Version = familiesVersion
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(f)
}

// ReadFamilies reads what Write wrote.
func ReadFamilies(from io.Reader) (*Families, error) {
	var f Families
	if err := json.NewDecoder(from).Decode(&f); err != nil {
		return nil, fmt.Errorf("the file of families cannot be read: %w", err)
	}
	if f.Version != familiesVersion || len(f.Schools) == 0 {
		return nil, errors.New("this is no file of families; `ouderavond rush prepare` makes one")
	}
	for _, school := range f.Schools {
		if !prepared(school.Slug) || school.Conference == "" {
			return nil, errors.New("the file names a school that was not made by `ouderavond rush prepare`")
		}
		for _, family := range school.Families {
			if len(family.Children) == 0 {
				return nil, errors.New("the file has a family without children")
			}
		}
	}
	return &f, nil
}

// Count is how many families there are.
func (f *Families) Count() int {
	count := 0
	for _, school := range f.Schools {
		count += len(school.Families)
	}
	return count
}
