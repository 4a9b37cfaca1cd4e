package toolchain

import (
	"context"
	"slices"
)

// Name names a tool: one folder under tools/ with its own go.mod, except that
// the language host belongs to [Pulumi].
type Name string

// The tools of the project.
const (
	Pulumi             Name = "pulumi" // the CLI and, beside it, the Go language host
	ProviderKubernetes Name = "pulumi-resource-kubernetes"
	ProviderRandom     Name = "pulumi-resource-random"
	Kubernetes         Name = "kubernetes" // API server, controller manager, scheduler, kubectl
	Etcd               Name = "etcd"
	Kwok               Name = "kwok"
	CRDs               Name = "crds"    // YAML files, no program
	MetalLB            Name = "metallb" // its controller and the YAML files of its kinds
	Node               Name = "node"    // kubelet and kube-proxy, of the module of [Kubernetes]
	CoreDNS            Name = "coredns" // static, for a container that holds nothing else
	NetworkPolicies    Name = "network-policies"
	MetricsServer      Name = "metrics-server"
	Crictl             Name = "crictl"  // asks a node's container runtime
	Speaker            Name = "speaker" // what announces the addresses that [MetalLB] gives, of the same module
	GolangciLint       Name = "golangci-lint"
	Promtool           Name = "promtool"
)

// The groups of tools.
var (
	Engine       = []Name{Pulumi, ProviderKubernetes, ProviderRandom}            // runs the program
	Cluster      = []Name{Kubernetes, Etcd, Kwok, CRDs}                          // the embedded cluster
	LoadBalancer = []Name{MetalLB}                                               // beside [Cluster], where a topology has load balancers
	Nodes        = []Name{Node, CoreDNS, NetworkPolicies, MetricsServer, Crictl} // beside [Cluster], where nodes are real
	Speakers     = []Name{Speaker}                                               // beside [LoadBalancer] and [Nodes], where both are
	Lint         = []Name{GolangciLint, Promtool}                                // checks source and rules
)

// KubernetesVersion is that of the embedded cluster and of kubectl.
const KubernetesVersion = "1.35.4"

const (
	pulumiVersion             = "3.259.0"
	providerKubernetesVersion = "4.29.0"
	providerRandomVersion     = "4.21.2"
	etcdVersion               = "3.6.5"
	kwokVersion               = "0.8.0"
	crdsVersion               = "1" // of the selection in crds.go; the modules have their own
	metallbVersion            = "0.15.2"
	corednsVersion            = "1.13.1"
	kubeRouterVersion         = "2.1.0" // of the controller in network-policies
	metricsServerVersion      = "0.8.0"
	crictlVersion             = "1.34.0"
	golangciLintVersion       = "2.15.0"
	promtoolVersion           = "0.315.0"
)

// kubernetesVersionFlags stamp a program of Kubernetes. Unstamped, it calls
// itself v0.0.0-master, which clients that check the version refuse.
const kubernetesVersionFlags = "-X k8s.io/component-base/version.gitVersion=v" + KubernetesVersion +
	" -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=35"

// tool is one thing that the toolchain makes.
type tool struct {
	name    Name
	version string
	builds  []build  // programs; none for a tool that is only copied
	plugin  string   // the resource plugin it is for the CLI; empty if none
	copies  []source // files out of modules
}

// build is one run of go build in a folder under tools/.
type build struct {
	folder   string
	packages []string
	output   string                                                // program name; empty: each package's last element
	ldflags  string                                                // beside -s -w
	static   bool                                                  // links no shared library
	overlay  func(context.Context, job) (map[string][]byte, error) // files that go build is to see in the folder
	wrapper  string                                                // shell script to install under the program's name
}

// projectTools is the catalogue of this project, in the order in which it is
// built: first what most commands need.
func projectTools() []tool {
	return slices.Concat(engineTools(), clusterTools(), loadBalancerTools(), nodeTools(), lintTools())
}

func engineTools() []tool {
	const k8sProvider = "github.com/pulumi/pulumi-kubernetes/provider/v4"
	return []tool{
		{name: Pulumi, version: pulumiVersion, builds: []build{
			{folder: "pulumi", packages: []string{"github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"}},
			{
				folder: "pulumi-language-go", wrapper: languageHostWrapper,
				packages: []string{"github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go"},
			},
		}},
		{name: ProviderRandom, version: providerRandomVersion, plugin: "random", builds: []build{{
			folder: "pulumi-resource-random", packages: []string{"."}, output: "pulumi-resource-random",
			ldflags: "-X main.version=" + providerRandomVersion,
		}}},
		{name: ProviderKubernetes, version: providerKubernetesVersion, plugin: "kubernetes", builds: []build{{
			folder: "pulumi-resource-kubernetes", packages: []string{"."}, output: "pulumi-resource-kubernetes",
			ldflags: "-X main.version=" + providerKubernetesVersion +
				" -X " + k8sProvider + "/pkg/version.Version=" + providerKubernetesVersion,
			overlay: providerSchemas,
		}}},
	}
}

func clusterTools() []tool {
	return []tool{
		{name: Etcd, version: etcdVersion, builds: []build{{
			folder: "etcd", packages: []string{"go.etcd.io/etcd/server/v3"}, output: "etcd",
		}}},
		{name: Kubernetes, version: KubernetesVersion, builds: []build{{
			folder: "kubernetes",
			packages: []string{
				"k8s.io/kubernetes/cmd/kube-apiserver", "k8s.io/kubernetes/cmd/kube-controller-manager",
				"k8s.io/kubernetes/cmd/kube-scheduler", "k8s.io/kubernetes/cmd/kubectl",
			},
			ldflags: kubernetesVersionFlags,
		}}},
		{name: Kwok, version: kwokVersion, builds: []build{{
			folder: "kwok", packages: []string{"sigs.k8s.io/kwok/cmd/kwok"},
		}}},
		{name: CRDs, version: crdsVersion, copies: crdSources},
	}
}

// loadBalancerTools has the definitions in the tool, not in [CRDs]: a cluster
// without the controller is spared the 0.2 s that they take at its start, and
// go.mod keeps both at one version.
func loadBalancerTools() []tool {
	return []tool{{
		name: MetalLB, version: metallbVersion, copies: metallbSources,
		builds: []build{{
			folder: "metallb", packages: []string{"go.universe.tf/metallb/controller"}, output: "metallb-controller",
		}},
	}}
}

func lintTools() []tool {
	return []tool{
		{name: GolangciLint, version: golangciLintVersion, builds: []build{{
			folder: "golangci-lint", packages: []string{"github.com/golangci/golangci-lint/v2/cmd/golangci-lint"},
		}}},
		{name: Promtool, version: promtoolVersion, builds: []build{{
			folder: "promtool", packages: []string{"github.com/prometheus/prometheus/cmd/promtool"},
		}}},
	}
}
