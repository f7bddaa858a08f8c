// Package sample invents Dutch schools: pupils, households, teachers and groups that look like the real thing, for the demonstration, for load tests
// and for tests.
//
// Generate gives the truth of a school, for instance who really lives together. CSV, EdeXML and TeacherTable render the same school as the
// files that a school's administration system would deliver, which tell less than the truth and sometimes tell it badly. Logins picks parents who are worth
// trying out and says what each of them types.
//
// Everything follows from the Spec: the same Spec gives the same bytes, on every machine, at any time. So the package reads no clock, uses no floating point
// to decide anything and never walks over a map.
//
// # No real person can be reached
//
// E-mail addresses use example.com, example.net and example.org only, which RFC 2606 keeps free for examples. The Netherlands keep no telephone numbers
// free for fiction; see PhonePrefix for the range taken instead. The postcodes 1232 to 1239 lie in the gap between Loosdrecht (1231) and Kortenhoef (1241),
// and the names
// of the towns are invented. The BRIN codes of Primary and Secondary begin with 99.
//
// What never lives here: data of real people, the product's own entities (see package models), reading of files (see booking/roster).
package sample
