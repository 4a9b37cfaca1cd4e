package components

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// exemptionAnnotation tells whoever looks at a pod why it may do more than
// others.
const exemptionAnnotation = "platform/exemption"

// Exemption is what one component's pods may do beyond the hardening that all
// others have, and why. The zero value allows nothing.
type Exemption struct {
	Reason      string   // for the reader of a pod or a review; required with any of the rest
	Root        bool     // runs as root, still without a single capability
	HostNetwork bool     // uses its node's addresses and ports
	HostPaths   []string // folders of its node that it mounts
	Privileged  bool     // has every right on its node, and sees its processes
}

func (e Exemption) any() bool {
	return e.Root || e.HostNetwork || len(e.HostPaths) > 0 || e.Privileged
}

// Validate returns every fault at once.
func (e Exemption) Validate() error {
	var faults []error
	if e.any() && e.Reason == "" {
		faults = append(faults, errors.New("exemption: gives no reason; say why the component needs it"))
	}
	if !e.any() && e.Reason != "" {
		faults = append(faults, errors.New("exemption: has a reason and allows nothing; remove it"))
	}
	if e.Privileged && !e.Root {
		faults = append(faults, errors.New("exemption: privileged without root does nothing; set both"))
	}
	for _, folder := range e.HostPaths {
		if !path.IsAbs(folder) || path.Clean(folder) != folder || ofTheNode(folder) {
			faults = append(faults, fmt.Errorf("exemption: hostPath %q is none of the component's own; name a folder such as /data/NAME", folder))
		}
	}
	return errors.Join(faults...)
}

// ofTheNode tells whether a folder is the system's: what is there runs the
// node, or leads to whoever does.
func ofTheNode(folder string) bool {
	for _, own := range []string{"/boot", "/dev", "/etc", "/proc", "/root", "/run", "/sys", "/usr", "/var/lib/kubelet", "/var/lib/rancher", "/var/run"} {
		if folder == own || strings.HasPrefix(folder, own+"/") || strings.HasPrefix(own, strings.TrimSuffix(folder, "/")+"/") {
			return true
		}
	}
	return folder == "/"
}

// covers returns a fault for each folder of the node that is mounted without
// being listed.
func (e Exemption) covers(volumes map[string]Volume) error {
	var faults []error
	for _, volume := range volumes {
		if volume.hostPath != "" && !slices.Contains(e.HostPaths, volume.hostPath) {
			faults = append(faults, fmt.Errorf("volume %q: %s is a folder of the node; list it in the exemption's hostPaths", volume.name, volume.hostPath))
		}
	}
	return errors.Join(faults...)
}
