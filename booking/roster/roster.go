package roster

import "github.com/ouderavond/ouderavond/models/civil"

// The formats of a roster's main file.
const (
	FormatEdeXML = "edexml"
	FormatCSV    = "csv"
	FormatXLSX   = "xlsx" // a spreadsheet of Office Open XML, whatever program wrote it
)

// Roster is what a school's files say about its pupils, whatever the format. All keys are the school's own. Pupils, groups and teachers stand in the
// order of the file.
type Roster struct {
	Format   string `json:"format"`   // FormatEdeXML, FormatCSV or FormatXLSX
	Encoding string `json:"encoding"` // of the main file, as in Report.Encoding
	// SchoolYear is "2026-2027"; empty where the file does not say.
	SchoolYear string `json:"school_year,omitempty"`
	// SchoolCode is the BRIN code that the file gives, four characters; empty where it gives none.
	SchoolCode string `json:"school_code,omitempty"`
	// ReferenceDate is the day for which the roster holds: the file's own, else the one of Options.
	ReferenceDate civil.Date `json:"reference_date,omitzero"`
	Pupils        []Pupil    `json:"pupils"`
	Groups        []Group    `json:"groups"`
	Teachers      []Teacher  `json:"teachers"`
	// Lessons are those of single pupils, of a list of lessons; each once.
	Lessons []Lesson `json:"lessons,omitempty"`
	// OnlyLessons says that a list of lessons was read, which says nothing of mentors and other roles.
	OnlyLessons bool `json:"only_lessons,omitempty"`
	// Households is what FamiliesOf says of this roster.
	Households Families `json:"households"`
}

// Pupil is one pupil of a roster. Leavers are in the roster too, marked; they never take part in families or comparisons.
type Pupil struct {
	// Key is the school's key, usually the student number; unique in the roster.
	Key string `json:"key"`
	// KeyIsTemporary tells that the key means nothing outside this file: EdeXML keys that begin with '#', and pupils of a file without numbers.
	KeyIsTemporary bool   `json:"key_is_temporary,omitempty"`
	Given          string `json:"given"`
	Prefix         string `json:"prefix,omitempty"`
	Surname        string `json:"surname,omitempty"`

	BirthDate civil.Date `json:"birth_date,omitzero"`
	// Postcode is canonical (see names.Postcode); empty if unknown or protected.
	Postcode            string `json:"postcode,omitempty"`
	HouseNumber         string `json:"house_number,omitempty"`          // digits
	HouseNumberAddition string `json:"house_number_addition,omitempty"` // as delivered: "A", "bis"
	// CitizenLast4 is filled only with Options.CitizenLast4: four digits.
	CitizenLast4 string `json:"citizen_last4,omitempty"`
	// Facts are what log-in may ask beside these, by the factor's name, in canonical form (see package factor).
	Facts map[string]string `json:"facts,omitempty"`

	// Year is the year as the roster names it: "3", "C". It says nothing about the kind of school.
	Year           string   `json:"year,omitempty"`
	GroupKey       string   `json:"group_key,omitempty"`        // main group
	OtherGroupKeys []string `json:"other_group_keys,omitempty"` // composite groups, clusters
	// GroupIsGuessed says that no file has a column of classes, and GroupKey is the first of the other groups.
	GroupIsGuessed bool `json:"group_is_guessed,omitempty"`
	// TeacherKeys are the mentors named with this pupil, which need not be the group's.
	TeacherKeys []string `json:"teacher_keys,omitempty"`

	FamilyCode string     `json:"family_code,omitempty"` // as delivered
	Guardians  []Guardian `json:"guardians,omitempty"`

	Protected bool `json:"protected,omitempty"` // the address is secret: neither kept nor used
	Leaver    bool `json:"leaver,omitempty"`    // has left by the reference date
	Historic  bool `json:"historic,omitempty"`  // kept in the file for the past only; also a leaver

	Line int `json:"line,omitempty"` // where the pupil stands in its file, from 1
}

// Active reports whether the pupil is at the school on the reference date.
func (p *Pupil) Active() bool { return !p.Leaver && !p.Historic }

// Guardian is a parent or carer named with a pupil. Each field may be empty, but not all.
type Guardian struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"` // lower case
	// Phone is as delivered, without words around it; PhoneE164 is the same number in the form of ITU-T E.164. Both are empty if it is not valid.
	Phone       string `json:"phone,omitempty"`
	PhoneE164   string `json:"phone_e164,omitempty"`
	PhoneMobile bool   `json:"phone_mobile,omitempty"` // can receive an SMS
	// EmailShared and PhoneShared tell of a contact that need not be this child's parents': the school's own, an office's, or one of many families.
	EmailShared bool `json:"email_shared,omitempty"`
	PhoneShared bool `json:"phone_shared,omitempty"`
}

// Lesson says that a teacher gives a pupil a subject.
type Lesson struct {
	PupilKey   string `json:"pupil_key"`           // of the roster; of a list that stands alone as it is written
	GroupKey   string `json:"group_key,omitempty"` // the lesson group, if the list names it
	TeacherKey string `json:"teacher_key"`
	Subject    string `json:"subject"`
}

// Group is a class, or a composite group of pupils from several classes.
type Group struct {
	Key       string `json:"key"`
	Name      string `json:"name"`
	Year      string `json:"year,omitempty"`
	Composite bool   `json:"composite,omitempty"`
}

// Role is what a teacher is to the school or to a group.
type Role string

// The roles. EdeXML advises against giving rights by them; they only preselect.
const (
	RoleMentor    Role = "mentor"
	RoleGroup     Role = "group"   // class teacher
	RoleSubject   Role = "subject" // subject teacher
	RoleCare      Role = "care"    // care coordinator, remedial teacher, social work
	RoleAssistant Role = "assistant"
	RoleTrainee   Role = "trainee"
	RoleHead      Role = "head"
	RoleParent    Role = "parent" // helps at school, is no teacher
	RoleOther     Role = "other"
)
