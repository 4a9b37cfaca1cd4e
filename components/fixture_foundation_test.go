package components_test

import (
	"net/netip"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
)

func natsArgs() components.NATSArgs {
	return components.NATSArgs{
		App: app(), Image: "nats:2.10-alpine", Replicas: 1, NodeSelector: map[string]string{"size": "mini"},
		Resources: components.NewResources("100m", "256Mi", "500m", "1Gi"), StorageGiB: 5, StorageClass: "local-path",
		MemoryMiB: 512, FileMiB: 4096, LameDuck: 30 * time.Second,
		Streams: []components.Stream{{Name: "AUTH", Subjects: []string{"auth.>"}, Age: time.Hour, Messages: 1000, MiB: 1024}},
	}
}

func natsClusterArgs() components.NATSArgs {
	args := natsArgs()
	args.Replicas = 3
	return args
}

func imageCleanupArgs() components.ImageCleanupArgs {
	return components.ImageCleanupArgs{
		App: app(), Image: "docker.io/rancher/mirrored-library-busybox:1.36.1", Schedule: "0 3 * * *", Nodes: 8,
		Resources: components.NewResources("25m", "32Mi", "250m", "128Mi"),
		Exempt:    components.Exemption{Root: true, Privileged: true, Reason: "the container runtime obeys root of the node"},
	}
}

// registerImageCleanup is [registering] for what has no outputs.
func registerImageCleanup(args components.ImageCleanupArgs, opts ...pulumi.ResourceOption) program {
	return func(ctx *pulumi.Context) error {
		return components.NewImageCleanup(ctx, components.ImageCleanupName, args, opts...)
	}
}

func isolationArgs() components.IsolationArgs {
	return components.IsolationArgs{
		App: app(), Name: "core-isolation",
		Networks: []netip.Prefix{netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("10.42.0.0/16")},
		World:    []int{2222, 18080, 8443},
	}
}

func hostPolicyArgs() components.HostPolicyArgs {
	return components.HostPolicyArgs{
		App: app(), Name: "allow-host-chunkserver", Order: 10, Ports: [][]int{{9080, 9081}, {22, 6443, 10250}},
	}
}

func addressPoolsArgs() components.AddressPoolsArgs {
	return components.AddressPoolsArgs{
		Namespace: "metallb-system", Advertisement: "compute-l2",
		Pools: []components.AddressPool{{Name: "compute-pool", Addresses: []string{"192.168.3.150-192.168.3.200"}}},
	}
}

func certificateArgs() components.CertificateArgs {
	return components.CertificateArgs{
		App: app(), Secret: "eddisonso-wildcard-tls", Issuer: "letsencrypt-cloudflare", Email: "admin@eddisonso.com",
		Hosts: []string{"eddisonso.com", "*.eddisonso.com", "*.cloud.eddisonso.com"},
	}
}

// claimTemplates are the names of the volumes that a StatefulSet adds to its
// pods, given as [record.pods] names them.
func (r record) claimTemplates(pods string) []any {
	var names []any
	for _, set := range r.of("StatefulSet") {
		for _, template := range list(set.Inputs, "spec", "volumeClaimTemplates") {
			if pods == "StatefulSet "+set.Name {
				names = append(names, dig(template, "metadata", "name"))
			}
		}
	}
	return names
}
