package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var egressDenied = pack.Rule{
	Name: "namespace-denies-egress-by-default", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "whoever takes over a pod can send what it finds anywhere",
	Remedy:    "add a NetworkPolicy with an empty podSelector and the policy type Egress, which lets out questions to the DNS",
	Reference: nsaGuide,
	Stack:     denies("Egress"),
}
