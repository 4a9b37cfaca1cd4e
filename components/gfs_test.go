package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/gfs"
	"platform/components/secret"
)

var registerGFS = registers("gfs", gfs.New)

// gfs is what the fixtures' file system registers after a change.
func runGFS(t *testing.T, mutate func(*gfs.Args)) record {
	t.Helper()
	args := gfsArgs()
	mutate(&args)
	return run(t, func(ctx *pulumi.Context) error { return registerGFS(ctx, args) })
}

func asObserved(*gfs.Args) {}

// What the images were observed to be given.
func TestGFSCommands(t *testing.T) {
	resources := runGFS(t, asObserved)
	master := containers(resources.pod(t, "Deployment"))["gfs-master"]
	assert.Equal(t, []any{"./master"}, dig(master, "command"))
	assert.Equal(t, []any{
		"-port", "9000", "-data", "/data/master", "-log-service", "log-service:50051", "-log-source", "edd-storage",
	}, dig(master, "args"))
	assert.Equal(t, map[string]any{
		"POD_NAME": "metadata.name", "GFS_JWT_SECRET": "gfs-jwt-secret/GFS_JWT_SECRET",
	}, environment(master))
	chunkserver := containers(resources.pod(t, "DaemonSet"))["gfs-chunkserver"]
	assert.Equal(t, []any{"./chunkserver"}, dig(chunkserver, "command"))
	assert.Equal(t, []any{
		"-p", "9080", "-r", "9081", "-h", "$(NODE_IP)", "-d", "/data/chunk", "-id", "gfs-cs-$(NODE_NAME)",
		"-master", "192.168.3.101:30900", "-log-service", "log-service:50051",
	}, dig(chunkserver, "args"))
	assert.Equal(t, map[string]any{
		"NODE_NAME": "spec.nodeName", "NODE_IP": "status.hostIP", "GFS_JWT_SECRET": "gfs-jwt-secret/GFS_JWT_SECRET",
	}, environment(chunkserver))
}

func TestGFSKeepsItsDataOnTheNodes(t *testing.T) {
	resources := runGFS(t, asObserved)
	for kind, tc := range map[string]struct{ container, volume, folder, path string }{
		"Deployment": {"gfs-master", "master-data", "/data/gfs", "/data/master"},
		"DaemonSet":  {"gfs-chunkserver", "chunk-data", "/data/gfs/chunkserver", "/data/chunk"},
	} {
		pod := resources.pod(t, kind)
		assert.Equal(t, tc.path, mountOf(containers(pod)[tc.container], tc.volume))
		assert.Equal(t, "/tmp", mountOf(containers(pod)[tc.container], "tmp"))
		assert.Contains(t, list(pod, "spec", "volumes"), map[string]any{
			"name": tc.volume, "hostPath": map[string]any{"path": tc.folder, "type": "DirectoryOrCreate"},
		})
	}
}

// Two masters on one log would destroy it.
func TestGFSHasOneMaster(t *testing.T) {
	spec := runGFS(t, asObserved).one(t, "Deployment").Inputs["spec"]
	assert.Equal(t, 1.0, dig(spec, "replicas"))
	assert.Equal(t, map[string]any{"type": "Recreate"}, dig(spec, "strategy"))
	assert.Equal(t, map[string]any{"gfs-master": "true"}, dig(spec, "template", "spec", "nodeSelector"))
}

// Pods find the master by its name, and chunkservers at a port of the nodes.
func TestGFSMasterIsFound(t *testing.T) {
	service := runGFS(t, asObserved).one(t, "Service").Inputs
	assert.Equal(t, "gfs-master", dig(service, "metadata", "name"))
	assert.Equal(t, "NodePort", dig(service, "spec", "type"))
	assert.Equal(t, []any{
		map[string]any{"name": "tcp", "port": 9000.0, "targetPort": "tcp", "nodePort": 30900.0, "protocol": "TCP"},
	}, dig(service, "spec", "ports"))
}

