// Package plan is the planning engine.
package plan
