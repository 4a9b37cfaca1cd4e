package cluster

import (
	"errors"
	"fmt"
	"os"

	"platform/tools/toolchain"
)

// Programs are the paths of what a cluster is made of.
type Programs struct {
	Etcd              string
	APIServer         string
	ControllerManager string
	Scheduler         string
	Kwok              string
	CRDs              string // folder of CustomResourceDefinitions; empty means none
}

// ProgramsOf takes the paths from a toolchain that has the tools of
// [toolchain.Cluster].
func ProgramsOf(t *toolchain.Toolchain) Programs {
	return Programs{
		Etcd:              t.Path("etcd"),
		APIServer:         t.Path("kube-apiserver"),
		ControllerManager: t.Path("kube-controller-manager"),
		Scheduler:         t.Path("kube-scheduler"),
		Kwok:              t.Path("kwok"),
		CRDs:              t.CRDs(),
	}
}

func (p Programs) validate() error {
	var faults []error
	for _, one := range []struct{ name, path string }{
		{"etcd", p.Etcd},
		{"kube-apiserver", p.APIServer},
		{"kube-controller-manager", p.ControllerManager},
		{"kube-scheduler", p.Scheduler},
		{"kwok", p.Kwok},
	} {
		if _, err := os.Stat(one.path); err != nil {
			faults = append(faults, fmt.Errorf("program %s: %w; make the toolchain's cluster group first", one.name, err))
		}
	}
	return errors.Join(faults...)
}
