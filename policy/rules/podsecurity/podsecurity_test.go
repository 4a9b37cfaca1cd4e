package podsecurity

import (
	"strings"
	"testing"

	"platform/tests/packtest"
)

func TestAccountDefault(t *testing.T) {
	const path = "ServiceAccount/api: automountServiceAccountToken"
	account := func(fields string) string { return packtest.InCore("v1", "ServiceAccount", "api", fields) }
	cases := table(account, map[string][2][]string{
		"automountServiceAccountToken: false":     {},
		"secrets: []":                             wrong(path),
		"automountServiceAccountToken: true":      wrong(path),
		"automountServiceAccountToken: 'false'":   wrong(path),
		"automountServiceAccountToken: <unknown>": undecided(path),
	})
	cases["of a pod"] = packtest.Case{Objects: deployment("automountServiceAccountToken: true")}
	packtest.Run(t, packtest.Named(Rules, "account-mounts-no-token"), cases)
}

func TestAccountToken(t *testing.T) {
	const path = inPod + "automountServiceAccountToken"
	const head = "\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: "
	binding := func(subjects string) string {
		return head + "ClusterRoleBinding, metadata: {name: b}, subjects: [" + subjects + "]}"
	}
	quiet := "\n---\n" + packtest.InCore("v1", "ServiceAccount", "api", "automountServiceAccountToken: false")
	loud := "\n---\n" + packtest.InCore("v1", "ServiceAccount", "api", "")
	mounted := deployment("serviceAccountName: api, automountServiceAccountToken: true")
	ofAccount := deployment("serviceAccountName: api")
	projected := func(token string) string {
		return deployment("automountServiceAccountToken: false, volumes: [{name: v, projected: {sources: [{serviceAccountToken: {" + token + "}}]}}]")
	}
	packtest.Run(t, packtest.Named(Rules, "token-only-where-api-is-called"), map[string]packtest.Case{
		"none":                  {Objects: deployment("automountServiceAccountToken: false")},
		"absent":                {Objects: deployment("containers: []"), Want: []string{path}},
		"mounted":               {Objects: mounted, Want: []string{path}},
		"mounted and bound":     {Objects: mounted + binding("{kind: ServiceAccount, name: api, namespace: core}")},
		"bound in a namespace":  {Objects: mounted + head + "RoleBinding, metadata: {name: b, namespace: core}, subjects: [{kind: ServiceAccount, name: api, namespace: core}]}"},
		"bound by its old name": {Objects: deployment("serviceAccount: api") + binding("{kind: ServiceAccount, name: api, namespace: core}")},
		"another is bound":      {Objects: mounted + binding("{kind: ServiceAccount, name: apis, namespace: core}"), Want: []string{path}},
		"bound elsewhere":       {Objects: mounted + binding("{kind: ServiceAccount, name: api, namespace: m}"), Want: []string{path}},
		"a user is bound":       {Objects: mounted + binding("{kind: User, name: api, namespace: core}"), Want: []string{path}},
		"off in the account":    {Objects: ofAccount + quiet},
		"on over the account":   {Objects: mounted + quiet, Want: []string{path}},
		"on in the account":     {Objects: ofAccount + loud, Want: []string{path}},
		"projected":             {Objects: projected("path: token"), Want: []string{inPod + "volumes[0].projected.sources[0].serviceAccountToken"}},
		"projected settings":    {Objects: deployment("automountServiceAccountToken: false, volumes: [{name: v, projected: {sources: [{configMap: {name: c}}]}}]")},
		"for another server":    {Objects: projected("path: token, audience: vault")},
		"wrong type":            {Objects: deployment("automountServiceAccountToken: 'false'"), Want: []string{path}},
		"not known":             {Objects: deployment("automountServiceAccountToken: <unknown>"), Undecided: []string{path}},
		"binding not known":     {Objects: mounted + binding("{kind: ServiceAccount, name: <unknown>, namespace: core}"), Undecided: []string{subject + ": subjects[0].name"}},
		"one not known does not matter": {
			Objects: mounted + binding("{kind: ServiceAccount, name: <unknown>, namespace: core}, {kind: ServiceAccount, name: api, namespace: core}"),
		},
	})
}

