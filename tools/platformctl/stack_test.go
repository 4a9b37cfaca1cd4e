package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/secret"
	"platform/tools/review"
)

func TestApproved(t *testing.T) {
	section := func(stack string, view review.View, problem string) review.Section {
		return review.Section{Format: review.Format, Stack: stack, View: view, Commit: "c", Error: problem}
	}
	prod := section("prod", review.ViewCluster, "")
	for name, tc := range map[string]struct {
		sections []review.Section
		want     string // "" means accepted
	}{
		"alone":        {[]review.Section{prod}, ""},
		"among others": {[]review.Section{section("dev", review.ViewCluster, "no login"), section("prod", review.ViewChange, ""), prod}, ""},
		"none":         {[]review.Section{}, "sections: there is none"},
		"another's":    {[]review.Section{section("dev", review.ViewCluster, "")}, "says nothing of what a deployment of stack prod does"},
		"another view": {[]review.Section{section("prod", review.ViewChange, "")}, "says nothing of what a deployment of stack prod does"},
		"twice":        {[]review.Section{prod, prod}, "has stack prod twice"},
		"not whole":    {[]review.Section{section("prod", review.ViewCluster, "no login")}, "that of stack prod is not whole: no login"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "plan.json")
			require.NoError(t, writeSections(path, tc.sections, secret.NewKnown()))
			found, err := approved(path, "prod")
			if tc.want != "" {
				require.ErrorContains(t, err, tc.want)
				assert.ErrorContains(t, err, "review --view cluster")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "prod", found.Stack)
			assert.Equal(t, review.ViewCluster, found.View)
		})
	}
	_, err := approved(filepath.Join(t.TempDir(), "none.json"), "prod")
	require.ErrorIs(t, err, os.ErrNotExist)
}
