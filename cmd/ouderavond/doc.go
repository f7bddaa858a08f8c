// Command ouderavond is the whole product in one binary: the server, the demonstration, and the administrator's commands.
//
// This package is the command line: one file for each group of commands. They are clients of the product's own API: over the socket of the running server if
// there is one, and otherwise over that of a server in the same process, with the data folder locked. What a server is made of is cmd/internal/server; no rule
// of the product lives in either.
package main
