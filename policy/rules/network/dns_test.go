package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestDNSAllowed(t *testing.T) {
	const deny = "podSelector: {}, policyTypes: [Egress]"
	const peer = "to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]"
	const at = "Deployment/api: spec.template.metadata.labels"
	api := pod("api", "app: api", "")
	asks := func(ports string) string { return deny + ", egress: [{" + peer + ", ports: [" + ports + "]}]" }
	packtest.Run(t, dnsAllowed, map[string]packtest.Case{
		"both":          {Objects: documents(api, policy("a", asks("{port: 53, protocol: UDP}, {port: 53, protocol: TCP}")))},
		"by name":       {Objects: documents(api, policy("a", asks("{port: dns, protocol: UDP}, {port: dns-tcp}")))},
		"OpenShift's":   {Objects: documents(api, policy("a", asks("{port: 5353, protocol: UDP}, {port: 5353}")))},
		"a range":       {Objects: documents(api, policy("a", asks("{port: 50, endPort: 60, protocol: UDP}, {port: 50, endPort: 53}")))},
		"any port":      {Objects: documents(api, policy("a", asks("{protocol: UDP}, {protocol: TCP}")))},
		"no ports":      {Objects: documents(api, policy("a", deny+", egress: [{"+peer+"}]"))},
		"at the node":   {Objects: documents(api, policy("a", deny+", egress: [{to: [{ipBlock: {cidr: 169.254.20.10/32}}]}]"))},
		"two policies":  {Objects: documents(api, policy("a", asks("{port: 53, protocol: UDP}")), policy("b", asks("{port: 53}")))},
		"TCP alone":     {Objects: documents(api, policy("a", asks("{port: 53}"))), Want: []string{at}},
		"UDP alone":     {Objects: documents(api, policy("a", asks("{port: 53, protocol: UDP}"))), Want: []string{at}},
		"near miss":     {Objects: documents(api, policy("a", asks("{port: 54, endPort: 60, protocol: UDP}, {port: 53}"))), Want: []string{at}},
		"to itself":     {Objects: documents(api, policy("a", deny+", egress: [{to: [{podSelector: {}}]}]")), Want: []string{at, at}},
		"not at all":    {Objects: documents(api, policy("a", deny)), Want: []string{at, at}},
		"unrestricted":  {Objects: documents(api, policy("a", "podSelector: {}, policyTypes: [Ingress]"))},
		"of other pods": {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: other}}, policyTypes: [Egress]"))},
		"on the node":   {Objects: documents(pod("api", "app: api", "hostNetwork: true"), policy("a", deny))},
		"wrong type":    {Objects: documents(api, policy("a", deny+", egress: [{"+peer+", ports: 53}]")), Want: []string{"Deployment/api: spec.egress[0].ports"}},
		"not known":     {Objects: documents(api, policy("a", asks("{port: <unknown>, protocol: UDP}"))), Undecided: []string{"Deployment/api: spec.egress[0].ports[0].port"}},
		"other ports": {
			Objects: documents(api, policy("a", asks("{port: 1053, protocol: UDP}, {port: 1053}"))), Parameters: map[string]any{"ports": []any{"1053"}},
		},
	})
}
