package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestSelectsPods(t *testing.T) {
	const at = "Service/api: spec.selector"
	packtest.Run(t, selectsPods, map[string]packtest.Case{
		"pods":              {Objects: of(api, service)},
		"none":              {Objects: service, Want: []string{at}},
		"other pods":        {Objects: of(but(api, "app: api", "app: web"), service), Want: []string{at}},
		"another namespace": {Objects: of(but(api, "namespace: a", "namespace: b"), service), Want: []string{at}},
		"more labels":       {Objects: of(api, but(service, "{app: api}", "{app: api, tier: x}")), Want: []string{at}},
		"a Job's pods":      {Objects: of(but(api, "Deployment", "Job"), service), Want: []string{at}},
		"a DaemonSet":       {Objects: of(but(api, "Deployment", "DaemonSet"), service)},
		"absent":            {Objects: but(service, "selector: {app: api}", "clusterIP: None")},
		"empty":             {Objects: but(service, "selector: {app: api}", "selector: {}")},
		"wrong type":        {Objects: of(api, but(service, "selector: {app: api}", "selector: api")), Want: []string{at}},
		"not known":         {Objects: of(api, but(service, "app: api", "app: <unknown>")), Undecided: []string{at + ".app"}},
		"labels unknown":    {Objects: of(but(api, "app: api", "app: <unknown>"), service), Undecided: []string{"Service/api: spec.template.metadata.labels.app"}},
		"others unknown":    {Objects: of(but(api, "app: api", "app: <unknown>"), but(api, "name: api,", "name: more,"), service)},
	})
}
