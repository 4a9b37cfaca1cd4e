package config

import (
	"net/netip"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Common is what every stack has, whichever platform it deploys.
type Common struct {
	Protect  bool     `key:"protect"` // protect and retain on delete whatever holds data or an address
	Cluster  Cluster  `key:"cluster"`
	Topology Topology `key:"topology"`
	Secrets  Secrets  `key:"secrets"`
	Render   Render   `key:"render"`
	GitOps   GitOps   `key:"gitops"`
	Waivers  []Waiver `key:"waivers"` // of what the next deployment may delete or replace

	Policy map[string]PolicySetting `key:"policy"` // by rule of the policy pack
}

// PolicySetting replaces parameters of one rule of the policy pack for this
// stack.
type PolicySetting struct {
	Reason     string              `key:"reason"`     // a sentence
	Parameters map[string][]string `key:"parameters"` // by name; one text where the parameter is no list
}

// Cluster names the one Kubernetes cluster that a stack may touch.
type Cluster struct {
	Context    string `key:"context"`    // context of the kubeconfig; never its current one
	UID        string `key:"uid"`        // UID of the namespace kube-system; empty is not checked
	Kubeconfig string `key:"kubeconfig"` // path; empty means KUBECONFIG, then ~/.kube/config
}

// Render asks for plain manifests in the place of a deployment.
type Render struct {
	Directory string `key:"directory"` // empty means deploy; else one file an object is written here
}

// Topology is what the cluster offers to workloads: nodes, storage and the
// ingress controller. The embedded cluster starts from the same data.
type Topology struct {
	Nodes             []Node            `key:"nodes"`
	StorageClasses    []StorageClass    `key:"storageClasses"`
	IngressController IngressController `key:"ingressController"`
	LoadBalancer      LoadBalancer      `key:"loadBalancer"`
	DNS               DNS               `key:"dns"`
	NodeNetwork       netip.Prefix      `key:"nodeNetwork"` // that the nodes' addresses lie in
	PodNetwork        netip.Prefix      `key:"podNetwork"`  // that the pods' addresses lie in
}

// LoadBalancer tells where the controller runs that gives addresses to
// Services of type LoadBalancer: MetalLB.
type LoadBalancer struct {
	Namespace string `key:"namespace"` // empty means that the cluster has none
}

// DNS tells where names are resolved, so that network policies can let every
// pod ask there: at pods, and at addresses where a node answers itself, as
// NodeLocal DNSCache does.
type DNS struct {
	Namespace string            `key:"namespace"` // default kube-system
	Labels    map[string]string `key:"labels"`    // of its pods; default k8s-app: kube-dns
	Port      int               `key:"port"`      // that its pods listen on; default 53
	Addresses []netip.Addr      `key:"addresses"` // that answer beside them, at port 53; none by default
}

// Node is one machine of the cluster.
type Node struct {
	Name         string            `key:"name"`
	Address      netip.Addr        `key:"address"`      // on the nodes' network; empty where nothing refers to it
	Architecture string            `key:"architecture"` // amd64 or arm64
	Labels       map[string]string `key:"labels"`       // beside those that Kubernetes sets itself
	Taints       []Taint           `key:"taints"`
	CPU          resource.Quantity `key:"cpu"`
	Memory       resource.Quantity `key:"memory"`
	Pods         int               `key:"pods"` // how many it takes; 0 means 110, the kubelet's default
}

// Taint keeps pods off a node unless they tolerate it.
type Taint struct {
	Key    string `key:"key"`
	Value  string `key:"value"`
	Effect string `key:"effect"` // NoSchedule, PreferNoSchedule or NoExecute
}

// StorageClass is a class of volumes that the cluster provides.
type StorageClass struct {
	Name        string `key:"name"`
	Default     bool   `key:"default"`
	Provisioner string `key:"provisioner"`
}

// IngressController tells where the pods that serve the edge run, so that
// network policies can let exactly them in.
type IngressController struct {
	Namespace string            `key:"namespace"`
	Labels    map[string]string `key:"labels"` // of its pods; none means every pod of the namespace
}

// Resources are what one container asks for and may use at most.
type Resources struct {
	Requests Amounts `key:"requests"`
	Limits   Amounts `key:"limits"`
}

// Amounts are quantities of computing resources.
type Amounts struct {
	CPU    resource.Quantity `key:"cpu"`
	Memory resource.Quantity `key:"memory"`
}
