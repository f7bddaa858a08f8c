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

// aliases lists, per field, the headers that mean it, as foldHeader writes them: Dutch first, then what neighbours and English exports use.
var aliases = invert(map[Field]string{
	FieldPupilNumber: "leerlingnummer leerlingnr llnr llnummer llnnr lln leerlingadministratienummer administratienummer stamnummer stamnr stamnrstr leestamnummer leerlingcode leerlingid leerlingkey studentnummer studentnr " +
		"leerlingstamnummer pupilnumber pupilid studentnumber studentid studentno schulernummer schuelernummer matricule numeroeleve",
	FieldGiven:      "roepnaam voornaam forename leevoornaam leeroepnaam roepnaamleerling voornaamleerling leerlingvoornaam leerlingroepnaam firstname givenname preferredname vorname rufname prenom",
	FieldPrefix:     "tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels tussenv leetussenvoegsels leetussenvoegsel tussenvoegselleerling leerlingtussenvoegsel tussenvoegselachternaam infix nameprefix surnameprefix namensvorsatz",
	FieldSurname:    "achternaam familienaam leeachternaam achternaamleerling leerlingachternaam geslachtsnaam lastname surname familyname nachname familienname nomdefamille",
	FieldFullName:   "volledigenaam weergavenaam achternaamroepnaam achternaamvoornaam leerling naamleerling leerlingnaam naamvandeleerling volledigenaamleerling leerlingvolledigenaam fullname pupilname studentname pupil student displayname",
	FieldBirthDate:  "geboortedatum geboren gebdatum gebdat gebdatumstr geborenop geboortedatumleerling leerlinggeboortedatum leegeboortedatum dateofbirth birthdate birthday dob geburtsdatum datedenaissance",
	FieldPostcode:   "postcode pc postcodenl postnummer postnummerbe postcodeoverig postcodeleerling leerlingpostcode woonpostcode postcodewoonadres postcodewoonplaats postcodeplaats postcodeenwoonplaats postcodeenplaats pcwoonplaats postalcode zipcode zip plz postleitzahl codepostal",
	FieldAddress:    "adres woonadres straatnaamhuisnummer straathuisnummer straatenhuisnummer straatnaamenhuisnummer straatennr straatnr adresregel1 address streetaddress",
	fieldStreet:     "straat straatnaam street strasse rue",
	FieldGroup:      "klas groep klasnaam groepnaam groepsnaam stamgroep stamklas basisgroep lesnaam klasofgroep groepklas leerlinggroep huidigegroep huidigeklas hoofdgroep class classname group groupname homeroom klasse classe",
	FieldYear:       "leerjaar jaargroep jaarlaag leerfaseleerjaar lesjaarlaag leerjaren leerjaarniveau year yeargroup grade jahrgang",
	FieldTeacher:    "leerkracht leerkrachten groepsleerkracht groepsleerkrachten leraar leraren docent docenten docentnaam leerkrachtnaam naamleerkracht klassenleraar titularis klastitularis juf jufmeester teacher teachers teachername classteacher klassenlehrer klassenlehrerin lehrer",
	FieldMentor:     "mentor mentoren formtutor klassenmentor mentornaam naammentor coach tutor personeelslidvolledigenaam begeleider studiecoach mentorvolledigenaam",
	FieldSubject:    "vak vaknaam vakomschrijving vakken subject fach",
	FieldFamilyCode: "gezinscode gezinsnummer gezinsnr gezin gezinid gezinsid gezinnummer gezinnr familiecode familienummer familieid familycode familyid householdid huishouden huishoudenid",
	FieldOtherGroups: "cluster clusters clustergroep lesgroep lesgroepen subgroep subgroepen samengesteldegroep samengesteldegroepen overigegroepen anderegroepen plusgroep nevengroep " +
		"vakgroepen klassen groepen othergroups groups classes",
	FieldHouseNumber:    "huisnummer huisnr huisnummerentoevoeging huisnummerplustoevoeging huisnrentoevoeging huisnrentoev huisnummerleerling leerlinghuisnummer housenumber hausnummer numero",
	FieldHouseAddition:  "toevoeging nrtv huisnrtoev huisnrtoevoeging huisnummertoevoeging huisnrtv huisnummertv huisletter toev huistoevoeging housenumberaddition housenumbersuffix",
	FieldTeacherCode:    "docstamnummer docentcode leerkrachtcode mentorcode docentafkorting afkortingdocent teachercode staffcode personeelslidcode afkortingmentor leerkrachtid docentid",
	FieldTeacherGiven:   "docvoornaam docentvoornaam leerkrachtvoornaam mentorvoornaam voornaamdocent voornaamleerkracht voornaammentor docroepnaam teacherfirstname",
	FieldTeacherPrefix:  "doctussenvoegsels doctussenvoegsel docenttussenvoegsel leerkrachttussenvoegsel mentortussenvoegsel tussenvoegselleerkracht tussenvoegseldocent tussenvoegselmentor",
	FieldTeacherSurname: "docachternaam docentachternaam leerkrachtachternaam mentorachternaam achternaamdocent achternaamleerkracht achternaammentor teacherlastname",
	FieldTeacherEmail:   "leerkrachtemail emailleerkracht leerkrachtemailadres emailadresleerkracht docentemail emaildocent docentemailadres mentoremail emailmentor mentoremailadres emailadresmentor teacheremail",
	FieldTeacherRole:    "rol functie taak role",
	FieldIsMentor:       "ismentor",
	FieldLeavingDate:    "uitstroomdatum uitschrijfdatum datumuit datumuitschrijving vertrekdatum einddatum einddatuminschrijving datumuitgeschreven uitgeschrevenper leavingdate leavedate enddate",
	FieldProtected: "geheimadres adresgeheim adresisgeheim geheim afgeschermd afgeschermdadres adresafgeschermd indicatiegeheim indicatieadresgeheim beschermdadres adresbeschermd geheimhouding " +
		"secretaddress protectedaddress protected",
	FieldPupilNumbers: "leerlingcodes leerlingnummers stamnummers kinderen studentnumbers pupilnumbers",
})

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
