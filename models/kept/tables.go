package kept

// Eraser is what takes the rows of an erased person out of a table.
type Eraser string

// The erasers of a person's rows.
const (
	// WithParent rows go with the row of another table that they belong to, by a reference that cascades.
	WithParent Eraser = "parent"
	// ByHand rows are deleted by the erasure itself, in its own transaction.
	ByHand Eraser = "erasure"
	// Untouched rows hold nothing by which a pupil, parent or contact could be found again; a table that says so says why.
	Untouched Eraser = "untouched"
)

// Table is a table of the database.
type Table struct {
	Name    string
	Purpose string
	// Until says when its rows go by themselves while the school is there.
	Until  string
	Erased Eraser
	// With is the table that rows go with, if the eraser is WithParent.
	With string
	// Why is the reason for an eraser that is Untouched.
	Why string
	// Outlives is the reason why the wipe of a school leaves rows of the table. Every other table that has a school loses all of the school's.
	Outlives string
}

const (
	untilRoster     = "the next roster without them, or by hand"
	untilConference = "the conference is deleted"
	staffStay       = "*no age yet*"
)

// Tables are all tables of the database, in the order of the documents.
var Tables = []Table{
	{Name: "installation", Purpose: "the fingerprint of the master key", Until: "never", Erased: Untouched, Why: "one row about the program", Outlives: "is no school's"},
	{Name: "operator_keys", Purpose: "keys of the people who run the installation", Until: "never; revoked ones are of no use", Erased: Untouched, Why: "indexes of random keys", Outlives: "is no school's"},
	{Name: "jobs", Purpose: "when a periodic job was last begun", Until: "never; one row for each job", Erased: Untouched, Why: "names of jobs", Outlives: "is no school's"},
	{Name: "school_slugs", Purpose: "which school an address names", Until: "the school is wiped; what is left behind goes hourly", Erased: Untouched, Why: "parts of addresses of schools", Outlives: "is no school's; the wipe removes its row by the school's id"},
	{Name: "erasure_ledger", Purpose: "that a school was wiped, with the receipt", Until: "never", Erased: Untouched, Why: "counts, and the id of a school", Outlives: "proves the wipe"},
	{Name: "carrier_records", Purpose: "text messages that the carrier of SMS has a record of, until it has deleted it", Until: "the carrier has deleted it: asked when the message has come to its end, at the latest after two days, and until it does", Erased: Untouched, Why: "the carrier's id, by which it is asked to delete the record", Outlives: "what the school's messages left at the carrier has to be deleted there too"},
	{Name: "schools", Purpose: "the tenants", Until: "the wipe", Erased: Untouched, Why: "is the school's own"},
	{Name: "school_logos", Purpose: "the school's logo, drawn anew from what it handed in", Until: "another one, by hand, or the wipe", Erased: Untouched, Why: "is the school's own; what was written into the file is gone"},

	{Name: "groups", Purpose: "classes and teaching groups", Until: "the wipe; left ones are marked", Erased: Untouched, Why: "is the school's own"},
	{Name: "pupils", Purpose: "who is at the school, and what a log-in compares", Until: untilRoster, Erased: ByHand},
	{Name: "pupil_groups", Purpose: "groups beside the main one", Until: untilRoster, Erased: WithParent, With: "pupils"},
	{Name: "staff", Purpose: "teachers and others whom families meet", Until: staffStay, Erased: Untouched, Why: "no parent or pupil; goes with the wipe"},
	{Name: "teachings", Purpose: "who teaches what to whom", Until: "the next roster", Erased: WithParent, With: "pupils"},
	{Name: "households", Purpose: "who books together", Until: "nobody is left in it", Erased: ByHand},
	{Name: "guardian_pupils", Purpose: "for which of a household's children a guardian came", Until: untilRoster, Erased: WithParent, With: "pupils"},
	{Name: "household_pupils", Purpose: "which pupil belongs to which household", Until: untilRoster, Erased: WithParent, With: "pupils"},
	{Name: "guardians", Purpose: "parents and carers", Until: "the next roster without them, or their household", Erased: WithParent, With: "households"},
	{Name: "contacts", Purpose: "addresses and numbers for messages and codes", Until: "the next roster without them; typed ones 14 days after the last conference", Erased: WithParent, With: "households"},
	{Name: "merge_suggestions", Purpose: "children who may be one household, for the school to decide", Until: "one of them leaves", Erased: ByHand},
	{Name: "external_keys", Purpose: "finds a row by the school's own key", Until: "as long as the row", Erased: ByHand},
	{Name: "overrides", Purpose: "fields that were set by hand, talks that are kept as they are", Until: "as long as the row", Erased: ByHand},
	{Name: "column_mappings", Purpose: "what the school said of the columns of its lists, so that the next export needs nothing", Until: "by hand; a hundred sources at most", Erased: Untouched, Why: "headers of columns and names of fields"},
	{Name: "imports", Purpose: "each roster import: what it found until it ends, and counts", Until: "what was found: when it is applied or withdrawn, at the latest after 14 days; counts: *no age yet*", Erased: ByHand},
	{Name: "import_files", Purpose: "the files of an import, as they were handed in", Until: "the import is applied or withdrawn, at the latest after 14 days", Erased: WithParent, With: "imports"},
	{Name: "undo_rows", Purpose: "what imports did to rows, so that they can be taken back", Until: "the school's undo time, seven days by default; 0 to 30", Erased: ByHand},

	{Name: "conferences", Purpose: "evenings, with their rules", Until: "the wipe", Erased: Untouched, Why: "is the school's own"},
	{Name: "days", Purpose: "dates and audience of a conference", Until: untilConference, Erased: Untouched, Why: "is the school's own"},
	{Name: "talk_kinds", Purpose: "what talks there are", Until: untilConference, Erased: Untouched, Why: "is the school's own"},
	{Name: "offers", Purpose: "explicit choices of staff for a pupil, group or year", Until: untilConference, Erased: WithParent, With: "pupils"},
	{Name: "offer_staff", Purpose: "the staff of an offer", Until: "as long as the offer", Erased: WithParent, With: "offers"},
	{Name: "rooms", Purpose: "where talks are", Until: "the wipe", Erased: Untouched, Why: "is the school's own"},
	{Name: "availabilities", Purpose: "when staff are there", Until: untilConference, Erased: Untouched, Why: "times of staff"},
	{Name: "blocks", Purpose: "breaks and blocked times of staff", Until: untilConference, Erased: Untouched, Why: "times of staff"},

	{Name: "bookings", Purpose: "one act of booking", Until: "as long as the household", Erased: WithParent, With: "households"},
	{Name: "appointments", Purpose: "the schedule, cancelled talks too", Until: "as long as the pupil", Erased: ByHand},
	{Name: "appointment_staff", Purpose: "who sits in a talk", Until: "as long as the talk", Erased: WithParent, With: "appointments"},
	{Name: "claims", Purpose: "that somebody's five minutes are taken", Until: "as long as the talk", Erased: WithParent, With: "appointments"},
	{Name: "makers", Purpose: "a device that booked without being confirmed", Until: "as long as the household", Erased: WithParent, With: "households"},
	{Name: "tasks", Purpose: "work of a school that takes longer than a request", Until: "its input goes when it ends", Erased: Untouched, Why: "no kind of task is run yet"},
	{Name: "idempotency", Purpose: "the outcome of a call, so that a repeat gets the same answer", Until: "48 hours", Erased: Untouched, Why: "ids of rows that are gone, for two days"},
	{Name: "audits", Purpose: "who did what, when, how much", Until: "*no age yet*", Erased: Untouched, Why: "ids of rows that are gone; says that somebody was erased, not who"},
	{Name: "reads", Purpose: "who of the school's staff, its keys and the operator was shown whose data, when, by which route", Until: "400 days", Erased: Untouched, Why: "keyed indexes: of somebody who is gone no id is left to compare them with"},
	{Name: "read_sets", Purpose: "the persons whom several reads of a month showed", Until: "431 days: a month after the reads", Erased: Untouched, Why: "keyed indexes: of somebody who is gone no id is left to compare them with"},

	{Name: "person_erasures", Purpose: "that rows of a person were deleted, for what lies outside the database", Until: "14 days, as long as a mailbox folder keeps anything", Erased: Untouched, Why: "ids of rows that are gone"},
	{Name: "messages", Purpose: "the outbox", Until: "as long as the contact", Erased: WithParent, With: "households"},
	{Name: "invitations", Purpose: "the calendar entry of a contact, household and day", Until: "as long as the contact", Erased: WithParent, With: "households"},
	{Name: "accounts", Purpose: "log-ins of staff", Until: staffStay, Erased: Untouched, Why: "no parent or pupil; goes with the wipe"},
	{Name: "credentials", Purpose: "what the owners of accounts prove that by: passwords as hashes, shared secrets of second factors, indexes of recovery codes", Until: "as long as the account; recovery codes until they are used", Erased: Untouched, Why: "no parent or pupil; goes with the account and with the wipe"},
	{Name: "account_tokens", Purpose: "links that were sent to accounts: invitations, log-ins, another password", Until: "30 days after their end", Erased: Untouched, Why: "keyed indexes, of staff"},
	{Name: "staff_passes", Purpose: "browsers and addresses for which an account's log-in stays open", Until: "180 days or an hour", Erased: Untouched, Why: "keyed indexes, of staff"},
	{Name: "personal_links", Purpose: "a household's link for a round of talks", Until: untilConference, Erased: WithParent, With: "households"},
	{Name: "api_keys", Purpose: "log-ins of programs", Until: "the wipe; revoked ones are of no use", Erased: Untouched, Why: "a name that the school gave"},
	{Name: "sessions", Purpose: "who is logged in", Until: "2 or 12 hours; 30 days for staff who asked that their device be remembered", Erased: Untouched, Why: "ids of rows that are gone, for hours"},
	{Name: "household_logins", Purpose: "when a household last logged in while a conference was open, so that the office sees who has looked and chose nothing", Until: "90 days", Erased: WithParent, With: "households"},
	{Name: "codes", Purpose: "one-time codes", Until: "a day after their end", Erased: WithParent, With: "households"},
	{Name: "login_misses", Purpose: "wrong answers at log-in", Until: "24 hours", Erased: Untouched, Why: "keyed indexes, for a day"},
	{Name: "login_shadows", Purpose: "what a failure writes that is not charged, so that all take as long; never read", Until: "24 hours; 4,096 rows of a school at most", Erased: Untouched, Why: "keyed indexes, for a day"},
	{Name: "login_successes", Purpose: "which households got in from where", Until: "24 hours", Erased: Untouched, Why: "keyed indexes, for a day"},
	{Name: "budgets", Purpose: "how often something went wrong", Until: "48 hours", Erased: Untouched, Why: "keyed indexes, for two days"},
}

// Persons are the tables with a row for each pupil, family, parent or contact: a table that refers to one of these has to be erased with it.
var Persons = []string{"pupils", "households", "guardians", "contacts", "makers"}
