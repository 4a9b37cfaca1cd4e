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
// the paths that are wrong in it, and those that cannot be checked.
func table(build func(string) string, rows map[string][2][]string) map[string]packtest.Case {
	cases := map[string]packtest.Case{}
	for content, want := range rows {
		cases[content] = packtest.Case{Objects: build(content), Want: want[0], Undecided: want[1]}
	}
	return cases
}

func wrong(paths ...string) [2][]string     { return [2][]string{paths, nil} }
func undecided(paths ...string) [2][]string { return [2][]string{nil, paths} }

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
