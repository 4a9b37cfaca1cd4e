package engine

import (
	"bufio"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyTheNameOfTheStackIsConsent(t *testing.T) {
	for answer, want := range map[string]string{
		"prod\n": "", "  prod \n": "", "prod": "",
		"yes\n": `that is not "prod"`, "\n": `that is not "prod"`, "staging\n": `that is not "prod"`, "": "no answer",
	} {
		err := agreed(bufio.NewReader(strings.NewReader(answer)), "prod")
		if want == "" {
			require.NoError(t, err, "%q", answer)
			continue
		}
		require.ErrorContains(t, err, want, "%q", answer)
		assert.ErrorContains(t, err, "stack prod stays as it is")
	}
}

func TestDeploymentsAreNotAskedAboutTwice(t *testing.T) {
	args := []string{"--yes", "--diff", "--target", "urn"}
	shared := &Session{}
	assert.Equal(t, []string{"--target", "urn"}, shared.decided(args), "the preview before has shown the diff")
	own := &Session{own: true}
	assert.Equal(t, []string{"--diff", "--target", "urn"}, own.decided(args))
	assert.Subset(t, own.deploy(), []string{"--yes", "--skip-preview"})
}
