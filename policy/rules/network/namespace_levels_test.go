package network

import (
	"testing"

	"platform/policy/packtest"
)

const levelPath = "Namespace/core: metadata.labels.pod-security.kubernetes.io/"

// levelled is a namespace with Pod Security labels.
func levelled(enforce, audit, warn string) string {
	return "{apiVersion: v1, kind: Namespace, metadata: {name: core, labels: {pod-security.kubernetes.io/enforce: " + enforce +
		", pod-security.kubernetes.io/audit: " + audit + ", pod-security.kubernetes.io/warn: " + warn + "}}}"
}

func TestNamespaceLevels(t *testing.T) {
	packtest.Run(t, namespaceLevels, map[string]packtest.Case{
		"set":        {Objects: levelled("privileged", "restricted", "baseline")},
		"near miss":  {Objects: levelled("Restricted", "restricted", "restrictd"), Want: []string{levelPath + "enforce", levelPath + "warn"}},
		"absent":     {Objects: namespace, Want: []string{levelPath + "enforce", levelPath + "audit", levelPath + "warn"}},
		"wrong type": {Objects: levelled("restricted", "true", "restricted"), Want: []string{levelPath + "audit"}},
		"not known":  {Objects: levelled("<unknown>", "restricted", "none"), Undecided: []string{levelPath + "enforce"}, Want: []string{levelPath + "warn"}},
		"a Service":  {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}"},
	})
}
