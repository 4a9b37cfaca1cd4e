package components_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/nats"
	"platform/components/network"
)

// bus registers NATS and finds the container of its server.
func bus(t *testing.T, args nats.Args, kind string) (resources record, server any) {
	t.Helper()
	resources = run(t, registering("nats", nats.New, args))
	return resources, containers(resources.pod(t, kind))["nats"]
}

// natsConf is the configuration that a server of a kind of pods reads, whole
// and by setting.
func natsConf(t *testing.T, resources record, kind string) (string, map[string]string) {
	t.Helper()
	for _, volume := range list(resources.pod(t, kind), "spec", "volumes") {
		name := dig(volume, "configMap", "name")
		for _, config := range resources.of("ConfigMap") {
			if name == config.Name+"-auto" {
				content := dig(config.Inputs, "data", "nats.conf").(string)
				return content, settingsOf(content)
			}
		}
	}
	require.Fail(t, "the pod mounts no ConfigMap")
	return "", nil
}

func settingsOf(content string) map[string]string {
	values := map[string]string{}
	for _, line := range strings.Split(content, "\n") {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ": "); found {
			values[name] = strings.Trim(value, `"`)
		}
	}
	return values
}

// Its Service and ports; services know it by this name.
func TestNATSService(t *testing.T) {
	for name, args := range map[string]nats.Args{"one": natsArgs(), "cluster": natsClusterArgs()} {
		t.Run(name, func(t *testing.T) {
			service := run(t, registering("nats", nats.New, args)).one(t, "Service", "nats").Inputs
			assert.Equal(t, "nats", dig(service, "metadata", "name"))
			assert.Equal(t, "ClusterIP", dig(service, "spec", "type"))
			assert.Equal(t, []any{
				map[string]any{"name": "client", "port": 4222.0, "targetPort": "client", "protocol": "TCP"},
				map[string]any{"name": "monitor", "port": 8222.0, "targetPort": "monitor", "protocol": "TCP"},
			}, dig(service, "spec", "ports"))
		})
	}
}

func TestNATSListensWhereItsPortsAre(t *testing.T) {
	for kind, args := range map[string]nats.Args{"Deployment": natsArgs(), "StatefulSet": natsClusterArgs()} {
		resources, server := bus(t, args, kind)
		_, conf := natsConf(t, resources, kind)
		assert.Equal(t, conf["http_port"], number(dig(server, "ports", 1, "containerPort")))
		assert.Contains(t, []string{"4222", "6222"}, conf["port"])
		assert.Equal(t, []any{"--config=" + mountOf(server, "config").(string) + "/nats.conf"}, dig(server, "args"))
		assert.Nil(t, dig(server, "command"), "the image's own")
	}
}

func number(value any) string { return strconv.Itoa(int(value.(float64))) }

// Streams are found again where they have always been, and a full server
// refuses messages before its volume or its memory is full.
func TestNATSKeepsItsStreams(t *testing.T) {
	for kind, args := range map[string]nats.Args{"Deployment": natsArgs(), "StatefulSet": natsClusterArgs()} {
		resources, server := bus(t, args, kind)
		_, conf := natsConf(t, resources, kind)
		assert.Equal(t, "/data", conf["store_dir"])
		assert.Equal(t, conf["store_dir"], mountOf(server, "nats-data"))
		assert.Equal(t, "4096MB", conf["max_file_store"])
		assert.Equal(t, "512MB", conf["max_memory_store"])
		assert.Equal(t, "921MiB", environment(server)["GOMEMLIMIT"])
		assert.Equal(t, "1Gi", dig(server, "resources", "limits", "memory"))
	}
}

func TestOneNATS(t *testing.T) {
	resources, _ := bus(t, natsArgs(), "Deployment")
	deployment := resources.one(t, "Deployment").Inputs
	assert.Equal(t, "nats", dig(deployment, "metadata", "name"))
	assert.Equal(t, map[string]any{"type": "Recreate"}, dig(deployment, "spec", "strategy"))
	assert.Equal(t, 1.0, dig(deployment, "spec", "replicas"))
	assert.Equal(t, map[string]any{"size": "mini"}, dig(deployment, "spec", "template", "spec", "nodeSelector"))
	assert.Empty(t, resources.of("StatefulSet"))
	assert.Empty(t, resources.of("PodDisruptionBudget"))
	for _, volume := range list(resources.pod(t, "Deployment"), "spec", "volumes") {
		if dig(volume, "name") == "nats-data" {
			assert.Equal(t, "nats-data", dig(volume, "persistentVolumeClaim", "claimName"))
		}
	}
}

// The claim is there for one server and for a cluster: what lies on it is not
// the cluster's to take, and nobody's to delete.
func TestNATSClaim(t *testing.T) {
	for _, args := range []nats.Args{natsArgs(), natsClusterArgs()} {
		for _, protect := range []bool{false, true} {
			args.Protect = protect
			claim := run(t, registering("nats", nats.New, args)).one(t, "PersistentVolumeClaim")
			assert.Equal(t, "nats-data", dig(claim.Inputs, "metadata", "name"))
			assert.Equal(t, natsClaim, claim.Inputs["spec"])
			assert.Equal(t, protect, claim.Protect)
			assert.Equal(t, protect, claim.RetainOnDelete)
		}
	}
}

