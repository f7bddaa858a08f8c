package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/backup"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	storecopy "github.com/ouderavond/ouderavond/models/store/backup"
)

const (
	// backupLook is how often the server looks whether a copy is due, or has become too old.
	backupLook = time.Minute
	// BackupAgain is how long it waits after a copy that failed, if copies are not made more often anyway.
	BackupAgain = 5 * time.Minute
)

// BackupJob makes copies at their time and removes old ones. Its failures are told to the log and the metrics, and stop nothing else.
type BackupJob struct {
	Work    *backup.Copying
	Into    *backup.Copies // nil: no copies are made, and only what restores moved aside is forgotten
	unused  bool           // a folder was given, and no copies are made into it all the same
	Every   time.Duration
	keep    time.Duration
	Logger  *slog.Logger
	Metrics *Metrics
	Next    time.Time
	strange int // how many strangers there were at the last look
}

// NewBackupJob reads the settings. A folder that is of no use stops the program: it would otherwise run for days without a copy.
func (a *App) NewBackupJob() (*BackupJob, error) {
	every, keep := a.Settings.BackupTimes()
	job := &BackupJob{Every: every, keep: keep, Logger: a.Logger, Metrics: a.Metrics}
	var err error
	if job.Work, err = backup.NewCopying(a.Folder, a.Settings, a.Clock); err != nil {
		return nil, err
	}
	if a.Settings.BackupFolder == "" || a.Settings.OnPostgreSQL() {
		job.unused = a.Settings.BackupFolder != ""
		return job, nil
	}
	job.Into = &backup.Copies{Path: a.Settings.BackupFolder}
	if err := os.MkdirAll(job.Into.Path, 0o700); err != nil {
		return nil, fmt.Errorf("backup folder: %w", err)
	}
	if err := a.Folder.CheckTarget(job.Into.Path); err != nil {
		return nil, err
	}
	all, err := job.Into.Past(a.Clock.Now())
	if err != nil {
		return nil, fmt.Errorf("backup folder: %w", err)
	}
	if len(all) > 0 {
		job.Next = all[len(all)-1].Taken.Add(every)
	}
	a.Metrics.watchCopies(*job.Into, a.Clock)
	return job, nil
}

// Warn says once that the setting of a folder is of no use here.
func (j *BackupJob) Warn() {
	if j.unused {
		j.Logger.Warn("no copies are made: backup-folder is for SQLite, and PostgreSQL is copied with its own tools, see docs/operating.md")
	}
}

// look is Look as a periodic job, which has told its errors itself.
func (j *BackupJob) look(ctx context.Context) error {
	j.Look(ctx)
	return nil
}

// Look removes what is too old and makes a copy if one is due.
func (j *BackupJob) Look(ctx context.Context) {
	now := j.Work.Clock.Now().UTC()
	if err := j.forget(now); err != nil {
		j.Logger.Error("backup: old copies cannot be removed", "error", err)
	}
	if j.Into == nil {
		return
	}
	j.tellStrangers(now)
	if now.Before(j.Next) {
		return
	}
	to := j.Into.Name(now)
	content, err := j.Work.Take(ctx, to)
	took := j.Work.Clock.Now().Sub(now)
	if err != nil {
		if ctx.Err() != nil {
			return // the program is stopping
		}
		j.Next = now.Add(min(j.Every, BackupAgain))
		j.Metrics.backupFailed()
		j.Logger.Error("backup failed", "error", err, "again", j.Next)
		return
	}
	j.Next = now.Add(j.Every)
	j.Metrics.backupDone(now, took, content)
	j.Logger.Info("backup", "schools", content.Schools, "bytes", content.Bytes, "seconds", took.Seconds())
	if content.Unclaimed > 0 {
		j.Logger.Error("appointments without their claims were found", "appointments", content.Unclaimed)
	}
}

// strangersNamed is how many strangers the log names.
const strangersNamed = 5

// tellStrangers says what lies in the folder that nobody removes at the age of a copy: at the start, and whenever it is more or less.
func (j *BackupJob) tellStrangers(now time.Time) {
	strangers, err := j.Into.Strangers(now)
	if err != nil {
		j.Logger.Error("backup: the folder cannot be looked through", "error", err)
		return
	}
	if len(strangers) > 0 && len(strangers) != j.strange {
		j.Logger.Warn("files in the backup folder are not known as copies: nothing removes them at their age, and what is erased may be in them",
			"files", len(strangers), "some", strangers[:min(strangersNamed, len(strangers))])
	}
	j.strange = len(strangers)
}

func (j *BackupJob) forget(now time.Time) error {
	aside, err := j.Work.Folder.Aside()
	if err == nil {
		_, err = datafolder.ForgetOld(aside, now, datafolder.GreatestAge)
	}
	if j.Into == nil {
		return err
	}
	_, failed := j.Into.Forget(now, j.keep)
	return errors.Join(err, failed)
}

// watchCopies and the next two tell the metrics of copies.
func (m *Metrics) backupFailed() { m.backups.WithLabelValues("failed").Inc() }

func (m *Metrics) backupDone(taken time.Time, took time.Duration, content *storecopy.Content) {
	m.backups.WithLabelValues("done").Inc()
	m.verified.Set(float64(taken.Unix()))
	m.backupSeconds.Set(took.Seconds())
	m.backupBytes.Set(float64(content.Bytes))
	m.unclaimed.Set(float64(content.Unclaimed))
}