func TestCapabilities(t *testing.T) {
	const drop, add = inContainer + "securityContext.capabilities.drop", inContainer + "securityContext.capabilities.add"
	cases := table(secured, map[string][2][]string{
		"capabilities: {drop: [ALL]}":                                     {},
		"capabilities: {drop: [NET_RAW, ALL], add: [NET_BIND_SERVICE]}":   {},
		"capabilities: {drop: [all]}":                                     wrong(drop),
		"capabilities: {drop: [NET_RAW]}":                                 wrong(drop),
		"capabilities: {drop: [ALL], add: [NET_BIND_SERVICE, SYS_ADMIN]}": wrong(add + "[1]"),
		"capabilities: {drop: [ALL], add: [<unknown>, SYS_ADMIN]}":        {{add + "[1]"}, {add + "[0]"}},
		"capabilities: {drop: ALL}":                                       wrong(drop),
		"capabilities: {drop: <unknown>}":                                 undecided(drop),
		"privileged: false":                                               wrong(drop),
	})
	cases["parameters"] = packtest.Case{
		Objects: secured("capabilities: {drop: [ALL], add: [SYS_TIME, NET_BIND_SERVICE]}"), Want: []string{add + "[1]"},
		Parameters: map[string]any{"add": []any{"SYS_TIME"}},
	}
	packtest.Run(t, packtest.Named(Rules, "container-drops-capabilities"), cases)
}

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
	packtest.Run(t, packtest.Named(Rules, "pod-keeps-node-confinement"), cases)
}

func TestEmptyDirSize(t *testing.T) {
	const path = inPod + "volumes[0].emptyDir.sizeLimit"
	cases := table(deployment, map[string][2][]string{
		"volumes: [{name: v, emptyDir: {sizeLimit: 64Mi}}]":                                             {},
		"volumes: [{name: v, emptyDir: {}}]":                                                            wrong(path),
		"volumes: [{name: v, emptyDir: {sizeLimit: '0'}}]":                                              wrong(path),
		"volumes: [{name: v, emptyDir: {sizeLimit: much}}]":                                             wrong(path),
		"volumes: [{name: v, emptyDir: {sizeLimit: <unknown>}}, {name: w, emptyDir: {medium: Memory}}]": {{inPod + "volumes[1].emptyDir.sizeLimit"}, {path}},
		"volumes: [{name: v}]":                                                                          wrong(path),
		"volumes: [{name: v, emptyDir: null}]":                                                          wrong(path),
		"volumes: [{name: v, configMap: {name: c}}]":                                                    {},
		"volumes: none":  wrong(inPod + "volumes"),
		"containers: []": {},
	})
	packtest.Run(t, packtest.Named(Rules, "empty-dir-has-size-limit"), cases)
}

// The fixtures of packtest, by names that keep tables narrow.
const (
	subject     = "Deployment/api"
	inPod       = packtest.InPod
	inContainer = packtest.InContainer
)

var deployment, container = packtest.Deployment, packtest.Container

// secured is a pod with one container of this security context.
func secured(content string) string { return container("securityContext: {" + content + "}") }

// table is the cases that a setting of one object has: each value of it with
// the paths that are wrong in it, and those that cannot be judged.
func table(build func(string) string, rows map[string][2][]string) map[string]packtest.Case {
	cases := map[string]packtest.Case{}
	for content, want := range rows {
		cases[content] = packtest.Case{Objects: build(content), Want: want[0], Undecided: want[1]}
	}
	return cases
}

func wrong(paths ...string) [2][]string     { return [2][]string{paths, nil} }
func undecided(paths ...string) [2][]string { return [2][]string{nil, paths} }

func TestHostMemory(t *testing.T) {
	const path = inPod + "hostIPC"
	packtest.Run(t, packtest.Named(Rules, "pod-keeps-off-host-memory"), table(deployment, map[string][2][]string{
		"hostIPC: false":     {},
		"hostUsers: true":    {},
		"hostIPC: true":      wrong(path),
		"hostIPC: 'yes'":     wrong(path),
		"hostIPC: <unknown>": undecided(path),
	}))
}

