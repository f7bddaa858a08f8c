// Package client speaks to the API as the operator of this machine, through the socket of the server that runs on a data folder.
package client
