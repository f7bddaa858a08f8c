package sample

// School is the truth about an invented school. Pupils, households and teachers point at one another by their place in these lists; groups and teachers
// also by their keys, as files do.
type School struct {
	Spec        Spec // as generated: nothing left out
	Pupils      []Pupil
	Households  []Household
	Teachers    []Teacher
	Groups      []Group // home groups, in the order of the years
	CrossGroups []Group // groups with pupils out of several home groups
}

// Sex is written in files because administration systems do so; a reader has no use for it. The values are those of ISO/IEC 5218.
type Sex int

// The sexes that occur.
const (
	Boy  Sex = 1
	Girl Sex = 2
)

// Address is where a household lives.
type Address struct {
	Country     string // ISO 3166-1: NL, now and then BE or DE
	Postcode    string // without a space: 1234AB; 2387 in Belgium, 47533 in Germany
	HouseNumber string
	Addition    string // "A", "bis", mostly empty
	Town        string
}

// Pupil is one child (or, in the last years of a secondary school, one adult).
type Pupil struct {
	Number    string // student number, unique in the school
	Given     string
	Initials  string // without dots
	Prefix    string // "van den", "El"; often empty
	Surname   string
	Sex       Sex
	BirthDate string // ISO 8601: 2018-11-03
	Enrolled  string // ISO 8601, the first day at this school
	Year      int    // 1 to 8 at a primary school, 1 to 6 at a secondary school
	// Groups are the keys of the groups: first the home group, then any cross group.
	Groups []string
	// Households are the places in School.Households: the first is the one whose address the school has; a second one only if the parents are separated.
	Households []int
	// Address and Guardians are what the school's file says. The address may lack the postcode though the household has one. At most two guardians.
	Address    Address
	Guardians  []Guardian
	FamilyCode string // the code of the first household, for files that carry one
	Traits     Traits
}

// FullName is the name as people say it: "Sanne van den Berg".
func (p Pupil) FullName() string { return joinName(p.Given, p.Prefix, p.Surname) }

// Traits marks what makes a pupil worth a test.
type Traits struct {
	Twin             bool // another pupil of the school has the same mother and was born the same night
	SeparatedParents bool // belongs to two households
	Blended          bool // lives with children who are not brother or sister and may bear another name
	NoContact        bool // the school has neither e-mail address nor number of any guardian
	NoPostcode       bool // the school's file has no postcode
	Namesake         bool // another pupil, no relation, bears exactly the same name
	Adult            bool // 18 or older on 1 October of the school year, the day for which Dutch schools report
	StaffChild       bool // a guardian teaches here
	Abroad           bool // lives across the border
}

// Guardian is a parent or somebody in a parent's place.
type Guardian struct {
	Name        string // as administration systems write it: "M. van den Berg"
	Initials    string // with dots: "M.J."
	Prefix      string
	Surname     string
	Email       string // may be empty; two guardians of a household may share one
	Phone       string // Dutch mobile "06-89012345"; may be empty
	TeacherCode string // set if the guardian teaches at this school
	Household   int    // place in School.Households
}

// Household is who lives and books together, as it truly is.
type Household struct {
	Code      string // the family code that some files carry
	Pupils    []int  // places in School.Pupils
	Guardians []Guardian
	Address   Address
	Twins     bool // two of the pupils are twins
	Blended   bool // the pupils have different parents and different surnames
	Separated bool // some of the pupils have a second household
}

// Role is what a teacher is to a group.
type Role string

// The roles.
const (
	RoleMentor  Role = "mentor"  // secondary: looks after one class
	RoleGroup   Role = "group"   // primary: teaches a group all day, perhaps sharing it with a colleague
	RoleSubject Role = "subject" // teaches one subject
	RoleCare    Role = "care"    // care coordinator (intern begeleider)
)

// Teacher is a member of staff with whom families talk.
type Teacher struct {
	Code    string // unique in the school: "BER"
	Given   string
	Prefix  string
	Surname string
	Email   string // at work
	Groups  []Assignment
}

// FullName is the name as people say it: "Chloë van 't Hof".
func (t Teacher) FullName() string { return joinName(t.Given, t.Prefix, t.Surname) }

// ListName is the name as lists sort it: "Hof, Chloë van 't".
func (t Teacher) ListName() string { return joinName(t.Surname+",", t.Given, t.Prefix) }

// Assignment ties a teacher to a group.
type Assignment struct {
	Group   string // key of a home group or cross group
	Role    Role
	Subject string // in Dutch; with RoleSubject only
}

// Group is a home group (class) or a cross group.
type Group struct {
	Key   string // short and without signs: "G3A", "2HB"
	Name  string // as people call it: "3A Zeesterren", "2HB"
	Years []int  // more than one in a combination group
}

// Group finds a home group or cross group by its key.
func (s *School) Group(key string) (Group, bool) {
	for _, list := range [][]Group{s.Groups, s.CrossGroups} {
		for _, g := range list {
			if g.Key == key {
				return g, true
			}
		}
	}
	return Group{}, false
}

// Teacher finds a teacher by the code.
func (s *School) Teacher(code string) (Teacher, bool) {
	for _, t := range s.Teachers {
		if t.Code == code {
			return t, true
		}
	}
	return Teacher{}, false
}

// joinName puts the parts that are there behind one another.
func joinName(parts ...string) string {
	name := ""
	for _, part := range parts {
		if part == "" {
			continue
		}
		if name != "" {
			name += " "
		}
		name += part
	}
	return name
}
