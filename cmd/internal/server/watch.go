package server

import (
	"context"
	"os"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	parents "github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/cmd/internal/backup"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify"
)

// watchFor bounds a look at the database for the metrics.
const watchFor = 2 * time.Second

// watch adds the metrics that are read when they are asked for.
func (a *App) watch() {
	gauge := func(name, help string, read func() float64) {
		a.Metrics.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	gauge("ouderavond_draining", "1 while the program lets go of clients before it stops, 0 otherwise.", func() float64 { return truth(a.draining.Load()) })
	gauge("ouderavond_erasure_oldest_unfinished_seconds", "How long ago the oldest wipe that is not finished was asked for; 0 if there is none.", a.oldestErasure)
	gauge("ouderavond_carrier_record_oldest_seconds", "How long ago the oldest text message was sent whose record the carrier has not deleted yet; 0 if there is none.", a.oldestRecord)
	gauge("ouderavond_data_free_bytes", "Room left on the disk of the data folder.", func() float64 { return freeBytes(a.Folder.Path) })
	gauge("ouderavond_database_bytes", "Size of the SQLite database's file; 0 on PostgreSQL.", func() float64 { return fileBytes(a.Folder.Database()) })
	gauge("ouderavond_wal_bytes", "Size of the SQLite database's write-ahead log; 0 on PostgreSQL.", func() float64 { return fileBytes(a.Folder.Database() + "-wal") })
	a.Metrics.Registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "ouderavond_rosters_opened_total", Help: "Rosters that were opened from the database because memory had no room for them, or for the first time.",
	}, func() float64 { return float64(a.store.RostersOpened()) }))
	if a.certificate != nil {
		gauge("ouderavond_certificate_end_timestamp_seconds", "When the TLS certificate in use ends.", func() float64 { return float64(a.certificate.Ends().Unix()) })
	}
}

func (a *App) oldestErasure() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), watchFor)
	defer cancel()
	open, err := a.Booking.Erasures.Unfinished(ctx)
	if err != nil {
		return 0 // readiness tells of a database that does not answer
	}
	oldest := 0.0
	for _, line := range open {
		oldest = max(oldest, a.Clock.Now().Sub(line.AskedAt).Seconds())
	}
	return oldest
}

func (a *App) oldestRecord() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), watchFor)
	defer cancel()
	oldest, err := a.store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "metrics"}).OldestCarrierRecord(ctx)
	if err != nil || oldest.IsZero() {
		return 0
	}
	return a.Clock.Now().Sub(oldest).Seconds()
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
func (m *Metrics) watchCopies(folder backup.Copies, clock models.Clock) {
	at := func(pick func([]datafolder.Copied) time.Time) func() float64 {
		return func() float64 {
			all, err := folder.Past(clock.Now())
			if err != nil || len(all) == 0 {
				return 0
			}
			return float64(pick(all).Unix())
		}
	}
	for name, read := range map[string]func() float64{
		"ouderavond_backup_newest_timestamp_seconds": at(func(all []datafolder.Copied) time.Time { return all[len(all)-1].Taken }),
		"ouderavond_backup_oldest_timestamp_seconds": at(oldest),
		"ouderavond_backup_strangers": func() float64 {
			strangers, _ := folder.Strangers(clock.Now())
			return float64(len(strangers))
		},
	} {
		m.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: copiesHelp[name]}, read))
	}
	m.Registry.MustRegister(m.verified, m.backups, m.backupSeconds, m.backupBytes, m.unclaimed)
	for _, result := range []string{"done", "failed"} {
		m.backups.WithLabelValues(result)
	}
}

var copiesHelp = map[string]string{
	"ouderavond_backup_strangers":                "Files in the backup folder, and below it, that are not known as copies, or are from the future: nothing removes them.",
	"ouderavond_backup_newest_timestamp_seconds": "The moment that the newest copy in the backup folder holds; 0 if there is none.",
	"ouderavond_backup_oldest_timestamp_seconds": "The moment from which the age of the oldest copy in the backup folder counts; 0 if there is none.",
}

func oldest(all []datafolder.Copied) time.Time {
	first := all[0].Old
	for _, one := range all {
		if one.Old.Before(first) {
			first = one.Old
		}
	}
	return first
}

// watchOutbox adds the metrics of the outbox that are read when they are asked for.
func (a *App) watchOutbox() {
	gauge := func(name, help string, labels prometheus.Labels, read func(notify.Figures) float64) {
		a.Metrics.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), watchFor)
			defer cancel()
			figures, err := a.dispatcher.Figures(ctx)
			if err != nil {
				return 0 // readiness tells of a database that does not answer
			}
			return read(figures)
		}))
	}
	gauge("ouderavond_messages_oldest_due_seconds", "How long the message has waited that has been due longest; 0 if none is.", nil,
		func(f notify.Figures) float64 { return f.OldestDue.Seconds() })
	gauge("ouderavond_messages_held", "Messages that are held back, half a minute at most each, because families wait for the program.", nil,
		func(f notify.Figures) float64 { return float64(f.Held) })
	gauge("ouderavond_messages_paused_domains", "Domains that are left alone for a while because they refuse our mail for reasons of policy.", nil,
		func(f notify.Figures) float64 { return float64(f.PausedDomains) })
	for _, channel := range []models.Channel{models.ChannelMail, models.ChannelSMS} {
		labels := prometheus.Labels{"channel": string(channel)}
		gauge("ouderavond_messages_paused", "1 while a channel's messages wait because it is out of service or set up wrongly.", labels,
			func(f notify.Figures) float64 { return truth(f.Paused[channel]) })
		gauge("ouderavond_messages_setup_wrong", "1 from when a channel was found to be set up wrongly until a message gets through.", labels,
			func(f notify.Figures) float64 { return truth(f.Setup[channel]) })
	}
}

// watchLogIns adds the metrics of families' log-ins, over all schools: of which school they are nobody can see.
func watchLogIns(registry *prometheus.Registry, figures func() parents.Figures) {
	for _, one := range []struct {
		name, help string
		read       func(parents.Figures) int64
	}{
		{"misses", "Wrong answers of the public forms that were compared with a child and charged.", func(f parents.Figures) int64 { return f.Charged }},
		{"misses_taken_back", "Charged wrong answers that turned out to be a family's own slips.", func(f parents.Figures) int64 { return f.TakenBack }},
		{"second_proof", "Tries that came while the public form asked everybody, that child or that address for a second proof.", func(f parents.Figures) int64 { return f.NotOpen }},
		{"wrong_codes", "Wrong digits typed where a code was pending.", func(f parents.Figures) int64 { return f.WrongCodes }},
		{"codes", "Messages with a code that were queued.", func(f parents.Figures) int64 { return f.Messages }},
		{"codes_withheld", "Messages with a code that were not queued because the family had been sent enough.", func(f parents.Figures) int64 { return f.Withheld }},
		{"codes_spared", "Codes asked for while a school's families had been sent so many that telephones with a mail address beside them are left out.", func(f parents.Figures) int64 { return f.Spared }},
		{"codes_long", "Codes made with ten digits because so many wrong ones had been typed at the school.", func(f parents.Figures) int64 { return f.Long }},
		{"turned_away", "Tries that were told to come later: too many from one address within a second, or too many waiting at a school's form.", func(f parents.Figures) int64 { return f.TurnedAway }},
	} {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "ouderavond_login_" + one.name + "_total", Help: one.help}, func() float64 { return float64(one.read(figures())) }))
	}
}
