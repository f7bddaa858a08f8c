package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/ouderavond/ouderavond/models/store/backup"
)

const (
	// backupLook is how often the server looks whether a copy is due, or has become too old.
	backupLook = time.Minute
	// backupAgain is how long it waits after a copy that failed, if copies are not made more often anyway.
	backupAgain = 5 * time.Minute
)

// backupJob makes copies at their time and removes old ones. Its failures are told to the log and the metrics, and stop nothing else.
type backupJob struct {
	work    *copying
	into    *copies // nil: no copies are made, and only what restores moved aside is forgotten
	unused  bool    // a folder was given, and no copies are made into it all the same
	every   time.Duration
	keep    time.Duration
	logger  *slog.Logger
	metrics *metrics
	next    time.Time
}

// newBackupJob reads the settings. A folder that is of no use stops the program: it would otherwise run for days without a copy.
func (a *app) newBackupJob() (*backupJob, error) {
	every, keep := a.settings.backupTimes()
	job := &backupJob{every: every, keep: keep, logger: a.logger, metrics: a.metrics}
	var err error
	if job.work, err = newCopying(a.folder, a.settings, a.clock); err != nil {
		return nil, err
	}
	if a.settings.BackupFolder == "" || a.settings.onPostgreSQL() {
		job.unused = a.settings.BackupFolder != ""
		return job, nil
	}
	job.into = &copies{a.settings.BackupFolder}
	if err := os.MkdirAll(job.into.path, 0o700); err != nil {
		return nil, fmt.Errorf("backup folder: %w", err)
	}
	if err := a.folder.checkTarget(job.into.path); err != nil {
		return nil, err
	}
	all, err := job.into.list()
	if err != nil {
		return nil, fmt.Errorf("backup folder: %w", err)
	}
	if len(all) > 0 {
		job.next = all[len(all)-1].taken.Add(every)
	}
	a.metrics.watchCopies(*job.into)
	return job, nil
}

// run looks every minute, until the context ends.
func (j *backupJob) run(ctx context.Context) {
	if j.unused {
		j.logger.Warn("no copies are made: backup-folder is for SQLite, and PostgreSQL is copied with its own tools, see docs/operating.md")
	}
	for {
		j.look(ctx)
		if pause(ctx, backupLook) != nil {
			return
		}
	}
}

// look removes what is too old and makes a copy if one is due.
func (j *backupJob) look(ctx context.Context) {
	now := j.work.clock.Now().UTC()
	if err := j.forget(now); err != nil {
		j.logger.Error("backup: old copies cannot be removed", "error", err)
	}
	if j.into == nil || now.Before(j.next) {
		return
	}
	to := j.into.name(now)
	content, err := j.work.take(ctx, to)
	took := j.work.clock.Now().Sub(now)
	if err != nil {
		if ctx.Err() != nil {
			return // the program is stopping
		}
		j.next = now.Add(min(j.every, backupAgain))
		j.metrics.backupFailed()
		j.logger.Error("backup failed", "error", err, "again", j.next)
		return
	}
	j.next = now.Add(j.every)
	j.metrics.backupDone(now, took, content)
	j.logger.Info("backup", "schools", content.Schools, "bytes", content.Bytes, "seconds", took.Seconds())
	if content.Unclaimed > 0 {
		j.logger.Error("appointments without their claims were found", "appointments", content.Unclaimed)
	}
}

func (j *backupJob) forget(now time.Time) error {
	aside, err := j.work.folder.aside()
	if err == nil {
		_, err = forgetOld(aside, now, greatestAge)
	}
	if j.into == nil {
		return err
	}
	_, failed := j.into.forget(now, j.keep)
	return errors.Join(err, failed)
}

// watchCopies and the next two tell the metrics of copies.
func (m *metrics) backupFailed() { m.backups.WithLabelValues("failed").Inc() }

func (m *metrics) backupDone(taken time.Time, took time.Duration, content *backup.Content) {
	m.backups.WithLabelValues("done").Inc()
	m.verified.Set(float64(taken.Unix()))
	m.backupSeconds.Set(took.Seconds())
	m.backupBytes.Set(float64(content.Bytes))
	m.unclaimed.Set(float64(content.Unclaimed))
}
