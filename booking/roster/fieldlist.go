package roster

import (
	"github.com/ouderavond/ouderavond/models"
)

// FieldInfo is a word that a mapping may use.
type FieldInfo struct {
	Field   Field
	Example string // invented
	// Several tells that each of four guardians has one: guardian1_email and so on.
	Several bool
	// Kept tells that the value is kept after reading, and Factor, where it is not empty, that it is only if the school asks that factor at log-in.
	Kept   bool
	Factor models.Factor
}

// examples are what stands in a column of a field.
var examples = map[Field]string{
	FieldPupilNumber: "100234", FieldGiven: "Sanne", FieldPrefix: "van den", FieldSurname: "Berg", FieldFullName: "Berg, Sanne van den", FieldBirthDate: "3-11-2014",
	FieldPostcode: "1234 AB", FieldHouseNumber: "12", FieldHouseAddition: "A", FieldAddress: "Dorpsstraat 12", FieldGroup: "3A", FieldOtherGroups: "plusgroep", FieldYear: "3",
	FieldTeacher: "Noor van Elst", FieldMentor: "Noor van Elst", FieldTeacherCode: "ELS", FieldTeacherGiven: "Noor", FieldTeacherPrefix: "van", FieldTeacherSurname: "Elst",
	FieldTeacherEmail: "n.vanelst@example.com", FieldTeacherRole: "mentor", FieldIsMentor: "ja", FieldSubject: "Wiskunde", FieldFamilyCode: "G-417", FieldLeavingDate: "31-7-2026",
	FieldProtected: "nee", FieldCitizenLast4: "1234", FieldPupilNumbers: "100234, 100235", FieldGuardianName: "J. van den Berg", FieldGuardianGiven: "Jan", FieldGuardianPrefix: "van den",
	FieldGuardianFamily: "Berg", FieldGuardianEmail: "jan@example.com", FieldGuardianPhone: "06-12345678", fieldIgnored: "",
}

// passing are fields that serve reading and forming families, and are gone after that.
var passing = words("house_number house_number_addition address family_code leaving_date pupil_numbers ignore")

// asked are fields that are kept for log-in alone.
var asked = map[Field]models.Factor{FieldBirthDate: models.FactorBirthDate, FieldPostcode: models.FactorPostcode, FieldCitizenLast4: models.FactorCitizenLast4}

// FieldList tells of all fields, in the order of Fields.
func FieldList() []FieldInfo {
	list := make([]FieldInfo, 0, len(examples))
	for _, field := range Fields() {
		info := FieldInfo{Field: field, Example: examples[field], Several: guardianField[field], Kept: !passing[string(field)], Factor: asked[field]}
		if isFact(field) {
			info.Factor = models.Factor(field)
		}
		list = append(list, info)
	}
	return list
}

var guardianField = map[Field]bool{FieldGuardianName: true, FieldGuardianGiven: true, FieldGuardianPrefix: true, FieldGuardianFamily: true, FieldGuardianEmail: true, FieldGuardianPhone: true}
