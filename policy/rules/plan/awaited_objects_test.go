package plan

import (
	"testing"

	"platform/policy/packtest"
)

func TestAwaitedObjects(t *testing.T) {
	const path = "metadata.annotations.pulumi.com/skipAwait"
	packtest.Run(t, awaitedObjects, map[string]packtest.Case{
		"awaited":      {Objects: annotated("Deployment", "pulumi.com/skipAwait: 'false'")},
		"absent":       {Objects: annotated("Deployment", "")},
		"skipped":      {Objects: annotated("Deployment", "pulumi.com/skipAwait: 'true'"), Want: []string{"Deployment/a: " + path}},
		"without pods": {Objects: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, annotations: {pulumi.com/skipAwait: 'true'}}, spec: {replicas: 0}}"},
		"with one pod": {
			Objects: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, annotations: {pulumi.com/skipAwait: 'true'}}, spec: {replicas: 1}}",
			Want:    []string{"Deployment/a: " + path},
		},
		"a Service":  {Objects: annotated("Service", "pulumi.com/skipAwait: 'true'")},
		"near miss":  {Objects: annotated("Deployment", "pulumi.com/skipawait: 'true'")},
		"as boolean": {Objects: annotated("Deployment", "pulumi.com/skipAwait: true"), Want: []string{"Deployment/a: " + path}},
		"wrong type": {Objects: annotated("Deployment", "pulumi.com/skipAwait: 1"), Want: []string{"Deployment/a: " + path}},
		"not known":  {Objects: annotated("Deployment", "pulumi.com/skipAwait: <unknown>"), Undecided: []string{"Deployment/a: " + path}},
		"agreed":     {Objects: annotated("Deployment", "pulumi.com/skipAwait: 'true'"), Parameters: map[string]any{"kinds": []any{"Deployment"}}},
	})
}
