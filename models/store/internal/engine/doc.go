// Package engine is what the two engines of the store share: how a transaction lives beside others, errors of databases as errors of package errs, and the order in which
// tables can be emptied. It knows no row type.
package engine
