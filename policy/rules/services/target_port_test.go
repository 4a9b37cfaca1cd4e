package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestTargetPort(t *testing.T) {
	const at = "Service/api: spec.ports[0].targetPort"
	with := func(port string) string {
		return of(api, but(service, "{name: http, port: 80, targetPort: http}", port))
	}
	packtest.Run(t, targetPort, map[string]packtest.Case{
		"by name":         {Objects: with("{port: 80, targetPort: http}")},
		"by number":       {Objects: with("{port: 80, targetPort: 8080}")},
		"absent":          {Objects: with("{port: 8080}")},
		"absent, other":   {Objects: with("{port: 80}"), Want: []string{"Service/api: spec.ports[0].port"}},
		"another name":    {Objects: with("{port: 80, targetPort: https}"), Want: []string{at}},
		"another number":  {Objects: with("{port: 80, targetPort: 7999}"), Want: []string{at}},
		"far number":      {Objects: with("{port: 80, targetPort: 9090}"), Want: []string{at}},
		"by UDP":          {Objects: with("{port: 53, targetPort: dns, protocol: UDP}")},
		"by TCP":          {Objects: with("{port: 53, targetPort: dns}"), Want: []string{at}},
		"on demand":       {Objects: with("{port: 8999, targetPort: 8999}")},
		"beyond demand":   {Objects: with("{port: 9000, targetPort: 9000}"), Want: []string{at}},
		"by parameter":    {Objects: with("{port: 8500, targetPort: 8500}"), Parameters: map[string]any{"opened-on-demand": []any{"9000"}}, Want: []string{at}},
		"of what is off":  {Objects: of(but(api, "spec:\n  template", "spec:\n  replicas: 0\n  template", "name: http,", "name: web,"), service)},
		"no selector":     {Objects: of(api, but(service, "selector: {app: api}", "clusterIP: None", "targetPort: http", "targetPort: none"))},
		"other pods":      {Objects: of(but(api, "app: api", "app: web", "name: http,", "name: web,"), service)},
		"no pods":         {Objects: service},
		"one of two pods": {Objects: of(api, but(api, "name: api,", "name: more,", "name: http,", "name: web,"), service), Want: []string{at}},
		"wrong type":      {Objects: with("{port: 80, targetPort: true}"), Want: []string{at}},
		"not known":       {Objects: with("{port: 80, targetPort: <unknown>}, {port: 1, targetPort: none}"), Undecided: []string{at}, Want: []string{"Service/api: spec.ports[1].targetPort"}},
		"labels unknown":  {Objects: of(but(api, "app: api", "app: <unknown>"), service), Undecided: []string{"Deployment/api: spec.template.metadata.labels.app"}},
	})
}
