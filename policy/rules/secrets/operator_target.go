package secrets

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// operatorPage is where the operator's resources are described.
const operatorPage = "https://infisical.com/docs/integrations/platforms/kubernetes/overview"

var operatorTarget = pack.Rule{
	Name: "operated-secret-names-source-and-target", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "the operator that is told half does nothing, or writes a Secret that no pod names and deletes it with its resource",
	Remedy:    "set infisicalAuthRef, sources with project, environment and absolute path, and targets with name, namespace, kind Secret and creationPolicy Orphan",
	Reference: operatorPage,
	Kinds:     []string{operatorKind},
	Object: func(o pack.Object, r *pack.Report) {
		spec := o.At("spec")
		needs(r, o, spec.At("infisicalAuthRef"), "name", "namespace")
		some(r, o, spec.At("sources"), func(source pack.Value) {
			needs(r, o, source, "projectId", "environmentSlug", "secretPath")
			if folder := source.At("secretPath"); folder.Set() && !strings.HasPrefix(folder.Text(), "/") {
				r.Violated(o, folder, "is not absolute")
			}
		})
		some(r, o, spec.At("targets"), func(target pack.Value) {
			needs(r, o, target, "name", "namespace")
			pack.Each(r, o, [][2]string{{"kind", "Secret"}, {"creationPolicy", "Orphan"}}, func(want [2]string) {
				if value := target.At(want[0]); !value.Is(want[1]) {
					r.Violated(o, value, "is not %s", want[1])
				}
			})
		})
	},
}

// some judges each item of a list that must have one.
func some(r *pack.Report, o pack.Object, list pack.Value, judge func(pack.Value)) {
	pack.Each(r, o, []pack.Value{list}, func(list pack.Value) {
		if len(list.Items()) == 0 {
			r.Violated(o, list, "names none")
		}
		pack.Each(r, o, list.Items(), judge)
	})
}

// needs reports the keys that are missing or empty.
func needs(r *pack.Report, o pack.Object, at pack.Value, keys ...string) {
	pack.Each(r, o, keys, func(key string) {
		if value := at.At(key); value.Text() == "" {
			r.Violated(o, value, "is missing")
		}
	})
}
