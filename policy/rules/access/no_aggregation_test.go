package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestNoAggregation(t *testing.T) {
	const at = "ClusterRole/a: aggregationRule"
	with := func(value string) string { return packtest.But(role(""), "rules: []", "aggregationRule: "+value) }
	packtest.Run(t, noAggregation, map[string]packtest.Case{
		"absent":     {Objects: role("")},
		"null":       {Objects: with("null")},
		"there":      {Objects: with("{clusterRoleSelectors: [{}]}"), Want: []string{at}},
		"wrong type": {Objects: with("yes"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}
