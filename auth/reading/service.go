package reading

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

const (
	// IndexSize is how many bytes stand for a person: enough that two of one school are never mistaken for one another, where 100,000 persons meet by chance once in four
	// thousand million schools.
	IndexSize = 8
	// inline is how many persons stand in the read's own row; more are a set, which later reads of the month share.
	inline = 16
	// atOnce is how many schools' records one answer to the operator writes at the same time: as many as share one flush to disk.
	atOnce = 64
	// keysAtOnce is how many of a school's own keys are looked up by one statement.
	keysAtOnce = 500
)

// Faults of ours: an answer about persons of no school, or to staff who are nobody.
var (
	errNoSchool  = errors.New("reading: persons are shown, and no school is known")
	errNoAccount = errors.New("reading: persons are shown to staff without an account")
)

// Service keeps reads. It is safe for concurrent use.
type Service struct {
	store *store.Store
}

// NewService makes the service.
func NewService(rows *store.Store) *Service { return &Service{store: rows} }

// Recorded tells whether what an actor is shown is kept: that of staff, keys and the operator. Parents see their own, and jobs of the program show nobody anything.
func Recorded(kind models.ActorKind) bool {
	return kind == models.ActorStaff || kind == models.ActorKey || kind == models.ActorOperator
}

// Keep writes down that an actor is about to be shown persons by a route, and returns once that is on disk. Persons may be there twice. The operator who asks of no school in
// particular is shown schools, and each gets its own row. If there is an error, the answer must not go out: errs.NotFound if the school is there no more, else
// errs.Unavailable.
func (s *Service) Keep(ctx context.Context, actor models.Actor, route string, persons []models.Person) error {
	if !Recorded(actor.Kind) || len(persons) == 0 {
		return nil
	}
	keep := s.keep
	if actor.School.IsZero() {
		keep = s.keepOfSchools
	}
	err := keep(ctx, actor, route, persons)
	switch known, ok := errs.As(err); {
	case err == nil, ok && (known.Kind == errs.NotFound || known.Kind == errs.Unavailable):
		return err
	}
	return errs.Because(errs.Unavailable, errs.CodeDatabase, err)
}

// keepOfSchools writes a row for each of several schools. One that was wiped meanwhile has nobody left to keep anything about.
func (s *Service) keepOfSchools(ctx context.Context, actor models.Actor, route string, persons []models.Person) error {
	var all sync.WaitGroup
	failed := make([]error, len(persons))
	turns := make(chan struct{}, atOnce)
	for i, person := range persons {
		if person.Kind != models.PersonSchool {
			return errNoSchool
		}
		of := actor
		of.School = models.SchoolID(person.ID)
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			if err := s.keep(ctx, of, route, []models.Person{person}); errs.KindOf(err) != errs.NotFound {
				failed[i] = err
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

func (s *Service) keep(ctx context.Context, actor models.Actor, route string, persons []models.Person) error {
	row := &models.Read{ActorKind: actor.Kind, ActorID: actorOf(actor), Route: route}
	if actor.Kind == models.ActorStaff && row.ActorID.IsZero() {
		return errNoAccount
	}
	var indexes []byte
	// Everything that takes time is done before the writer's turn.
	err := s.store.For(models.System(actor.School, "read")).Read(ctx, func(tx *store.Tx) (err error) {
		indexes, row.Counts, err = indexesOf(tx, persons)
		return err
	})
	if err != nil {
		return err
	}
	var shared []byte
	if len(indexes) > inline*IndexSize {
		shared = indexes
	} else {
		row.Persons = indexes
	}
	return s.store.For(actor).Append(ctx, func(tx *store.Tx) error {
		one := *row
		one.ID, one.At = models.New[models.RowID](), tx.Now()
		if shared != nil {
			set := setOf(tx, shared)
			if _, err := store.InsertNew(tx, set); err != nil {
				return err
			}
			one.SetID = set.ID
		}
		return store.Insert(tx, &one)
	})
}

// actorOf is what stays of an actor: of staff the account, because sessions go.
func actorOf(actor models.Actor) models.RowID {
	if actor.Kind == models.ActorStaff {
		return models.RowID(actor.Account)
	}
	return models.RowID(actor.ID)
}

// setOf makes the row of a set: the same for the same persons in the same month, and another one in the next, so that sets go by age like reads.
func setOf(tx *store.Tx, indexes []byte) *models.ReadSet {
	month := tx.Now().Format("2006-01 ")
	return &models.ReadSet{ID: models.RowID(tx.Index("read set", month+string(indexes))[:16]), At: tx.Now(), Persons: indexes}
}

// Index stands for a person in reads: a keyed index, by which nobody who is gone can be found, since there is no id left to compare it with, and which is the same again for
// somebody who comes back because an import is taken back.
func Index(tx *store.Tx, kind models.PersonKind, id [16]byte) []byte {
	return tx.Index("read", string(kind)+" "+string(id[:]))[:IndexSize]
}

// indexesOf gives the indexes of persons, each once and in order, and counts them by kind.
func indexesOf(tx *store.Tx, persons []models.Person) ([]byte, map[models.PersonKind]int, error) {
	known, unnamed, err := identified(tx, persons)
	if err != nil {
		return nil, nil, err
	}
	counts := map[models.PersonKind]int{}
	if unnamed > 0 {
		counts[models.PersonUnnamed] = unnamed
	}
	slices.SortFunc(known, compare)
	known = slices.Compact(known)
	indexes := make([][]byte, len(known))
	for i, person := range known {
		counts[person.Kind]++
		indexes[i] = Index(tx, person.Kind, person.ID)
	}
	slices.SortFunc(indexes, bytes.Compare)
	return bytes.Join(indexes, nil), counts, nil
}

func compare(a, b models.Person) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), bytes.Compare(a.ID[:], b.ID[:]))
}

// identified gives the persons with their ids, and counts those who have none: who is named by a key that nobody has, or by nothing.
func identified(tx *store.Tx, persons []models.Person) (known []models.Person, unnamed int, err error) {
	var zero [16]byte
	byKey := map[models.Person]bool{}
	for _, person := range persons {
		switch {
		case person.ID != zero:
			known = append(known, models.Person{Kind: person.Kind, ID: person.ID})
		case person.Key != "":
			byKey[person] = true
		default:
			unnamed++
		}
	}
	unnamed += len(byKey)
	for kind, subject := range subjects {
		var wanted [][]byte
		for person := range byKey {
			if person.Kind == kind {
				wanted = append(wanted, tx.Index(string(subject), person.Key))
			}
		}
		for some := range slices.Chunk(wanted, keysAtOnce) {
			rows, err := store.List[models.ExternalKey](tx, store.Eq("kind", subject), store.In("key_index", some))
			if err != nil {
				return nil, 0, err
			}
			for _, row := range rows {
				known = append(known, models.Person{Kind: kind, ID: row.Subject})
			}
			unnamed -= len(rows)
		}
	}
	return known, unnamed, nil
}

// subjects are the kinds of persons who can be named by a key of the school.
var subjects = map[models.PersonKind]models.SubjectKind{models.PersonPupil: models.SubjectPupil, models.PersonStaff: models.SubjectStaff}
