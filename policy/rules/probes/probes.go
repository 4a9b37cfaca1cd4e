// Package probes holds the rules about how a pod says that it serves, and how
// it is stopped.
package probes

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// documentation is what most of these rules come from.
const documentation = "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"

// The probes of a container.
const (
	livenessProbe  = "livenessProbe"
	readinessProbe = "readinessProbe"
	startupProbe   = "startupProbe"
)

var allProbes = []string{livenessProbe, readinessProbe, startupProbe}

// servingKinds run pods that go on until they are stopped.
var servingKinds = []string{"DaemonSet", "Deployment", "Pod", "ReplicaSet", "StatefulSet"}

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Probes, []pack.Rule{
	{
		Name: "liveness-asks-its-container-alone", Level: apitype.Advisory, Severity: apitype.PolicySeverityHigh,
		Reason:     "when what it depends on fails, every container that asks for it is killed too, and all start at once afterwards",
		Remedy:     "have the livenessProbe ask whether the program itself runs, and leave what it depends on to the readinessProbe",
		Reference:  documentation,
		Kinds:      servingKinds,
		Parameters: map[string]any{"readinessPaths": []any{"/ready", "/readyz", "/readiness", "/health/ready", "/healthz/ready"}},
		Object: ofServing(func(c pack.Container, r *pack.Report) {
			probe := c.At(livenessProbe)
			path := probe.At("httpGet", "path")
			if asked, _, _ := strings.Cut(path.Text(), "?"); slices.Contains(r.List("readinessPaths"), strings.TrimSuffix(asked, "/")) {
				r.Violated(c, path, "asks %s, which answers for what the program depends on", asked)
			}
			command := probe.At("exec", "command")
			for _, host := range hosts(words(command)) {
				if !itself(host) {
					r.Violated(c, command, "asks %s", host)
				}
			}
		}),
	},
	{
		Name: "probe-port-is-declared", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a probe of a port that nothing listens on fails for ever: the pod never gets ready, or is killed again and again",
		Remedy:    "name a port of the container in the probe, or declare the one that it asks",
		Reference: "https://docs.kubelinter.io/#/generated/checks (liveness-port, readiness-port, startup-port)",
		Kinds:     pack.PodKinds,
		Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
			pack.Each(r, c, allProbes, func(probe string) {
				for _, how := range []string{"httpGet", "tcpSocket", "grpc"} {
					if handler := c.At(probe, how); handler.Set() && !declares(c, handler.At("port")) {
						r.Violated(c, handler.At("port"), "asks port %s, which the container does not declare", handler.At("port").Port())
					}
				}
			})
		}),
	},
	{
		Name: "grace-period-covers-pre-stop", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
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
	},
	{
		Name: "serving-container-has-probes", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a program that hangs serves nobody until somebody restarts it by hand, and one that starts slowly is killed on the way",
		Remedy:    "add livenessProbe, readinessProbe and startupProbe",
		Reference: documentation,
		Kinds:     servingKinds,
		Object: ofServing(func(c pack.Container, r *pack.Report) {
			pack.Each(r, c, []string{livenessProbe, readinessProbe, startupProbe}, func(name string) {
				if probe := c.At(name); !probe.Set() {
					r.Violated(c, probe, "is missing")
				}
			})
		}),
	},
	{
		Name: "pod-has-time-to-end", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:     "a program that is killed at once leaves its files half written, and its clients without an answer",
		Remedy:     "set terminationGracePeriodSeconds to what the program takes to end",
		Reference:  "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
		Kinds:      servingKinds,
		Parameters: map[string]any{"floor": 10.0}, // seconds
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			if at := pod.Spec.At("terminationGracePeriodSeconds"); at.Set() && float64(at.Int()) < pack.Parameter[float64](r, "floor") {
				r.Violated(pod, at, "is %d s", at.Int())
			}
		},
	},
	{
		Name: "served-pod-waits-before-it-ends", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "clients are sent to a pod for a moment after it was told to stop, and are refused where the program stops at once",
		Remedy:    "add a preStop hook that waits until nobody is sent to the pod any more",
		Reference: "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow",
		Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
			if pod.Owner.Kind != "Deployment" || pod.Owner.At("spec", "strategy", "type").Is("Recreate") {
				return // nobody takes over while it ends
			}
			if !pack.Some(s.Kinds("Service"), func(service pack.Object) bool { return service.Leads(pod.Owner) }) {
				return
			}
			pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
				if hook := c.At("lifecycle", "preStop"); !c.Init && !hook.Set() && len(c.At("ports").Items()) > 0 {
					r.Violated(c, hook, "is missing")
				}
			})
		}),
	},
})

// hosts are those that the words of a command name: after -h or --host, and
// in addresses.
func hosts(words []string) []string {
	var found []string
	for i, word := range words {
		if _, address, is := strings.Cut(word, "://"); is {
			address, _, _ = strings.Cut(address, "/")
			found = append(found, address[strings.LastIndex(address, "@")+1:])
		}
		if host, is := strings.CutPrefix(word, "--host="); is {
			found = append(found, host)
		}
		if (word == "-h" || word == "--host") && i+1 < len(words) {
			found = append(found, words[i+1])
		}
	}
	return found
}

// itself reports whether a host is the pod, or a variable of which only the pod
// knows the value.
func itself(host string) bool {
	if strings.HasPrefix(host, "$") || strings.HasPrefix(host, "/") || strings.HasPrefix(host, "[::1]") {
		return true // a variable, a socket, or the loopback interface
	}
	name, _, _ := strings.Cut(host, ":")
	return name == "localhost" || strings.HasPrefix(name, "127.") || name == "0.0.0.0" || host == "::1"
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

// ofServing checks the containers that go on until they are stopped.
func ofServing(check func(c pack.Container, r *pack.Report)) func(pack.Object, *pack.Report) {
	return pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if !c.Init || c.At("restartPolicy").Is("Always") {
			check(c, r)
		}
	})
}

// words are those of a command, with those that it hands to a shell.
func words(command pack.Value) []string {
	return strings.FieldsFunc(strings.Join(command.Texts(), " "), func(r rune) bool {
		return strings.ContainsRune(" \t\n;|&()\"'`", r)
	})
}

// graceSeconds are those from the first signal to the last, with their value.
func graceSeconds(pod pack.Pod) (int, pack.Value) {
	grace := pod.Spec.At("terminationGracePeriodSeconds")
	if !grace.Set() {
		return 30, grace
	}
	return grace.Int(), grace
}

// declares reports whether a container declares a TCP port, by name or number.
func declares(c pack.Container, asked pack.Value) bool {
	return pack.Some(c.At("ports").Items(), func(port pack.Value) bool {
		name, number := port.At("name").Text(), port.At("containerPort").Port()
		return port.Protocol() == "TCP" && asked.Port() != "" && (asked.Port() == number || asked.Port() == name)
	})
}

// length is a time such as 30, 30s or 5m; zero for anything else. The unit is
// that of a bare number.
func length(text, unit string) time.Duration {
	if _, err := strconv.Atoi(text); err == nil {
		text += unit
	}
	length, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	return length
}
