package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"platform/tools/cluster/machine"
)

// realPatience bounds the start of real nodes: eight are ready in ten seconds
// on two processors that do nothing else.
const realPatience = 4 * time.Minute

// nodePrefix begins the name of the process that is a node.
const nodePrefix = "node-"

// servicePath is the PATH of a node's programs.
const servicePath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// group is the control group of everything in the cluster of a folder.
func (l layout) group() string {
	sum := sha256.Sum256([]byte(l))
	return "/platform-" + hex.EncodeToString(sum[:4])
}

func (l layout) node(name string) string { return l.in("nodes", name) }

// startNodes starts every node of the topology, all at once, and waits for
// none of them to be ready.
func (c *Cluster) startNodes(ctx context.Context) error {
	token, err := c.api.makeToken(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(makeCgroup(c.at.group()), weighCgroup(c.at.group(), len(c.site.seats))); err != nil {
		return err
	}
	work, starting := errgroup.WithContext(ctx)
	for _, s := range c.site.seats {
		work.Go(func() error {
			if err := c.startNode(starting, s, token); err != nil {
				return fmt.Errorf("node %s: %w", s.Name, err)
			}
			return nil
		})
	}
	return work.Wait()
}

// startNode starts one node: first its machine, then its connection.
func (c *Cluster) startNode(ctx context.Context, s seat, token string) error {
	if err := c.giveImages(ctx, c.at.node(s.Name)); err != nil { // before the folder is made without
		return err
	}
	described, err := c.describe(s, token)
	if err != nil {
		return err
	}
	if err := makeCgroup(filepath.Join(c.at.group(), s.Name)); err != nil {
		return err
	}
	log, err := createLog(c.at.log(nodePrefix + s.Name))
	if err != nil {
		return err
	}
	defer log.Close() // the machine has its own
	starting, err := machine.Prepare(log)
	if err != nil {
		return err
	}
	p, err := c.launchCommand(nodePrefix+s.Name, c.at.log(nodePrefix+s.Name), starting.Command)
	if err != nil {
		starting.Abandon()
		return err
	}
	if err := c.lan.attach(p.PID, s.index, described.Network, s.pods); err != nil {
		starting.Abandon() // it ends, for it hears nothing
		return err
	}
	return starting.Go(described)
}

// describe is a node's machine with all that runs on it.
func (c *Cluster) describe(s seat, token string) (machine.Machine, error) {
	folder := c.at.node(s.Name)
	files, err := c.nodeFiles(s, token)
	if err != nil {
		return machine.Machine{}, err
	}
	shared := []string{c.at.volumes()}
	shared = append(shared, c.opts.Programs.nodeFolders()...)
	mounts := map[string]string{runtimeData: filepath.Join(folder, "containerd")}
	for _, one := range append(slices.Clone(shared), slices.Collect(maps.Values(mounts))...) {
		if err := os.MkdirAll(one, 0o711); err != nil {
			return machine.Machine{}, err
		}
	}
	var routes []machine.Route
	for _, other := range c.site.seats {
		if other.Name != s.Name {
			routes = append(routes, machine.Route{To: other.pods, Via: other.address.Addr()})
		}
	}
	return machine.Machine{
		Name: s.Name, Folder: folder, Shared: shared, Mounts: mounts, Shown: shownSettings,
		Network:  machine.Network{Interface: nodeLink, Address: s.address, Gateway: c.site.bridge.Addr(), Routes: routes},
		Files:    files,
		Links:    map[string]string{k3sSocket: runtimeSocket, "/usr/local/bin/crictl": c.opts.Programs.Crictl},
		Services: c.nodeServices(s),
	}, nil
}

// nodeFiles are the configuration of a node's programs.
func (c *Cluster) nodeFiles(s seat, token string) (map[string]machine.File, error) {
	ca, err := os.ReadFile(c.at.pki(fileCA))
	if err != nil {
		return nil, err
	}
	kubelet, err := s.kubeletConfig(filepath.Join(c.at.group(), s.Name))
	if err != nil {
		return nil, err
	}
	proxy, err := s.kubeProxyConfig(podNetwork(c.opts.Topology).String())
	if err != nil {
		return nil, err
	}
	bootstrap, err := kubeconfigOf(c.nodesServer(), ca, nil, nil, token)
	if err != nil {
		return nil, err
	}
	files := map[string]machine.File{
		"/etc/cni/net.d/10-pods.conflist": file(s.podNetworkConfig()),
		nodeFolder + "/containerd.toml":   file(runtimeConfig(cniPlugins(), fmt.Sprintf("http://%s:%d", c.site.bridge.Addr(), registryPort))),
		nodeFolder + "/ca.crt":            file(ca),
		nodeFolder + "/kubelet.yaml":      file(kubelet),
		nodeFolder + "/kube-proxy.yaml":   file(proxy),
		nodeFolder + "/join.kubeconfig":   file(bootstrap),
		nodeFolder + "/resolv.conf":       file([]byte("# nothing outside the cluster is asked\n")),
		"/etc/resolv.conf":                {Text: []byte("# nothing outside the cluster is asked\n"), Mode: 0o644},
		"/etc/crictl.yaml":                file([]byte("runtime-endpoint: unix://" + runtimeSocket + "\nimage-endpoint: unix://" + runtimeSocket + "\n")),
	}
	for name, client := range map[string]identityOf{
		"kube-proxy": identityKubeProxy, "network-policies": identityPolicies,
	} {
		text, err := c.clientKubeconfig(client, ca)
		if err != nil {
			return nil, err
		}
		files[nodeFolder+"/"+name+".kubeconfig"] = file(text)
	}
	return files, nil
}

// clientKubeconfig is the way of a client with a certificate to the API server.
func (c *Cluster) clientKubeconfig(client identityOf, ca []byte) ([]byte, error) {
	certificate, key := client.files()
	one, err := os.ReadFile(c.at.pki(certificate))
	if err != nil {
		return nil, err
	}
	other, err := os.ReadFile(c.at.pki(key))
	if err != nil {
		return nil, err
	}
	return kubeconfigOf(c.nodesServer(), ca, one, other, "")
}

// nodesServer is the API server as nodes reach it.
func (c *Cluster) nodesServer() string {
	return fmt.Sprintf("https://%s:%d", c.site.bridge.Addr(), c.ports.APIServer)
}

// nodeServices are the programs of a node, containerd first.
func (c *Cluster) nodeServices(s seat) []machine.Service {
	log := func(name string) string { return "/var/log/" + name + ".log" }
	env := []string{servicePath, "HOME=/root", "GOGC=100"}
	return []machine.Service{
		{
			Name: "containerd", Args: []string{c.opts.Programs.runtimeProgram(), "--config", nodeFolder + "/containerd.toml"},
			Env: env, Log: log("containerd"), Socket: runtimeSocket,
		},
		{
			Name: "kubelet", Env: env, Log: log("kubelet"),
			Args: []string{
				c.opts.Programs.Kubelet, "--config=" + nodeFolder + "/kubelet.yaml", "--bootstrap-kubeconfig=" + nodeFolder + "/join.kubeconfig",
				"--kubeconfig=/var/lib/kubelet/kubeconfig", "--hostname-override=" + s.Name, "--node-ip=" + s.address.Addr().String(),
			},
		},
		{Name: "kube-proxy", Args: []string{c.opts.Programs.KubeProxy, "--config=" + nodeFolder + "/kube-proxy.yaml"}, Env: env, Log: log("kube-proxy")},
		{Name: "network-policies", Args: append([]string{c.opts.Programs.NetworkPolicies}, networkPoliciesArgs(s)...), Env: env, Log: log("network-policies")},
	}
}

// networkPoliciesArgs are those of what enforces NetworkPolicies.
func networkPoliciesArgs(s seat) []string {
	return []string{"--kubeconfig=" + nodeFolder + "/network-policies.kubeconfig", "--node=" + s.Name, "--service-cluster-ip-range=" + serviceRange}
}

// giveImages copies the images that nodes start with, as links: a hundred
// milliseconds in the place of an import of fifteen seconds. containerd writes
// to its databases in place, so these are copied.
func (c *Cluster) giveImages(ctx context.Context, folder string) error {
	to := filepath.Join(folder, "containerd")
	if c.opts.Images == "" || exists(to) {
		return nil
	}
	if err := os.MkdirAll(folder, 0o711); err != nil {
		return err
	}
	half := to + ".new"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if text, err := exec.CommandContext(ctx, "cp", "-a", "--link", c.opts.Images, half).CombinedOutput(); err != nil {
		return fmt.Errorf("images: %w: %s", err, text)
	}
	err := filepath.WalkDir(half, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || filepath.Ext(path) != ".db" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return errors.Join(os.Remove(path), os.WriteFile(path, text, 0o600))
	})
	if err != nil {
		return fmt.Errorf("images: %w", err)
	}
	return os.Rename(half, to)
}

// exists reports whether there is something at a path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
