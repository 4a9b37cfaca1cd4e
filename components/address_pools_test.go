package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/gateway"
	"platform/components/metallb"
	"platform/config"
)

// The platform's pool, and what announces it.
func TestAddressPools(t *testing.T) {
	args := addressPoolsArgs()
	args.Pools = append(args.Pools, config.AddressPool{Name: "more", Addresses: []string{"192.168.4.0/28", "192.168.4.32-192.168.4.40"}})
	resources := run(t, registering("metallb", metallb.NewAddressPools, args))
	assert.Len(t, resources.names(), 3)
	for name, addresses := range map[string][]any{
		"compute-pool": {"192.168.3.150-192.168.3.200"}, "more": {"192.168.4.0/28", "192.168.4.32-192.168.4.40"},
	} {
		pool := resources.one(t, "IPAddressPool", name).Inputs
		assert.Equal(t, "metallb.io/v1beta1", pool["apiVersion"])
		assert.Equal(t, name, dig(pool, "metadata", "name"))
		assert.Equal(t, "metallb-system", dig(pool, "metadata", "namespace"))
		assert.Equal(t, map[string]any{"addresses": addresses}, pool["spec"], "all else as MetalLB has it")
	}
	advertisement := resources.one(t, "L2Advertisement").Inputs
	assert.Equal(t, "metallb.io/v1beta1", advertisement["apiVersion"])
	assert.Equal(t, "compute-l2", dig(advertisement, "metadata", "name"))
	assert.Equal(t, "metallb-system", dig(advertisement, "metadata", "namespace"))
	assert.Equal(t, map[string]any{"ipAddressPools": []any{"compute-pool", "more"}}, advertisement["spec"])
}

func TestAddressesStay(t *testing.T) {
	for _, protect := range []bool{false, true} {
		args := addressPoolsArgs()
		args.Protect = protect
		resources := run(t, registering("metallb", metallb.NewAddressPools, args))
		for _, kind := range []string{"IPAddressPool", "L2Advertisement"} {
			assert.Equal(t, protect, resources.one(t, kind).Protect, kind)
			assert.Equal(t, protect, resources.one(t, kind).RetainOnDelete, kind)
		}
	}
}

func TestAServiceCanComeAfterItsPool(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		pools, err := metallb.NewAddressPools(ctx, "metallb", addressPoolsArgs())
		if err != nil {
			return err
		}
		args := gatewayArgs()
		args.Pools = pools.Resources
		_, err = gateway.New(ctx, "gateway", args)
		return err
	})
	service := resources.one(t, "Service", "gateway")
	assert.True(t, dependsOn(service, "IPAddressPool", "compute-pool"))
	assert.True(t, dependsOn(service, "L2Advertisement", "compute-l2"))
}
