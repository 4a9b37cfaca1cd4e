package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestSpread(t *testing.T) {
	const path = "spec.template.spec.topologySpreadConstraints"
	const at = "Deployment/api: " + path
	const constraints = `topologySpreadConstraints:
      - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: api}}}`
	const term = "{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: api}}}"
	with := func(text string) string { return but(api, constraints, text) }
	packtest.Run(t, spread, map[string]packtest.Case{
		"spread":                {Objects: api},
		"absent":                {Objects: with("x: y"), Want: []string{at}},
		"one pod":               {Objects: but(with("x: y"), "replicas: 2", "replicas: 1")},
		"scaled":                {Objects: of(but(with("x: y"), "replicas: 2", "paused: false"), scaler), Want: []string{at}},
		"of other pods":         {Objects: but(api, "labelSelector: {matchLabels: {app: api}}", "labelSelector: {matchLabels: {app: web}}"), Want: []string{at}},
		"of no pods":            {Objects: but(api, ", labelSelector: {matchLabels: {app: api}}", ""), Want: []string{at}},
		"over nothing":          {Objects: but(api, "topologyKey: kubernetes.io/hostname, ", ""), Want: []string{at}},
		"kept apart":            {Objects: with("affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [" + term + "]}}")},
		"preferably apart":      {Objects: with("affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: " + term + "}]}}")},
		"together":              {Objects: with("affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [" + term + "]}}"), Want: []string{at}},
		"wrong type":            {Objects: with("topologySpreadConstraints: " + term), Want: []string{at}},
		"not known":             {Objects: with("topologySpreadConstraints: <unknown>"), Undecided: []string{at}},
		"one is not known":      {Objects: but(api, "- {topologyKey: kubernetes.io/hostname", "- <unknown>\n      - {topologyKey: kubernetes.io/hostname")},
		"a key is not known":    {Objects: but(api, "topologyKey: kubernetes.io/hostname", "topologyKey: <unknown>"), Undecided: []string{at + "[0].topologyKey"}},
		"count is not known":    {Objects: but(api, "replicas: 2", "replicas: <unknown>"), Undecided: []string{"Deployment/api: spec.replicas"}},
		"of a StatefulSet":      {Objects: but(with("x: y"), "Deployment", "StatefulSet"), Want: []string{"StatefulSet/api: " + path}},
		"a DaemonSet is always": {Objects: but(with("x: y"), "Deployment", "DaemonSet")},
	})
}
