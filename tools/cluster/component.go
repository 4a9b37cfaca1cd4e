package cluster

import (
	"strconv"
	"strings"
)

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

// stopGroups is how many groups of processes end one after the other.
const stopGroups = 4

// stopGroup says who ends before whom: nodes first, then those who write before
// those who store.
func stopGroup(name string) int {
	switch {
	case strings.HasPrefix(name, nodePrefix):
		return 0
	case name == apiServerName:
		return 2
	case name == etcdName:
		return 3
	}
	return 1
}

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
// PodSecurity to check them.
func (c *Cluster) apiServer() component {
	args := append(c.serving(c.ports.APIServer),
		"--etcd-servers="+secure(c.ports.Etcd), "--etcd-cafile="+c.at.pki(fileCA),
		"--etcd-certfile="+c.at.pki(fileAdmin), "--etcd-keyfile="+c.at.pki(fileAdminKey),
		"--client-ca-file="+c.at.pki(fileCA), "--allow-privileged=true",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file="+c.at.pki(fileServiceAccount),
		"--service-account-signing-key-file="+c.at.pki(fileServiceAccount),
		"--service-cluster-ip-range="+serviceRange,
	)
	if c.opts.Nodes == Real {
		return component{apiServerName, c.opts.Programs.APIServer, append(args, c.servingNodes()...)}
	}
	return component{apiServerName, c.opts.Programs.APIServer, append(args,
		"--authorization-mode=RBAC",
		// The address of this machine is never published: an Endpoints object
		// may not hold a loopback one, and a laptop may have no other.
		"--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
	)}
}

// servingNodes makes the API server one that nodes join, that asks their
// kubelets, and that passes requests on to other servers.
func (c *Cluster) servingNodes() []string {
	certificate, key := identityAPIServer.files()
	frontend, frontendKey := identityFrontend.files()
	return []string{
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction", "--enable-bootstrap-token-auth",
		"--bind-address=0.0.0.0", "--advertise-address=" + c.site.bridge.Addr().String(),
		"--kubelet-client-certificate=" + c.at.pki(certificate), "--kubelet-client-key=" + c.at.pki(key),
		"--kubelet-certificate-authority=" + c.at.pki(fileCA), "--kubelet-preferred-address-types=InternalIP",
		"--requestheader-client-ca-file=" + c.at.pki(fileCA), "--requestheader-allowed-names=" + identityFrontend.name,
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + c.at.pki(frontend), "--proxy-client-key-file=" + c.at.pki(frontendKey),
		"--enable-aggregator-routing=true",
	}
}

func (c *Cluster) controllerManager() component {
	args := append(c.serving(c.ports.ControllerManager),
		"--kubeconfig="+c.at.kubeconfig(), "--leader-elect=false", "--kube-api-qps=500", "--kube-api-burst=1000",
		"--root-ca-file="+c.at.pki(fileCA), "--service-account-private-key-file="+c.at.pki(fileServiceAccount),
		"--pvclaimbinder-sync-period=1s",
	)
	if c.opts.Nodes == Real {
		args = append(args, "--controllers=*,tokencleaner",
			"--cluster-signing-cert-file="+c.at.pki(fileCA), "--cluster-signing-key-file="+c.at.pki(fileCAKey))
	}
	return component{controllerManagerName, c.opts.Programs.ControllerManager, args}
}

// metricsServer asks the kubelets what pods use, for the autoscaler.
func (c *Cluster) metricsServer() component {
	return component{metricsName, c.opts.Programs.MetricsServer, []string{
		"--kubeconfig=" + c.at.metricsKubeconfig(), "--authentication-kubeconfig=" + c.at.metricsKubeconfig(),
		"--authorization-kubeconfig=" + c.at.metricsKubeconfig(),
		"--secure-port=" + strconv.Itoa(c.ports.Metrics), "--tls-cert-file=" + c.at.pki(fileServer), "--tls-private-key-file=" + c.at.pki(fileServerKey),
		"--kubelet-certificate-authority=" + c.at.pki(fileCA), "--kubelet-preferred-address-types=InternalIP", "--metric-resolution=10s", "--kubelet-request-timeout=5s",
	}}
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
