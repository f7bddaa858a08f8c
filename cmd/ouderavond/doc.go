// Command ouderavond is the whole product in one binary: the server, the demonstration, and the administrator's commands.
//
// This package wires the others together and is the only one that knows all of them, reads the configuration, holds credentials and tells the time. No rule
// of the product lives here. The administrator's commands speak to the product's own API: over the socket of the running server if there is one, and
// otherwise in the same process, with the data folder locked.
package main
