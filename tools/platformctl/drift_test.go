package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/engine"
	"platform/tools/review"
)

func TestDriftHasAnExitCodeForEachOutcome(t *testing.T) {
	same := review.Section{Stack: "dev", View: review.ViewDrift}
	cluster := changed("dev", "spec.replicas", "9")
	cluster.View = review.ViewDrift
	program := changed("prod", "spec.replicas", "9")
	program.View = review.ViewCluster
	for name, tc := range map[string]struct {
		sections []review.Section
		code     int
		says     string
	}{
		"nothing":     {[]review.Section{same}, 0, ""},
		"the cluster": {[]review.Section{same, cluster}, exitDrift, "the cluster is not as it was deployed: dev (1 objects)"},
		"the program": {[]review.Section{same, program}, exitChanges, "the program is not what was deployed: prod (1 resources)"},
		"both":        {[]review.Section{cluster, program}, exitBoth, "dev (1 objects)"},
		"an error":    {[]review.Section{cluster, {Stack: "k3s", View: review.ViewDrift, Error: "no cluster answers"}}, 1, "stack k3s: nobody knows whether it drifted: no cluster answers"},
	} {
		t.Run(name, func(t *testing.T) {
			err := drifted(tc.sections, func(stack, target string) string { return "make " + target + " STACK=" + stack })
			if tc.code == 0 {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.says)
			code, problem := exitCode(err)
			assert.Equal(t, tc.code, code)
			assert.Equal(t, tc.code == 1, problem)
		})
	}
	code, problem := exitCode(errors.New("anything"))
	assert.Equal(t, 1, code)
	assert.True(t, problem)
}

// A script tells what is refused from a command that could not.
func TestARefusalHasItsExitCode(t *testing.T) {
	code, problem := exitCode(fmt.Errorf("render: %w", engine.Refusal{}))
	assert.Equal(t, 2, code)
	assert.True(t, problem, "it is reported as one")
}
