package probes

import (
	"path"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var preStopFits = pack.Rule{
	Name: "grace-period-covers-pre-stop", Group: pack.Probes, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the hook's time counts: the program is killed in the middle of its last requests, or before it hears of the stop",
	Remedy:    "raise terminationGracePeriodSeconds above the hook's sleep and the time that the program needs after it",
	Reference: "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/",
	Kinds:     servingKinds,
	// What the program has after the hook, in seconds.
	Parameters: map[string]any{"floor": 10.0},
	Object: ofServing(func(c pack.Container, r *pack.Report) {
		hook := hookSeconds(c)
		grace, at := graceSeconds(c.Pod)
		if left := grace - hook; hook > 0 && float64(left) < pack.Parameter[float64](r, "floor") {
			r.Violated(c, at, "is %d s, of which the preStop hook takes %d s", grace, hook)
		}
	}),
}

// hookSeconds are those that a container's preStop hook sleeps.
func hookSeconds(c pack.Container) int {
	hook := c.At("lifecycle", "preStop")
	slept := hook.At("sleep", "seconds").Int()
	command := words(hook.At("exec", "command"))
	for i, word := range command {
		if path.Base(word) == "sleep" && i+1 < len(command) {
			slept += int(length(command[i+1], "s").Seconds())
		}
	}
	return slept
}
