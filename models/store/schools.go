package store

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// SchoolBySlug finds the school that an address names; errs.NotFound if there is none or it is being wiped. It is what a request needs before there
// is an actor, and gives nothing but the id.
func (s *Store) SchoolBySlug(ctx context.Context, slug string) (models.SchoolID, error) {
	if known, ok := s.slugs.Get(slug); ok {
		return known, nil
	}
	var named models.SchoolSlug
	if err := s.reader(ctx).Where("slug = ?", slug).Take(&named).Error; err != nil {
		return models.SchoolID{}, s.failure(err)
	}
	var school models.School
	if err := s.reader(ctx).Select("id", "state").Where("id = ?", named.School).Take(&school).Error; err != nil {
		return models.SchoolID{}, s.failure(err)
	}
	if school.State != models.SchoolActive {
		return models.SchoolID{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	s.slugs.Keep(slug, school.ID)
	return school.ID, nil
}

// Installation reaches what belongs to no school: the list of schools, the operator's keys, the erasure ledger.
type Installation struct {
	store *Store
	actor models.Actor
}

// Installation gives the operator, or a job that states its reason, what belongs to no school. Any other actor is refused by each call.
func (s *Store) Installation(actor models.Actor) Installation { return Installation{s, actor} }

func (in Installation) allowed() error {
	if in.actor.Kind == models.ActorOperator || in.actor.Kind == models.ActorSystem && in.actor.Reason != "" {
		return nil
	}
	return errs.New(errs.Forbidden, "forbidden")
}

func (in Installation) write(ctx context.Context, work func(*gorm.DB) error) error {
	return in.store.engine.Write(ctx, engine.Manner{Queue: engine.OtherQueue}, work)
}

// Schools lists the schools by slug, with their details opened.
func (in Installation) Schools(ctx context.Context) ([]models.School, error) {
	if err := in.allowed(); err != nil {
		return nil, err
	}
	var schools []models.School
	if err := in.store.reader(ctx).Order("slug").Find(&schools).Error; err != nil {
		return nil, in.store.failure(err)
	}
	in.store.keepOnly(schools)
	for i := range schools {
		key, err := in.store.schoolKey(&schools[i])
		if err != nil {
			return nil, err
		}
		if err := openRow(&Tx{key: key}, &schools[i], false); err != nil {
			return nil, err
		}
	}
	return schools, nil
}

// CreateSchool adds a school with a key of its own. A slug that is taken is errs.Conflict with the code "slug-taken".
func (in Installation) CreateSchool(ctx context.Context, school *models.School) error {
	if err := in.allowed(); err != nil {
		return err
	}
	if school.ID.IsZero() {
		return models.ErrNoSchool
	}
	wrapped, err := in.store.config.Master.NewSchoolKey(school.ID)
	if err != nil {
		return err
	}
	complete(reflect.ValueOf(school).Elem())
	school.KeyBox, school.CreatedAt = wrapped, in.store.now()
	key, err := in.store.config.Master.SchoolKey(school.ID, wrapped)
	if err != nil {
		return err
	}
	sealed := school.Sealed()[0]
	if school.DetailsBox, err = key.Seal(placeOf(school, sealed), sealed.Value); err != nil {
		return err
	}
	err = in.store.failure(in.write(ctx, func(db *gorm.DB) error {
		if err := db.Create(&models.SchoolSlug{Slug: school.Slug, School: models.RawSchoolID(school.ID)}).Error; err != nil {
			return err
		}
		return db.Create(school).Error
	}))
	if errs.CodeOf(err) == errs.CodeExists {
		return errs.Because(errs.Conflict, "slug-taken", err)
	}
	if err != nil {
		return err
	}
	in.store.expect(school.ID)
	return nil
}

// TidySlugs removes the addresses of schools that are not there any more, and returns how many: nothing in the schema keeps one from being left behind.
func (in Installation) TidySlugs(ctx context.Context) (removed int64, err error) {
	if err := in.allowed(); err != nil {
		return 0, err
	}
	orphans, err := orphanSlugs(in.store.reader(ctx))
	if err != nil || len(orphans) == 0 {
		return 0, in.store.failure(err) // and nobody waited
	}
	// What a school that is being made has is seen whole: CreateSchool has the same turn.
	err = in.write(ctx, func(db *gorm.DB) error {
		removed = 0
		orphans, err := orphanSlugs(db)
		for _, one := range orphans {
			gone := db.Where("slug = ? AND school = ?", one.Slug, one.School).Delete(&models.SchoolSlug{})
			err = errors.Join(err, gone.Error)
			removed += gone.RowsAffected
		}
		return err
	})
	return removed, in.store.failure(err)
}

// orphanSlugs returns the addresses of schools that are no more. They are compared here: a distributed database does not look from one kind of table into the other.
func orphanSlugs(db *gorm.DB) ([]models.SchoolSlug, error) {
	var named []models.SchoolSlug
	if err := db.Find(&named).Error; err != nil {
		return nil, err
	}
	var there []models.School
	if err := db.Select("id").Find(&there).Error; err != nil {
		return nil, err
	}
	return slices.DeleteFunc(named, func(one models.SchoolSlug) bool {
		return slices.ContainsFunc(there, func(school models.School) bool { return school.ID == models.SchoolID(one.School) })
	}), nil
}

// UpdateSchool writes the named columns of the scope's own school; at least one, and not its slug, by which others find it.
func (tx *Tx) UpdateSchool(columns ...string) error {
	if err := tx.mayWrite(); err != nil {
		return err
	}
	if tx.concurrent {
		return errConcurrent
	}
	if len(columns) == 0 || slices.Contains(columns, "slug") {
		return fmt.Errorf("update of a school without a column, or of its slug")
	}
	tx.shared.Forget(tx.school.ID)
	if slices.Contains(columns, "state") {
		tx.sessions.Begin()
	}
	for _, sealed := range tx.school.Sealed() {
		box, err := tx.key.Seal(placeOf(tx.school, sealed), sealed.Value)
		if err != nil {
			return err
		}
		*sealed.Box = box
	}
	return engine.Translate(tx.db.Model(tx.school).Select(columns).Updates(tx.school).Error)
}

// AddOperatorKey stores the keyed index of a key of the operator.
func (in Installation) AddOperatorKey(ctx context.Context, id models.APIKeyID, keyIndex []byte) error {
	if err := in.allowed(); err != nil {
		return err
	}
	row := models.OperatorKey{ID: id, KeyIndex: keyIndex, CreatedAt: in.store.now()}
	return in.store.failure(in.write(ctx, func(db *gorm.DB) error { return db.Create(&row).Error }))
}

// OperatorKey finds a key of the operator by its keyed index; errs.NotFound if there is none or it was revoked.
func (s *Store) OperatorKey(ctx context.Context, keyIndex []byte) (models.APIKeyID, error) {
	var row models.OperatorKey
	if err := s.reader(ctx).Where("key_index = ?", keyIndex).Take(&row).Error; err != nil {
		return models.APIKeyID{}, s.failure(err)
	}
	if row.RevokedAt != nil || subtle.ConstantTimeCompare(row.KeyIndex, keyIndex) != 1 {
		return models.APIKeyID{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return row.ID, nil
}

// Erasures gives the erasure ledger, by when wipes were asked for.
func (in Installation) Erasures(ctx context.Context) ([]models.Erasure, error) {
	if err := in.allowed(); err != nil {
		return nil, err
	}
	var lines []models.Erasure
	err := in.store.reader(ctx).Order("asked_at, school_id").Find(&lines).Error
	return lines, in.store.failure(err)
}

// Erasure gives the ledger's line of a school; errs.NotFound if it was never wiped.
func (in Installation) Erasure(ctx context.Context, school models.SchoolID) (*models.Erasure, error) {
	if err := in.allowed(); err != nil {
		return nil, err
	}
	var line models.Erasure
	err := in.store.reader(ctx).Where("school_id = ?", school).Take(&line).Error
	return &line, in.store.failure(err)
}

// RecordErasure writes or completes the ledger's line of a school.
func (in Installation) RecordErasure(ctx context.Context, line *models.Erasure) error {
	if err := in.allowed(); err != nil {
		return err
	}
	complete(reflect.ValueOf(line).Elem())
	changed := clause.AssignmentColumns([]string{"finished_at", "counts", "receipt"})
	return in.store.failure(in.write(ctx, func(db *gorm.DB) error {
		return db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "school_id"}}, DoUpdates: changed}).Create(line).Error
	}))
}

