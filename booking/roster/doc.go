// Package roster reads the files that schools export from their pupil administration, EdeXML and CSV, into one neutral roster with a report of what was
// found, proposes which pupils are one household, and compares two rosters.
//
// Everything here is a pure function of its arguments: no context, no clock, no database, no network. What may never live here: the storing of a
// roster, decisions about who may import, and the value of any field that a booking system has no business with. Such fields (citizen service number,
// origin, sex, photographs and the like) are recognised by name or by content and passed over; the report names the field and never its content.
// No finding repeats a name, date, address, number or any other value of a file.
//
// Sources of the format rules: EdeXML 1.03, 2.0 and 2.1 (Edustandaard: schemas and handbook of February 2017), UWLR 2.2 and 2.3 (Edustandaard), RFC 4180
// for CSV, and header lines of exports that are publicly documented.
package roster
