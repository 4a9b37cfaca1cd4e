package podsecurity

import (
	"testing"

	"platform/tests/packtest"
)

// What the standards allow is Kubernetes' own code to test. Here each rule meets a
// pod that keeps to it, near misses, violations, a wrong type and a value that is
// not known; other rules' values are none of its business.
func TestStandards(t *testing.T) {
	security := func(fields string) string { return "containers: [{name: a, securityContext: {" + fields + "}}]" }
	of := func(fields string) string { return "containers: [{name: a, " + fields + "}]" }
	ofPod := func(fields string) string { return "securityContext: {" + fields + "}, containers: [{name: a}]" }
	for rule, tc := range map[string]struct {
		kept, broken []string
		unknown, at  string // and where
	}{
		"pod-runs-as-non-root": {
			[]string{security("runAsNonRoot: true"), security("runAsNonRoot: true, runAsUser: 999"), ofPod("runAsNonRoot: true")},
			[]string{
				security("privileged: false"), security("runAsNonRoot: false"), security("runAsNonRoot: true, runAsUser: 0"), security("runAsNonRoot: 'true'"),
				"securityContext: {runAsNonRoot: true}, initContainers: [{name: b, securityContext: {runAsNonRoot: false}}], containers: [{name: a}]",
			},
			security("runAsNonRoot: <unknown>"), "containers[0].securityContext.runAsNonRoot",
		},
		"container-gains-no-privileges": {
			[]string{security("allowPrivilegeEscalation: false")},
			[]string{security("allowPrivilegeEscalation: true"), security("privileged: false"), security("allowPrivilegeEscalation: 'false'")},
			security("allowPrivilegeEscalation: <unknown>"), "containers[0].securityContext.allowPrivilegeEscalation",
		},
		"container-is-not-privileged": {
			[]string{security("privileged: false"), of("image: x"), security("capabilities: <unknown>")},
			[]string{security("privileged: true"), security("windowsOptions: {hostProcess: true}"), ofPod("windowsOptions: {hostProcess: true}"), security("privileged: 'true'")},
			security("privileged: <unknown>"), "containers[0].securityContext.privileged",
		},
		"container-drops-capabilities": {
			[]string{security("capabilities: {drop: [ALL]}"), security("capabilities: {drop: [NET_RAW, ALL], add: [NET_BIND_SERVICE]}")},
			[]string{security("capabilities: {drop: [all]}"), security("capabilities: {drop: [ALL], add: [SYS_ADMIN]}"), of("image: x"), security("capabilities: {drop: ALL}")},
			security("capabilities: {drop: <unknown>}"), "containers[0].securityContext.capabilities.drop",
		},
		"container-has-seccomp-profile": {
			[]string{security("seccompProfile: {type: RuntimeDefault}"), ofPod("seccompProfile: {type: Localhost, localhostProfile: p}")},
			[]string{security("seccompProfile: {type: Unconfined}"), of("image: x"), security("seccompProfile: {type: 1}")},
			security("seccompProfile: {type: <unknown>}"), "containers[0].securityContext.seccompProfile.type",
		},
		"pod-keeps-off-host-processes": {[]string{"hostPID: false", "hostNetwork: true"}, []string{"hostPID: true", "hostPID: 'true'"}, "hostPID: <unknown>", "hostPID"},
		"pod-keeps-off-host-network":   {[]string{"hostNetwork: false", "hostPID: true"}, []string{"hostNetwork: true", "hostNetwork: 'true'"}, "hostNetwork: <unknown>", "hostNetwork"},
		"pod-keeps-off-host-memory":    {[]string{"hostIPC: false", "hostPID: true"}, []string{"hostIPC: true", "hostIPC: 'true'"}, "hostIPC: <unknown>", "hostIPC"},
		"container-takes-no-host-port": {
			[]string{of("ports: [{containerPort: 80}]"), of("ports: [{containerPort: 80, hostPort: 0}]"), of("image: x")},
			[]string{of("ports: [{containerPort: 80, hostPort: 80}]"), of("ports: [{containerPort: 80, hostPort: http}]")},
			of("ports: [{containerPort: 80, hostPort: <unknown>}]"), "containers[0].ports[0].hostPort",
		},
		"probe-asks-its-own-pod": {
			[]string{of("livenessProbe: {httpGet: {path: /, port: 80}}"), of("image: x")},
			[]string{of("livenessProbe: {httpGet: {host: 10.0.0.1, port: 80}}"), of("lifecycle: {preStop: {tcpSocket: {host: x, port: 80}}}"), of("readinessProbe: {httpGet: {host: 1, port: 80}}")},
			of("startupProbe: {httpGet: {host: <unknown>, port: 80}}"), "containers[0].startupProbe.httpGet.host",
		},
		"container-proc-is-masked": {
			[]string{security("procMount: Default"), of("image: x")}, []string{security("procMount: Unmasked"), security("procMount: 1")},
			security("procMount: <unknown>"), "containers[0].securityContext.procMount",
		},
		"pod-sets-safe-sysctls": {
			[]string{ofPod("sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]"), of("image: x")},
			[]string{ofPod("sysctls: [{name: kernel.msgmax, value: '1'}]"), ofPod("sysctls: [{name: 1, value: '1'}]")},
			ofPod("sysctls: [{name: <unknown>, value: '1'}]"), "securityContext.sysctls[0].name",
		},
		"pod-keeps-node-confinement": {
			[]string{security("seLinuxOptions: {type: container_t, level: s0}, appArmorProfile: {type: RuntimeDefault}"), of("image: x")},
			[]string{
				security("seLinuxOptions: {type: spc_t}"), security("seLinuxOptions: {role: r}"), ofPod("appArmorProfile: {type: Unconfined}"), security("appArmorProfile: {type: true}"),
			},
			security("appArmorProfile: {type: <unknown>}"), "containers[0].securityContext.appArmorProfile.type",
		},
		"pod-has-allowed-volume-types": {
			[]string{"volumes: [{name: a, emptyDir: {}}, {name: b, secret: {secretName: s}}, {name: c, hostPath: {path: /d}}]", of("image: x")},
			[]string{"volumes: [{name: a, nfs: {server: s, path: /}}]", "volumes: none"},
			"volumes: [{name: a, nfs: {server: <unknown>, path: /}}]", "volumes[0].nfs.server",
		},
	} {
		cases := map[string]packtest.Case{"not known": {Objects: packtest.Deployment(tc.unknown), Undecided: []string{packtest.InPod + tc.at}}}
		for _, spec := range tc.kept {
			cases["kept: "+spec] = packtest.Case{Objects: packtest.Deployment(spec)}
		}
		for _, spec := range tc.broken {
			at := "Deployment/api: spec.template.spec"
			cases["broken: "+spec] = packtest.Case{Objects: packtest.Deployment(spec), Want: []string{at}}
		}
		t.Run(rule, func(t *testing.T) { packtest.Run(t, packtest.Named(Rules, rule), cases) })
	}
}
