package roster

// Reason is the stable code of a finding, for programs and for tests.
type Reason string

// Reasons for which files are refused.
const (
	ReasonNoFile           Reason = "no-file"
	ReasonTooManyFiles     Reason = "too-many-files"
	ReasonEmpty            Reason = "empty-file"
	ReasonTooLarge         Reason = "too-large"
	ReasonTooManyRows      Reason = "too-many-rows"
	ReasonBinary           Reason = "binary-file"
	ReasonSpreadsheet      Reason = "spreadsheet-file"
	ReasonArchive          Reason = "archive-file"
	ReasonHTML             Reason = "html-file"
	ReasonJSON             Reason = "json-file"
	ReasonFixedWidth       Reason = "edex2000-file"
	ReasonOneRoster        Reason = "oneroster-file"
	ReasonUnknownXML       Reason = "unknown-xml"
	ReasonXMLSyntax        Reason = "xml-syntax"
	ReasonXMLDoctype       Reason = "xml-doctype"
	ReasonXMLTooComplex    Reason = "xml-too-complex"
	ReasonUnknownEncoding  Reason = "unknown-encoding"
	ReasonNoHeader         Reason = "no-header"
	ReasonNoNames          Reason = "no-names"
	ReasonNoRows           Reason = "no-rows"
	ReasonNoPupils         Reason = "no-pupils"
	ReasonSecondRoster     Reason = "second-roster"
	ReasonUnusable         Reason = "unusable-file"
	ReasonBadMapping       Reason = "bad-mapping"
	ReasonCutOff           Reason = "cut-off"
	ReasonWrongColumnCount Reason = "wrong-column-count"
	ReasonMissingName      Reason = "missing-name"
	ReasonDuplicateKey     Reason = "duplicate-key"
	ReasonDamagedKey       Reason = "damaged-key"
	ReasonDateOrder        Reason = "date-order"
	ReasonMixedDateOrder   Reason = "mixed-date-order"
	ReasonValueTooLong     Reason = "value-too-long"
	// ReasonCitizenNumberAsKey refuses a file whose student numbers are citizen service numbers.
	ReasonCitizenNumberAsKey Reason = "citizen-number-as-key"
)

// Reasons for warnings: the value is left out or the reader chose for the user. ReasonWrongColumnCount is a warning too, where only cells behind the last
// column are left out.
const (
	ReasonBadPostcode       Reason = "invalid-postcode"
	ReasonBadHouseNumber    Reason = "invalid-house-number"
	ReasonBadEmail          Reason = "invalid-email"
	ReasonBadPhone          Reason = "invalid-phone"
	ReasonPremiumPhone      Reason = "premium-phone"
	ReasonBadDate           Reason = "invalid-date"
	ReasonSerialDates       Reason = "serial-dates"
	ReasonGroupAsDate       Reason = "group-as-date"
	ReasonTimeOfDay         Reason = "time-of-day"
	ReasonImplausibleAge    Reason = "implausible-age"
	ReasonBadSchoolYear     Reason = "invalid-school-year"
	ReasonBadCitizenLast4   Reason = "invalid-citizen-last4"
	ReasonBadFact           Reason = "invalid-fact" // of a column that log-in asks for
	ReasonFullCitizenNumber Reason = "full-citizen-number"
	// ReasonPossibleCitizenNumber tells that one or two student numbers pass the test of the citizen service number, which may be chance.
	ReasonPossibleCitizenNumber Reason = "possible-citizen-number"
	ReasonMissingKey            Reason = "missing-key"
	ReasonNoKeyColumn           Reason = "no-key-column"
	ReasonMissingSurname        Reason = "missing-surname"
	ReasonMissingGivenName      Reason = "missing-given-name"
	ReasonDamagedLetters        Reason = "damaged-letters"
	ReasonMislabelledEncoding   Reason = "mislabelled-encoding"
	ReasonMixedEncoding         Reason = "mixed-encoding"
	ReasonRepeatedRow           Reason = "repeated-row"
	ReasonConflictingValue      Reason = "conflicting-value"
	ReasonSimilarKey            Reason = "similar-key"
	ReasonDuplicateColumn       Reason = "duplicate-column"
	ReasonUnresolvedReference   Reason = "unresolved-reference"
	ReasonUnknownPupil          Reason = "unknown-pupil"
	ReasonAmbiguousPupil        Reason = "ambiguous-pupil"
	ReasonUnknownGroup          Reason = "unknown-group"
	ReasonSkippedLine           Reason = "skipped-line"
	ReasonControlCharacters     Reason = "control-characters"
	ReasonTooManyValues         Reason = "too-many-values"
	ReasonAmbiguousTeacher      Reason = "ambiguous-teacher"
	// ReasonSharedContact tells of an address or number that joins nobody and gets no codes.
	ReasonSharedContact Reason = "shared-contact"
)
