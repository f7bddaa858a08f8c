package credential

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// Held says which credentials an account has.
type Held struct {
	Password bool
	Second   bool // a TOTP that is in force
	Recovery int  // codes that are left
}

// Has returns which credentials an account has.
func Has(tx *store.Tx, account models.AccountID) (held Held, err error) {
	rows, err := store.List[models.Credential](tx, store.Eq("account_id", account))
	for i := range rows {
		held.add(&rows[i])
	}
	return held, err
}

// All returns which credentials each account of the school has.
func All(tx *store.Tx) (map[models.AccountID]Held, error) {
	rows, err := store.List[models.Credential](tx)
	all := map[models.AccountID]Held{}
	for i := range rows {
		held := all[rows[i].AccountID]
		held.add(&rows[i])
		all[rows[i].AccountID] = held
	}
	return all, err
}

func (h *Held) add(row *models.Credential) {
	switch row.Kind {
	case models.CredentialPassword:
		h.Password = true
	case models.CredentialTOTP:
		h.Second = h.Second || !row.Pending
	case models.CredentialRecovery:
		h.Recovery++
	}
}

// one returns the only credential that meets conditions; nil if there is none.
func one(tx *store.Tx, conditions ...store.Condition) (*models.Credential, error) {
	row, err := store.First[models.Credential](tx, conditions...)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return nil, nil //nolint:nilnil // that there is none is what is asked
	}
	return row, err
}

// PasswordOf returns the password's credential of an account; nil if it has none.
func PasswordOf(tx *store.Tx, account models.AccountID) (*models.Credential, error) {
	return one(tx, store.Eq("account_id", account), store.Eq("kind", models.CredentialPassword))
}

func totpOf(tx *store.Tx, account models.AccountID, pending bool) (*models.Credential, error) {
	return one(tx, store.Eq("account_id", account), store.Eq("kind", models.CredentialTOTP), store.Eq("pending", pending))
}

// HashOf returns the PHC string of a password's credential.
func HashOf(row *models.Credential) string {
	if row.Secret.Hash == "" {
		return row.HashBefore
	}
	return row.Secret.Hash
}

// SetPassword gives an account a password by its PHC string, in the caller's transaction. Links that would have let choose one are of no use any more.
func SetPassword(tx *store.Tx, account models.AccountID, hash string) error {
	if _, err := store.Delete[models.AccountToken](tx, store.Eq("account_id", account), store.Eq("purpose", models.TokenPassword)); err != nil {
		return err
	}
	row, err := PasswordOf(tx, account)
	if err != nil {
		return err
	}
	if row == nil {
		return store.Insert(tx, &models.Credential{
			ID: models.New[models.RowID](), AccountID: account, Kind: models.CredentialPassword, CreatedAt: tx.Now(), Secret: models.CredentialSecret{Hash: hash},
		})
	}
	row.Secret.Hash, row.HashBefore = hash, ""
	return store.Update(tx, row, "secret", "hash_before")
}

// SealPassword seals a hash from before passwords were sealed. It changes nothing of another.
func SealPassword(tx *store.Tx, account models.AccountID) error {
	row, err := PasswordOf(tx, account)
	if err != nil || row == nil || row.HashBefore == "" {
		return err
	}
	row.Secret.Hash, row.HashBefore = row.HashBefore, ""
	return store.Update(tx, row, "secret", "hash_before")
}

// RemoveSecond takes an account's TOTP and recovery codes away: the next log-in sets up a new one.
func RemoveSecond(tx *store.Tx, account models.AccountID) error {
	_, err := store.Delete[models.Credential](tx, store.Eq("account_id", account), store.In("kind", []models.CredentialKind{models.CredentialTOTP, models.CredentialRecovery}))
	return err
}

const (
	// secretSize is that of SHA-1's output, which RFC 4226, section 4 recommends: 20 bytes.
	secretSize = 20
	// period and skew are those of RFC 6238, section 5.2: 30 seconds, and one step either way for clocks that are off.
	period, skew = 30 * time.Second, 1
	// recoveryCodes is how many there are, each of recoverySize random bytes: 80 bits, which nobody guesses.
	recoveryCodes, recoverySize = 10, 10
)

var plainBase32 = base32.StdEncoding.WithPadding(base32.NoPadding)

func decodeKey(key string) ([]byte, error) { return plainBase32.DecodeString(key) }

// stepOf returns the step of TOTP whose digits were typed: the present one or a neighbour, later than the last that was used.
func stepOf(row *models.Credential, typed string, now time.Time) (step int64, right bool) {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, typed)
	key, present := plainBase32.EncodeToString(row.Secret.Key), now.Unix()/int64(period/time.Second)
	for at := present - skew; at <= present+skew; at++ {
		wanted, err := hotp.GenerateCode(key, uint64(at))
		if err == nil && at > row.Counter && subtle.ConstantTimeCompare([]byte(wanted), []byte(digits)) == 1 {
			step, right = at, true
		}
	}
	return step, right
}

// SpendSecond reports whether digits of TOTP or a recovery code are right for an account, and uses them up: neither is good twice. The transaction must be one that
// nobody of the school writes beside.
func SpendSecond(tx *store.Tx, account models.AccountID, typed string) (kind models.ProofKind, right bool, err error) {
	row, err := totpOf(tx, account, false)
	if err != nil {
		return "", false, err
	}
	if row != nil {
		if step, right := stepOf(row, typed, tx.Now()); right {
			row.Counter = step
			return models.ProvedByTOTP, true, store.Update(tx, row, "counter")
		}
	}
	spent, err := store.Delete[models.Credential](tx, store.Eq("account_id", account), store.Eq("kind", models.CredentialRecovery), store.Eq("subject_index", recoveryIndex(tx, account, typed)))
	return models.ProvedByRecovery, spent == 1, err
}

// recoveryIndex is the keyed index of a recovery code, however it is typed: small letters, with or without the dash.
func recoveryIndex(tx *store.Tx, account models.AccountID, typed string) []byte {
	plain := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t', '\u2013', '\u2011':
			return -1
		case '0':
			return 'O' // the alphabet of base 32 has neither nought nor one
		case '1':
			return 'I'
		}
		return r
	}, strings.ToUpper(typed))
	return tx.Index("recovery code", account.String()+"|"+plain)
}

// newRecoveryCodes replaces an account's recovery codes.
func newRecoveryCodes(tx *store.Tx, account models.AccountID) ([]string, error) {
	if _, err := store.Delete[models.Credential](tx, store.Eq("account_id", account), store.Eq("kind", models.CredentialRecovery)); err != nil {
		return nil, err
	}
	var codes []string
	for range recoveryCodes {
		raw := make([]byte, recoverySize)
		_, _ = rand.Read(raw) // crypto/rand never fails: the program would have stopped
		text := plainBase32.EncodeToString(raw)
		code := text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
		codes = append(codes, code)
		row := &models.Credential{
			ID: models.New[models.RowID](), AccountID: account, Kind: models.CredentialRecovery, SubjectIndex: recoveryIndex(tx, account, code), CreatedAt: tx.Now(),
		}
		if err := store.Insert(tx, row); err != nil {
			return nil, err
		}
	}
	return codes, nil
}
