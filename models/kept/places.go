package kept

// Place is where data of people can be beside the rows of the database.
type Place struct {
	Name, Holds string
	// Until says when what is there goes by itself, Erased when a person is erased, Wiped when the school is wiped.
	Until, Erased, Wiped string
}

// Places are all places beside the rows.
var Places = []Place{
	{Name: "write-ahead log, free pages", Holds: "what the rows held, sealed", Until: "overwritten when pages are used again (SQLite: at once in the file)", Erased: "the log is emptied with the erasing (PostgreSQL: as the server reuses it)", Wiped: "emptied before the receipt is signed (PostgreSQL: vacuumed)"},
	{Name: "mailbox folder", Holds: "messages in plain text, where no carrier is set up and in rehearsals", Until: "14 days", Erased: "with the erasing: all messages of the household, or to the contact; in other programs' folders within half a minute, or when they start", Wiped: "removed"},
	{Name: "carrier of SMS", Holds: "number, text and time of each message", Until: "the record is deleted there when the message has come to its end, at the latest after 48 hours, and is asked for until it is", Erased: "the same, at once: the list of records outlives the message", Wiped: "the same: the list outlives the school"},
	{Name: "mail servers", Holds: "mails that were handed over", Until: "by their own rules", Erased: "out of reach", Wiped: "out of reach"},
	{Name: "copies", Holds: "all rows of a moment, sealed", Until: "168 hours at most", Erased: "with the copy's age; a restore erases again, by the journal", Wiped: "with the copy's age; a restore wipes again"},
	{Name: "databases moved aside by a restore", Holds: "the same", Until: "168 hours at most", Erased: "with their age", Wiped: "with their age"},
	{Name: "memory", Holds: "opened rosters, sessions, keys", Until: "least recently used out first", Erased: "out of date with the commit", Wiped: "forgotten, and kept from coming back"},
	{Name: "journal of erasures, beside the receipts", Holds: "that somebody was erased: kind, an index under a key of its own, time", Until: "38 days: the age of a copy and a month", Erased: "is how a restore knows; whom it means nobody can tell without the key and the row", Wiped: "says nothing any more: the rows it could be compared with are gone"},
	{Name: "receipts of wipes", Holds: "the id of a school, counts, times", Until: "never", Erased: "hold nobody", Wiped: "are what is left"},
	{Name: "log", Holds: "ids of schools and messages, codes, times; no personal data", Until: "the operator's rotation", Erased: "holds nobody", Wiped: "stays"},
}
