package pod

// exemptionAnnotation tells whoever looks at a pod why it may do more than
// others.
const exemptionAnnotation = "platform/exemption"

// Exemption is what one component's pods may do beyond the hardening that all
// others have, and why. The zero value allows nothing.
type Exemption struct {
	Reason      string // for the reader of a pod or a review
	Root        bool   // runs as root, still without a single capability
	HostNetwork bool   // uses its node's addresses and ports
	Privileged  bool   // has every right on its node, and sees its processes
}
