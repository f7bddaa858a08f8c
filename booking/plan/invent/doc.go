// Package invent makes up whole schools to plan for: the seeded instances on which the planner's figures are measured, and small ones with everything
// in them for tests. Numbers are drawn from a seed, so that an instance is the same on every machine. Names are numbers; nobody in here exists.
//
// It knows the types of the interchange format and nothing of the planner; it is for tests and measuring, the product does not import it.
package invent
