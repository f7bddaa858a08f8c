// Package config holds the settings of the program: flags, environment and file, their checks, and what follows from them for other packages. Nothing is opened or started here.
package config
