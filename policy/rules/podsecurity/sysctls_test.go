package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestSysctls(t *testing.T) {
	const path = inPod + "securityContext.sysctls[0].name"
	setting := func(name string) string {
		return deployment("securityContext: {sysctls: [{value: '0', name: " + name + "}]}")
	}
	cases := table(setting, map[string][2][]string{
		"net.ipv4.ip_unprivileged_port_start": {},
		"kernel.msgmax":                       wrong(path),
		"net.core.somaxconn":                  wrong(path),
		"1":                                   wrong(path),
		"<unknown>":                           undecided(path),
	})
	for _, name := range sysctls.Parameters["safe"].([]any) {
		cases[name.(string)] = packtest.Case{Objects: setting(name.(string))}
	}
	cases["none"] = packtest.Case{Objects: deployment("securityContext: {runAsUser: 1}")}
	cases["parameters"] = packtest.Case{Objects: setting("net.core.somaxconn"), Parameters: map[string]any{"safe": []any{"net.core.somaxconn"}}}
	packtest.Run(t, sysctls, cases)
}
