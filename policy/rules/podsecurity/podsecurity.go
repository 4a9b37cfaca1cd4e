// Package podsecurity holds the rules about what pods may do: the restricted
// Pod Security Standard, and what goes beyond it.
package podsecurity

import (
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/settings"
)

const persistentVolume = "PersistentVolume"

// baseline and restricted are the standards that most of these rules come from.
const (
	baseline   = "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline"
	restricted = "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"
)

// othersMay are the bits of a file's mode for those who are neither its owner
// nor of its group.
const othersMay = 0o007

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.PodSecurity, append(standards, []pack.Rule{
	{
		Name: "container-root-is-read-only", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "who breaks into a container with a writable root changes its programs, and fills its node's disk",
		Remedy:    "set securityContext.readOnlyRootFilesystem of the container to true, and mount an emptyDir where it has to write",
		Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, immutable container file systems",
		Kinds:     pack.PodKinds,
		Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
			if setting := c.At("securityContext", "readOnlyRootFilesystem"); !setting.True() {
				r.Violated(c, setting, "may write to its root")
			}
		}),
	},
	{
		Name: "empty-dir-has-size-limit", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a folder without a limit fills the node's disk or memory, and the kubelet evicts other pods for it",
		Remedy:    "set sizeLimit of the emptyDir to the most that the container writes there",
		Reference: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
		Kinds:     pack.PodKinds,
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
				folder := volume.At("emptyDir")
				if !folder.Set() && len(sources(volume)) > 0 {
					return
				}
				limit := folder.At("sizeLimit")
				if size := limit.Quantity(); size.Sign() <= 0 {
					r.Violated(pod, limit, "may grow as large as the node")
				}
			})
		},
	},
	{
		Name: "host-path-is-safe", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:     "who mounts the node's system folders, or the socket of its container runtime, has the node",
		Remedy:     "name a folder that holds data alone, by its full path, with type Directory, DirectoryOrCreate, File or FileOrCreate",
		Reference:  "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
		Kinds:      append([]string{persistentVolume}, pack.PodKinds...),
		Parameters: settings.Common("host-path-is-safe"),
		Object: func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, volumes(o), func(volume pack.Value) {
				folder := volume.At("hostPath")
				if !folder.Set() {
					return
				}
				if kind := folder.At("type"); !kind.Is("Directory", "DirectoryOrCreate", "File", "FileOrCreate") {
					r.Violated(o, kind, "does not say that it is a folder or a file, so that a socket or a device does as well")
				}
				if at := folder.At("path"); !safe(at.Text(), r.List("forbidden")) {
					r.Violated(o, at, "opens %s, which belongs to the node", at.Text())
				}
			})
		},
	},
	{
		Name: "host-port-is-unique", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "of two pods that want one port of a node, one stays pending",
		Remedy:    "give one of them another port, or node selectors that no node satisfies both of",
		Reference: "https://kubernetes.io/docs/concepts/configuration/overview/",
		Stack: func(s *pack.Stack, r *pack.Report) {
			var taken []hostClaim
			pack.OfPods(func(_ *pack.Stack, pod pack.Pod, r *pack.Report) {
				pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
					for _, claim := range hostClaims(c) {
						for _, other := range taken {
							if claim.collides(other) {
								r.Violated(c, claim.at, "is port %d of the node, which %s takes too", claim.port, other.by.Pod.Owner)
							}
						}
						taken = append(taken, claim)
					}
				})
			})(s, r)
		},
	},
	{
		Name: "token-only-where-api-is-called", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a token that the workload does not need is one that whoever breaks into it has",
		Remedy:    "set automountServiceAccountToken of the pod to false, or bind its account to the role that it needs",
		Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, protecting Pod service account tokens",
		Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
			if mounted, at := tokenMounted(s, pod); mounted && !bound(s, pod) {
				r.Violated(pod, at, "has a token, and no binding of the stack gives its account a permission")
			}
		}),
	},
	{
		Name: "pod-has-own-service-account", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a permission given to an account is one for every pod that shares it, and without the account no pod starts",
		Remedy:    "set serviceAccountName to a ServiceAccount of the stack that no other workload uses",
		Reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
		Stack: func(s *pack.Stack, r *pack.Report) {
			users := map[string]pack.Object{}
			pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
				name, namespace := account(pod), pod.Owner.Namespace()
				if name.Is("", "default") {
					r.Violated(pod, name, "is the account that every pod of the namespace has")
					return
				}
				if _, found := s.Referred("ServiceAccount", namespace, name.Text()); !found {
					r.Violated(pod, name, "is %s, which the stack does not have", name.Text())
				}
				if other, shared := users[namespace+"/"+name.Text()]; shared {
					r.Violated(pod, name, "is %s, which %s uses too", name.Text(), other)
				}
				users[namespace+"/"+name.Text()] = pod.Owner
			})(s, r)
		},
	},
	{
		Name: "pod-states-its-ids", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "an image that changes its user or leaves the group to be root reads files that are meant for others",
		Remedy:    "set runAsUser and runAsGroup of the security context to those of the image, and keep 0 out of fsGroup and supplementalGroups",
		Reference: restricted,
		Kinds:     pack.PodKinds,
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
				if user := c.Security("runAsUser"); user.Set() && user.Int() == 0 {
					return // pod-runs-as-non-root checks root
				} else if !user.Set() {
					r.Violated(c, user, "is not set, so that the image decides")
				}
				if group := c.Security("runAsGroup"); group.Int() == 0 {
					r.Violated(c, group, "is root's group")
				}
			})
			pack.Each(r, pod, []pack.Value{pod.Spec.At("securityContext")}, func(context pack.Value) {
				if user := context.At("runAsUser"); user.Set() && user.Int() == 0 {
					return
				}
				if group := context.At("fsGroup"); group.Set() && group.Int() == 0 {
					r.Violated(pod, group, "is root's group")
				}
				for _, group := range context.At("supplementalGroups").Items() {
					if group.Int() == 0 {
						r.Violated(pod, group, "is root's group")
					}
				}
			})
		},
	},
	{
		Name: "pod-shares-no-processes", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "containers that see each other read the environment and the files of each other, secrets included",
		Remedy:    "leave out shareProcessNamespace",
		Reference: "https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/",
		Kinds:     pack.PodKinds,
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			if setting := pod.Spec.At("shareProcessNamespace"); setting.True() {
				r.Violated(pod, setting, "shows each container the processes of the others")
			}
		},
	},
	{
		Name: "pod-takes-no-service-links", Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason:    "the addresses of all Services of the namespace stand in the environment of whoever breaks into the pod, and may replace variables that it reads",
		Remedy:    "set enableServiceLinks to false; names are found by DNS",
		Reference: "https://kubernetes.io/docs/tutorials/services/connect-applications-service/#accessing-the-service",
		Kinds:     pack.PodKinds,
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			if setting := pod.Spec.At("enableServiceLinks"); !setting.False() {
				r.Violated(pod, setting, "is not false")
			}
		},
	},
	{
		Name: "pod-is-placed-by-the-scheduler", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a pod that names its node passes the scheduler, and with it taints, room and what is to stand apart",
		Remedy:    "leave out nodeName; select the node by its labels",
		Reference: "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename",
		Kinds:     pack.PodKinds,
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			if setting := pod.Spec.At("nodeName"); setting.Text() != "" {
				r.Violated(pod, setting, "passes the scheduler")
			}
		},
	},
	{
		Name: "mount-stays-in-the-container", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "what the node mounts shows in the container, and with Bidirectional what the container mounts shows on the node",
		Remedy:    "leave out mountPropagation",
		Reference: "https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation",
		Kinds:     pack.PodKinds,
		Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
			pack.Each(r, c, c.At("volumeMounts").Items(), func(mount pack.Value) {
				if mode := mount.At("mountPropagation"); !mode.Is("", "None") {
					r.Violated(c, mode, "is %s", mode.Text())
				}
			})
		}),
	},
	{
		Name: "host-path-is-of-the-data", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "an exception for one folder of the node is none for those beside it",
		Remedy:     "mount a PersistentVolumeClaim, or the folder that the stack file names for this workload",
		Reference:  "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
		Kinds:      append([]string{persistentVolume}, pack.PodKinds...),
		Parameters: map[string]any{"folders": []any{}}, // KIND/NAME=FOLDER
		Object: func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, volumes(o), func(volume pack.Value) {
				folder := volume.At("hostPath")
				if at := folder.At("path"); folder.Set() && !slices.ContainsFunc(r.List("folders"), func(one string) bool {
					owner, listed, _ := strings.Cut(one, "=")
					return owner == o.Kind+"/"+o.Name() && within(path.Clean(at.Text()), listed)
				}) {
					r.Violated(o, at, "is %s, which is not listed for %s", at.Text(), o)
				}
			})
		},
	},
	{
		Name: "account-mounts-no-token", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a pod that says nothing itself gets a token of its account, which whoever breaks into it has",
		Remedy:    "set automountServiceAccountToken of the ServiceAccount to false; the pods that ask the API say so themselves",
		Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, protecting Pod service account tokens",
		Kinds:     []string{"ServiceAccount"},
		Object: func(o pack.Object, r *pack.Report) {
			if setting := o.At("automountServiceAccountToken"); !setting.False() {
				r.Violated(o, setting, "is not false")
			}
		},
	},
	{
		Name: "volume-is-mounted", Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason:    "a volume that no container mounts is a slip or a preparation: it brings a Secret or a disk to the node for nothing",
		Remedy:    "remove the volume, or mount it",
		Reference: "https://kubernetes.io/docs/concepts/storage/volumes/",
		Kinds:     pack.PodKinds,
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
				name := volume.At("name").Text()
				if !pack.Some(pod.Containers(), func(c pack.Container) bool {
					return pack.Some(append(c.At("volumeMounts").Items(), c.At("volumeDevices").Items()...), func(mount pack.Value) bool { return mount.At("name").Is(name) })
				}) {
					r.Violated(pod, volume, "is %s, which no container mounts", name)
				}
			})
		},
	},
	{
		Name: "secret-files-are-not-for-all", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "every user of the container reads a file whose mode lets others read it",
		Remedy:    "set defaultMode of the volume to 0440 (288), and the fsGroup of the pod to the group that reads it",
		Reference: "https://kubernetes.io/docs/concepts/configuration/secret/#secret-files-permissions",
		Kinds:     pack.PodKinds,
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
				secret := volume.At("secret")
				if !secret.Set() {
					return
				}
				if mode := secret.At("defaultMode"); !mode.Set() || mode.Int()&othersMay != 0 {
					r.Violated(pod, mode, "lets every user read it")
				}
			})
		},
	},
}...))