// Due tells what a school has due now.
type Due struct {
	SchoolID models.SchoolID
	// Codes, Mail, Texts and FollowUps count the one-time codes, the other mails, the other text messages, and the questions to carriers.
	Codes, Mail, Texts, FollowUps int
	// PressingMail and PressingTexts are how many of Mail and Texts are Pressing.
	PressingMail, PressingTexts int
}

// Due lists the schools that have messages to send or to follow up: those with a one-time code first, then by the longest due. It is asked over all schools,
// with a limit; the messages themselves are leased school by school. queuedBy is for what counts as Pressing.
func (in Installation) Due(ctx context.Context, queuedBy time.Time, limit int) ([]Due, error) {
	if err := in.allowed(); err != nil {
		return nil, err
	}
	const (
		waits    = "state IN ('queued', 'sending') AND due_at <= @now"
		mails    = waits + " AND kind <> 'code' AND channel = 'mail'"
		texts    = waits + " AND kind <> 'code' AND channel = 'sms'"
		pressing = " AND (created_at <= @by OR again OR kind = 'test')"
	)
	count := func(condition, name string) string {
		return ", SUM(CASE WHEN " + condition + " THEN 1 ELSE 0 END) AS " + name
	}
	var due []Due
	err := in.store.reader(ctx).Session(&gorm.Session{NewDB: true}).Raw(
		"SELECT school_id"+count(waits+" AND kind = 'code'", "codes")+count(mails, "mail")+count(texts, "texts")+count("follow_up_at <= @now", "follow_ups")+
			count(mails+pressing, "pressing_mail")+count(texts+pressing, "pressing_texts")+
			" FROM messages WHERE ("+waits+" OR follow_up_at <= @now) AND (leased_until IS NULL OR leased_until <= @now)"+
			" GROUP BY school_id ORDER BY MIN(CASE kind WHEN 'code' THEN 0 ELSE 1 END), MIN(due_at) LIMIT @limit",
		map[string]any{"now": in.store.now(), "by": queuedBy.UTC(), "limit": limit}).Scan(&due).Error
	return due, in.store.failure(err)
}

