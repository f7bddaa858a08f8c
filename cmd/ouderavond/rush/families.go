package rush

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

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
