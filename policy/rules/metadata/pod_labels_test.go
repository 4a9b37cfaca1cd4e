package metadata

import (
	"testing"

	"platform/policy/packtest"
)

func TestPodLabels(t *testing.T) {
	const at = "Deployment/a: spec.template.metadata.labels."
	deployment := func(labels string) string {
		return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {metadata: {labels: {" + labels + "}}}}}"
	}
	owner := map[string]any{"labels": []any{"owner"}}
	packtest.Run(t, podLabels, map[string]packtest.Case{
		"all":        {Objects: deployment(all)},
		"near miss":  {Objects: deployment("owners: a"), Parameters: owner, Want: []string{at + "owner"}},
		"common":     {Objects: deployment(common), Want: []string{at + "app.kubernetes.io/name", at + "app.kubernetes.io/component", at + "app.kubernetes.io/instance"}},
		"absent":     {Objects: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, labels: {owner: a}}}", Parameters: owner, Want: []string{at + "owner"}},
		"wrong type": {Objects: deployment("owner: {}"), Parameters: owner, Want: []string{at + "owner"}},
		"not known":  {Objects: deployment("owner: <unknown>"), Parameters: owner, Undecided: []string{at + "owner"}},
		"of a CronJob": {
			Objects:    "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {jobTemplate: {spec: {template: {metadata: {}}}}}}",
			Parameters: owner, Want: []string{"CronJob/a: spec.jobTemplate.spec.template.metadata.labels.owner"},
		},
		"no pods": {Objects: labelled("Service", "")},
	})
}
