package models

import (
	"database/sql/driver"
	"errors"
	"slices"
)

// Lists that grow are closed here and not in the database, where each new word would copy a table. Their words go into the database through these: the value of a
// word that is not of its list is an error, so that no statement ever writes it.

var (
	errMessageKind = errors.New("models: no kind of message")
	errChannel     = errors.New("models: no channel")
	errRole        = errors.New("models: no role of an account")
	errState       = errors.New("models: no state of an account")
)

// Value implements driver.Valuer. It fails for what AllMessageKinds does not have.
func (k MessageKind) Value() (driver.Value, error) {
	return closed(AllMessageKinds(), k, errMessageKind)
}

// Value implements driver.Valuer. It fails for what AllChannels does not have.
func (c Channel) Value() (driver.Value, error) { return closed(AllChannels(), c, errChannel) }

// MarshalText implements encoding.TextMarshaler: roles are kept as a list. It fails for what AllRoles does not have.
func (r Role) MarshalText() ([]byte, error) {
	if _, err := closed(AllRoles(), r, errRole); err != nil {
		return nil, err
	}
	return []byte(r), nil
}

// Value implements driver.Valuer. It fails for what AllAccountStates does not have.
func (s AccountState) Value() (driver.Value, error) { return closed(AllAccountStates(), s, errState) }

func closed[T ~string](list []T, word T, other error) (driver.Value, error) {
	if !slices.Contains(list, word) {
		return nil, other
	}
	return string(word), nil
}

// AllTeachingRoles returns all teaching roles.
func AllTeachingRoles() []TeachingRole {
	return []TeachingRole{TeachesMentor, TeachesGroup, TeachesSubject, TeachesCare}
}
