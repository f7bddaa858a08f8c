package models

import (
	"encoding/json"
	"time"

	"github.com/ouderavond/ouderavond/models/seal"
)

// TaskKind names what a task does. The list is kept by whoever runs tasks.
type TaskKind string

// TaskState is how far a task has come.
type TaskState string

// The states of a task. It goes from waiting to running, and to one of the last two.
const (
	TaskWaiting TaskState = "waiting"
	TaskRunning TaskState = "running"
	TaskDone    TaskState = "done"
	TaskFailed  TaskState = "failed"
)

// Task is work for a school that takes longer than a request and survives a restart of the program.
type Task struct {
	SchoolID SchoolID `gorm:"primaryKey"`
	ID       TaskID   `gorm:"primaryKey"`
	Kind     TaskKind
	State    TaskState
	// Done of Total steps are behind it, as far as is known; Total is 0 until it is.
	Done, Total int
	Problem     string // stable code of why it failed
	Attempt     int    // how often it was begun
	// Epoch goes up each time that a program takes it. Whoever runs it may write only while the epoch is theirs.
	Epoch       int64
	LeasedUntil *time.Time // until when the program that has taken it need not be doubted, UTC
	CreatedAt   time.Time
	EndedAt     *time.Time
	InputBox    seal.Box        `gorm:"column:input"`
	Input       json.RawMessage `gorm:"-"`
}

// TableName is the table of tasks.
func (Task) TableName() string { return "tasks" }

// Row is the id that sealed values of this row are bound to.
func (t *Task) Row() [16]byte { return t.ID }

// Sealed lists the sealed columns.
func (t *Task) Sealed() []seal.Column {
	return []seal.Column{{Name: "input", Box: &t.InputBox, Value: &t.Input}}
}

// Job says when a periodic job is next to be done on this database, by whichever program comes first.
type Job struct {
	Name   string `gorm:"primaryKey"`
	NextAt time.Time
}

// TableName is the table of periodic jobs.
func (Job) TableName() string { return "jobs" }
