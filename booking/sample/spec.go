package sample

import "fmt"

// Level is the kind of school.
type Level string

// The levels.
const (
	LevelPrimary   Level = "primary"   // basisschool, groep 1 to 8, pupils of about 4 to 12
	LevelSecondary Level = "secondary" // voortgezet onderwijs, year 1 to 6, pupils of about 12 to 18
)

// MaxPupils is the largest school that Generate makes; a Spec that asks for more gets this many.
const MaxPupils = 20_000

// Spec says which school to invent. Fields left zero take the value of Primary or Secondary, whichever the level is.
type Spec struct {
	Seed            uint64 // the same Spec with another seed is another school of the same shape
	Name            string // as people call it
	Slug            string // as it stands in an address: lower case letters, digits, hyphens
	BRIN            string // the school's official code: two digits, two capitals
	Level           Level
	Pupils          int
	Teachers        int
	Groups          int // home groups, also called classes; every pupil is in exactly one
	CrossGroups     int // groups beside the home groups, with pupils out of several of them; zero stays zero
	SchoolYearStart int // the calendar year in which the school year begins
}

// Primary is a primary school of 300 pupils in 12 groups, among them combination groups, with 20 teachers, some of whom share a group.
func Primary() Spec {
	return Spec{
		Seed: 1, Name: "Basisschool De Zilvermeeuw", Slug: "de-zilvermeeuw", BRIN: "99ZX", Level: LevelPrimary,
		Pupils: 300, Teachers: 20, Groups: 12, CrossGroups: 1, SchoolYearStart: 2026,
	}
}

// Secondary is a secondary school of 1,200 pupils and 80 teachers with 48 classes over six years. Each class has a mentor and about ten subject
// teachers, so that some teachers have far more pupils than an evening has slots.
func Secondary() Spec {
	return Spec{
		Seed: 1, Name: "Lindewaard College", Slug: "lindewaard-college", BRIN: "99ZY", Level: LevelSecondary,
		Pupils: 1200, Teachers: 80, Groups: 48, SchoolYearStart: 2026,
	}
}

// normalised fills what was left out and bounds what cannot be, so that every Spec gives a school.
func (s Spec) normalised() Spec {
	usual := Primary()
	if s.Level == LevelSecondary {
		usual = Secondary()
	}
	s.Level = usual.Level
	s.Name = orString(s.Name, usual.Name)
	s.Slug = orString(s.Slug, usual.Slug)
	s.BRIN = orString(s.BRIN, usual.BRIN)
	s.Pupils = min(orPositive(s.Pupils, usual.Pupils), MaxPupils)
	s.Teachers = orPositive(s.Teachers, usual.Teachers)
	s.Groups = min(orPositive(s.Groups, usual.Groups), s.Pupils)
	s.CrossGroups = max(s.CrossGroups, 0)
	s.SchoolYearStart = orPositive(s.SchoolYearStart, usual.SchoolYearStart)
	return s
}

// schoolYear is the school year as the files write it.
func (s Spec) schoolYear() string {
	return fmt.Sprintf("%d-%d", s.SchoolYearStart, s.SchoolYearStart+1)
}

func orString(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func orPositive(value, otherwise int) int {
	if value <= 0 {
		return otherwise
	}
	return value
}
