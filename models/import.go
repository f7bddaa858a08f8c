package models

import (
	"encoding/json"
	"time"

	"github.com/ouderavond/ouderavond/models/seal"
)

// ImportState is how far an import has come.
type ImportState string

// The states of an import. The last three are its end; one that is applied can still have questions, which are answered by applying it again.
const (
	ImportReading    ImportState = "reading"    // its files are being read
	ImportUnreadable ImportState = "unreadable" // its report says what to correct
	ImportReady      ImportState = "ready"      // read and compared: it can be applied, once its questions are answered or left
	ImportApplied    ImportState = "applied"
	ImportWithdrawn  ImportState = "withdrawn" // by hand, by its age, or because somebody of whom it tells was erased
	ImportFailed     ImportState = "failed"    // by a fault of the program; Problem says which
)

// ImportDetails is what somebody said of an import's files.
type ImportDetails struct {
	Source   string            `json:"source,omitempty"` // what the caller calls the place that the files come from
	Mapping  map[string]string `json:"mapping,omitempty"`
	Encoding string            `json:"encoding,omitempty"`
	Sheet    string            `json:"sheet,omitempty"`
	Answers  map[string]string `json:"answers,omitempty"`
	Groups   []string          `json:"groups,omitempty"`
	Policy   *Policy           `json:"policy,omitempty"`
	// Apply says what becomes of the import once it is read; Tell lets the office be told of it, at the address to which parents' questions go.
	Apply ImportApply `json:"apply,omitempty"`
	Tell  bool        `json:"tell,omitempty"`
}

// ImportApply is whether an import is applied as soon as it is read.
type ImportApply string

// The ways. Where nothing is said somebody looks first.
const (
	ApplyNot   ImportApply = ""
	ApplyClear ImportApply = "if-clear"        // if it asks nothing
	ApplyLeave ImportApply = "leave-questions" // and what it asks stays as it is
)

// Import is one import of a roster: it lies there with its files until it is applied or withdrawn, and afterwards tells when and how much changed.
type Import struct {
	SchoolID SchoolID `gorm:"primaryKey"`
	ID       RowID    `gorm:"primaryKey"`
	At       time.Time
	Format   string
	Counts   map[string]int `gorm:"serializer:json"`
	Dropped  []string       `gorm:"serializer:json"` // names of fields that were not read
	State    ImportState
	// Questions counts those that nobody has answered.
	Questions int
	Problem   string // stable code of why it failed
	TaskID    TaskID // reads its files; zero if it was applied at once
	// Outcome is what reading and comparing found, for whoever looks at it. It is of the package that compares, holds names, and goes when the import ends.
	DetailsBox seal.Box        `gorm:"column:details"`
	OutcomeBox seal.Box        `gorm:"column:outcome"`
	Details    ImportDetails   `gorm:"-"`
	Outcome    json.RawMessage `gorm:"-"`
}

// TableName is the table of imports.
func (Import) TableName() string { return "imports" }

// Row is the id that sealed values of this row are bound to.
func (i *Import) Row() [16]byte { return i.ID }

// Sealed lists the sealed columns.
func (i *Import) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &i.DetailsBox, Value: &i.Details}, {Name: "outcome", Box: &i.OutcomeBox, Value: &i.Outcome, Guarded: true}}
}

// ImportFileContent is a file of an import as it was handed in.
type ImportFileContent struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// ImportFile is a file of an import that has not ended.
type ImportFile struct {
	SchoolID   SchoolID `gorm:"primaryKey"`
	ID         RowID    `gorm:"primaryKey"`
	ImportID   RowID
	Position   int               // among the import's files, from 0
	ContentBox seal.Box          `gorm:"column:content"`
	Content    ImportFileContent `gorm:"-"`
}

// TableName is the table of the files of imports.
func (ImportFile) TableName() string { return "import_files" }

// Row is the id that sealed values of this row are bound to.
func (f *ImportFile) Row() [16]byte { return f.ID }

// Sealed lists the sealed columns.
func (f *ImportFile) Sealed() []seal.Column {
	return []seal.Column{{Name: "content", Box: &f.ContentBox, Value: &f.Content, Guarded: true}}
}