// account is the name of the pod's service account; empty where it names none.
func account(pod pack.Pod) pack.Value {
	if name := pod.Spec.At("serviceAccountName"); name.Text() != "" || !pod.Spec.At("serviceAccount").Set() {
		return name
	}
	return pod.Spec.At("serviceAccount") // the field's name of old
}

// tokenMounted reports whether a token for the API server is in the pod's files,
// and which value says so: the pod's, its account's, or a volume's.
func tokenMounted(s *pack.Stack, pod pack.Pod) (bool, pack.Value) {
	for _, volume := range pod.Spec.At("volumes").Items() {
		for _, source := range volume.At("projected", "sources").Items() {
			if token := source.At("serviceAccountToken"); token.Set() && token.At("audience").Text() == "" {
				return true, token
			}
		}
	}
	own := pod.Spec.At("automountServiceAccountToken")
	if own.Set() {
		return own.True(), own
	}
	if of, found := s.Referred("ServiceAccount", pod.Owner.Namespace(), account(pod).Text()); found {
		return !of.At("automountServiceAccountToken").False(), own
	}
	return true, own
}

// bound reports whether the stack gives the pod's account a permission.
func bound(s *pack.Stack, pod pack.Pod) bool {
	name := account(pod).Text()
	return pack.Some(s.Kinds("RoleBinding", "ClusterRoleBinding"), func(binding pack.Object) bool {
		return pack.Some(binding.At("subjects").Items(), func(subject pack.Value) bool {
			return subject.At("kind").Is("ServiceAccount") && subject.At("name").Is(name) &&
				subject.At("namespace").Is(pod.Owner.Namespace())
		})
	})
}

