package cluster

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

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
	LoadBalancer      string // MetalLB's controller; needed where the topology has load balancers
	LoadBalancerCRDs  string // folder of the definitions of its kinds; as LoadBalancer

	// Of real nodes alone.
	Kubelet         string
	KubeProxy       string
	NetworkPolicies string // what enforces them
	MetricsServer   string
	Crictl          string // what asks a node's container runtime
}

// ProgramsOf takes the paths from a toolchain that has the tools of
// [toolchain.Cluster] and, for a topology with load balancers, of
// [toolchain.LoadBalancer].
func ProgramsOf(t *toolchain.Toolchain) Programs {
	return Programs{
		Etcd:              t.Path("etcd"),
		APIServer:         t.Path("kube-apiserver"),
		ControllerManager: t.Path("kube-controller-manager"),
		Scheduler:         t.Path("kube-scheduler"),
		Kwok:              t.Path("kwok"),
		CRDs:              t.CRDs(),
		LoadBalancer:      t.Path(loadBalancerName),
		LoadBalancerCRDs:  t.LoadBalancerCRDs(),
		Kubelet:           t.Path("kubelet"),
		KubeProxy:         t.Path("kube-proxy"),
		NetworkPolicies:   t.Path("network-policies"),
		MetricsServer:     t.Path(metricsName),
		Crictl:            t.Path("crictl"),
	}
}

// nodeFolders are where a node's programs lie that are not the distribution's.
func (p Programs) nodeFolders() []string {
	var folders []string
	for _, program := range []string{p.Kubelet, p.NetworkPolicies, p.Crictl} {
		if folder := filepath.Dir(program); program != "" && !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	return folders
}

// runtimeProgram is the path of containerd.
func (p Programs) runtimeProgram() string {
	path, err := exec.LookPath("containerd")
	if err != nil {
		return "/usr/bin/containerd"
	}
	return path
}

// validateReal checks what only real nodes need, the distribution's programs
// included.
func (p Programs) validateReal() error {
	wanted := map[string]string{"kubelet": p.Kubelet, "kube-proxy": p.KubeProxy, "network-policies": p.NetworkPolicies, "crictl": p.Crictl, metricsName: p.MetricsServer}
	problems := []error{RealNodesError()}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if _, err := os.Stat(wanted[name]); err != nil {
			problems = append(problems, fmt.Errorf("program %s: %w; make the toolchain's group of nodes first", name, err))
		}
	}
	return errors.Join(problems...)
}

func (p Programs) validate() error {
	var problems []error
	for _, one := range []struct{ name, path string }{
		{"etcd", p.Etcd},
		{"kube-apiserver", p.APIServer},
		{"kube-controller-manager", p.ControllerManager},
		{"kube-scheduler", p.Scheduler},
		{"kwok", p.Kwok},
	} {
		if _, err := os.Stat(one.path); err != nil {
			problems = append(problems, fmt.Errorf("program %s: %w; make the toolchain's cluster group first", one.name, err))
		}
	}
	return errors.Join(problems...)
}

// validateLoadBalancer checks what only a topology with load balancers needs.
func (p Programs) validateLoadBalancer() error {
	for _, path := range []string{p.LoadBalancer, p.LoadBalancerCRDs} {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("program %s: %w; make the toolchain's load balancer group first, or leave topology.loadBalancer.namespace empty",
				loadBalancerName, err)
		}
	}
	return nil
}
