package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestAnnotation(t *testing.T) {
	service := func(metadata string) string {
		return "{apiVersion: v1, kind: Service, metadata: {name: a, " + metadata + "}}"
	}
	const annotations = "Service/a: metadata.annotations."
	inPod := func(kind, path string) string {
		return "{apiVersion: batch/v1, kind: " + kind + ", metadata: {name: a}, spec: " + path + "}"
	}
	packtest.Run(t, annotation, map[string]packtest.Case{
		"plain":      {Objects: service("annotations: {platform/revision: 97aefd48219718ac}, labels: {app: a}")},
		"by name":    {Objects: service("annotations: {example.org/token: hunter2}"), Want: []string{annotations + "example.org/token"}},
		"by form":    {Objects: service("annotations: {a: 'https://a:hunter2@example.org'}"), Want: []string{annotations + "a"}},
		"a label":    {Objects: service("labels: {password: hunter2}"), Want: []string{"Service/a: metadata.labels.password"}},
		"near miss":  {Objects: service("annotations: {token/name: hunter2, auth-secret: /a}")},
		"marked":     {Objects: service("annotations: {a: <secret>b}"), Want: []string{annotations + "a"}},
		"absent":     {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}"},
		"wrong type": {Objects: service("annotations: {a: true}"), Want: []string{annotations + "a"}},
		"not known":  {Objects: service("annotations: {a: <unknown>, token: hunter2}"), Undecided: []string{annotations + "a"}, Want: []string{annotations + "token"}},
		"of pods": {
			Objects: inPod("Job", "{template: {metadata: {annotations: {token: hunter2}}}}"), Want: []string{"Job/a: spec.template.metadata.annotations.token"},
		},
		"of pods of Jobs": {
			Objects: inPod("CronJob", "{jobTemplate: {spec: {template: {metadata: {annotations: {token: hunter2}}}}}}"),
			Want:    []string{"CronJob/a: spec.jobTemplate.spec.template.metadata.annotations.token"},
		},
	})
}
