package nats

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/account"
	"platform/components/object"
	"platform/components/pod"
	"platform/components/service"
	"platform/components/workload"
	"platform/config"
)

// clusterTimeout bounds the wait for all servers, which are updated one
// after the other: each sends its clients away, starts and catches up.
const clusterTimeout = "30m"

// newCluster registers the servers of a cluster, which start after what an
// option names, and what they share.
func (a Args) newCluster(ctx *pulumi.Context, name string, child, after pulumi.ResourceOption) (pulumi.Resource, error) {
	files := map[string]string{configFile: a.clusterConf()}
	configMap, err := object.NewConfigMap(ctx, name+"-cluster", a.App.Unnamed(config.NATSName), files, child)
	if err != nil {
		return nil, err
	}
	// Ready or not: they have to find each other to become ready.
	headless, err := service.NewHeadless(ctx, name, service.HeadlessArgs{
		App: a.App, Component: config.NATSName, Name: headlessName, Port: "cluster", Number: routePort, NotReady: true,
	}, child)
	if err != nil {
		return nil, err
	}
	if err := workload.NewQuorumBudget(ctx, name, a.App, config.NATSName, child); err != nil {
		return nil, err
	}
	pod := a.clusterPod(configMap.Metadata.Name().Elem())
	pod.Revision = object.Revision(files, nil)
	return a.newServers(ctx, name, headless, pod, child, after)
}

// clusterPod counts as started once its streams have caught up, so that an
// update never takes the next server down before.
func (a Args) clusterPod(configMap pulumi.StringInput) pod.Pod {
	server := a.server(probes(currentPath, joinedPath))
	server.Env = append(server.Env, pod.FromField("POD_NAME", "metadata.name"))
	server.Ports = append(server.Ports, pod.Port{Name: "cluster", Container: routePort})
	server.Mounts = append(mounts(configMap, pod.ClaimTemplate(claimName)), pod.Mount{Volume: pod.Scratch("run", 1), Path: runFolder})
	// It sends its clients to the others before the kubelet's SIGTERM, which it
	// then ignores until it has.
	server.BeforeStop = []string{"nats-server", "--signal", "ldm=" + pidFile}
	pod := a.pod(server)
	pod.GraceSeconds = int(a.LameDuckDrain.Seconds()) + stopSeconds
	pod.Apart = true // two on one node would fall together
	// On the way back to one server, that one comes before these go, and may
	// come to a node of theirs.
	pod.Labels = map[string]string{"platform/servers": "cluster"}
	return pod
}

// newServers starts all at once: none is ready before most have found each
// other.
func (a Args) newServers(ctx *pulumi.Context, name string, headless pulumi.StringInput, pod pod.Pod, child, after pulumi.ResourceOption) (pulumi.Resource, error) {
	identity, err := account.New(ctx, name+"-cluster", a.App, config.NATSName, account.Access{}, child)
	if err != nil {
		return nil, err
	}
	set, err := appsv1.NewStatefulSet(ctx, name, &appsv1.StatefulSetArgs{
		Metadata: a.App.Named(config.NATSName, config.NATSName),
		Spec: appsv1.StatefulSetSpecArgs{
			Replicas:             pulumi.Int(a.Replicas),
			RevisionHistoryLimit: pulumi.Int(5),
			ServiceName:          headless.ToStringOutput(),
			PodManagementPolicy:  pulumi.String("Parallel"),
			Selector:             object.LabelSelector(a.App.Selector(config.NATSName)),
			Template:             pod.Template(a.App, config.NATSName, identity),
			VolumeClaimTemplates: corev1.PersistentVolumeClaimTypeArray{a.claim().Template()},
			PersistentVolumeClaimRetentionPolicy: appsv1.StatefulSetPersistentVolumeClaimRetentionPolicyArgs{
				WhenDeleted: pulumi.String("Retain"), WhenScaled: pulumi.String("Retain"),
			},
		},
	}, child, after, pulumi.Protect(a.Protect), pulumi.RetainOnDelete(a.Protect),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: clusterTimeout, Update: clusterTimeout}))
	if err != nil {
		return nil, fmt.Errorf("stateful set: %w", err)
	}
	a.App.Made.AddClaims(a.claim().Name, config.NATSName, a.Replicas)
	return set, nil
}
