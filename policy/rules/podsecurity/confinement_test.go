package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestConfinement(t *testing.T) {
	const selinux, apparmor = inContainer + "securityContext.seLinuxOptions.", inContainer + "securityContext.appArmorProfile.type"
	cases := table(secured, map[string][2][]string{
		"seLinuxOptions: {type: container_t}, appArmorProfile: {type: RuntimeDefault}":         {},
		"seLinuxOptions: {type: spc_t, user: u, role: r}":                                      wrong(selinux+"type", selinux+"user", selinux+"role"),
		"seLinuxOptions: {level: s0}, appArmorProfile: {type: Localhost, localhostProfile: p}": {},
		"appArmorProfile: {type: Unconfined}":                                                  wrong(apparmor),
		"appArmorProfile: {type: true}":                                                        wrong(apparmor),
		"appArmorProfile: {type: <unknown>}":                                                   undecided(apparmor),
		"privileged: false":                                                                    {},
	})
	cases["of the pod, and of each container"] = packtest.Case{
		Objects:   deployment("securityContext: {appArmorProfile: {type: Unconfined}, seLinuxOptions: {user: <unknown>}}, containers: [{name: a, securityContext: {seLinuxOptions: {role: r}}}]"),
		Want:      []string{inPod + "securityContext.appArmorProfile.type", selinux + "role"},
		Undecided: []string{inPod + "securityContext.seLinuxOptions.user"},
	}
	const annotation = "container.apparmor.security.beta.kubernetes.io/"
	annotated := func(profile string) string {
		return "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {other: unconfined, " + annotation + "a: " + profile + "}}, spec: {containers: []}}"
	}
	cases["annotated as the runtime's"] = packtest.Case{Objects: annotated("runtime/default")}
	cases["annotated as the node's"] = packtest.Case{Objects: annotated("localhost/strict")}
	cases["annotated away"] = packtest.Case{Objects: annotated("unconfined"), Want: []string{"Pod/p: metadata.annotations." + annotation + "a"}}
	packtest.Run(t, confinement, cases)
}