func TestHostNamespaces(t *testing.T) {
	cases := table(deployment, map[string][2][]string{
		"hostPID: true":      wrong(inPod + "hostPID"),
		"hostPID: false":     {},
		"hostIPC: true":      {},
		"hostNetwork: true":  {},
		"hostPID: 'yes'":     wrong(inPod + "hostPID"),
		"hostPID: <unknown>": undecided(inPod + "hostPID"),
	})
	packtest.Run(t, packtest.Named(Rules, "pod-keeps-off-host-processes"), cases)
}

func TestHostNetwork(t *testing.T) {
	cases := table(deployment, map[string][2][]string{
		"hostNetwork: true":      wrong(inPod + "hostNetwork"),
		"hostNetwork: false":     {},
		"hostPID: true":          {},
		"hostNetwork: 'true'":    wrong(inPod + "hostNetwork"),
		"hostNetwork: <unknown>": undecided(inPod + "hostNetwork"),
	})
	packtest.Run(t, packtest.Named(Rules, "pod-keeps-off-host-network"), cases)
}

func TestHostPathListed(t *testing.T) {
	const at = inPod + "volumes[0].hostPath.path"
	packtest.Run(t, packtest.With(packtest.Named(Rules, "host-path-is-of-the-data"), map[string]any{"folders": []any{"Deployment/api=/data/gfs", "Deployment/other=/data/other"}}), table(deployment, map[string][2][]string{
		"volumes: [{name: a, hostPath: {path: /data/gfs}}]":          {},
		"volumes: [{name: a, hostPath: {path: /data/gfs/1}}]":        {},
		"volumes: [{name: a, hostPath: {path: /data/gfs/../other}}]": wrong(at),
		"volumes: [{name: a, hostPath: {path: /data/gfs2}}]":         wrong(at),
		"volumes: [{name: a, hostPath: {path: /data}}]":              wrong(at),
		"volumes: [{name: a, hostPath: {path: /data/other}}]":        wrong(at), // another's
		"volumes: [{name: a, hostPath: {type: Directory}}]":          wrong(at),
		"volumes: [{name: a, hostPath: {path: 1}}]":                  wrong(at),
		"volumes: [{name: a, hostPath: {path: <unknown>}}]":          undecided(at),
		"volumes: [{name: a, emptyDir: {}}]":                         {},
	}))
}

func TestHostPathSafety(t *testing.T) {
	const kind, path = inPod + "volumes[0].hostPath.type", inPod + "volumes[0].hostPath.path"
	mounting := func(folder string) string { return deployment("volumes: [{name: v, hostPath: {" + folder + "}}]") }
	cases := table(mounting, map[string][2][]string{
		"path: /data/gfs, type: DirectoryOrCreate":              {},
		"path: /data/gfs, type: Socket":                         wrong(kind),
		"path: /data/gfs":                                       wrong(kind),
		"path: /data/gfs, type: ''":                             wrong(kind),
		"path: /, type: Directory":                              wrong(path),
		"path: /etc, type: Directory":                           wrong(path),
		"path: /etc/, type: Directory":                          wrong(path),
		"path: /etc/kubernetes, type: Directory":                wrong(path),
		"path: /etcetera, type: Directory":                      {},
		"path: /var, type: Directory":                           wrong(path),
		"path: /var/data, type: Directory":                      {},
		"path: /data/../etc, type: Directory":                   wrong(path),
		"path: data, type: Directory":                           wrong(path),
		"path: /run/k3s/containerd/containerd.sock, type: File": wrong(path),
		"type: Directory":                                       wrong(path),
		"path: 1, type: Directory":                              wrong(path),
		"path: <unknown>, type: Directory":                      undecided(path),
	})
	for _, folder := range packtest.Named(Rules, "host-path-is-safe").Parameters["forbidden"].([]any) {
		cases[folder.(string)] = packtest.Case{Objects: mounting("type: Directory, path: " + folder.(string) + "/below"), Want: []string{path}}
	}
	cases["no folder of the node"] = packtest.Case{Objects: deployment("volumes: [{name: v, emptyDir: {}}]")}
	cases["a volume of the cluster"] = packtest.Case{
		Objects: "{apiVersion: v1, kind: PersistentVolume, metadata: {name: disk}, spec: {hostPath: {path: /proc, type: Directory}}}",
		Want:    []string{"PersistentVolume/disk: spec.hostPath.path"},
	}
	cases["parameters"] = packtest.Case{
		Objects: mounting("path: /data/gfs, type: Directory"), Want: []string{path}, Parameters: map[string]any{"forbidden": []any{"/data"}},
	}
	packtest.Run(t, packtest.Named(Rules, "host-path-is-safe"), cases)
}

