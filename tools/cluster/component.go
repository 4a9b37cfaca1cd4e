package cluster

import "strconv"

// component is one program of the cluster with its arguments.
type component struct {
	name    string
	program string
	args    []string
}

// The components, by the names of their logs.
const (
	etcdName              = "etcd"
	apiServerName         = "kube-apiserver"
	controllerManagerName = "kube-controller-manager"
	schedulerName         = "kube-scheduler"
	kwokName              = "kwok"
	loadBalancerName      = "metallb-controller"
)

// stopOrder says who ends before whom: those who write before those who store.
var stopOrder = [][]string{{kwokName, loadBalancerName, schedulerName, controllerManagerName}, {apiServerName}, {etcdName}}

// fakeNode is the annotation of the nodes that kwok plays. Others are left
// alone.
const (
	fakeNodeKey   = "kwok.x-k8s.io/node"
	fakeNodeValue = "fake"
)

// etcd trusts only certificates of the cluster, on the peer port too: other
// users of the machine reach loopback as well. It need not survive a power
// cut, so it does not wait for the disk.
func (c *Cluster) etcd() component {
	client, peer := secure(c.ports.Etcd), secure(c.ports.EtcdPeer)
	ca, cert, key := c.at.pki(fileCA), c.at.pki(fileServer), c.at.pki(fileServerKey)
	return component{etcdName, c.opts.Programs.Etcd, []string{
		"--name=embedded", "--data-dir=" + c.at.etcdData(), "--unsafe-no-fsync", "--log-level=warn",
		"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
		"--trusted-ca-file=" + ca, "--cert-file=" + cert, "--key-file=" + key, "--client-cert-auth",
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer, "--initial-cluster=embedded=" + peer,
		"--peer-trusted-ca-file=" + ca, "--peer-cert-file=" + cert, "--peer-key-file=" + key, "--peer-client-cert-auth",
	}}
}

// apiServer admits as a server does by default, so with PodSecurity,
// ResourceQuota and LimitRanger. Privileged pods are allowed here for
// PodSecurity to judge them.
func (c *Cluster) apiServer() component {
	return component{apiServerName, c.opts.Programs.APIServer, append(c.serving(c.ports.APIServer),
		"--etcd-servers="+secure(c.ports.Etcd), "--etcd-cafile="+c.at.pki(fileCA),
		"--etcd-certfile="+c.at.pki(fileAdmin), "--etcd-keyfile="+c.at.pki(fileAdminKey),
		"--client-ca-file="+c.at.pki(fileCA), "--authorization-mode=RBAC", "--allow-privileged=true",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file="+c.at.pki(fileServiceAccount),
		"--service-account-signing-key-file="+c.at.pki(fileServiceAccount),
		"--service-cluster-ip-range="+serviceRange,
		// The address of this machine is never published: an Endpoints object
		// may not hold a loopback one, and a laptop may have no other.
		"--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
	)}
}

func (c *Cluster) controllerManager() component {
	return component{controllerManagerName, c.opts.Programs.ControllerManager, append(c.serving(c.ports.ControllerManager),
		"--kubeconfig="+c.at.kubeconfig(), "--leader-elect=false", "--kube-api-qps=500", "--kube-api-burst=1000",
		"--root-ca-file="+c.at.pki(fileCA), "--service-account-private-key-file="+c.at.pki(fileServiceAccount),
		"--pvclaimbinder-sync-period=1s",
	)}
}

func (c *Cluster) scheduler() component {
	return component{schedulerName, c.opts.Programs.Scheduler, append(c.serving(c.ports.Scheduler),
		"--kubeconfig="+c.at.kubeconfig(), "--leader-elect=false", "--kube-api-qps=500", "--kube-api-burst=1000",
	)}
}

func (c *Cluster) kwok() component {
	return component{kwokName, c.opts.Programs.Kwok, []string{
		"--kubeconfig=" + c.at.kubeconfig(), "--config=" + c.at.stages(),
		"--manage-all-nodes=false", "--manage-nodes-with-annotation-selector=" + fakeNodeKey + "=" + fakeNodeValue,
		// Without leases the controllers take every node for lost after 50 s.
		"--node-lease-duration-seconds=40",
		"--cidr=" + podNetwork(c.opts.Topology).String(), "--node-ip=127.0.0.1", "--server-address=" + loopback(c.ports.Kwok),
	}}
}

// serving makes a server listen on loopback only, with the cluster's
// certificate.
func (c *Cluster) serving(port int) []string {
	return []string{
		"--bind-address=127.0.0.1", "--secure-port=" + strconv.Itoa(port),
		"--tls-cert-file=" + c.at.pki(fileServer), "--tls-private-key-file=" + c.at.pki(fileServerKey),
	}
}
