package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostDaemon(t *testing.T) {
	const at = "DaemonSet/d: spec.updateStrategy.rollingUpdate.maxSurge"
	const daemon = `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: d}, spec: {
  updateStrategy: {rollingUpdate: {maxSurge: 1}}, template: {spec: {hostNetwork: true, containers: [{name: c, ports: [{containerPort: 80}]}]}}}}`
	packtest.Run(t, hostDaemon, map[string]packtest.Case{
		"surge on the nodes' network": {Objects: daemon, Want: []string{at}},
		"surge as a share":            {Objects: but(daemon, "maxSurge: 1", "maxSurge: 10%"), Want: []string{at}},
		"surge on a node's port":      {Objects: but(daemon, "hostNetwork: true, ", "", "containerPort: 80", "containerPort: 80, hostPort: 80"), Want: []string{at}},
		"surge in pods' network":      {Objects: but(daemon, "hostNetwork: true, ", "")},
		"no surge":                    {Objects: but(daemon, "maxSurge: 1", "maxSurge: 0")},
		"no share":                    {Objects: but(daemon, "maxSurge: 1", "maxSurge: 0%")},
		"absent":                      {Objects: but(daemon, "{rollingUpdate: {maxSurge: 1}}", "{}")},
		"wrong type":                  {Objects: but(daemon, "maxSurge: 1", "maxSurge: true"), Want: []string{at}},
		"not known":                   {Objects: but(daemon, "maxSurge: 1", "maxSurge: <unknown>"), Undecided: []string{at}},
		"network is not known":        {Objects: but(daemon, "hostNetwork: true", "hostNetwork: <unknown>"), Undecided: []string{"DaemonSet/d: spec.template.spec.hostNetwork"}},
		"a Deployment":                {Objects: but(daemon, "DaemonSet", "Deployment")},
	})
}