func TestHostPort(t *testing.T) {
	const path = inContainer + "ports[0].hostPort"
	cases := table(container, map[string][2][]string{
		"ports: [{containerPort: 80, hostPort: 80}]":                                           wrong(path),
		"ports: [{containerPort: 80, hostPort: 0}]":                                            {},
		"ports: [{containerPort: 80}]":                                                         {},
		"ports: [{containerPort: 80, hostPort: '80'}]":                                         wrong(path),
		"ports: [{containerPort: 80, hostPort: <unknown>}, {containerPort: 81, hostPort: 81}]": {{inContainer + "ports[1].hostPort"}, {path}},
		"image: x": {},
	})
	packtest.Run(t, packtest.Named(Rules, "container-takes-no-host-port"), cases)
}

func TestHostPortUnique(t *testing.T) {
	const path = "DaemonSet/second container a: spec.template.spec.containers[0].ports[0].hostPort"
	daemons := func(first, second string) string {
		return packtest.Join(packtest.Workload("DaemonSet", "first", "", first), packtest.Workload("DaemonSet", "second", "", second))
	}
	of := func(port string) string { return "containers: [{name: a, ports: [{containerPort: 80, " + port + "}]}]" }
	plain := of("name: http")
	cases := map[string]packtest.Case{
		"one of each":        {Objects: daemons(of("hostPort: 80"), of("hostPort: 81"))},
		"the same":           {Objects: daemons(of("hostPort: 80"), of("hostPort: 80")), Want: []string{path}},
		"by TCP and UDP":     {Objects: daemons(of("hostPort: 80"), of("hostPort: 80, protocol: UDP"))},
		"by TCP as default":  {Objects: daemons(of("hostPort: 80"), of("hostPort: 80, protocol: TCP")), Want: []string{path}},
		"at other addresses": {Objects: daemons(of("hostPort: 80, hostIP: 10.0.0.1"), of("hostPort: 80, hostIP: 10.0.0.2"))},
		"at all addresses":   {Objects: daemons(of("hostPort: 80, hostIP: 10.0.0.1"), of("hostPort: 80, hostIP: 0.0.0.0")), Want: []string{path}},
		"at all of IPv6":     {Objects: daemons(of("hostPort: 80, hostIP: 'fd00::1'"), of("hostPort: 80, hostIP: '::'")), Want: []string{path}},
		"on other nodes":     {Objects: daemons("nodeSelector: {zone: one}, "+of("hostPort: 80"), "nodeSelector: {zone: two}, "+of("hostPort: 80"))},
		"on some nodes":      {Objects: daemons("nodeSelector: {zone: one}, "+of("hostPort: 80"), "nodeSelector: {disk: fast}, "+of("hostPort: 80")), Want: []string{path}},
		"none":               {Objects: daemons(plain, plain)},
		"on the node's network": {
			Objects: daemons("hostNetwork: true, "+plain, "hostNetwork: true, "+plain),
			Want:    []string{"DaemonSet/second container a: spec.template.spec.containers[0].ports[0].containerPort"},
		},
		"wrong type": {Objects: daemons(of("hostPort: '80'"), of("hostPort: 80")), Want: []string{
			"DaemonSet/first container a: spec.template.spec.containers[0].ports[0].hostPort",
		}},
		"not known": {Objects: daemons(of("hostPort: <unknown>"), of("hostPort: 80")), Undecided: []string{
			"DaemonSet/first container a: spec.template.spec.containers[0].ports[0].hostPort",
		}},
	}
	packtest.Run(t, packtest.Named(Rules, "host-port-is-unique"), cases)
}

