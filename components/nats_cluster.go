package components

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// natsClusterTimeout bounds the wait for all servers, which are updated one
// after the other: each sends its clients away, starts and catches up.
const natsClusterTimeout = "30m"

// newCluster registers the servers of a cluster and what they share.
func (a NATSArgs) newCluster(ctx *pulumi.Context, name string, after []pulumi.Resource, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	files := map[string]string{natsFile: a.clusterConf()}
	config, err := corev1.NewConfigMap(ctx, name+"-cluster", &corev1.ConfigMapArgs{
		Metadata: a.App.unnamed(NATSName), Data: pulumi.ToStringMap(files),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("config map: %w", err)
	}
	headless, err := a.newHeadless(ctx, name, opts...)
	if err != nil {
		return nil, err
	}
	if err := newQuorumBudget(ctx, name, a.App, NATSName, opts...); err != nil {
		return nil, err
	}
	pod := a.clusterPod(config.Metadata.Name().Elem())
	pod.Revision = Revision(files, nil)
	return a.newServers(ctx, name, headless, pod, after, opts...)
}

// clusterPod counts as started once its streams have caught up, so that an
// update never takes the next server down before.
func (a NATSArgs) clusterPod(config pulumi.StringInput) Pod {
	server := a.server(natsProbes(natsCurrent, natsJoined))
	server.Env = append(server.Env, FromField("POD_NAME", "metadata.name"))
	server.Ports = append(server.Ports, Port{Name: "cluster", Container: natsRoutePort})
	server.Mounts = append(natsMounts(config, ClaimTemplate(natsClaim)), Mount{Volume: Scratch("run", 1), Path: natsRun})
	// It sends its clients to the others before the kubelet's SIGTERM, which it
	// then ignores until it has.
	server.BeforeStop = []string{"nats-server", "--signal", "ldm=" + natsPID}
	pod := a.pod(server)
	pod.GraceSeconds = int(a.LameDuck.Seconds()) + natsStopSeconds
	pod.Apart = true // two on one node would fall together
	// On the way back to one server, that one comes before these go, and may
	// come to a node of theirs.
	pod.Labels = map[string]string{"platform/servers": "cluster"}
	return pod
}

// newServers starts all at once: none is ready before most have found each
// other.
func (a NATSArgs) newServers(ctx *pulumi.Context, name string, headless pulumi.StringInput, pod Pod, after []pulumi.Resource, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	account, err := newAccount(ctx, name+"-cluster", a.App, NATSName, Access{}, opts...)
	if err != nil {
		return nil, err
	}
	set, err := appsv1.NewStatefulSet(ctx, name, &appsv1.StatefulSetArgs{
		Metadata: a.App.named(NATSName, NATSName),
		Spec: appsv1.StatefulSetSpecArgs{
			Replicas:             pulumi.Int(a.Replicas),
			RevisionHistoryLimit: pulumi.Int(5),
			ServiceName:          headless.ToStringOutput(),
			PodManagementPolicy:  pulumi.String("Parallel"),
			Selector:             selector(a.App.Selector(NATSName)),
			Template:             pod.template(a.App, NATSName, account),
			VolumeClaimTemplates: corev1.PersistentVolumeClaimTypeArray{a.claim().template()},
			PersistentVolumeClaimRetentionPolicy: appsv1.StatefulSetPersistentVolumeClaimRetentionPolicyArgs{
				WhenDeleted: pulumi.String("Retain"), WhenScaled: pulumi.String("Retain"),
			},
		},
	}, append(opts, pulumi.DependsOn(after), pulumi.Protect(a.Protect), pulumi.RetainOnDelete(a.Protect),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: natsClusterTimeout, Update: natsClusterTimeout}))...)
	if err != nil {
		return nil, fmt.Errorf("stateful set: %w", err)
	}
	return set, nil
}

// newHeadless gives each server a DNS name, ready or not: they have to find
// each other to become ready.
func (a NATSArgs) newHeadless(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	meta := a.App.named(NATSName, natsHeadless)
	meta.Annotations = annotated(meta.Annotations, skipAwait, "true")
	service, err := corev1.NewService(ctx, name+"-headless", &corev1.ServiceArgs{
		Metadata: meta,
		Spec: corev1.ServiceSpecArgs{
			ClusterIP:                pulumi.String("None"),
			PublishNotReadyAddresses: pulumi.Bool(true),
			Selector:                 pulumi.ToStringMap(a.App.Selector(NATSName)),
			Ports: corev1.ServicePortArray{corev1.ServicePortArgs{
				Name: pulumi.String("cluster"), Port: pulumi.Int(natsRoutePort), TargetPort: pulumi.String("cluster"),
			}},
		},
	}, opts...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("headless service: %w", err)
	}
	return service.Metadata.Name().Elem(), nil
}
