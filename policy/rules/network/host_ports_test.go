package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostPorts(t *testing.T) {
	const at = "Deployment/api container a: spec.template.spec.containers[0].ports"
	api := func(ports string) string {
		return pod("api", "app: api", "hostNetwork: true, containers: [{name: a, ports: ["+ports+"]}]")
	}
	hosts := calico("h", "order: 10, preDNAT: true, ingress: [{action: Allow, destination: {ports: ['9000:9080']}}]")
	packtest.Run(t, hostPorts, map[string]packtest.Case{
		"named":          {Objects: documents(api("{containerPort: 9080}"), hosts)},
		"not at all":     {Objects: api("{containerPort: 9080}"), Want: []string{at + "[0]"}},
		"near miss":      {Objects: documents(api("{containerPort: 9080}, {containerPort: 9081}"), hosts), Want: []string{at + "[1]"}},
		"of pods":        {Objects: documents(api("{containerPort: 9080}"), calico("h", "namespaceSelector: all(), ingress: [{action: Allow, destination: {ports: [9080]}}]")), Want: []string{at + "[0]"}},
		"by all":         {Objects: documents(api("{containerPort: 9080}"), calico("h", "ingress: [{action: Deny}]")), Want: []string{at + "[0]"}},
		"UDP":            {Objects: api("{containerPort: 53, protocol: UDP}")},
		"own addresses":  {Objects: pod("api", "app: api", "containers: [{name: a, ports: [{containerPort: 9080}]}]")},
		"no ports":       {Objects: api("")},
		"wrong type":     {Objects: documents(api("{containerPort: [1]}"), hosts), Want: []string{at + "[0].containerPort"}},
		"not known":      {Objects: documents(api("{containerPort: <unknown>}, {containerPort: 9081}"), hosts), Undecided: []string{at + "[0].containerPort"}, Want: []string{at + "[1]"}},
		"host not known": {Objects: pod("api", "app: api", "hostNetwork: <unknown>"), Undecided: []string{"Deployment/api: spec.template.spec.hostNetwork"}},
	})
}
