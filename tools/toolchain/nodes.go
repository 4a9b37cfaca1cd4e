package toolchain

// nodeTools are what real nodes run beside the container runtime, which comes
// from the distribution. Most are in the module of another tool and have a
// name of their own, so that a cluster of simulated nodes does not build them.
func nodeTools() []tool {
	return []tool{
		{name: Node, version: KubernetesVersion, builds: []build{{
			folder:   string(Kubernetes),
			packages: []string{"k8s.io/kubernetes/cmd/kubelet", "k8s.io/kubernetes/cmd/kube-proxy"},
			ldflags:  kubernetesVersionFlags,
		}}},
		{name: Speaker, version: metallbVersion, builds: []build{{
			folder: string(MetalLB), packages: []string{"go.universe.tf/metallb/speaker"}, output: "metallb-speaker",
		}}},
	}
}
