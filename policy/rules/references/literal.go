package references

import (
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var literal = pack.Rule{
	Name: "variable-of-a-secret-is-a-reference", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "what a Secret has for a variable is secret for whoever sets the variable, too; a literal is in the program, in its state and in every description of the pod",
	Remedy:    "take the variable by secretKeyRef from the Secret that has it",
	Reference: secretsPage,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
			pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
				pack.Each(r, c, c.At("env").Items(), func(variable pack.Value) {
					value := variable.At("value")
					if !value.Known() || !value.Set() {
						return
					}
					name := variable.At("name").Text()
					if named.MatchString(name) && !setting.MatchString(value.Text()) {
						r.Violated(c, value, "stands here, and is secret by its name")
						return
					}
					if of, found := pack.First(s.Kinds("Secret"), func(one pack.Object) bool {
						return one.Beside(pod.Owner) && slices.Contains(keys(one), name)
					}); found {
						r.Violated(c, value, "stands here, and %s has a key %s", of, name)
					}
				})
			})
		})(s, r)
	},
}

// named are variables that log somebody in, by a number behind the word as
// well: one for each of several.
var named = regexp.MustCompile(`(?i)(PASSWORD|SECRET|_TOKEN|_AUTH|WEBHOOK_URL)(_\d+)?$`)

// setting is what logs nobody in: a switch or a number, such as of
// DISABLE_AUTH. An empty value is a password that is forgotten.
var setting = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|\d{1,5})$`)
