package batch

import (
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var contentHash = pack.Rule{
	Name: "job-name-has-hash", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "a Job cannot be changed in place: under its old name it has to be deleted first, and its log goes with it",
	Remedy:     "end the name in a hash of what the Job runs, or leave the name to the provider",
	Reference:  "https://github.com/pulumi/pulumi-kubernetes/issues/856",
	Kinds:      []string{job},
	Parameters: map[string]any{"ending": "-[0-9a-f]{8,}$"}, // a regular expression
	Object: func(o pack.Object, r *pack.Report) {
		name := o.At("metadata", "name")
		if !name.Set() {
			return // the provider adds random letters to a name that it makes
		}
		ending, err := regexp.Compile(pack.Parameter[string](r, "ending"))
		if err != nil {
			r.Violated(o, name, "is not judged, as the parameter ending is wrong: %v", err)
		} else if !ending.MatchString(name.Text()) {
			r.Violated(o, name, "is fixed, and says nothing of what the Job runs")
		}
	},
}