// natsClaim is that of the real platform.
var natsClaim = map[string]any{
	"accessModes": []any{"ReadWriteOnce"}, "storageClassName": "local-path",
	"resources": map[string]any{"requests": map[string]any{"storage": "5Gi"}},
}

// A server of a cluster that is to stop sends its clients to the others, and is
// not killed before.
func TestNATSOfAClusterDrainsBeforeItStops(t *testing.T) {
	args := natsClusterArgs()
	args.LameDuckDrain = 45 * time.Second
	resources, server := bus(t, args, "StatefulSet")
	_, conf := natsConf(t, resources, "StatefulSet")
	assert.Equal(t, []any{"nats-server", "--signal", "ldm=" + conf["pid_file"]}, dig(server, "lifecycle", "preStop", "exec", "command"))
	assert.True(t, strings.HasPrefix(conf["pid_file"], mountOf(server, "run").(string)+"/"), "the root is read-only")
	drain, err := time.ParseDuration(conf["lame_duck_duration"])
	require.NoError(t, err)
	assert.Equal(t, args.LameDuckDrain, drain)
	notice, err := time.ParseDuration(conf["lame_duck_grace_period"])
	require.NoError(t, err)
	assert.Less(t, notice, drain)
	grace := dig(resources.pod(t, "StatefulSet"), "spec", "terminationGracePeriodSeconds").(float64)
	assert.Greater(t, grace, drain.Seconds()+notice.Seconds())
}

// A single server has nobody to send its clients to: it ends, and is back the
// sooner.
func TestNATSAloneSimplyEnds(t *testing.T) {
	resources, server := bus(t, natsArgs(), "Deployment")
	content, _ := natsConf(t, resources, "Deployment")
	assert.Nil(t, dig(server, "lifecycle"))
	assert.NotContains(t, content, "lame_duck")
	assert.NotContains(t, content, "pid_file")
	assert.Equal(t, 30.0, dig(resources.pod(t, "Deployment"), "spec", "terminationGracePeriodSeconds"))
}

// A stream that is behind, or broken, must not take the others down with it.
func TestNATSProbesLookAtNoStream(t *testing.T) {
	const enabled, joined, all = "/healthz?js-enabled-only=true", "/healthz?js-server-only=true", "/healthz"
	for kind, want := range map[string]map[string]string{
		"Deployment": {"startupProbe": enabled, "readinessProbe": enabled, "livenessProbe": enabled},
		// An update goes on when the streams of the last server have caught up.
		"StatefulSet": {"startupProbe": all, "readinessProbe": joined, "livenessProbe": enabled},
	} {
		args := natsArgs()
		if kind == "StatefulSet" {
			args = natsClusterArgs()
		}
		_, server := bus(t, args, kind)
		for probe, path := range want {
			assert.Equal(t, path, dig(server, probe, "httpGet", "path"), "%s %s", kind, probe)
			assert.Equal(t, "monitor", dig(server, probe, "httpGet", "port"))
		}
		startup := dig(server, "startupProbe", "periodSeconds").(float64) * dig(server, "startupProbe", "failureThreshold").(float64)
		assert.GreaterOrEqual(t, startup, 900.0, "%s: seconds to read streams of gigabytes", kind)
	}
}

// The streams on its volume were written by root.
func TestNATSIsRoot(t *testing.T) {
	for kind, args := range map[string]nats.Args{"Deployment": natsArgs(), "StatefulSet": natsClusterArgs()} {
		resources, _ := bus(t, args, kind)
		assert.Equal(t, []string{"root"}, beyond(resources.pod(t, kind)))
	}
}

func TestNATSRestartsForItsConfiguration(t *testing.T) {
	for kind, args := range map[string]nats.Args{"Deployment": natsArgs(), "StatefulSet": natsClusterArgs()} {
		revision := func(args nats.Args) any {
			resources, _ := bus(t, args, kind)
			return dig(resources.pod(t, kind), "metadata", "annotations", "platform/revision")
		}
		before := revision(args)
		assert.NotNil(t, before)
		assert.Equal(t, before, revision(args))
		args.FileMiB = 2048
		assert.NotEqual(t, before, revision(args))
	}
}

func TestNATSStartsAfterWhatItNeeds(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		isolation, err := network.NewIsolation(ctx, "isolation", isolationArgs())
		if err != nil {
			return err
		}
		_, err = nats.New(ctx, "nats", natsClusterArgs(), pulumi.DependsOn([]pulumi.Resource{isolation}))
		return err
	})
	for _, kind := range []string{"Deployment", "StatefulSet"} {
		assert.True(t, dependsOn(resources.one(t, kind), "NetworkPolicy", "isolation"), kind)
	}
}
