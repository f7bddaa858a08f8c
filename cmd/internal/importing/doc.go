// Package importing is a school's files at the terminal: handing them in, seeing what they would do, answering what they ask, and taking what appears in a folder. It
// speaks to the server by the API alone, as any program could; what files mean is decided there.
package importing
