package components

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// natsClusterTimeout bounds the wait for all servers, which are updated one
// after the other: each sends its clients away, starts and catches up.
const natsClusterTimeout = "30m"

// newCluster registers the servers of a cluster, which start after what an
// option names, and what they share.
func (a NATSArgs) newCluster(ctx *pulumi.Context, name string, child, after pulumi.ResourceOption) (pulumi.Resource, error) {
	files := map[string]string{natsFile: a.clusterConf()}
	configMap, err := newConfigMap(ctx, name+"-cluster", a.App.unnamed(config.NATSName), files, child)
	if err != nil {
		return nil, err
	}
	// Ready or not: they have to find each other to become ready.
	headless, err := newHeadless(ctx, name, headlessArgs{
		app: a.App, component: config.NATSName, name: natsHeadless, port: "cluster", number: natsRoutePort, notReady: true,
	}, child)
	if err != nil {
		return nil, err
	}
	if err := newQuorumBudget(ctx, name, a.App, config.NATSName, child); err != nil {
		return nil, err
	}
	pod := a.clusterPod(configMap.Metadata.Name().Elem())
	pod.Revision = Revision(files, nil)
	return a.newServers(ctx, name, headless, pod, child, after)
}

// clusterPod counts as started once its streams have caught up, so that an
// update never takes the next server down before.
func (a NATSArgs) clusterPod(configMap pulumi.StringInput) Pod {
	server := a.server(natsProbes(natsCurrent, natsJoined))
	server.Env = append(server.Env, FromField("POD_NAME", "metadata.name"))
	server.Ports = append(server.Ports, Port{Name: "cluster", Container: natsRoutePort})
	server.Mounts = append(natsMounts(configMap, ClaimTemplate(natsClaim)), Mount{Volume: Scratch("run", 1), Path: natsRun})
	// It sends its clients to the others before the kubelet's SIGTERM, which it
	// then ignores until it has.
	server.BeforeStop = []string{"nats-server", "--signal", "ldm=" + natsPID}
	pod := a.pod(server)
	pod.GraceSeconds = int(a.LameDuckDrain.Seconds()) + natsStopSeconds
	pod.Apart = true // two on one node would fall together
	// On the way back to one server, that one comes before these go, and may
	// come to a node of theirs.
	pod.Labels = map[string]string{"platform/servers": "cluster"}
	return pod
}

// newServers starts all at once: none is ready before most have found each
// other.
func (a NATSArgs) newServers(ctx *pulumi.Context, name string, headless pulumi.StringInput, pod Pod, child, after pulumi.ResourceOption) (pulumi.Resource, error) {
	account, err := newAccount(ctx, name+"-cluster", a.App, config.NATSName, Access{}, child)
	if err != nil {
		return nil, err
	}
	set, err := appsv1.NewStatefulSet(ctx, name, &appsv1.StatefulSetArgs{
		Metadata: a.App.named(config.NATSName, config.NATSName),
		Spec: appsv1.StatefulSetSpecArgs{
			Replicas:             pulumi.Int(a.Replicas),
			RevisionHistoryLimit: pulumi.Int(5),
			ServiceName:          headless.ToStringOutput(),
			PodManagementPolicy:  pulumi.String("Parallel"),
			Selector:             selector(a.App.Selector(config.NATSName)),
			Template:             pod.template(a.App, config.NATSName, account),
			VolumeClaimTemplates: corev1.PersistentVolumeClaimTypeArray{a.claim().template()},
			PersistentVolumeClaimRetentionPolicy: appsv1.StatefulSetPersistentVolumeClaimRetentionPolicyArgs{
				WhenDeleted: pulumi.String("Retain"), WhenScaled: pulumi.String("Retain"),
			},
		},
	}, child, after, pulumi.Protect(a.Protect), pulumi.RetainOnDelete(a.Protect),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: natsClusterTimeout, Update: natsClusterTimeout}))
	if err != nil {
		return nil, fmt.Errorf("stateful set: %w", err)
	}
	a.App.Made.claims(a.claim().name, config.NATSName, a.Replicas)
	return set, nil
}
