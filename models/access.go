package models

import (
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models/seal"
)

// AccountDetails names a staff account.
type AccountDetails struct {
	// Login is the address of the school's mail by which somebody logs in; of accounts made with a password it may be any name.
	Login string `json:"login"`
	Name  string `json:"name,omitempty"`
}

// AccountState tells whether an account lets anybody in.
type AccountState string

// The states of an account.
const (
	AccountInvited  AccountState = "invited" // nobody has accepted the invitation yet
	AccountActive   AccountState = "active"
	AccountDisabled AccountState = "disabled"
)

// AllAccountStates returns all states of an account.
func AllAccountStates() []AccountState {
	return []AccountState{AccountInvited, AccountActive, AccountDisabled}
}

// Account is the account of a member of staff: found by the keyed index of its login. What proves that somebody is its owner are its credentials.
type Account struct {
	SchoolID   SchoolID  `gorm:"primaryKey"`
	ID         AccountID `gorm:"primaryKey"`
	State      AccountState
	Roles      []Role  `gorm:"serializer:json"`
	StaffID    StaffID // the member of staff that it is; zero for who is not in the roster
	LoginIndex []byte
	CreatedAt  time.Time
	SeenAt     *time.Time     // the last log-in; nil: none yet
	DetailsBox seal.Box       `gorm:"column:details"`
	Details    AccountDetails `gorm:"-"`
}

// TableName is the table of staff accounts.
func (Account) TableName() string { return "accounts" }

// Row gives the id that sealed values of this row are bound to.
func (a *Account) Row() [16]byte { return a.ID }

// Sealed lists the sealed columns.
func (a *Account) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &a.DetailsBox, Value: &a.Details}}
}

// Strong reports whether one of the account's roles asks for a second factor.
func (a *Account) Strong() bool { return slices.ContainsFunc(a.Roles, Role.Strong) }

// CredentialKind tells what a credential is.
type CredentialKind string

// The kinds of credentials.
const (
	CredentialPassword CredentialKind = "password"
	CredentialTOTP     CredentialKind = "totp"     // a program that shows six digits, RFC 6238
	CredentialRecovery CredentialKind = "recovery" // a code on paper, good once
)

// CredentialSecret is what a credential compares with.
type CredentialSecret struct {
	Hash string `json:"hash,omitempty"` // of a password: argon2id, in the PHC string format
	Key  []byte `json:"key,omitempty"`  // of TOTP, shared with the program that shows the digits
}

// Credential is something by which the owner of an account proves to be that. An account has one password and one TOTP at most.
type Credential struct {
	SchoolID     SchoolID `gorm:"primaryKey"`
	ID           RowID    `gorm:"primaryKey"`
	AccountID    AccountID
	Kind         CredentialKind
	SubjectIndex []byte // keyed index of a recovery code; empty for what is found by its account
	// Counter is the last step of TOTP that was used: none is good twice.
	Counter int64
	// Pending is a TOTP whose digits nobody has typed yet: it proves nothing.
	Pending bool
	// HashBefore is a password's hash from before it was sealed; it goes at the next log-in.
	HashBefore string
	CreatedAt  time.Time
	SecretBox  seal.Box         `gorm:"column:secret"`
	Secret     CredentialSecret `gorm:"-"`
}

// TableName is the table of credentials.
func (Credential) TableName() string { return "credentials" }

// Row gives the id that sealed values of this row are bound to.
func (c *Credential) Row() [16]byte { return c.ID }

// Sealed lists the sealed columns.
func (c *Credential) Sealed() []seal.Column {
	return []seal.Column{{Name: "secret", Box: &c.SecretBox, Value: &c.Secret}}
}

// TokenPurpose tells what an account's token opens.
type TokenPurpose string

// The purposes of tokens.
const (
	TokenInvitation TokenPurpose = "invitation" // accepts an invitation
	TokenLogIn      TokenPurpose = "log-in"     // logs in without a password, with roles that need no second factor
	TokenPassword   TokenPurpose = "password"   // chooses another password
)

// StaffLinkPath stands between a school's address and the token of a link that a member of staff was sent.
const StaffLinkPath = "/staff/link/"

// AccountToken is a link that was sent to an account's address. It is good once; the row stays until its end, so that a second opening can be told what happened.
type AccountToken struct {
	SchoolID   SchoolID `gorm:"primaryKey"`
	ID         RowID    `gorm:"primaryKey"`
	AccountID  AccountID
	Purpose    TokenPurpose
	TokenIndex []byte
	CreatedAt  time.Time
	ExpiresAt  time.Time
	UsedAt     *time.Time
}

// TableName is the table of accounts' tokens.
func (AccountToken) TableName() string { return "account_tokens" }

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

// ProofKind is a way in which somebody proved to be the owner of an account.
type ProofKind string

// The ways.
const (
	ProvedByLink     ProofKind = "link"
	ProvedByPassword ProofKind = "password"
	ProvedByTOTP     ProofKind = "totp"
	ProvedByRecovery ProofKind = "recovery"
)

// Second reports whether it is a second factor: something that the owner has, beside what they know.
func (k ProofKind) Second() bool { return k == ProvedByTOTP || k == ProvedByRecovery }

// ProofGiven is when somebody last proved something in a session.
type ProofGiven struct {
	Kind ProofKind `json:"kind"`
	At   time.Time `json:"at"`
}

// SessionData is what a session was given. Ids and times only.
type SessionData struct {
	Grants []Grant   `json:"grants,omitempty"` // a parent's
	Makers []MakerID `json:"makers,omitempty"`
	// Proofs are of staff: the last of each kind. Remembered says that the device may be kept for thirty days.
	Proofs     []ProofGiven `json:"proofs,omitempty"`
	Remembered bool         `json:"remembered,omitempty"`
}

// Proved notes that somebody proved something.
func (d *SessionData) Proved(kind ProofKind, at time.Time) {
	d.Proofs = append(slices.DeleteFunc(slices.Clone(d.Proofs), func(given ProofGiven) bool { return given.Kind == kind }), ProofGiven{kind, at})
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

// HouseholdLogin is when somebody of a household last logged in while a conference was open. It is kept longer than sessions, because the office asks who has looked
// and chose nothing; so there is one time and no more.
type HouseholdLogin struct {
	SchoolID    SchoolID    `gorm:"primaryKey"`
	HouseholdID HouseholdID `gorm:"primaryKey"`
	At          time.Time   // UTC
}

// TableName is the table of when households last logged in.
func (HouseholdLogin) TableName() string { return "household_logins" }

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
