// Package roster is the chapter of the API about pupils, groups, teachers and families, by file or one by one. Files are read by booking/roster and imported by
// booking/people; here they are only taken out of a request.
package roster
