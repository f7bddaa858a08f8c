package parent

import (
	"context"
	"crypto/rand"
	"math/big"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// codeAlphabet has no I, L, O or U, so that a letter read aloud or from paper is not mistaken (as Crockford's base 32), and no Z, which looks like a 2. That
// leaves thirty-one characters, a prime number, which the check character needs.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXY"

// familyCodeLength is the number of random characters: 39.6 bits. One character to check the others follows.
const familyCodeLength = 8

// newFamilyCode makes a family code with its check character.
func newFamilyCode() string {
	size := big.NewInt(int64(len(codeAlphabet)))
	code := make([]byte, familyCodeLength)
	for i := range code {
		at, _ := rand.Int(rand.Reader, size) // crypto/rand never fails: the program would have stopped
		code[i] = codeAlphabet[at.Int64()]
	}
	return string(code) + string(checkCharacter(string(code)))
}

// checkCharacter finds one wrong character and two neighbours swapped: a weighted sum modulo 31, a prime, of characters that are all different modulo 31.
func checkCharacter(code string) byte {
	sum := 0
	for i, character := range code {
		sum += (i + 2) * strings.IndexRune(codeAlphabet, character)
	}
	return codeAlphabet[sum%len(codeAlphabet)]
}

// ReadFamilyCode normalises what somebody typed from a letter: case, spaces and hyphens do not matter, O is 0, I and L are 1, Z is 2. ok is false if the
// check character is wrong.
func ReadFamilyCode(typed string) (code string, ok bool) {
	folded := strings.NewReplacer("O", "0", "I", "1", "L", "1", "Z", "2").Replace(strings.ToUpper(names.Digits(typed)))
	code = strings.Map(only(codeAlphabet), folded)
	if len(code) != familyCodeLength+1 || checkCharacter(code[:familyCodeLength]) != code[familyCodeLength] {
		return "", false
	}
	return code, true
}

// FamilyCode issues a new family code to a household, for the letter; an earlier one is dead from then on. It can be shown as XXXX-XXXX-X.
func (s *Service) FamilyCode(ctx context.Context, actor models.Actor, household models.HouseholdID) (string, error) {
	var code string
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		row, err := store.Get[models.Household](tx, household)
		if err != nil {
			return err
		}
		code = newFamilyCode()
		row.Details.FamilyCode = code
		row.FamilyCodeIndex = tx.Index("family code", code)
		if err := store.Update(tx, row, "details", "family_code_index"); err != nil {
			return err
		}
		return tx.Audited("family-code", household, nil)
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

// SpacedFamilyCode is a family code as a letter shows it.
func SpacedFamilyCode(code string) string {
	if len(code) != familyCodeLength+1 {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}

// only keeps the allowed characters of a text.
func only(allowed string) func(rune) rune {
	return func(r rune) rune {
		if strings.ContainsRune(allowed, r) {
			return r
		}
		return -1
	}
}
