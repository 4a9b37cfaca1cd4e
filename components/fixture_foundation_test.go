package components_test

import (
	"net/netip"
	"time"

	"platform/components/certificate"
	"platform/components/metallb"
	"platform/components/nats"
	"platform/components/network"
	"platform/components/node"
	"platform/config"
)

func natsArgs() nats.Args {
	return nats.Args{
		App: app(),
		NATS: config.NATS{
			Build: config.Build{Image: "nats:2.10-alpine"}, Replicas: 1, NodeSelector: map[string]string{"size": "mini"},
			Resources: config.NewResources("100m", "256Mi", "500m", "1Gi"), StorageGiB: 5, StorageClass: "local-path",
			MemoryMiB: 512, FileMiB: 4096, LameDuckDrain: 30 * time.Second,
		},
		Streams: []config.Stream{{Name: "AUTH", Subjects: []string{"auth.>"}, Retention: time.Hour, ReservedMiB: 1024}},
	}
}

func natsClusterArgs() nats.Args {
	args := natsArgs()
	args.Replicas = 3
	return args
}

func imageCleanupArgs() node.ImageCleanupArgs {
	return node.ImageCleanupArgs{App: app(), Nodes: 8, ImageCleanup: config.ImageCleanup{
		Build: config.Build{Image: "docker.io/rancher/mirrored-library-busybox:1.36.1"}, Schedule: "0 3 * * *",
		Resources: config.NewResources("25m", "32Mi", "250m", "128Mi"),
	}}
}

func isolationArgs() network.IsolationArgs {
	return network.IsolationArgs{
		App: app(), Name: "core-isolation",
		Networks: []netip.Prefix{netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("10.42.0.0/16")},
		World:    []int{2222, 18080, 8443},
	}
}

func hostPolicyArgs() network.HostPolicyArgs {
	return network.HostPolicyArgs{App: app(), HostPolicy: config.HostPolicy{
		Name: "allow-host-chunkserver", Order: 10, Ports: []int{22, 6443, 10250},
	}}
}

func addressPoolsArgs() metallb.AddressPoolsArgs {
	return metallb.AddressPoolsArgs{MetalLB: config.MetalLB{
		Namespace: "metallb-system", Advertisement: "compute-l2",
		Pools: []config.AddressPool{{Name: "compute-pool", Addresses: []string{"192.168.3.150-192.168.3.200"}}},
	}}
}

func certificateArgs() certificate.WildcardArgs {
	return certificate.WildcardArgs{App: app(), WildcardTLS: config.WildcardTLS{
		Secret: "eddisonso-wildcard-tls", Issuer: "letsencrypt-cloudflare", Email: "admin@eddisonso.com",
		Hosts: []string{"eddisonso.com", "*.eddisonso.com", "*.cloud.eddisonso.com"},
	}}
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
