package models

import "time"

// Lane is the way on which a wrong answer was given. No budget of one lane is read in another.
type Lane string

// The lanes of wrong answers.
const (
	LanePublic Lane = "public" // the form that everybody can open
	LaneDevice Lane = "device" // a device that the household knows
	LaneLink   Lane = "link"   // a household's personal link
	LaneCode   Lane = "code"   // wrong digits where the device has a code pending
)

// LoginMiss is a wrong answer at log-in that was charged, for one child. Everything that it is counted for is a keyed index: no name, answer or address.
type LoginMiss struct {
	SchoolID  SchoolID `gorm:"primaryKey"`
	Slot      int64    `gorm:"primaryKey"` // random
	Lane      Lane
	Household []byte // of the child; of the code
	Child     []byte
	Address   []byte // one address of IPv4, or a /64
	Network   []byte // the same address of IPv4, or the /48
	Token     []byte // what tries have in common: the try token; in the lane of devices the receipt, in that of links the link
	Answer    []byte
	Cost      int // in quarters of a far miss
	At        time.Time
}

// TableName is the table of charged wrong answers.
func (LoginMiss) TableName() string { return "login_misses" }

// LoginShadow is what a failure writes that is not charged, so that every failure is the same work. Nothing reads it.
type LoginShadow struct {
	SchoolID  SchoolID `gorm:"primaryKey"`
	Slot      int64    `gorm:"primaryKey"` // one of a ring
	Lane      Lane
	Household []byte
	Child     []byte
	Address   []byte
	Network   []byte
	Token     []byte
	Answer    []byte
	Cost      int
	At        time.Time
}

// TableName is the table that nothing reads.
func (LoginShadow) TableName() string { return "login_shadows" }

// LoginSuccess tells that a household got in from an address, by any proof. At is when it last did.
type LoginSuccess struct {
	SchoolID  SchoolID `gorm:"primaryKey"`
	Address   []byte   `gorm:"primaryKey"`
	Household []byte   `gorm:"primaryKey"`
	Network   []byte
	At        time.Time
}

// TableName is the table of who got in from where.
func (LoginSuccess) TableName() string { return "login_successes" }
