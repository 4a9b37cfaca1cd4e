package components_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components"
)

func TestNATSFaults(t *testing.T) {
	type n = components.NATSArgs
	refuses(t, natsArgs, starts("nats", components.NewNATS), map[string]fault[n]{
		"no version":       {func(a *n) { a.Image = "nats" }, `nats "nats": container "nats": image: "nats" names no version`},
		"no resources":     {func(a *n) { a.Resources = components.Resources{} }, "the cpu request is missing"},
		"no storage":       {func(a *n) { a.StorageGiB = 0 }, "storageGiB: 0 holds nothing"},
		"no storage class": {func(a *n) { a.StorageClass = "" }, "storageClass: is missing"},
		"no server":        {func(a *n) { a.Replicas = 0 }, "replicas: 0 would run nothing; set 1 or more"},
		"two servers":      {func(a *n) { a.Replicas = 2 }, "replicas: 2 bear the loss of no more than 1 do; set an odd number"},
		"minus one":        {func(a *n) { a.Replicas = -1 }, "replicas: -1 would run nothing"},
		"three servers":    {func(a *n) { a.Replicas = 3 }, ""},
		"five servers":     {func(a *n) { a.Replicas = 5 }, ""},
		"no memory":        {func(a *n) { a.MemoryMiB = 0 }, "memoryMiB: 0 is not between 1 and 921"}, // NATS would choose by the node's
		"most memory":      {func(a *n) { a.MemoryMiB = 921 }, ""},
		"all memory":       {func(a *n) { a.MemoryMiB = 922 }, "memoryMiB: 922 is not between 1 and 921, nine tenths of the memory limit"},
		"no files":         {func(a *n) { a.FileMiB = 0 }, "fileMiB: 0 is less than the 1024 MiB that the streams reserve; raise it"},
		"too few files":    {func(a *n) { a.FileMiB = 1023 }, "fileMiB: 1023 is less than the 1024 MiB that the streams reserve; raise it"},
		"just enough":      {func(a *n) { a.FileMiB = 1024 }, ""},
		"over the claim":   {func(a *n) { a.FileMiB = 8192 }, ""}, // what is reserved need not be there
		"no streams":       {func(a *n) { a.Streams = nil }, ""},
		"unnamed stream":   {func(a *n) { a.Streams[0].Name = "" }, "streams[0]: name: is missing"},
		"wild stream":      {func(a *n) { a.Streams[0].Name = "A.*" }, `streams[0]: name: "A.*" has a character`},
		"deaf stream":      {func(a *n) { a.Streams[0].Subjects = nil }, "streams[0]: subjects: there is none"},
		"endless stream":   {func(a *n) { a.Streams[0].Age = 0 }, "streams[0]: bounds: 0s, 1000 messages and 1024 MiB have to be above zero"},
		"stream twice":     {func(a *n) { a.Streams = append(a.Streams, a.Streams[0]); a.FileMiB = 2048 }, `streams[1]: another is "AUTH"; rename one`},
		"short drain":      {func(a *n) { a.LameDuck = 29 * time.Second }, "lameDuck: 29s is not from 30s to 5m0s"},
		"long drain":       {func(a *n) { a.LameDuck = 5*time.Minute + 1 }, "is not from 30s to 5m0s; choose a time between"},
		"longest drain":    {func(a *n) { a.LameDuck = 5 * time.Minute }, ""},
		"idle exemption":   {func(a *n) { a.Exempt.Root = true }, "exemption: gives no reason"},
	})
}

// bus registers NATS and finds the container of its server.
func bus(t *testing.T, args components.NATSArgs, kind string) (resources record, server any) {
	t.Helper()
	resources = run(t, starting("nats", components.NewNATS, args))
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

// The seed's Service and ports; services know it by this name.
func TestNATSService(t *testing.T) {
	for name, args := range map[string]components.NATSArgs{"one": natsArgs(), "cluster": natsClusterArgs()} {
		t.Run(name, func(t *testing.T) {
			service := run(t, starting("nats", components.NewNATS, args)).one(t, "Service", "nats").Inputs
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
	for kind, args := range map[string]components.NATSArgs{"Deployment": natsArgs(), "StatefulSet": natsClusterArgs()} {
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
	for kind, args := range map[string]components.NATSArgs{"Deployment": natsArgs(), "StatefulSet": natsClusterArgs()} {
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
	for _, args := range []components.NATSArgs{natsArgs(), natsClusterArgs()} {
		for _, protect := range []bool{false, true} {
			args.Protect = protect
			claim := run(t, starting("nats", components.NewNATS, args)).one(t, "PersistentVolumeClaim")
			assert.Equal(t, "nats-data", dig(claim.Inputs, "metadata", "name"))
			assert.Equal(t, natsClaim, claim.Inputs["spec"])
			assert.Equal(t, protect, claim.Protect)
			assert.Equal(t, protect, claim.RetainOnDelete)
		}
	}
}

// natsClaim is the seed's.
var natsClaim = map[string]any{
	"accessModes": []any{"ReadWriteOnce"}, "storageClassName": "local-path",
	"resources": map[string]any{"requests": map[string]any{"storage": "5Gi"}},
}

// A server of a cluster that is to stop sends its clients to the others, and is
// not killed before.
func TestNATSOfAClusterDrainsBeforeItStops(t *testing.T) {
	args := natsClusterArgs()
	args.LameDuck = 45 * time.Second
	resources, server := bus(t, args, "StatefulSet")
	_, conf := natsConf(t, resources, "StatefulSet")
	assert.Equal(t, []any{"nats-server", "--signal", "ldm=" + conf["pid_file"]}, dig(server, "lifecycle", "preStop", "exec", "command"))
	assert.True(t, strings.HasPrefix(conf["pid_file"], mountOf(server, "run").(string)+"/"), "the root is read-only")
	drain, err := time.ParseDuration(conf["lame_duck_duration"])
	require.NoError(t, err)
	assert.Equal(t, args.LameDuck, drain)
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

func TestNATSIsRootOnlyWhereItIsExempt(t *testing.T) {
	for kind, args := range map[string]components.NATSArgs{"Deployment": natsArgs(), "StatefulSet": natsClusterArgs()} {
		resources, _ := bus(t, args, kind)
		assert.Equal(t, 1000.0, dig(resources.pod(t, kind), "spec", "securityContext", "runAsUser"))
		assert.Empty(t, beyond(resources.pod(t, kind)))
		args.Exempt = components.Exemption{Root: true, Reason: "its streams are root's"}
		resources, _ = bus(t, args, kind)
		assert.Equal(t, []string{"root"}, beyond(resources.pod(t, kind)))
	}
}

func TestNATSRestartsForItsConfiguration(t *testing.T) {
	for kind, args := range map[string]components.NATSArgs{"Deployment": natsArgs(), "StatefulSet": natsClusterArgs()} {
		revision := func(args components.NATSArgs) any {
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
		isolation, err := components.NewIsolation(ctx, "isolation", isolationArgs())
		if err != nil {
			return err
		}
		_, err = components.NewNATS(ctx, "nats", natsClusterArgs(), []pulumi.Resource{isolation})
		return err
	})
	for _, kind := range []string{"Deployment", "StatefulSet"} {
		assert.True(t, dependsOn(resources.one(t, kind), "NetworkPolicy", "isolation"), kind)
	}
}
