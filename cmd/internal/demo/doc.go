// Package demo makes the demonstration: two invented schools with a conference that is open now, families to log in as, and what is printed about them.
package demo
