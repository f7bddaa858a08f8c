// Package reading keeps the record of reads: who was shown whose data, when, by which route, and how many persons. It knows no answer and no address; what an answer shows is
// found by package api/trail. Nothing here ever changes a row, and nothing holds a name.
package reading
