package probes

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var livenessScope = pack.Rule{
	Name: "liveness-asks-its-container-alone", Group: pack.Probes, Level: apitype.Advisory, Severity: apitype.PolicySeverityHigh,
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
}

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

// itself tells whether a host is the pod, or a variable of which only the pod
// knows the value.
func itself(host string) bool {
	if strings.HasPrefix(host, "$") || strings.HasPrefix(host, "/") || strings.HasPrefix(host, "[::1]") {
		return true // a variable, a socket, or the loopback interface
	}
	name, _, _ := strings.Cut(host, ":")
	return name == "localhost" || strings.HasPrefix(name, "127.") || name == "0.0.0.0" || host == "::1"
}
