package components

import (
	"errors"
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeAddressPools = "platform:components:AddressPools" // the state remembers it: change it only with an alias

// metallbAPI is MetalLB's.
const metallbAPI = "metallb.io/v1beta1"

// AddressPools are the addresses that MetalLB gives to Services of type
// LoadBalancer, and what announces them on the nodes' network.
type AddressPools struct {
	pulumi.ResourceState
	Resources []pulumi.Resource // the objects: before them a Service waits for its address in vain
}

// AddressPoolsArgs lists the pools. Nothing has a default.
type AddressPoolsArgs struct {
	Namespace     string // MetalLB's own: it looks nowhere else; must exist already
	Pools         []AddressPool
	Advertisement string            // name of the L2Advertisement of all pools
	Owner         map[string]string // annotations that say which deployment they belong to, see [App.Owner]
	Protect       bool              // refuse to delete them, and with them every address in use
}

// AddressPool is a set of addresses, such as 192.168.3.150-192.168.3.200 or a
// network. Any Service may draw from it, one that names its address or not:
// MetalLB's own defaults stand, as a pool that only gives to who names it
// would leave the Services of users without.
type AddressPool struct {
	Name      string
	Addresses []string // FIRST-LAST or a network
}

// Validate returns every fault at once.
func (a AddressPoolsArgs) Validate() error {
	faults := []error{required("namespace", a.Namespace), required("advertisement", a.Advertisement)}
	if len(a.Pools) == 0 {
		faults = append(faults, errors.New("pools: there is none, so no Service would get an address; list one"))
	}
	seen := map[string]bool{}
	for i, pool := range a.Pools {
		switch {
		case pool.Name == "":
			faults = append(faults, fmt.Errorf("pools[%d]: has no name; name it", i))
		case seen[pool.Name]:
			faults = append(faults, fmt.Errorf("pools[%d]: %q is there twice; merge the two", i, pool.Name))
		case len(pool.Addresses) == 0:
			faults = append(faults, fmt.Errorf("pools[%d]: %q has no address; list a range", i, pool.Name))
		}
		seen[pool.Name] = true
	}
	return errors.Join(faults...)
}

// NewAddressPools registers the pools and one advertisement of them all: in L2
// mode a pool that nothing announces is reached by nobody.
func NewAddressPools(ctx *pulumi.Context, name string, args AddressPoolsArgs, opts ...pulumi.ResourceOption) (*AddressPools, error) {
	if err := join("address pools", name, args.Validate()); err != nil {
		return nil, err
	}
	p := &AddressPools{}
	if err := ctx.RegisterComponentResource(typeAddressPools, name, p, opts...); err != nil {
		return nil, fmt.Errorf("register address pools %q: %w", name, err)
	}
	for _, object := range args.objects() {
		registered, err := newCustom(ctx, object.name, object.custom, pulumi.Parent(p),
			pulumi.Protect(args.Protect), pulumi.RetainOnDelete(args.Protect))
		if err != nil {
			return nil, fmt.Errorf("address pools %q: %w", name, err)
		}
		p.Resources = append(p.Resources, registered)
	}
	if err := ctx.RegisterResourceOutputs(p, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("address pools %q outputs: %w", name, err)
	}
	return p, nil
}

type addressObject struct {
	name string
	custom
}

func (a AddressPoolsArgs) objects() []addressObject {
	var objects []addressObject
	var names []string
	for _, pool := range a.Pools {
		names = append(names, pool.Name)
		objects = append(objects, a.object(pool.Name, "IPAddressPool", map[string]any{"addresses": pool.Addresses}))
	}
	return append(objects, a.object(a.Advertisement, "L2Advertisement", map[string]any{"ipAddressPools": names}))
}

// object carries no application's labels: the pools serve whatever asks.
func (a AddressPoolsArgs) object(name, kind string, spec map[string]any) addressObject {
	return addressObject{name, custom{
		apiVersion: metallbAPI, kind: kind, spec: spec,
		metadata: &metav1.ObjectMetaArgs{
			Name: pulumi.String(name), Namespace: pulumi.String(a.Namespace),
			Labels:      pulumi.StringMap{"app.kubernetes.io/managed-by": pulumi.String("pulumi")},
			Annotations: pulumi.ToStringMap(a.Owner),
		},
	}}
}
