// Package storetest holds what tests of anything above the store need: a database of their own, a clock that they set, a school, and one row of every
// kind. Run is the conformance suite that every engine of the store must pass.
//
// It is imported by tests only. Nothing here reaches behind the store's exported functions, so that the suite says the same of every engine.
package storetest
