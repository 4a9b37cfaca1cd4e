package components_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/pod"
	"platform/tests/recorder"
)

// Pods are the same under both deliveries but for the hash of what they read.
func TestWorkloadsDoNotKnowWhoDelivers(t *testing.T) {
	values := keeping("v")
	plain, delivered := writers(app(), values.itself), writers(operated(), byToken)
	for name := range plain {
		t.Run(name, func(t *testing.T) {
			want, got := run(t, plain[name]).workloads(), run(t, delivered[name]).workloads()
			require.Len(t, got, len(want))
			for i := range want {
				assert.Equal(t, want[i].Inputs, got[i].Inputs)
				assert.ElementsMatch(t, want[i].DependsOn, sameSecrets(got[i].DependsOn), "%s waits for the same", want[i].Name)
			}
		})
	}
}

// workloads are the objects that run pods, without what hashes secret values.
func (r record) workloads() record {
	var found record
	for _, kind := range []string{"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"} {
		for _, one := range r.of(kind) {
			if annotations, ok := dig(one.Inputs, append(podTemplate[kind], "metadata", "annotations")...).(map[string]any); ok {
				delete(annotations, "platform/revision")
			}
			if kind == "Job" {
				metadata := one.Inputs["metadata"].(map[string]any)
				name := metadata["name"].(string)
				metadata["name"] = name[:strings.LastIndex(name, "-")]
			}
			found = append(found, one)
		}
	}
	return found
}

// sameSecrets calls what has a Secret written a Secret.
func sameSecrets(urns []string) []string {
	var same []string
	for _, urn := range urns {
		same = append(same, strings.ReplaceAll(urn, "kubernetes:secrets.infisical.com/v1beta1:"+staticSecret, "kubernetes:core/v1:Secret"))
	}
	return same
}

// reload is the operator's annotation of what it may roll.
func reload(r recorder.Resource) any {
	return dig(r.Inputs, "metadata", "annotations", "secrets.infisical.com/auto-reload")
}

// What rolls for a changed Secret of the program's does so for one of the
// operator's, and nothing else.
func TestReloadedAreThePodsThatRollForTheirSecrets(t *testing.T) {
	// The operator would restart both at once, before a new password is set.
	servers := map[string]bool{"Deployment postgres": true, "Deployment postgres-replica": true}
	seen := map[string]bool{}
	forEverything(t, func(t *testing.T, resources record) {
		for kind, path := range podTemplate {
			for _, one := range resources.of(kind) {
				pod, name := dig(one.Inputs, path...), kind+" "+one.Name
				rolls := dig(pod, "metadata", "annotations", "platform/revision") != nil && len(readSecrets(pod)) > 0
				seen[name] = seen[name] || rolls
				want := any(nil)
				if rolls && !servers[name] {
					want = "true"
				}
				assert.Equal(t, want, reload(one), name)
				assert.Nil(t, dig(pod, "metadata", "annotations", "secrets.infisical.com/auto-reload"), "it would roll the pods by itself")
			}
		}
	})
	for name := range servers {
		assert.True(t, seen[name], "%s is listed and does not roll", name)
	}
	for _, name := range []string{"Deployment redis", "Deployment backend", "Deployment celery-worker", "Deployment gateway"} {
		assert.True(t, seen[name], name)
	}
}

// Without a revision, pods keep what they have started with, whoever delivers.
func TestPodsWithoutRevisionAreNotReloaded(t *testing.T) {
	for way, read := range map[string]func(*pod.Container){
		"variable": func(c *pod.Container) {
			c.Env = []pod.EnvVar{pod.FromSecret("PASSWORD", "one", "password")}
		},
		"files": func(c *pod.Container) {
			c.Mounts = []pod.Mount{{Volume: pod.SecretFiles("one", pulumi.String("one")), Path: "/etc/one", ReadOnly: true}}
		},
		"nothing": func(*pod.Container) {},
	} {
		args := workloadArgs()
		read(&args.Pod.Containers[0])
		register := func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }
		assert.Nil(t, reload(run(t, register).one(t, "Deployment")), way)

		args.Pod.Revision = pulumi.String("0123456789abcdef")
		assert.Equal(t, way != "nothing", reload(run(t, register).one(t, "Deployment")) == "true", way)
	}
}