func TestMountPropagation(t *testing.T) {
	const path = inContainer + "volumeMounts[0].mountPropagation"
	packtest.Run(t, packtest.Named(Rules, "mount-stays-in-the-container"), table(container, map[string][2][]string{
		"volumeMounts: [{name: a}]": {},
		"command: [a]":              {},
		"volumeMounts: [{name: a, mountPropagation: None}]":            {},
		"volumeMounts: [{name: a, mountPropagation: HostToContainer}]": wrong(path),
		"volumeMounts: [{name: a, mountPropagation: Bidirectional}]":   wrong(path),
		"volumeMounts: [{name: a, mountPropagation: 1}]":               wrong(path),
		"volumeMounts: [{name: a, mountPropagation: <unknown>}]":       undecided(path),
	}))
}

func TestMountedVolumes(t *testing.T) {
	const path = inPod + "volumes[0]"
	packtest.Run(t, packtest.Named(Rules, "volume-is-mounted"), table(deployment, map[string][2][]string{
		"volumes: [{name: v}], containers: [{name: a, volumeMounts: [{name: v}]}]":     {},
		"volumes: [{name: v}], initContainers: [{name: a, volumeMounts: [{name: v}]}]": {},
		"volumes: [{name: v}], containers: [{name: a, volumeDevices: [{name: v}]}]":    {},
		"containers: [{name: a}]":                                                          {},
		"volumes: [{name: v}], containers: [{name: a}]":                                    wrong(path),
		"volumes: [{name: v}], containers: [{name: a, volumeMounts: [{name: v2}]}]":        wrong(path),
		"volumes: [{name: 1}]":                                                             wrong(path + ".name"),
		"volumes: [{name: v}], containers: [{name: a, volumeMounts: [{name: <unknown>}]}]": undecided(inPod + "containers[0].volumeMounts[0].name"),
	}))
}

func TestNodeName(t *testing.T) {
	const path = inPod + "nodeName"
	packtest.Run(t, packtest.Named(Rules, "pod-is-placed-by-the-scheduler"), table(deployment, map[string][2][]string{
		"nodeName: ''":        {},
		"hostUsers: true":     {},
		"nodeName: s0":        wrong(path),
		"nodeName: 1":         wrong(path),
		"nodeName: <unknown>": undecided(path),
	}))
}

func TestOwnAccount(t *testing.T) {
	const path = inPod + "serviceAccountName"
	has := "\n---\n" + packtest.InCore("v1", "ServiceAccount", "api", "")
	other := "\n---\n" + packtest.Workload("StatefulSet", "db", "", "serviceAccountName: api")
	packtest.Run(t, packtest.Named(Rules, "pod-has-own-service-account"), map[string]packtest.Case{
		"its own":           {Objects: deployment("serviceAccountName: api") + has},
		"by its old name":   {Objects: deployment("serviceAccount: api") + has},
		"default":           {Objects: deployment("serviceAccountName: default") + strings.Replace(has, "name: api", "name: default", 1), Want: []string{path}},
		"absent":            {Objects: deployment("containers: []") + has, Want: []string{path}},
		"none of the stack": {Objects: deployment("serviceAccountName: apis") + has, Want: []string{path}},
		"elsewhere": {
			Objects: deployment("serviceAccountName: api") + strings.Replace(has, "namespace: core", "namespace: m", 1), Want: []string{path},
		},
		"shared":     {Objects: deployment("serviceAccountName: api") + has + other, Want: []string{"StatefulSet/db: spec.template.spec.serviceAccountName"}},
		"wrong type": {Objects: deployment("serviceAccountName: 1") + has, Want: []string{path}},
		"not known":  {Objects: deployment("serviceAccountName: <unknown>") + has + other, Undecided: []string{path}},
	})
}

