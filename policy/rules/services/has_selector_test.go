package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestHasSelector(t *testing.T) {
	const at = "Service/api: spec.selector"
	packtest.Run(t, hasSelector, map[string]packtest.Case{
		"selects":    {Objects: service},
		"absent":     {Objects: but(service, "selector: {app: api}", "clusterIP: None"), Want: []string{at}},
		"empty":      {Objects: but(service, "{app: api}", "{}"), Want: []string{at}},
		"alias":      {Objects: but(service, "ClusterIP", "ExternalName"), Want: []string{"Service/api: spec.type"}},
		"wrong type": {Objects: but(service, "{app: api}", "api"), Want: []string{at}},
		"not known":  {Objects: but(service, "{app: api}", "<unknown>"), Undecided: []string{at}},
	})
}
