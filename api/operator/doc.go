// Package operator is the chapter of the API for the people who run the installation: schools, wiping one, receipts, keys of their own. It asks services and shapes
// answers; it decides nothing.
package operator
