package cluster

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"

	"sigs.k8s.io/yaml"

	"platform/tools/cluster/machine"
	"platform/tools/images"
)

// Where a node finds what it is configured by, and what others expect.
const (
	nodeFolder       = "/etc/platform"
	runtimeSocket    = "/run/containerd/containerd.sock"
	k3sSocket        = "/run/k3s/containerd/containerd.sock" // where K3s keeps it
	runtimeData      = "/var/lib/containerd"
	clusterDomain    = "cluster.local"
	dnsAddress       = "10.96.0.10" // of the range of Services, as everybody expects it
	pauseImage       = images.PauseImage
	kubeProxyMetrics = "127.0.0.1:10249"
)

// shownSettings are settings of the whole kernel that a kubelet makes. It reads
// that they are made, and this machine's stay as they are.
var shownSettings = map[string]string{
	"/proc/sys/vm/overcommit_memory":      "1\n",
	"/proc/sys/vm/panic_on_oom":           "0\n",
	"/proc/sys/kernel/panic":              "10\n",
	"/proc/sys/kernel/panic_on_oops":      "1\n",
	"/proc/sys/kernel/keys/root_maxkeys":  "1000000\n",
	"/proc/sys/kernel/keys/root_maxbytes": "25000000\n",
}

// runtimeConfig is containerd's. Without the right to raise the kernel's
// priorities, which machines in machines lack, no pod would start but for
// restrict_oom_score_adj. Whatever registry an image names, the control plane's
// is asked: hosts.toml, which is newer, knows no such default in version 1.6.
func runtimeConfig(plugins, registry string) []byte {
	return fmt.Appendf(nil, `version = 2
root = %q
state = "/run/containerd"
oom_score = 0

[grpc]
  address = %q

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = %q
  restrict_oom_score_adj = true
  disable_apparmor = true

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."*"]
  endpoint = [%q]

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = false
  Root = "/run/runc"

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = %q
  conf_dir = "/etc/cni/net.d"
`, runtimeData, runtimeSocket, pauseImage, registry, plugins)
}

// podNetworkConfig joins pods to a bridge of the node. Addresses are not
// translated: every node has a route to every pod.
func (s seat) podNetworkConfig() []byte {
	return asJSON(map[string]any{
		"cniVersion": "0.4.0", "name": "pods",
		"plugins": []any{
			map[string]any{
				"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true, "mtu": 1500,
				"ipam": map[string]any{
					"type": "host-local", "dataDir": "/run/cni",
					"ranges": []any{[]any{map[string]any{"subnet": s.pods.String()}}},
					"routes": []any{map[string]any{"dst": "0.0.0.0/0"}},
				},
			},
			map[string]any{"type": "portmap", "capabilities": map[string]any{"portMappings": true}},
		},
	})
}

// kubeletConfig is as on a real cluster but for what machines in a machine ask:
// groups of their own, no eviction for a disk that all share, and images that
// nobody could pull again.
func (s seat) kubeletConfig(group string) ([]byte, error) {
	pods := s.Pods
	if pods == 0 {
		pods = defaultPods
	}
	return yaml.Marshal(map[string]any{
		"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
		"authentication": map[string]any{
			"anonymous": map[string]any{"enabled": false},
			"webhook":   map[string]any{"enabled": true},
			"x509":      map[string]any{"clientCAFile": nodeFolder + "/ca.crt"},
		},
		"authorization":               map[string]any{"mode": "Webhook"},
		"cgroupDriver":                "cgroupfs",
		"cgroupRoot":                  group,
		"failCgroupV1":                false,
		"clusterDNS":                  []string{dnsAddress},
		"clusterDomain":               clusterDomain,
		"containerRuntimeEndpoint":    "unix://" + runtimeSocket,
		"enforceNodeAllocatable":      []string{"pods"},
		"evictionHard":                map[string]string{"memory.available": "50Mi", "nodefs.available": "1%", "nodefs.inodesFree": "1%", "imagefs.available": "1%"},
		"imageGCHighThresholdPercent": 100,
		"maxPods":                     pods,
		"oomScoreAdj":                 0,
		"registerNode":                true,
		"resolvConf":                  nodeFolder + "/resolv.conf",
		"rotateCertificates":          true,
		"serverTLSBootstrap":          true,
		"serializeImagePulls":         false,
		"shutdownGracePeriod":         "0s",
		"syncFrequency":               "10s",
		"nodeStatusUpdateFrequency":   "5s",
	})
}

// kubeProxyConfig leads Services to pods by nftables; the kernel's table of
// connections is as this machine has it.
func (s seat) kubeProxyConfig(pods string) ([]byte, error) {
	return yaml.Marshal(map[string]any{
		"apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration",
		"clientConnection":   map[string]any{"kubeconfig": nodeFolder + "/kube-proxy.kubeconfig"},
		"clusterCIDR":        pods,
		"conntrack":          map[string]any{"maxPerCore": 0, "min": 0},
		"hostnameOverride":   s.Name,
		"metricsBindAddress": kubeProxyMetrics,
		"mode":               "nftables",
		"nftables":           map[string]any{"minSyncPeriod": "100ms"},
	})
}

// kubeconfigOf is a client's way to the API server: by a certificate and its
// key, or by a token.
func kubeconfigOf(server string, ca, certificate, key []byte, token string) ([]byte, error) {
	user := map[string]any{"token": token}
	if token == "" {
		user = map[string]any{
			"client-certificate-data": base64.StdEncoding.EncodeToString(certificate),
			"client-key-data":         base64.StdEncoding.EncodeToString(key),
		}
	}
	return yaml.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Config", "current-context": "cluster",
		"clusters": []any{map[string]any{"name": "cluster", "cluster": map[string]any{
			"server": server, "certificate-authority-data": base64.StdEncoding.EncodeToString(ca),
		}}},
		"users":    []any{map[string]any{"name": "client", "user": user}},
		"contexts": []any{map[string]any{"name": "cluster", "context": map[string]any{"cluster": "cluster", "user": "client"}}},
	})
}

// file is a file of a node that only root reads.
func file(text []byte) machine.File { return machine.File{Text: text, Mode: 0o600} }

// asJSON never fails on what this package gives it.
func asJSON(value any) []byte {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		panic(err)
	}
	return text
}

// cniPlugins is the folder of the plugins on this machine.
func cniPlugins() string {
	for _, folder := range cniFolders {
		if exists(filepath.Join(folder, cniProgram)) {
			return folder
		}
	}
	return cniFolders[0]
}
