// Package exceptions lists which objects may break which rules, and why.
package exceptions

import "platform/policy/pack"

// eddCloud are the stacks of Edd Cloud. Those of the co2-calculator need no
// exception.
var eddCloud = []string{"k3s", "k3s-local"}

// Why the pods of Edd Cloud that are exempt from hardening are: the reasons of
// the program, which writes them on the pods.
const (
	whyMaster      = "its data lie in a folder of the node that is root's, and its program in root's home of the image"
	whyChunkserver = "as gfs-master; clients on the nodes' network reach each chunkserver at its node's own address"
	whyNATS        = "the image names no user, and the streams on its volume were written by root"
	whyCleanup     = "removes images from the node's container runtime, which obeys root of the node alone"
)

// Why a service of Edd Cloud has one pod.
const (
	whyOnePod = "the platform's description has one; who makes it two changes its replicas and takes this out"
	whyBeside = "it stands on the node of the one database that it leads to, and falls with it in any case"
)

// whyIsolation is why one policy of Edd Cloud is for all pods.
const whyIsolation = "the platform's description isolates the namespace as a whole, and leaves its pods open to each other and to the nodes"

// whyAnybodys is why MetalLB's objects have no application's labels.
const whyAnybodys = "the pool serves whatever asks for an address, and so is no application's"

// All are the pack's, sorted by rule. One that a stack no longer needs is a
// finding of [AreUsed].
var All = pack.Exceptions{
	{Rule: "container-drops-capabilities", Stacks: eddCloud, Kind: "CronJob", Name: "image-cleanup", Reason: whyCleanup},
	{Rule: "container-gains-no-privileges", Stacks: eddCloud, Kind: "CronJob", Name: "image-cleanup", Reason: whyCleanup},
	{Rule: "container-is-not-privileged", Stacks: eddCloud, Kind: "CronJob", Name: "image-cleanup", Reason: whyCleanup},
	{Rule: "container-takes-no-host-port", Stacks: eddCloud, Kind: "DaemonSet", Name: "gfs-chunkserver", Reason: whyChunkserver},
	{
		Rule: "namespace-denies-egress-by-default", Stacks: eddCloud, Kind: "Namespace", Name: "core",
		Reason: "the platform's description isolates it from what comes in; what goes out are users' containers and the internet",
	},
	{
		Rule: "namespace-enforces-a-level", Stacks: eddCloud, Kind: "Namespace", Name: "core",
		Reason: "Pod Security knows one level for all pods of a namespace, and the chunkservers and image-cleanup need privileged",
	},
	{
		Rule: "namespace-has-a-quota", Stacks: eddCloud, Kind: "Namespace", Name: "core",
		Reason: "the platform's description gives it none: the nodes are there for these pods, each of which has limits",
	},
	{Rule: "object-has-standard-labels", Stacks: eddCloud, Kind: "IPAddressPool", Name: "compute-pool", Reason: whyAnybodys},
	{Rule: "object-has-standard-labels", Stacks: eddCloud, Kind: "L2Advertisement", Name: "compute-l2", Reason: whyAnybodys},
	{Rule: "pod-keeps-off-host-network", Stacks: eddCloud, Kind: "DaemonSet", Name: "gfs-chunkserver", Reason: whyChunkserver},
	{Rule: "pod-keeps-off-host-processes", Stacks: eddCloud, Kind: "CronJob", Name: "image-cleanup", Reason: whyCleanup},
	{Rule: "pod-mounts-no-host-path", Stacks: eddCloud, Kind: "DaemonSet", Name: "gfs-chunkserver", Reason: whyChunkserver},
	{Rule: "pod-mounts-no-host-path", Stacks: eddCloud, Kind: "Deployment", Name: "gfs-master", Reason: whyMaster},
	{Rule: "pod-runs-as-non-root", Stacks: eddCloud, Kind: "CronJob", Name: "image-cleanup", Reason: whyCleanup},
	{Rule: "pod-runs-as-non-root", Stacks: eddCloud, Kind: "DaemonSet", Name: "gfs-chunkserver", Reason: whyChunkserver},
	{Rule: "pod-runs-as-non-root", Stacks: eddCloud, Kind: "Deployment", Name: "gfs-master", Reason: whyMaster},
	{Rule: "pod-runs-as-non-root", Stacks: eddCloud, Name: "nats", Reason: whyNATS}, // a Deployment, or of three servers a StatefulSet
	{Rule: "policy-for-all-pods-opens-dns-only", Stacks: eddCloud, Kind: "NetworkPolicy", Name: "core-isolation", Reason: whyIsolation},
	{Rule: "policy-names-its-peers", Stacks: eddCloud, Kind: "NetworkPolicy", Name: "core-isolation", Reason: whyIsolation},
	{Rule: "policy-names-its-ports", Stacks: eddCloud, Kind: "NetworkPolicy", Name: "core-isolation", Reason: whyIsolation},
	{
		Rule: "role-cannot-enter-pods", Stacks: eddCloud, Kind: "ClusterRole", Name: "cluster-monitor",
		Reason: "it shows the load of nodes, which the kubelet tells through its proxy alone; it may only get and list",
	},
	{
		Rule: "role-cannot-enter-pods", Stacks: eddCloud, Kind: "ClusterRole", Name: "edd-compute",
		Reason: "it runs the containers of its users, each user's in a namespace of its own, and opens terminals in them",
	},
	{
		Rule: "role-reads-secrets-by-name", Stacks: eddCloud, Kind: "ClusterRole", Name: "edd-compute",
		Reason: "it makes and reads the Secrets of its users' containers, in namespaces that do not exist yet",
	},
	{
		Rule: "service-stays-in-the-cluster", Stacks: eddCloud, Kind: "Service", Name: "gateway",
		Reason: "it is the platform's edge: the one Service with an address on the network",
	},
	{
		Rule: "service-stays-in-the-cluster", Stacks: eddCloud, Kind: "Service", Name: "gfs-master",
		Reason: "the chunkservers are on their nodes' network and ask the master at port 30900 of its node",
	},
	{Rule: "serving-pods-are-two", Stacks: []string{"k3s"}, Kind: "Deployment", Name: "alerting-service", Reason: whyOnePod},
	{Rule: "serving-pods-are-two", Stacks: []string{"k3s"}, Kind: "Deployment", Name: "auth-service", Reason: whyOnePod},
	{Rule: "serving-pods-are-two", Stacks: []string{"k3s"}, Kind: "Deployment", Name: "gateway", Reason: whyOnePod},
	{Rule: "serving-pods-are-two", Stacks: []string{"k3s"}, Kind: "Deployment", Name: "haproxy", Reason: whyBeside},
	{Rule: "serving-pods-are-two", Stacks: []string{"k3s"}, Kind: "Deployment", Name: "log-service", Reason: whyOnePod},
	{Rule: "serving-pods-are-two", Stacks: []string{"k3s"}, Kind: "Deployment", Name: "notification-service", Reason: whyOnePod},
}