// NextDue gives the instant at which the next message becomes due, over all schools; zero if none waits.
func (in Installation) NextDue(ctx context.Context) (time.Time, error) {
	if err := in.allowed(); err != nil {
		return time.Time{}, err
	}
	var next struct{ Due *time.Time }
	err := in.store.reader(ctx).Raw("SELECT due_at AS due FROM messages WHERE state = 'queued' ORDER BY due_at LIMIT 1").Scan(&next).Error
	if err != nil || next.Due == nil {
		return time.Time{}, in.store.failure(err)
	}
	return next.Due.UTC(), nil
}

// SchoolsWithTasks lists the schools that have a task to be taken, those whose task waits the longest first. It is asked over all schools, with a limit; the
// tasks themselves are taken school by school.
func (in Installation) SchoolsWithTasks(ctx context.Context, limit int) ([]models.SchoolID, error) {
	if err := in.allowed(); err != nil {
		return nil, err
	}
	var schools []models.SchoolID
	err := in.store.reader(ctx).Session(&gorm.Session{NewDB: true}).Raw(
		"SELECT school_id FROM tasks WHERE state IN ('waiting', 'running') AND (leased_until IS NULL OR leased_until <= @now)"+
			" GROUP BY school_id ORDER BY MIN(created_at) LIMIT @limit", map[string]any{"now": in.store.now(), "limit": limit}).Scan(&schools).Error
	return schools, in.store.failure(err)
}

// note writes the row of a job, and makes it if there is none.
func note(db *gorm.DB, row models.Job) error {
	changed := db.Model(&models.Job{}).Where("name = ?", row.Name).Update("next_at", row.NextAt)
	if changed.Error != nil || changed.RowsAffected > 0 {
		return changed.Error
	}
	return db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
}

// TakeJob reports whether it is now this program's turn to do a periodic job, and puts the next turn off by the time between two. Of several programs on one
// database one has the turn; if it dies with it, the next turn comes in its time. last is when the present turn, or the one before it, was taken.
func (in Installation) TakeJob(ctx context.Context, name string, every time.Duration) (mine bool, last time.Time, err error) {
	if err := in.allowed(); err != nil {
		return false, time.Time{}, err
	}
	now := in.store.now()
	err = in.write(ctx, func(db *gorm.DB) error {
		row := models.Job{Name: name, NextAt: now.Add(every)}
		added := db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if mine = added.RowsAffected == 1; added.Error != nil || mine {
			return added.Error
		}
		taken := db.Model(&models.Job{}).Where("name = ? AND next_at <= ?", name, now).Update("next_at", row.NextAt)
		mine = taken.RowsAffected == 1
		return taken.Error
	})
	if err != nil {
		return false, time.Time{}, in.store.failure(err)
	}
	if mine {
		return true, now, nil
	}
	var row models.Job
	if err := in.store.reader(ctx).Where("name = ?", name).Take(&row).Error; err != nil {
		return false, time.Time{}, in.store.failure(err)
	}
	return false, row.NextAt.UTC().Add(-every), nil
}
