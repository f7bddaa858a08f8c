package kept

import "time"

const (
	// CopyAge is how old anything may become that holds what was in the database at another time: what is erased today is in no copy after it.
	CopyAge = 168 * time.Hour
	// MailboxAge is how long a message stays in the mailbox folder.
	MailboxAge = 14 * 24 * time.Hour
	// JournalAge is how long the journal remembers that a person was erased: as long as there can be a copy to be restored, and a month more.
	JournalAge = CopyAge + 31*24*time.Hour
	// ReadsAge is how long it is kept who was shown whose data: a school year and a month, so that what happened around the same talks a year ago can still be looked into.
	ReadsAge = 400 * 24 * time.Hour
	// ReadSetsAge is how long whom many reads of one month showed is kept: until the last of them is gone.
	ReadSetsAge = ReadsAge + 31*24*time.Hour
)
