package models

import (
	"time"

	"github.com/ouderavond/ouderavond/models/seal"
)

// AccountDetails names a staff account.
type AccountDetails struct {
	Login string `json:"login"`
	Name  string `json:"name,omitempty"`
}

// Account is the account of a member of staff: found by the keyed index of its login name.
type Account struct {
	SchoolID     SchoolID  `gorm:"primaryKey"`
	ID           AccountID `gorm:"primaryKey"`
	Role         Role
	StaffID      StaffID // the teacher that it is; zero for an administrator who is none
	LoginIndex   []byte
	PasswordHash string // argon2id, in the PHC string format
	Disabled     bool
	CreatedAt    time.Time
	DetailsBox   seal.Box       `gorm:"column:details"`
	Details      AccountDetails `gorm:"-"`
}

// TableName is the table of staff accounts.
func (Account) TableName() string { return "accounts" }

// Row gives the id that sealed values of this row are bound to.
func (a *Account) Row() [16]byte { return a.ID }

// Sealed lists the sealed columns.
func (a *Account) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &a.DetailsBox, Value: &a.Details}}
}

// StaffPass keeps an account's log-in open for a browser that logged in with it, or for an address that somebody named, whatever strangers type for its login
// name. It opens nothing by itself.
type StaffPass struct {
	SchoolID     SchoolID  `gorm:"primaryKey"`
	AccountID    AccountID `gorm:"primaryKey"`
	SubjectIndex []byte    `gorm:"primaryKey"` // keyed index of the browser's token, or of the address
	CreatedAt    time.Time
	ExpiresAt    time.Time
}

// TableName is the table of passes of staff.
func (StaffPass) TableName() string { return "staff_passes" }

// APIKeyDetails names an API key.
type APIKeyDetails struct {
	Name string `json:"name"`
}

// APIKey is a key of a school's integrator. The key itself was shown once; its keyed index is kept.
type APIKey struct {
	SchoolID   SchoolID `gorm:"primaryKey"`
	ID         APIKeyID `gorm:"primaryKey"`
	KeyIndex   []byte
	Scopes     []Scope `gorm:"serializer:json"`
	CreatedAt  time.Time
	ExpiresAt  *time.Time
	RevokedAt  *time.Time
	DetailsBox seal.Box      `gorm:"column:details"`
	Details    APIKeyDetails `gorm:"-"`
}

// TableName is the table of API keys.
func (APIKey) TableName() string { return "api_keys" }

// Row gives the id that sealed values of this row are bound to.
func (k *APIKey) Row() [16]byte { return k.ID }

// Sealed lists the sealed columns.
func (k *APIKey) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &k.DetailsBox, Value: &k.Details}}
}

// OperatorKey is a key of the operator, bound to no school.
type OperatorKey struct {
	ID        APIKeyID `gorm:"primaryKey"`
	KeyIndex  []byte
	CreatedAt time.Time
	RevokedAt *time.Time
}

// TableName is the table of operator's keys.
func (OperatorKey) TableName() string { return "operator_keys" }

// SessionKind tells whose session it is.
type SessionKind string

// The kinds of sessions.
const (
	SessionParent SessionKind = "parent"
	SessionStaff  SessionKind = "staff"
)

// SessionData is what a parent's session was given. Ids only.
type SessionData struct {
	Grants []Grant   `json:"grants,omitempty"`
	Makers []MakerID `json:"makers,omitempty"`
}

// Session is a log-in. The token is with the browser; its keyed index is here, so that the school can end a session at once.
type Session struct {
	SchoolID    SchoolID  `gorm:"primaryKey"`
	ID          SessionID `gorm:"primaryKey"`
	Kind        SessionKind
	TokenIndex  []byte
	AccountID   AccountID
	Data        SessionData `gorm:"serializer:json"`
	DeviceIndex []byte
	Language    string
	CreatedAt   time.Time
	SeenAt      time.Time // moves at most once a minute
	ExpiresAt   time.Time
}

// TableName is the table of sessions.
func (Session) TableName() string { return "sessions" }

// CodeKind tells what a one-time code is.
type CodeKind string

// The kinds of codes.
const (
	CodeContact CodeKind = "contact" // digits sent to a contact on file, with a link beside them
	CodeDesk    CodeKind = "desk"    // letters and digits read out by staff
)

// Code is a one-time code that confirms a household.
type Code struct {
	SchoolID    SchoolID `gorm:"primaryKey"`
	ID          RowID    `gorm:"primaryKey"`
	Kind        CodeKind
	HouseholdID HouseholdID
	PupilID     PupilID // whose name was given when it was asked
	CodeIndex   []byte  // keyed index of household and code
	Attempts    int     // of an older program
	CreatedAt   time.Time
	ExpiresAt   time.Time // of the digits
	UsedAt      *time.Time
	// TokenIndex is that of the try token for which a sent code's digits are good. LinkIndex is that of the link in the message, good until LinkExpiresAt on any
	// device. Using one of the two uses up the other.
	TokenIndex    []byte
	LinkIndex     []byte
	LinkExpiresAt *time.Time
}

// TableName is the table of one-time codes.
func (Code) TableName() string { return "codes" }

// Budget counts something that must not happen too often: wrong answers for one child, from one address, at one school.
type Budget struct {
	SchoolID SchoolID  `gorm:"primaryKey"`
	Name     string    `gorm:"primaryKey"` // which budget: "child", "address", "school", "code"
	Subject  []byte    `gorm:"primaryKey"` // keyed index of what is counted for
	Window   time.Time `gorm:"primaryKey"` // start of the window, UTC
	Spent    int
}

// TableName is the table of budgets.
func (Budget) TableName() string { return "budgets" }

// Installation is the one row that ties a database to its master key.
type Installation struct {
	ID          int `gorm:"primaryKey"`
	Fingerprint string
	CreatedAt   time.Time
}

// TableName is the installation's table.
func (Installation) TableName() string { return "installation" }