func TestOwnIDs(t *testing.T) {
	const user, group = inContainer + "securityContext.runAsUser", inContainer + "securityContext.runAsGroup"
	context := "spec.template.spec.securityContext."
	packtest.Run(t, packtest.Named(Rules, "pod-states-its-ids"), map[string]packtest.Case{
		"stated":          {Objects: secured("runAsUser: 70, runAsGroup: 70")},
		"of the pod":      {Objects: deployment("securityContext: {runAsUser: 70, runAsGroup: 70, fsGroup: 70, supplementalGroups: [80]}, containers: [{name: a}]")},
		"absent":          {Objects: secured(""), Want: []string{subject + " container a: " + context + "runAsUser", subject + " container a: " + context + "runAsGroup"}},
		"root":            {Objects: secured("runAsUser: 0")},
		"root's group":    {Objects: secured("runAsUser: 70, runAsGroup: 0"), Want: []string{group}},
		"root's files":    {Objects: deployment("securityContext: {runAsUser: 70, fsGroup: 0}"), Want: []string{inPod + "securityContext.fsGroup"}},
		"one of several":  {Objects: deployment("securityContext: {supplementalGroups: [70, 0]}"), Want: []string{inPod + "securityContext.supplementalGroups[1]"}},
		"files of a root": {Objects: deployment("securityContext: {runAsUser: 0, fsGroup: 0}")},
		"wrong type":      {Objects: secured("runAsUser: '70', runAsGroup: 70"), Want: []string{user}},
		"not known":       {Objects: secured("runAsUser: 70, runAsGroup: <unknown>"), Undecided: []string{group}},
	})
}

func TestPrivilegeEscalation(t *testing.T) {
	const path = inContainer + "securityContext.allowPrivilegeEscalation"
	cases := table(secured, map[string][2][]string{
		"allowPrivilegeEscalation: false":     {},
		"allowPrivilegeEscalation: true":      wrong(path),
		"allowPrivilegeEscalation: 'false'":   wrong(path),
		"allowPrivilegeEscalation: <unknown>": undecided(path),
		"privileged: false":                   wrong(path),
	})
	cases["of the pod has no effect"] = packtest.Case{
		Objects: deployment("securityContext: {allowPrivilegeEscalation: false}, containers: [{name: a}]"), Want: []string{path},
	}
	packtest.Run(t, packtest.Named(Rules, "container-gains-no-privileges"), cases)
}

func TestPrivileged(t *testing.T) {
	const path, windows = inContainer + "securityContext.privileged", inContainer + "securityContext.windowsOptions.hostProcess"
	cases := table(secured, map[string][2][]string{
		"privileged: false":                    {},
		"readOnlyRootFilesystem: true":         {},
		"privileged: true":                     wrong(path),
		"privileged: 'true'":                   wrong(path),
		"privileged: <unknown>":                undecided(path),
		"windowsOptions: {hostProcess: true}":  wrong(windows),
		"windowsOptions: {hostProcess: false}": {},
	})
	cases["of the pod"] = packtest.Case{
		Objects: deployment("securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: a}]"),
		Want:    []string{subject + " container a: spec.template.spec.securityContext.windowsOptions.hostProcess"},
	}
	cases["before the others"] = packtest.Case{
		Objects: deployment("initContainers: [{name: i, securityContext: {privileged: true}}]"),
		Want:    []string{subject + " container i: spec.template.spec.initContainers[0].securityContext.privileged"},
	}
	packtest.Run(t, packtest.Named(Rules, "container-is-not-privileged"), cases)
}

func TestProbeHost(t *testing.T) {
	cases := table(container, map[string][2][]string{
		"livenessProbe: {httpGet: {port: 80, host: 10.0.0.1}}":                                            wrong(inContainer + "livenessProbe.httpGet.host"),
		"readinessProbe: {tcpSocket: {port: 80, host: localhost}}":                                        wrong(inContainer + "readinessProbe.tcpSocket.host"),
		"startupProbe: {httpGet: {port: 80, host: a}}":                                                    wrong(inContainer + "startupProbe.httpGet.host"),
		"lifecycle: {preStop: {httpGet: {port: 80, host: a}}, postStart: {httpGet: {port: 80, host: b}}}": wrong(inContainer+"lifecycle.preStop.httpGet.host", inContainer+"lifecycle.postStart.httpGet.host"),
		"livenessProbe: {httpGet: {port: 80, host: ''}}":                                                  {},
		"livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: Host, value: a}]}}":                     {},
		"livenessProbe: {httpGet: {port: 80, host: 1}}":                                                   wrong(inContainer + "livenessProbe.httpGet.host"),
		"livenessProbe: {httpGet: {port: 80, host: <unknown>}}, readinessProbe: {httpGet: {host: a}}":     {{inContainer + "readinessProbe.httpGet.host"}, {inContainer + "livenessProbe.httpGet.host"}},
		"image: x": {},
	})
	packtest.Run(t, packtest.Named(Rules, "probe-asks-its-own-pod"), cases)
}

