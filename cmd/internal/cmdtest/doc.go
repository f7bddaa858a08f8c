// Package cmdtest holds what tests of more than one command need: waiting for something that must happen, a certificate that is believed, the program as it is
// released. It is imported by tests only.
package cmdtest
