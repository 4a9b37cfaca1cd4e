package services

import (
	"net/netip"
	"strings"

	"platform/policy/pack"
)

// addressKeys are the annotations by which MetalLB is asked for addresses, the
// present one first.
var addressKeys = []string{"metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs"}

// asked is where a LoadBalancer asks for its addresses; a value that is not
// set where it does not.
func asked(service pack.Object) pack.Value {
	for _, key := range addressKeys {
		if at := service.At("metadata", "annotations", key); at.Set() {
			return at
		}
	}
	if at := service.At("spec", "loadBalancerIP"); at.Set() {
		return at
	}
	return service.At("metadata", "annotations", addressKeys[0])
}

// addresses are those of a list divided by commas; false where one is none.
func addresses(text string) ([]netip.Addr, bool) {
	var all []netip.Addr
	for one := range strings.SplitSeq(text, ",") {
		address, err := netip.ParseAddr(strings.TrimSpace(one))
		if err != nil {
			return nil, false
		}
		all = append(all, address)
	}
	return all, true
}

// block is addresses from first to last, both among them. Those of IPv4 come
// before all of IPv6, so none of one is within a block of the other.
type block struct{ first, last netip.Addr }

func (b block) holds(address netip.Addr) bool {
	return b.first.Compare(address) <= 0 && address.Compare(b.last) <= 0
}

func (b block) overlaps(other block) bool {
	return b.first.Compare(other.last) <= 0 && other.first.Compare(b.last) <= 0
}

// blockOf reads FIRST-LAST or a network, as a pool lists them.
func blockOf(text string) (block, bool) {
	if first, last, several := strings.Cut(text, "-"); several {
		from, err := netip.ParseAddr(strings.TrimSpace(first))
		to, toErr := netip.ParseAddr(strings.TrimSpace(last))
		return block{from, to}, err == nil && toErr == nil && from.BitLen() == to.BitLen() && from.Compare(to) <= 0
	}
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return block{}, false
	}
	bytes := network.Masked().Addr().AsSlice()
	for bit := network.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	last, _ := netip.AddrFromSlice(bytes)
	return block{network.Masked().Addr(), last}, true
}

// pools are MetalLB's.
func pools(s *pack.Stack) []pack.Object { return s.Kinds("IPAddressPool") }

// poolHolds tells whether an address is of a pool.
func poolHolds(pool pack.Object, address netip.Addr) bool {
	return pack.Some(pool.At("spec", "addresses").Items(), func(listed pack.Value) bool {
		b, ok := blockOf(listed.Text())
		return ok && b.holds(address)
	})
}
