// Package availability keeps when and where teachers can be met: windows, breaks and blocks per day, and rooms. It never touches appointments: those that a
// change leaves outside are listed, for a person to decide.
package availability
