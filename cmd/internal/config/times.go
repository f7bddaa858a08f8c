package config

import (
	"cmp"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// BackupTimes gives how often the server makes a copy and how old one may become.
func (s *Settings) BackupTimes() (every, keep time.Duration) {
	every, _ = time.ParseDuration(cmp.Or(s.BackupEvery, "1h")) // checked before
	keep, _ = time.ParseDuration(cmp.Or(s.BackupKeep, datafolder.GreatestAge.String()))
	return every, keep
}

// DrainTime gives how long the server serves on after it has said that it is about to stop.
func (s *Settings) DrainTime() time.Duration {
	delay, _ := time.ParseDuration(cmp.Or(s.DrainDelay, "0s")) // checked before
	return delay
}

// checkTimes names the faults of the settings that are lengths of time.
func (s *Settings) checkTimes(fault func(name, format string, values ...any)) {
	for _, one := range []struct {
		name, value string
		least, most time.Duration
	}{
		{"backup-every", cmp.Or(s.BackupEvery, "1h"), time.Minute, 24 * time.Hour},
		{"backup-keep", cmp.Or(s.BackupKeep, datafolder.GreatestAge.String()), time.Hour, datafolder.GreatestAge},
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
	if every, keep := s.BackupTimes(); every > keep {
		fault("backup-every", "must not be longer than backup-keep: there would be no copy most of the time")
	}
}

// OnPostgreSQL tells whether the rows are in a PostgreSQL server and not in the data folder.
func (s *Settings) OnPostgreSQL() bool { return s.Database != "" }
