// Package kept is the one list of where data of people can be: every table of the database and every place beside it, each with its purpose, its age and what
// erases it. A test walks the schema of both engines and fails for a table that is not here, or that says of itself what the schema does not do.
// docs/data-model.md shows the same list, and a test writes it. It holds words and no data; it does not erase anything itself.
package kept
