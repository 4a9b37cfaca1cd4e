// Package probes holds the rules about how a pod tells that it serves, and how
// it is stopped.
package probes

import (
	"cmp"
	"slices"
	"strings"

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

// ofServing judges the containers that go on until they are stopped.
func ofServing(judge func(c pack.Container, r *pack.Report)) func(pack.Object, *pack.Report) {
	return pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if !c.Init || c.At("restartPolicy").Is("Always") {
			judge(c, r)
		}
	})
}

// action is what a probe does, as text, so that two can be compared.
func action(c pack.Container, probe pack.Value) string {
	switch {
	case probe.At("httpGet").Set():
		get := probe.At("httpGet")
		return strings.Join([]string{"http", cmp.Or(get.At("scheme").Text(), "HTTP"), port(c, get.At("port")), strings.TrimPrefix(get.At("path").Text(), "/")}, " ")
	case probe.At("tcpSocket").Set():
		return "tcp " + port(c, probe.At("tcpSocket", "port"))
	case probe.At("grpc").Set():
		return "grpc " + port(c, probe.At("grpc", "port")) + " " + probe.At("grpc", "service").Text()
	default:
		return "exec " + strings.Join(probe.At("exec", "command").Texts(), "\x00")
	}
}

// port is the number of a container's port, or the name where the container
// declares none of that name.
func port(c pack.Container, of pack.Value) string {
	for _, declared := range c.At("ports").Items() {
		if name := declared.At("name").Text(); name != "" && name == of.Port() {
			return declared.At("containerPort").Port()
		}
	}
	return of.Port()
}

// words are those of a command, with those that it hands to a shell.
func words(command pack.Value) []string {
	return strings.FieldsFunc(strings.Join(command.Texts(), " "), func(r rune) bool {
		return strings.ContainsRune(" \t\n;|&()\"'`", r)
	})
}

// seconds is a number of seconds, or its default where it is absent or 0.
func seconds(v pack.Value, otherwise int) int {
	if n := v.Int(); n != 0 {
		return n
	}
	return otherwise
}

// graceSeconds are those from the first signal to the last, with their value.
func graceSeconds(pod pack.Pod) (int, pack.Value) {
	grace := pod.Spec.At("terminationGracePeriodSeconds")
	if !grace.Set() {
		return 30, grace
	}
	return grace.Int(), grace
}

// named tells whether a repository's last part is one of these.
func named(image pack.Value, programs []string) bool {
	return slices.Contains(programs, program(image))
}

// program is the last part of an image's repository, such as postgres of
// docker.io/library/postgres:16-alpine.
func program(image pack.Value) string {
	name, _, _ := strings.Cut(image.Text(), "@")
	name = name[strings.LastIndex(name, "/")+1:]
	name, _, _ = strings.Cut(name, ":")
	return name
}
