// Package metallb gives addresses to Services of type LoadBalancer.
package metallb

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/config"
)

// metallbAPI is MetalLB's.
const metallbAPI = "metallb.io/v1beta1"

// AddressPools are the addresses that MetalLB gives to Services of type
// LoadBalancer, and what announces them on the nodes' network.
type AddressPools struct {
	pulumi.ResourceState
	Resources []pulumi.Resource // the objects: before them a Service waits for its address in vain
}

// AddressPoolsArgs lists the pools. Any Service may draw from one, whether it
// names an address or not: MetalLB's own defaults stand, as a pool that only
// gives to who names it would leave the Services of users without.
type AddressPoolsArgs struct {
	config.MetalLB
	Owner   map[string]string // annotations that say which deployment they belong to, see [object.App.Owner]
	Protect bool              // refuse to delete them, and with them every address in use
}

// NewAddressPools registers the pools and one advertisement of them all: in L2
// mode a pool that nothing announces is reached by nobody.
func NewAddressPools(ctx *pulumi.Context, name string, args AddressPoolsArgs, opts ...pulumi.ResourceOption) (*AddressPools, error) {
	p := &AddressPools{}
	return object.Register(ctx, "AddressPools", name, p, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		var names []string
		for _, pool := range args.Pools {
			names = append(names, pool.Name)
			if err := p.add(ctx, pool.Name, args.object(pool.Name, "IPAddressPool", map[string]any{"addresses": pool.Addresses}), args.Protect, child); err != nil {
				return nil, err
			}
		}
		advertisement := args.object(args.Advertisement, "L2Advertisement", map[string]any{"ipAddressPools": names})
		return nil, p.add(ctx, args.Advertisement, advertisement, args.Protect, child)
	})
}

func (p *AddressPools) add(ctx *pulumi.Context, name string, one object.Custom, protect bool, child pulumi.ResourceOption) error {
	registered, err := object.NewCustom(ctx, name, one, child, pulumi.Protect(protect), pulumi.RetainOnDelete(protect))
	p.Resources = append(p.Resources, registered)
	return err
}

// object carries no application's labels: the pools serve whatever asks.
func (a AddressPoolsArgs) object(name, kind string, spec map[string]any) object.Custom {
	return object.Custom{
		APIVersion: metallbAPI, Kind: kind, Spec: spec,
		Metadata: &metav1.ObjectMetaArgs{
			Name: pulumi.String(name), Namespace: pulumi.String(a.Namespace),
			Labels:      pulumi.StringMap{"app.kubernetes.io/managed-by": pulumi.String("pulumi")},
			Annotations: pulumi.ToStringMap(a.Owner),
		},
	}
}
