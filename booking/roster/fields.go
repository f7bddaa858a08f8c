package roster

import (
	"slices"
	"strconv"
	"strings"
)

// Field is a piece of information that a CSV column can hold. Options.Mapping uses these words; those of a guardian get the guardian's number, 1 to 4:
// "guardian2_email".
type Field string

// The fields of CSV columns.
const (
	FieldPupilNumber    Field = "pupil_number"
	FieldGiven          Field = "given"
	FieldPrefix         Field = "prefix"
	FieldSurname        Field = "surname"
	FieldFullName       Field = "full_name"
	FieldBirthDate      Field = "birth_date"
	FieldPostcode       Field = "postcode"
	FieldHouseNumber    Field = "house_number"
	FieldHouseAddition  Field = "house_number_addition"
	FieldAddress        Field = "address" // street and number; only the number is kept
	FieldGroup          Field = "group"
	FieldOtherGroups    Field = "other_groups"
	FieldYear           Field = "year"
	FieldTeacher        Field = "teacher"
	FieldMentor         Field = "mentor"
	FieldTeacherCode    Field = "teacher_code"
	FieldTeacherGiven   Field = "teacher_given"
	FieldTeacherPrefix  Field = "teacher_prefix"
	FieldTeacherSurname Field = "teacher_surname"
	FieldTeacherEmail   Field = "teacher_email"
	FieldTeacherRole    Field = "teacher_role"
	FieldIsMentor       Field = "is_mentor" // yes or no, of the teacher of the row
	FieldSubject        Field = "subject"
	FieldFamilyCode     Field = "family_code"
	FieldLeavingDate    Field = "leaving_date"
	FieldProtected      Field = "protected"
	FieldCitizenLast4   Field = "citizen_last4"
	FieldPupilNumbers   Field = "pupil_numbers" // several, in a file of guardians
	FieldGuardianName   Field = "guardian_name"
	FieldGuardianGiven  Field = "guardian_given"
	FieldGuardianPrefix Field = "guardian_prefix"
	FieldGuardianFamily Field = "guardian_surname"
	FieldGuardianEmail  Field = "guardian_email"
	FieldGuardianPhone  Field = "guardian_phone"
	fieldStreet         Field = "street" // recognised, never bound; tells what a column "nr" beside it is
	fieldIgnored        Field = "ignore"
)

// Fields lists the words that Options.Mapping may use, without guardian numbers.
func Fields() []Field {
	return append([]Field{FieldPupilNumber, FieldGiven, FieldPrefix, FieldSurname, FieldFullName, FieldBirthDate, FieldPostcode, FieldHouseNumber, FieldHouseAddition,
		FieldAddress, FieldGroup, FieldOtherGroups, FieldYear, FieldTeacher, FieldMentor, FieldTeacherCode, FieldTeacherGiven, FieldTeacherPrefix,
		FieldTeacherSurname, FieldTeacherEmail, FieldTeacherRole, FieldIsMentor, FieldSubject, FieldFamilyCode, FieldLeavingDate, FieldProtected,
		FieldCitizenLast4, FieldPupilNumbers, FieldGuardianName, FieldGuardianGiven, FieldGuardianPrefix, FieldGuardianFamily, FieldGuardianEmail,
		FieldGuardianPhone, fieldIgnored}, factFields()...)
}

const maxGuardians = 4

// target is what a column is bound to. guardian is 1 to 4 for guardian fields, else 0.
type target struct {
	field    Field
	guardian int
}

func (t target) String() string {
	if t.guardian == 0 {
		return string(t.field)
	}
	return strings.Replace(string(t.field), "guardian", "guardian"+strconv.Itoa(t.guardian), 1)
}

// parseTarget reads the words of Options.Mapping.
func parseTarget(word string) (target, bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	for n := 1; n <= maxGuardians; n++ {
		if rest, ok := strings.CutPrefix(word, "guardian"+strconv.Itoa(n)+"_"); ok {
			t := target{Field("guardian_" + rest), n}
			return t, slices.Contains(Fields(), t.field)
		}
	}
	t := target{field: Field(word)}
	if strings.HasPrefix(word, "guardian_") {
		t.guardian = 1
	}
	return t, slices.Contains(Fields(), t.field)
}
