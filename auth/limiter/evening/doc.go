// Package evening plays whole evenings of a school against the rules of the log-in's limiter: families who log in and mistype, and somebody who guesses. It says
// what each rule is worth and what an attacked evening costs whom; docs/login.md quotes its tables, and auth/limiter/evenings prints them.
//
// It is pure, and it has the rules a second time: nothing of auth/limiter is used here, so that a test can hold the two against one another. An evening is a
// function of its settings and a seed. Times are whole milliseconds from the opening of the bookings; who is who are small numbers.
package evening