func TestChunkserversAreOnTheirNodes(t *testing.T) {
	resources := runGFS(t, asObserved)
	spec := dig(resources.pod(t, "DaemonSet"), "spec")
	assert.Equal(t, map[string]any{"role": "chunkserver"}, dig(spec, "nodeSelector"))
	assert.Equal(t, []any{
		map[string]any{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists"},
		map[string]any{"key": "node-role.kubernetes.io/etcd", "operator": "Exists"},
	}, dig(spec, "tolerations"))
	assert.Equal(t, true, dig(spec, "hostNetwork"))
	assert.Equal(t, "ClusterFirstWithHostNet", dig(spec, "dnsPolicy"))
	assert.Equal(t, []any{
		map[string]any{"name": "client", "containerPort": 9080.0, "hostPort": 9080.0, "protocol": "TCP"},
		map[string]any{"name": "repl", "containerPort": 9081.0, "hostPort": 9081.0, "protocol": "TCP"},
	}, dig(spec, "containers", 0, "ports"))
	assert.Greater(t, dig(spec, "terminationGracePeriodSeconds"), 30.0, "writes that it has accepted take longer")
	assert.Equal(t, map[string]any{
		"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxUnavailable": 1.0, "maxSurge": 0.0},
	}, dig(resources.one(t, "DaemonSet").Inputs, "spec", "updateStrategy"))
}

// At ports that speak gRPC: the chunkservers' port of clients logs an error for
// each connection that asks for nothing.
func TestGFSIsProbed(t *testing.T) {
	resources := runGFS(t, asObserved)
	for kind, port := range map[string]string{"Deployment": "tcp", "DaemonSet": "repl"} {
		server := dig(resources.pod(t, kind), "spec", "containers", 0)
		for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
			assert.Equal(t, map[string]any{"port": port}, dig(server, probe, "tcpSocket"), "%s of %s", probe, kind)
		}
	}
}

func TestGFSPullsItsImages(t *testing.T) {
	resources := runGFS(t, asObserved)
	for _, kind := range []string{"Deployment", "DaemonSet"} {
		assert.Equal(t, []any{map[string]any{"name": "regcred"}}, dig(resources.pod(t, kind), "spec", "imagePullSecrets"), kind)
	}
}

func TestGFSRestartsForItsSecret(t *testing.T) {
	revisions := func(mutate func(*gfs.Args)) map[string]any {
		found := map[string]any{}
		for name, pod := range runGFS(t, mutate).pods() {
			found[name] = dig(pod, "metadata", "annotations", "platform/revision")
		}
		return found
	}
	before := revisions(asObserved)
	after := revisions(func(a *gfs.Args) { a.Secrets["gfs-jwt-secret/GFS_JWT_SECRET"] = secretValue("other") })
	assert.Len(t, before, 2)
	for name, revision := range before {
		assert.Regexp(t, "^[0-9a-f]{16}$", revision, name)
		assert.NotEqual(t, revision, after[name], name)
	}
}

func TestGFSProtectsItsChunkservers(t *testing.T) {
	for _, protect := range []bool{false, true} {
		daemon := runGFS(t, func(a *gfs.Args) { a.Protect = protect }).one(t, "DaemonSet")
		assert.Equal(t, protect, daemon.Protect)
		assert.Equal(t, protect, daemon.RetainOnDelete)
	}
}

func TestGFSStartsInOrder(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		made, err := secret.NewCredentials(ctx, "credentials", credentialsArgs())
		if err != nil {
			return err
		}
		_, err = gfs.New(ctx, "gfs", gfsArgs(), pulumi.DependsOn([]pulumi.Resource{made.Secrets["gfs-jwt-secret"]}))
		return err
	})
	master, chunkserver := resources.one(t, "Deployment"), resources.one(t, "DaemonSet")
	assert.True(t, dependsOn(master, "Secret", "gfs-jwt-secret"))
	assert.True(t, dependsOn(chunkserver, "Secret", "gfs-jwt-secret"))
	assert.True(t, dependsOn(chunkserver, "Deployment", "gfs-master"), "where it reports")
}
