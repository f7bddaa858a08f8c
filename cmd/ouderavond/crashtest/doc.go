// Package crashtest holds tests only: they run the program as its own process, kill it, cut its power and let its disk fail, start it again, and compare
// what is there with what was acknowledged. They know nothing of the program but its commands and its API; the failing disk is models/store/storetest/faultdisk,
// the comparison api/apitest/history.
//
// What is promised, and how long forms are run, is in docs/reliability.md.
package crashtest
