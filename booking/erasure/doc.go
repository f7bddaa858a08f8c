// Package erasure makes data go: the wipe of a whole school with its signed receipt, and what has expired, from all schools. What of a school is kept outside
// the database is reached through ExternalData. Erasing a pupil or taking a contact away by hand is done where they are kept (packages people and household).
package erasure
