package main

import (
	"cmp"
	"time"
)

// backupTimes gives how often the server makes a copy and how old one may become.
func (s *settings) backupTimes() (every, keep time.Duration) {
	every, _ = time.ParseDuration(cmp.Or(s.BackupEvery, "1h")) // checked before
	keep, _ = time.ParseDuration(cmp.Or(s.BackupKeep, greatestAge.String()))
	return every, keep
}

// drainDelay gives how long the server serves on after it has said that it is about to stop.
func (s *settings) drainDelay() time.Duration {
	delay, _ := time.ParseDuration(cmp.Or(s.DrainDelay, "0s")) // checked before
	return delay
}

// checkTimes names the faults of the settings that are lengths of time.
func (s *settings) checkTimes(fault func(name, format string, values ...any)) {
	for _, one := range []struct {
		name, value string
		least, most time.Duration
	}{
		{"backup-every", cmp.Or(s.BackupEvery, "1h"), time.Minute, 24 * time.Hour},
		{"backup-keep", cmp.Or(s.BackupKeep, greatestAge.String()), time.Hour, greatestAge},
		{"drain-delay", cmp.Or(s.DrainDelay, "0s"), 0, 5 * time.Minute},
	} {
		length, err := time.ParseDuration(one.value)
		switch {
		case err != nil:
			fault(one.name, "must be a length of time such as 90s, 30m or 12h")
		case length < one.least || length > one.most:
			fault(one.name, "must be from %s to %s", one.least, one.most)
		}
	}
	if every, keep := s.backupTimes(); every > keep {
		fault("backup-every", "must not be longer than backup-keep: there would be no copy most of the time")
	}
}

// onPostgreSQL tells whether the rows are in a PostgreSQL server and not in the data folder.
func (s *settings) onPostgreSQL() bool { return s.Database != "" }
