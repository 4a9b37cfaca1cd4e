package mutation

const groupAddresses = "addresses"

var (
	poolKinds   = []string{"IPAddressPool"}
	advertKinds = []string{"L2Advertisement"}
)

var addresses = []Operator{
	{Group: groupAddresses, Name: "the pool", Kinds: poolKinds},
	{Group: groupAddresses, Name: "addresses", Kinds: poolKinds, At: "spec addresses", Do: []Change{emptied, removed, appended("others", "192.0.2.0/24"), replaced([]any{"0.0.0.0/0"}), replaced([]any{"192.168.3.1-192.168.3.254"})}},
	{Group: groupAddresses, Name: "autoAssign", Kinds: poolKinds, At: "spec autoAssign", Do: []Change{replaced(true), removedUnless(true)}},
	{Group: groupAddresses, Name: "the announcement", Kinds: advertKinds},
	{Group: groupAddresses, Name: "ipAddressPools", Kinds: advertKinds, At: "spec ipAddressPools", Do: []Change{removed, emptied, replaced([]any{"nobodys"})}},
	{Group: groupAddresses, Name: "namespace", Kinds: []string{"IPAddressPool", "L2Advertisement"}, At: "metadata namespace", Do: []Change{set("default")}},
}
