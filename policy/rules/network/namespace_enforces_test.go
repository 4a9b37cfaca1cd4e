package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestNamespaceEnforces(t *testing.T) {
	const path = levelPath + "enforce"
	baseline := map[string]any{"level": "baseline"}
	packtest.Run(t, namespaceEnforces, map[string]packtest.Case{
		"restricted":          {Objects: levelled("restricted", "privileged", "privileged")},
		"less":                {Objects: levelled("baseline", "restricted", "restricted"), Want: []string{path}},
		"as much as it must":  {Objects: levelled("baseline", "restricted", "restricted"), Parameters: baseline},
		"more than it must":   {Objects: levelled("restricted", "restricted", "restricted"), Parameters: baseline},
		"less than it must":   {Objects: levelled("privileged", "restricted", "restricted"), Parameters: baseline, Want: []string{path}},
		"near miss":           {Objects: levelled("restrictive", "restricted", "restricted"), Want: []string{path}},
		"absent":              {Objects: namespace, Want: []string{path}},
		"wrong type":          {Objects: levelled("{}", "restricted", "restricted"), Want: []string{path}},
		"not known":           {Objects: levelled("<unknown>", "restricted", "restricted"), Undecided: []string{path}},
		"another kind's name": {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}"},
	})
}
