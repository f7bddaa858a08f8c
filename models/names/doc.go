// Package names brings what people write about a person to one form, so that two spellings of the same name, postcode, birth date or student number
// can be compared: case, accents, ij and y, ü and ue, surname prefixes in front, behind or missing, hyphens, double surnames, digits and letters of
// other scripts that look the same, invisible marks.
//
// Everything here is a pure function of its arguments. What may never live here: stored names, decisions about who may log in, clocks, and any text
// that would repeat a value it was given.
package names

// Version tells by which rules keys are made. It goes up with every change that makes an unchanged name give other keys; whoever stores keys, or
// values made of keys, stores the version beside them and makes them anew when it differs.
const Version = 1
