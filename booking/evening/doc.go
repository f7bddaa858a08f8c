// Package evening turns a conference into an instance for the planning engine (package plan). It reads only.
package evening
