package credential

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	zxcvbn "github.com/ccojocar/zxcvbn-go"
	"golang.org/x/crypto/argon2"

	"github.com/ouderavond/ouderavond/models/errs"
)

// argon2id's cost, by the OWASP Password Storage Cheat Sheet: 19 MiB of memory, two passes, one lane.
const (
	argonMemory = 19 * 1024
	argonPasses = 2
	argonLanes  = 1
	saltSize    = 16
	hashSize    = 32
)

// minPassword is the least number of characters of a password.
const minPassword = 12

// HashPassword returns the PHC string of a password. It takes memory and time on purpose, so it is not called within a transaction.
func HashPassword(password string) string {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // crypto/rand never fails: the program would have stopped
	hash := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, hashSize)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes, encode(salt), encode(hash))
}

// DecoyHash is checked where there is no account, so that a missing account takes as long as a wrong password.
var DecoyHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// VerifyPassword reports whether a password is the one of a PHC string. It waits for one of the few workers; the error is the context's.
func (s *Service) VerifyPassword(ctx context.Context, password, phc string) (bool, error) {
	select {
	case s.workers <- struct{}{}:
		defer func() { <-s.workers }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, nil
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil || version != argon2.Version {
		return false, nil
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	want, hashErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || hashErr != nil || len(want) == 0 {
		return false, nil
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// CheckPassword returns what is wrong with a new password; nil if nothing is. Known are words that whoever guesses would try first: the school's name, the login.
func CheckPassword(password string, known ...string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return errs.InvalidField("password", "too-short")
	case len(password) > 1000:
		return errs.InvalidField("password", "too-long")
	}
	words := slices.Clone(ownWords)
	for _, one := range known {
		words = append(words, strings.FieldsFunc(strings.ToLower(one), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	}
	// What is far longer than anybody guesses is judged by its beginning: judging takes time that grows faster than the length.
	beginning := password[:min(len(password), mostJudged)]
	if zxcvbn.PasswordStrength(beginning, words).Score < leastScore {
		return errs.InvalidField("password", "known")
	}
	return nil
}

const (
	mostJudged = 64
	// leastScore is of zxcvbn, from 0 to 4: at 3 it takes at least 10^8 guesses (Wheeler, USENIX Security 2016).
	leastScore = 3
)

// ownWords are what people of a Dutch school make passwords of, beside what is common everywhere.
var ownWords = []string{
	"ouderavond", "wachtwoord", "welkom", "school", "basisschool", "college", "leerling", "leerlingen", "docent", "leerkracht", "juf", "meester", "groep", "klas", "admin",
	"beheer", "beheerder", "administratie", "lente", "zomer", "herfst", "winter", "januari", "februari", "maart", "april", "juni", "juli", "augustus", "september", "oktober",
	"november", "december", "nederland", "amsterdam", "rotterdam", "utrecht",
}

// passwordWorkers is how many passwords are checked at once: each check takes memory and time on purpose, and parents must not notice.
const passwordWorkers = 2
