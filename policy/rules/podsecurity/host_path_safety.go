package podsecurity

import (
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostPathSafety = pack.Rule{
	Name: "host-path-is-safe", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "who mounts the node's system folders, or the socket of its container runtime, has the node",
	Remedy:    "name a folder that holds data alone, by its full path, with type Directory, DirectoryOrCreate, File or FileOrCreate",
	Reference: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
	Kinds:     append([]string{persistentVolume}, pack.PodKinds...),
	// What is above one of these is forbidden as what is below it.
	Parameters: map[string]any{"forbidden": []any{
		"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/usr",
		"/var/lib/containerd", "/var/lib/docker", "/var/lib/etcd", "/var/lib/kubelet", "/var/lib/rancher/k3s/agent", "/var/lib/rancher/k3s/server",
		"/var/log", "/var/run",
	}},
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
}

// safe tells whether a path neither contains nor is contained in one of the
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
