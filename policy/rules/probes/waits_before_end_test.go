package probes

import (
	"testing"

	"platform/policy/packtest"
)

func TestWaitsBeforeEnd(t *testing.T) {
	const at = inContainer + "lifecycle.preStop"
	const service = "{apiVersion: v1, kind: Service, metadata: {name: api, namespace: core}, spec: {selector: {app: api}}}"
	const port = "ports: [{containerPort: 80}]"
	served := func(fields string) string { return packtest.Join(container(port+fields), service) }
	packtest.Run(t, waitsBeforeEnd, map[string]packtest.Case{
		"waits":         {Objects: served(", lifecycle: {preStop: {sleep: {seconds: 5}}}")},
		"absent":        {Objects: served(""), Want: []string{at}},
		"not served":    {Objects: container(port)},
		"no port":       {Objects: packtest.Join(container("command: [a]"), service)},
		"at the start":  {Objects: served(", lifecycle: {postStart: {}}"), Want: []string{at}},
		"stopped first": {Objects: packtest.But(served(""), "spec: {template", "spec: {strategy: {type: Recreate}, template")},
		"wrong type":    {Objects: served(", lifecycle: 5"), Want: []string{inContainer + "lifecycle"}},
		"not known":     {Objects: served(", lifecycle: <unknown>"), Undecided: []string{inContainer + "lifecycle"}},
	})
}