func TestProcMount(t *testing.T) {
	const path = inContainer + "securityContext.procMount"
	cases := table(secured, map[string][2][]string{
		"procMount: Default":   {},
		"procMount: Unmasked":  wrong(path),
		"procMount: true":      wrong(path),
		"procMount: <unknown>": undecided(path),
		"privileged: false":    {},
	})
	packtest.Run(t, packtest.Named(Rules, "container-proc-is-masked"), cases)
}

func TestProcessNamespace(t *testing.T) {
	const path = inPod + "shareProcessNamespace"
	packtest.Run(t, packtest.Named(Rules, "pod-shares-no-processes"), table(deployment, map[string][2][]string{
		"shareProcessNamespace: false":     {},
		"hostUsers: true":                  {},
		"shareProcessNamespace: true":      wrong(path),
		"shareProcessNamespace: 'false'":   wrong(path),
		"shareProcessNamespace: <unknown>": undecided(path),
	}))
}

func TestReadOnlyRoot(t *testing.T) {
	const path = inContainer + "securityContext.readOnlyRootFilesystem"
	cases := table(secured, map[string][2][]string{
		"readOnlyRootFilesystem: true":      {},
		"readOnlyRootFilesystem: false":     wrong(path),
		"readOnlyRootFilesystem: 'true'":    wrong(path),
		"readOnlyRootFilesystem: <unknown>": undecided(path),
		"privileged: false":                 wrong(path),
	})
	packtest.Run(t, packtest.Named(Rules, "container-root-is-read-only"), cases)
}

func TestRunAsNonRoot(t *testing.T) {
	const path = "spec.template.spec.securityContext.runAsNonRoot"
	packtest.Run(t, packtest.Named(Rules, "pod-runs-as-non-root"), map[string]packtest.Case{
		"of the pod":       {Objects: deployment("securityContext: {runAsNonRoot: true}, containers: [{name: a}]")},
		"of the container": {Objects: deployment("containers: [{name: a, securityContext: {runAsNonRoot: true}}]")},
		"absent":           {Objects: deployment("containers: [{name: a}]"), Want: []string{"Deployment/api container a: " + path}},
		"false over true": {
			Objects: deployment("securityContext: {runAsNonRoot: true}, containers: [{name: a}, {name: b, securityContext: {runAsNonRoot: false}}]"),
			Want:    []string{"Deployment/api container b: spec.template.spec.containers[1].securityContext.runAsNonRoot"},
		},
		"prepared by root": {
			Objects: deployment("initContainers: [{name: i}], containers: [{name: a, securityContext: {runAsNonRoot: true}}]"),
			Want:    []string{"Deployment/api container i: " + path},
		},
		"wrong type": {
			Objects: deployment("securityContext: {runAsNonRoot: 'true'}, containers: [{name: a}]"), Want: []string{"Deployment/api container a: " + path},
		},
		"not known": {
			Objects:   deployment("securityContext: {runAsNonRoot: <unknown>}, containers: [{name: a}]"),
			Undecided: []string{"Deployment/api container a: " + path},
		},
		"root all the same": {
			Objects: deployment("securityContext: {runAsNonRoot: true}, containers: [{name: a, securityContext: {runAsUser: 0}}, {name: b, securityContext: {runAsUser: 1}}]"),
			Want:    []string{"Deployment/api container a: spec.template.spec.containers[0].securityContext.runAsUser"},
		},
		"runs no pod": {Objects: "{apiVersion: v1, kind: Service, metadata: {name: api}}"},
	})
}

