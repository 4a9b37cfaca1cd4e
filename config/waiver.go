package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// WaiverKind is what a waiver lets happen.
type WaiverKind string

// What a waiver can let happen to a resource.
const (
	WaiveDelete  WaiverKind = "deleted"
	WaiveReplace WaiverKind = "replaced"
	WaiveUpgrade WaiverKind = "upgrade" // other software opens its data: a major version, another distribution, a downgrade
	WaiveData    WaiverKind = "data"    // it serves without data that it has now, or deletes some of them
	WaiveAddress WaiverKind = "address" // it gives up an address on the network that it has now
)

// WaiverKinds lists every [WaiverKind], in the order errors print them.
var WaiverKinds = []WaiverKind{WaiveDelete, WaiveReplace, WaiveUpgrade, WaiveData, WaiveAddress}

// Verb is what the resource is to do, or not to do.
func (k WaiverKind) Verb() string {
	switch k {
	case WaiveUpgrade:
		return "open its data with other software"
	case WaiveData:
		return "lose data"
	case WaiveAddress:
		return "give up an address"
	default:
		return "be " + string(k)
	}
}

// Waiver lets one deployment end one resource that holds data or an address, or
// put its data at risk. It is written for that deployment and removed after it.
type Waiver struct {
	Resource string     `key:"resource"` // Kind/namespace/name, or Kind/name where the kind has no namespaces
	Change   WaiverKind `key:"change"`
	Reason   string     `key:"reason"`
}

// waivable are names of objects, of databases and of streams.
var waivable = regexp.MustCompile(`^[A-Z][A-Za-z]+(/[A-Za-z0-9_]([-A-Za-z0-9._]*[A-Za-z0-9_])?){1,2}$`)

// validateWaivers asks of each what it lets happen to what, and why.
func (c *Common) validateWaivers(into *collector) {
	for _, rule := range slices.Sorted(maps.Keys(c.Policy)) {
		if c.Policy[rule].Reason == "" {
			into.add("policy["+rule+"].reason", "say in a sentence why this stack differs", "it has no reason")
		}
	}
	for i, waiver := range c.Waivers {
		key := fmt.Sprintf("waivers[%d]", i)
		if !waivable.MatchString(waiver.Resource) {
			into.add(key+".resource", "write it as the preview names it, such as PersistentVolumeClaim/core/nats-data,",
				"%q names no resource", waiver.Resource)
		}
		oneOf(into, key+".change", waiver.Change, WaiverKinds)
		if waiver.Reason == "" {
			into.add(key+".reason", "say why the resource may end, or its data be put at risk", "it is empty")
		}
	}
}
