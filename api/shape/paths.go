package shape

// Idempotency is the header that makes a repeat safe.
type Idempotency struct {
	Key string `header:"Idempotency-Key" maxLength:"255" doc:"Your own name for this call. The same key with the same content answers with the first outcome; with another content it is refused. Only successes are kept." example:"7f9c1d1e-3f0a-4a57-9f53-0d0d6a3c9f11"`
}

// ForHousehold names a household in an address.
type ForHousehold struct {
	SchoolPath
	Household string `path:"household" doc:"The household's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

// ForConference names a conference in an address.
type ForConference struct {
	SchoolPath
	Conference string `path:"conference" doc:"The conference's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

// ContactPath is the path of a contact of a household.
type ContactPath struct {
	ForHousehold
	Contact string `path:"contact" doc:"The contact's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

// GuardianPath is the path of a guardian of a household.
type GuardianPath struct {
	ForHousehold
	Guardian string `path:"guardian" doc:"The guardian's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

// ImportPath is an import that an address names.
type ImportPath struct {
	SchoolPath
	Import string `path:"import" doc:"The import's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

// PupilPath names a pupil in an address.
type PupilPath struct {
	SchoolPath
	Pupil string `path:"pupil" doc:"The pupil's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

// SchoolPath is the school that an address names.
type SchoolPath struct {
	School string `path:"school" doc:"The school's slug or id." example:"de-linde"`
}

// Matching is the header by which a change says which version it is based on (RFC 9110, section 13.1.1).
type Matching struct {
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that the change is based on. With it, a change that is based on an older version is refused." example:"\"3\""`
}
