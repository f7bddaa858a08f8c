package session

import (
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

const (
	// presentFor is how long somebody who proved who they are counts as there.
	presentFor = 12 * time.Hour
	// RecentFor is how long ago they may have proved it for what asks for it anew.
	RecentFor = 15 * time.Minute
)

// StaffOpening is how a session of staff is opened.
type StaffOpening struct {
	Account *models.Account
	By      []models.ProofKind
	// Remembered says that the device may be kept for thirty days. What it is good for then is a matter of the actor's proof.
	Remembered bool
	Language   string
}

// OpenStaff opens a session of an account, in the caller's transaction, and notes that the account was seen.
func OpenStaff(tx *store.Tx, how StaffOpening) (*Opened, error) {
	opened := &Opened{Token: NewToken(SessionPrefix)}
	session := &models.Session{
		ID: models.New[models.SessionID](), Kind: models.SessionStaff, TokenIndex: tx.Index("session", opened.Token), AccountID: how.Account.ID, Language: how.Language,
		CreatedAt: tx.Now(), SeenAt: tx.Now(),
	}
	session.Data.Remembered = how.Remembered
	for _, kind := range how.By {
		session.Data.Proved(kind, tx.Now())
	}
	session.ExpiresAt = tx.Now().Add(lifeOf(session).Total)
	opened.ExpiresAt = session.ExpiresAt
	if err := store.Insert(tx, session); err != nil {
		return nil, err
	}
	how.Account.SeenAt = new(tx.Now())
	if err := store.Update(tx, how.Account, "seen_at"); err != nil {
		return nil, err
	}
	var err error
	opened.Actor, err = ActorOf(tx, session)
	return opened, err
}

// Prove notes in the session of an actor of staff that its owner proved something, and returns the actor as it is from now on. Errors: errs.NotFound if the session has
// ended.
func Prove(tx *store.Tx, actor models.Actor, kind models.ProofKind) (models.Actor, error) {
	session, err := findSession(tx, models.SessionID(actor.ID))
	if err != nil {
		return actor, err
	}
	session.Data.Proved(kind, tx.Now())
	if err := store.Update(tx, session, "data"); err != nil {
		return actor, err
	}
	return ActorOf(tx, session)
}

// staffOf returns whom a session of staff stands for: the rights are those that the account and the roster give at this moment. Errors: errs.NotFound if the account is
// gone or lets nobody in.
func staffOf(tx *store.Tx, session *models.Session) (models.Actor, error) {
	actor := models.Actor{Kind: models.ActorStaff, School: tx.School().ID, ID: session.ID, Account: session.AccountID}
	account, err := store.Get[models.Account](tx, session.AccountID)
	if err != nil {
		return actor, err
	}
	left, err := TeacherLeft(tx, account)
	if err != nil {
		return actor, err
	}
	if account.State != models.AccountActive || left {
		return actor, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	actor.Staff = account.StaffID
	first, second := lastProofs(session.Data)
	for _, role := range account.Roles {
		if role.Strong() && second.IsZero() {
			actor.Withheld = append(actor.Withheld, role)
		} else {
			actor.Roles = append(actor.Roles, role)
		}
	}
	if len(actor.Roles) > 0 {
		actor.Proof = proofAt(tx.Now(), first, second, slices.ContainsFunc(actor.Roles, models.Role.Strong))
	}
	return actor, nil
}

// lastProofs returns when the owner last proved something by a first and by a second factor; zero: never.
func lastProofs(data models.SessionData) (first, second time.Time) {
	for _, given := range data.Proofs {
		switch {
		case given.Kind.Second() && given.At.After(second):
			second = given.At
		case !given.Kind.Second() && given.At.After(first):
			first = given.At
		}
	}
	return first, second
}

// proofAt says what is known at an instant. Who has roles that ask for both factors must have given both; either is enough to say that the same person is still there.
func proofAt(now, first, second time.Time, both bool) models.Proof {
	earliest, latest := first, first
	if both {
		if second.Before(earliest) {
			earliest = second
		}
		if second.After(latest) {
			latest = second
		}
	}
	switch {
	case earliest.IsZero() || now.Sub(earliest) >= presentFor:
		return models.ProofRemembered
	case now.Sub(latest) < RecentFor:
		return models.ProofRecent
	default:
		return models.ProofPresent
	}
}

// TeacherLeft reports whether an account is of a teacher who has left the school, or is not known any more. It lets nobody in then.
func TeacherLeft(tx *store.Tx, account *models.Account) (bool, error) {
	if account.StaffID.IsZero() {
		return false, nil
	}
	staff, err := store.Get[models.Staff](tx, account.StaffID)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return staff.State != models.PersonActive, nil
}

// SecondGiven reports whether the second factor was given in a session of staff.
func SecondGiven(session *models.Session) bool {
	_, second := lastProofs(session.Data)
	return !second.IsZero()
}

// EndOf ends the sessions of an account but for one, which may be zero.
func EndOf(tx *store.Tx, account models.AccountID, but models.SessionID) error {
	_, err := store.Delete[models.Session](tx, store.Eq("account_id", account), store.Not("id", but))
	return err
}
