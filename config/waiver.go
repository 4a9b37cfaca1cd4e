package config

import (
	"fmt"
	"regexp"
)

// WaiverKind is what a waiver lets happen.
type WaiverKind string

// What a waiver can let happen to a resource.
const (
	WaiveDelete  WaiverKind = "deleted"
	WaiveReplace WaiverKind = "replaced"
)

// WaiverKinds lists every [WaiverKind], in the order errors print them.
var WaiverKinds = []WaiverKind{WaiveDelete, WaiveReplace}

// Waiver lets one deployment end one resource that holds data or an address.
// It is written for that deployment and removed after it.
type Waiver struct {
	Resource string     `key:"resource"` // Kind/namespace/name, or Kind/name where the kind has no namespaces
	Change   WaiverKind `key:"change"`
	Reason   string     `key:"reason"`
}

var waivable = regexp.MustCompile(`^[A-Z][A-Za-z]+(/[a-z0-9]([-a-z0-9.]*[a-z0-9])?){1,2}$`)

// validateWaivers asks of each what it lets happen to what, and why.
func (c *Common) validateWaivers(into *collector) {
	for i, waiver := range c.Waivers {
		key := fmt.Sprintf("waivers[%d]", i)
		if !waivable.MatchString(waiver.Resource) {
			into.add(key+".resource", "write it as the preview names it, such as PersistentVolumeClaim/core/nats-data,",
				"%q names no resource", waiver.Resource)
		}
		oneOf(into, key+".change", waiver.Change, WaiverKinds)
		if waiver.Reason == "" {
			into.add(key+".reason", "say why the resource may end", "it is empty")
		}
	}
}