// sources are the types that a volume names: one, or none, which the API
// server takes for an emptyDir.
func sources(volume pack.Value) []string {
	var types []string
	for _, key := range volume.Keys() {
		if key != "name" && volume.At(key).Set() {
			types = append(types, key)
		}
	}
	return types
}

// volumes are those that an object has or is: a volume of the cluster brings
// the node's folders to pods that name a claim only.
func volumes(o pack.Object) []pack.Value {
	if o.Kind == persistentVolume {
		return []pack.Value{o.At("spec")}
	}
	pod, _ := o.Pod()
	return pod.Spec.At("volumes").Items()
}

// safe reports whether a path neither contains nor is contained in one of the
// others.
func safe(of string, forbidden []string) bool {
	if !path.IsAbs(of) {
		return false
	}
	of = path.Clean(of)
	return !slices.ContainsFunc(forbidden, func(one string) bool { return within(of, one) || within(one, of) })
}

func within(inner, outer string) bool {
	return strings.HasPrefix(strings.TrimSuffix(inner, "/")+"/", strings.TrimSuffix(outer, "/")+"/")
}

// hostClaim is a port that a container takes on its node.
type hostClaim struct {
	by           pack.Container
	at           pack.Value
	port         int
	protocol, ip string
	nodes        map[string]string
}

// hostClaims are those of a container. On its node's network every port of it
// is the node's.
func hostClaims(c pack.Container) []hostClaim {
	var claims []hostClaim
	for _, port := range c.At("ports").Items() {
		number := port.At("hostPort")
		if number.Int() == 0 && c.Pod.Spec.At("hostNetwork").True() {
			number = port.At("containerPort")
		}
		if number.Int() != 0 {
			claims = append(claims, hostClaim{
				c, number, number.Int(), port.Protocol(), port.At("hostIP").Text(), c.Pod.Spec.At("nodeSelector").TextMap(),
			})
		}
	}
	return claims
}

// collides reports whether two pods want the same of a node that both may run on.
func (h hostClaim) collides(other hostClaim) bool {
	everywhere := func(ip string) bool { return ip == "" || ip == "0.0.0.0" || ip == "::" }
	for label, value := range h.nodes {
		if theirs, both := other.nodes[label]; both && theirs != value {
			return false
		}
	}
	return h.by.Pod.Owner.URN != other.by.Pod.Owner.URN && h.port == other.port && h.protocol == other.protocol &&
		(h.ip == other.ip || everywhere(h.ip) || everywhere(other.ip))
}
