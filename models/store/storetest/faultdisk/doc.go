// Package faultdisk is a disk that fails, for tests: it kills a program at a chosen write or flush of its SQLite database, lets calls fail with an error of
// the test's choice, makes flushes slow, and cuts the power, which takes back a random part of what was written and not flushed.
//
// It is a small library in C (testdata/faultdisk.c), compiled when it is needed, that is loaded before the C library (LD_PRELOAD) into another process.
// SQLite's calls go through the C library and so through it; what Go itself writes does not. It works on Linux, with gcc, for programs that are linked
// dynamically. It says nothing about the disk's own faults after a flush, and it takes a folder's list of names to be on disk at once.
//
// The environment of the process under test:
//
//	LD_PRELOAD                the library, see [Library]
//	FAULTDISK_CONTROL         the file of a [Disk], by which a test changes the disk's behaviour while the program runs
//	FAULTDISK_SYNC_DELAY_US   instead of a control file: microseconds that each flush takes longer, for measurements
package faultdisk
