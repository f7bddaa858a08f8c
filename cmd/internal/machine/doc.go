// Package machine is the only place that reads the machine's clock and lets time pass. Everything below cmd is handed a clock.
package machine
