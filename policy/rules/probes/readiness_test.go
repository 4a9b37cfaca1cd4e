package probes

import (
	"strings"
	"testing"

	"platform/policy/packtest"
)

func TestReadiness(t *testing.T) {
	const path = container + "readinessProbe"
	service := func(spec string) string {
		return "\n---\n{apiVersion: v1, kind: Service, metadata: {name: api, namespace: core}, spec: {" + spec + "}}"
	}
	selecting := service("selector: {app: api}")
	const ready = "readinessProbe: {tcpSocket: {port: 80}}"
	packtest.Run(t, readiness, map[string]packtest.Case{
		"ready":              {Objects: with(ready) + selecting},
		"absent":             {Objects: with("image: x") + selecting, Want: []string{path}},
		"alive alone":        {Objects: with("livenessProbe: {tcpSocket: {port: 80}}") + selecting, Want: []string{path}},
		"one of two":         {Objects: deployment("containers: [{name: a, "+ready+"}, {name: b}]") + selecting, Want: []string{"Deployment/api container b: spec.template.spec.containers[1].readinessProbe"}},
		"before the others":  {Objects: deployment("initContainers: [{name: i}], containers: [{name: a, "+ready+"}]") + selecting},
		"behind no Service":  {Objects: with("image: x")},
		"behind another":     {Objects: with("image: x") + service("selector: {app: web}")},
		"by more labels":     {Objects: with("image: x") + service("selector: {app: api, tier: web}")},
		"without a selector": {Objects: with("image: x") + service("type: ClusterIP")},
		"of an empty one":    {Objects: with("image: x") + service("selector: {}")},
		"elsewhere":          {Objects: with("image: x") + strings.Replace(selecting, "core", "other", 1)},
		"wrong type":         {Objects: with("image: x") + service("selector: api"), Want: []string{"Deployment/api: spec.selector"}},
		"not known":          {Objects: with("readinessProbe: <unknown>") + selecting, Undecided: []string{path}},
		"selector not known": {Objects: with("image: x") + service("selector: <unknown>"), Undecided: []string{"Deployment/api: spec.selector"}},
		"one is known":       {Objects: with("image: x") + service("selector: <unknown>") + selecting, Want: []string{path}},
	})
}
