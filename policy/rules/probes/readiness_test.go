package probes

import (
	"strings"
	"testing"

	"platform/policy/packtest"
)

func TestReadiness(t *testing.T) {
	const path = inContainer + "readinessProbe"
	service := func(spec string) string {
		return "\n---\n{apiVersion: v1, kind: Service, metadata: {name: api, namespace: core}, spec: {" + spec + "}}"
	}
	selecting := service("selector: {app: api}")
	const ready = "readinessProbe: {tcpSocket: {port: 80}}"
	packtest.Run(t, readiness, map[string]packtest.Case{
		"ready":              {Objects: container(ready) + selecting},
		"absent":             {Objects: container("image: x") + selecting, Want: []string{path}},
		"alive alone":        {Objects: container("livenessProbe: {tcpSocket: {port: 80}}") + selecting, Want: []string{path}},
		"one of two":         {Objects: deployment("containers: [{name: a, "+ready+"}, {name: b}]") + selecting, Want: []string{"Deployment/api container b: spec.template.spec.containers[1].readinessProbe"}},
		"before the others":  {Objects: deployment("initContainers: [{name: i}], containers: [{name: a, "+ready+"}]") + selecting},
		"behind no Service":  {Objects: container("image: x")},
		"behind another":     {Objects: container("image: x") + service("selector: {app: web}")},
		"by more labels":     {Objects: container("image: x") + service("selector: {app: api, tier: web}")},
		"without a selector": {Objects: container("image: x") + service("type: ClusterIP")},
		"of an empty one":    {Objects: container("image: x") + service("selector: {}")},
		"elsewhere":          {Objects: container("image: x") + strings.Replace(selecting, "core", "other", 1)},
		"wrong type":         {Objects: container("image: x") + service("selector: api"), Want: []string{"Deployment/api: spec.selector"}},
		"not known":          {Objects: container("readinessProbe: <unknown>") + selecting, Undecided: []string{path}},
		"selector not known": {Objects: container("image: x") + service("selector: <unknown>"), Undecided: []string{"Deployment/api: spec.selector"}},
		"one is known":       {Objects: container("image: x") + service("selector: <unknown>") + selecting, Want: []string{path}},
	})
}
