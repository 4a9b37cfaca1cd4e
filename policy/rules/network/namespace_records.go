package network

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var namespaceRecords = pack.Rule{
	Name: "namespace-records-by-the-strictest-level", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the audit log says nothing of pods that break the restricted standard, and warnings are given only after a pod was refused",
	Remedy:    "set pod-security.kubernetes.io/audit to restricted, warn to at least what enforce is, and the versions to latest",
	Reference: admissionPage,
	Kinds:     []string{"Namespace"},
	Object: func(o pack.Object, r *pack.Report) {
		labels := o.At("metadata", "labels")
		if audit := labels.At(levelLabel + "audit"); !audit.Is("restricted") {
			r.Violated(o, audit, "is not restricted")
		}
		warn, enforce := labels.At(levelLabel+"warn"), labels.At(levelLabel+"enforce")
		if slices.Index(levels, warn.Text()) > slices.Index(levels, enforce.Text()) {
			r.Violated(o, warn, "is less than what is enforced")
		}
		pack.Each(r, o, []string{"enforce", "audit", "warn"}, func(mode string) {
			if version := labels.At(levelLabel + mode + "-version"); !version.Is("", "latest") {
				r.Violated(o, version, "is that of an older cluster")
			}
		})
	},
}
