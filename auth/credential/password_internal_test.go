package credential

import (
	"strings"
	"testing"
)

// TestALoginNameThatNobodyHasCostsWhatAPasswordCosts: a hash that is checked quicker would tell which login names there are.
func TestALoginNameThatNobodyHasCostsWhatAPasswordCosts(t *testing.T) {
	t.Parallel()
	decoy, real := strings.Split(DecoyHash, "$"), strings.Split(HashPassword("a password for tests"), "$")
	if len(decoy) != len(real) || strings.Join(decoy[:4], "$") != strings.Join(real[:4], "$") || len(decoy[4]) != len(real[4]) || len(decoy[5]) != len(real[5]) {
		t.Errorf("the decoy %v is of another form than %v", decoy, real)
	}
}
