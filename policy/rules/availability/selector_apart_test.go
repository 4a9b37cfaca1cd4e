package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestSelectorApart(t *testing.T) {
	web := but(api, "name: api, namespace", "name: web, namespace", "app: api", "app: web")
	same := but(api, "name: api, namespace", "name: web, namespace")
	const job = "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: a}, spec: {template: {metadata: {labels: {app: api}}}}}"
	packtest.Run(t, selectorApart, map[string]packtest.Case{
		"apart":             {Objects: of(api, web)},
		"the same":          {Objects: of(api, same), Want: []string{"Deployment/api: spec.selector", "Deployment/web: spec.selector"}},
		"one means both":    {Objects: of(api, but(same, "matchLabels: {app: api}}\n  template", "matchLabels: {app: api, tier: z}}\n  template", "tier: x", "tier: z")), Want: []string{"Deployment/api: spec.selector"}},
		"a Job's pods":      {Objects: of(api, job), Want: []string{"Deployment/api: spec.selector"}},
		"one is off":        {Objects: of(api, but(same, "replicas: 2", "replicas: 0"))},
		"another namespace": {Objects: of(api, but(same, "namespace: a", "namespace: b"))},
		"absent":            {Objects: of(but(api, "selector: {matchLabels: {app: api}}\n  template", "template"), job)},
		"wrong type":        {Objects: of(but(api, "selector: {matchLabels: {app: api}}\n  template", "selector: app\n  template"), job), Want: []string{"Deployment/api: spec.selector"}},
		"not known":         {Objects: of(api, but(job, "app: api", "app: <unknown>")), Undecided: []string{"Deployment/api: spec.template.metadata.labels.app"}},
	})
}
