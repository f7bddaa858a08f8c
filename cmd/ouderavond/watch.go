package main

import (
	"context"
	"os"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// watchFor bounds a look at the database for the metrics.
const watchFor = 2 * time.Second

// watch adds the metrics that are read when they are asked for.
func (a *app) watch() {
	gauge := func(name, help string, read func() float64) {
		a.metrics.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	gauge("ouderavond_draining", "1 while the program lets go of clients before it stops, 0 otherwise.", func() float64 { return truth(a.draining.Load()) })
	gauge("ouderavond_erasure_oldest_unfinished_seconds", "How long ago the oldest wipe that is not finished was asked for; 0 if there is none.", a.oldestErasure)
	gauge("ouderavond_data_free_bytes", "Room left on the disk of the data folder.", func() float64 { return freeBytes(a.folder.path) })
	gauge("ouderavond_database_bytes", "Size of the SQLite database's file; 0 on PostgreSQL.", func() float64 { return fileBytes(a.folder.database()) })
	gauge("ouderavond_wal_bytes", "Size of the SQLite database's write-ahead log; 0 on PostgreSQL.", func() float64 { return fileBytes(a.folder.database() + "-wal") })
	a.metrics.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "ouderavond_rosters_opened_total", Help: "Rosters that were opened from the database because memory had no room for them, or for the first time.",
	}, func() float64 { return float64(a.store.RostersOpened()) }))
	if a.certificate != nil {
		gauge("ouderavond_certificate_end_timestamp_seconds", "When the TLS certificate in use ends.", func() float64 { return float64(a.certificate.ends().Unix()) })
	}
}

func (a *app) oldestErasure() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), watchFor)
	defer cancel()
	open, err := a.booking.Erasures.Unfinished(ctx)
	if err != nil {
		return 0 // readiness tells of a database that does not answer
	}
	oldest := 0.0
	for _, line := range open {
		oldest = max(oldest, a.clock.Now().Sub(line.AskedAt).Seconds())
	}
	return oldest
}

func truth(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func fileBytes(path string) float64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return float64(info.Size())
}

func freeBytes(path string) float64 {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(path, &disk); err != nil {
		return 0
	}
	return float64(disk.Bavail) * float64(disk.Bsize)
}

// watchCopies adds the metrics of a folder of copies, read from the folder itself: they are right from the start, whoever made the copies.
func (m *metrics) watchCopies(folder copies) {
	at := func(pick func([]copied) time.Time) func() float64 {
		return func() float64 {
			all, err := folder.list()
			if err != nil || len(all) == 0 {
				return 0
			}
			return float64(pick(all).Unix())
		}
	}
	for name, read := range map[string]func() float64{
		"ouderavond_backup_newest_timestamp_seconds": at(func(all []copied) time.Time { return all[len(all)-1].taken }),
		"ouderavond_backup_oldest_timestamp_seconds": at(oldest),
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: copiesHelp[name]}, read))
	}
	m.registry.MustRegister(m.verified, m.backups, m.backupSeconds, m.backupBytes, m.unclaimed)
	for _, result := range []string{"done", "failed"} {
		m.backups.WithLabelValues(result)
	}
}

var copiesHelp = map[string]string{
	"ouderavond_backup_newest_timestamp_seconds": "The moment that the newest copy in the backup folder holds; 0 if there is none.",
	"ouderavond_backup_oldest_timestamp_seconds": "The moment from which the age of the oldest copy in the backup folder counts; 0 if there is none.",
}

func oldest(all []copied) time.Time {
	first := all[0].old
	for _, one := range all {
		if one.old.Before(first) {
			first = one.old
		}
	}
	return first
}
