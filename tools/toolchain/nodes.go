package toolchain

// nodePrograms is the folder of what real nodes run beside Kubernetes' own
// programs. Its go.mod has the very versions of that of [Kubernetes] wherever
// both have a module, so that nine packages in ten are in Go's build cache.
const nodePrograms = "node-programs"

// nodeTools are what real nodes run beside the container runtime, which comes
// from the distribution. Kubelet and speaker are in the modules of other tools
// and have names of their own, so that a cluster of simulated nodes does not
// build them.
func nodeTools() []tool {
	return []tool{
		{name: Node, version: KubernetesVersion, builds: []build{{
			folder:   string(Kubernetes),
			packages: []string{"k8s.io/kubernetes/cmd/kubelet", "k8s.io/kubernetes/cmd/kube-proxy"},
			ldflags:  kubernetesVersionFlags,
		}}},
		{name: CoreDNS, version: corednsVersion, builds: []build{{
			folder: nodePrograms, packages: []string{"./coredns"}, static: true,
		}}},
		{name: NetworkPolicies, version: kubeRouterVersion, builds: []build{{
			folder: nodePrograms, packages: []string{"./network-policies"},
		}}},
		{name: MetricsServer, version: metricsServerVersion, builds: []build{{
			folder: nodePrograms, packages: []string{"./metrics-server"},
		}}},
		{name: Crictl, version: crictlVersion, builds: []build{{
			folder: nodePrograms, packages: []string{"sigs.k8s.io/cri-tools/cmd/crictl"},
			ldflags: "-X sigs.k8s.io/cri-tools/pkg/version.Version=v" + crictlVersion,
		}}},
		{name: Speaker, version: metallbVersion, builds: []build{{
			folder: string(MetalLB), packages: []string{"go.universe.tf/metallb/speaker"}, output: "metallb-speaker", static: true,
		}}},
	}
}
