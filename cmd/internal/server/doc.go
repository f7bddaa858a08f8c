// Package server puts the program together and runs it: wiring, listening, certificates, metrics, and one table of jobs (jobs.go). It knows credentials and the machine; rules of
// the product never live here.
package server