func TestSeccomp(t *testing.T) {
	const path = inContainer + "securityContext.seccompProfile.type"
	cases := table(secured, map[string][2][]string{
		"seccompProfile: {type: RuntimeDefault}":                           {},
		"seccompProfile: {type: Localhost, localhostProfile: strict.json}": {},
		"seccompProfile: {type: Unconfined}":                               wrong(path),
		"seccompProfile: {type: true}":                                     wrong(path),
		"seccompProfile: {type: <unknown>}":                                undecided(path),
		"privileged: false":                                                wrong(subject + " container a: spec.template.spec.securityContext.seccompProfile.type"),
	})
	const ofPod = "securityContext: {seccompProfile: {type: RuntimeDefault}}, "
	cases["of the pod"] = packtest.Case{Objects: deployment(ofPod + "containers: [{name: a}]")}
	cases["other than the pod"] = packtest.Case{
		Objects: deployment(ofPod + "containers: [{name: a, securityContext: {seccompProfile: {type: Unconfined}}}]"), Want: []string{path},
	}
	packtest.Run(t, packtest.Named(Rules, "container-has-seccomp-profile"), cases)
}

func TestSecretMode(t *testing.T) {
	const path = inPod + "volumes[0].secret.defaultMode"
	packtest.Run(t, packtest.Named(Rules, "secret-files-are-not-for-all"), table(deployment, map[string][2][]string{
		"volumes: [{name: v, secret: {defaultMode: 288}}]":       {},
		"volumes: [{name: v, configMap: {defaultMode: 420}}]":    {},
		"volumes: [{name: v, secret: {defaultMode: 289}}]":       wrong(path),
		"volumes: [{name: v, secret: {secretName: a}}]":          wrong(path),
		"volumes: [{name: v, secret: {defaultMode: '0440'}}]":    wrong(path),
		"volumes: [{name: v, secret: {defaultMode: <unknown>}}]": undecided(path),
	}))
}

func TestServiceLinks(t *testing.T) {
	const path = inPod + "enableServiceLinks"
	packtest.Run(t, packtest.Named(Rules, "pod-takes-no-service-links"), table(deployment, map[string][2][]string{
		"enableServiceLinks: false":     {},
		"hostUsers: true":               wrong(path),
		"enableServiceLinks: true":      wrong(path),
		"enableServiceLinks: 'false'":   wrong(path),
		"enableServiceLinks: <unknown>": undecided(path),
	}))
}

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
	for _, name := range packtest.Named(Rules, "pod-sets-safe-sysctls").Parameters["safe"].([]any) {
		cases[name.(string)] = packtest.Case{Objects: setting(name.(string))}
	}
	cases["none"] = packtest.Case{Objects: deployment("securityContext: {runAsUser: 1}")}
	cases["parameters"] = packtest.Case{Objects: setting("net.core.somaxconn"), Parameters: map[string]any{"safe": []any{"net.core.somaxconn"}}}
	packtest.Run(t, packtest.Named(Rules, "pod-sets-safe-sysctls"), cases)
}

func TestVolumeTypes(t *testing.T) {
	mounting := func(source string) string { return deployment("volumes: [{name: v, " + source + "}]") }
	cases := table(mounting, map[string][2][]string{
		"configMap: {name: c}":                  {},
		"persistentVolumeClaim: {claimName: c}": {},
		"hostPath: {path: /data}":               {},
		"nfs: {server: s, path: /}":             wrong(inPod + "volumes[0].nfs"),
		"gitRepo: {repository: r}":              wrong(inPod + "volumes[0].gitRepo"),
		"nfs: null":                             {},
		"nfs: <unknown>":                        undecided(inPod + "volumes[0].nfs"),
	})
	cases["none"] = packtest.Case{Objects: deployment("containers: []")}
	cases["wrong type"] = packtest.Case{Objects: deployment("volumes: [v]"), Want: []string{inPod + "volumes[0]"}}
	cases["parameters"] = packtest.Case{
		Objects: mounting("secret: {secretName: s}"), Want: []string{inPod + "volumes[0].secret"}, Parameters: map[string]any{"allowed": []any{"emptyDir"}},
	}
	packtest.Run(t, packtest.Named(Rules, "pod-has-allowed-volume-types"), cases)
}
