package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestQuotaExists(t *testing.T) {
	quota := func(namespace string) string {
		return "{apiVersion: v1, kind: ResourceQuota, metadata: {name: a, namespace: " + namespace + "}}"
	}
	packtest.Run(t, quotaExists, map[string]packtest.Case{
		"there":      {Objects: documents(namespace, quota("core"))},
		"absent":     {Objects: namespace, Want: []string{"Namespace/core"}},
		"elsewhere":  {Objects: documents(namespace, quota("core-2")), Want: []string{"Namespace/core"}},
		"near miss":  {Objects: documents(namespace, "{apiVersion: v1, kind: LimitRange, metadata: {name: a, namespace: core}}"), Want: []string{"Namespace/core"}},
		"not known":  {Objects: documents(namespace, quota("<unknown>")), Undecided: []string{"Namespace/core: metadata.namespace"}},
		"wrong type": {Objects: documents(namespace, quota("1")), Want: []string{"Namespace/core: metadata.namespace"}},
		"nothing":    {Objects: quota("core")},
	})
}
