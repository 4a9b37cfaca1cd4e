package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestNamespaceRecords(t *testing.T) {
	const at = "Namespace/core: metadata.labels.pod-security.kubernetes.io/"
	with := func(labels string) string {
		return "{apiVersion: v1, kind: Namespace, metadata: {name: core, labels: {" + labels + "}}}"
	}
	const p = "pod-security.kubernetes.io/"
	packtest.Run(t, namespaceRecords, map[string]packtest.Case{
		"strictest":   {Objects: with(p + "audit: restricted, " + p + "warn: restricted, " + p + "enforce: restricted, " + p + "enforce-version: latest")},
		"as enforced": {Objects: with(p + "audit: restricted, " + p + "warn: privileged, " + p + "enforce: privileged")},
		"less warned": {Objects: with(p + "audit: restricted, " + p + "warn: baseline, " + p + "enforce: restricted"), Want: []string{at + "warn"}},
		"less noted":  {Objects: with(p + "audit: baseline"), Want: []string{at + "audit"}},
		"absent":      {Objects: namespace, Want: []string{at + "audit"}},
		"older":       {Objects: with(p + "audit: restricted, " + p + "enforce-version: v1.20"), Want: []string{at + "enforce-version"}},
		"wrong type":  {Objects: with(p + "audit: 1"), Want: []string{at + "audit"}},
		"not known":   {Objects: with(p + "audit: <unknown>"), Undecided: []string{at + "audit"}},
	})
}
