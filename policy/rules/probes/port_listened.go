package probes

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var portListened = pack.Rule{
	Name: "declared-port-is-listened-on", Group: pack.Probes, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "Services, policies and probes find a port by its name: a number that the program does not listen on turns all of them away, or leads to what else listens there",
	Remedy:    "declare the port that the command, the environment or the configuration of the program names, or list it for the image in the rule's parameter",
	Reference: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports",
	// What programs listen on that are told no port, by the end of their image's
	// repository; of others no more is known than what they declare.
	Parameters: map[string]any{"programs": []any{
		"co2-calculator/backend=8000", "co2-calculator/frontend=8080", "eddisonso/alerting-service=8080", "eddisonso/cluster-monitor=8080",
		"eddisonso/ecloud-docs=80", "eddisonso/ecloud-frontend=80", "eddisonso/ecloud-gateway=9091",
		"haproxy=", "nats=", "postgres=5432", "redis=6379", "redis_exporter=9121",
	}},
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			pack.Each(r, c, c.At("ports").Items(), func(port pack.Value) {
				at := port.At("containerPort")
				number := strconv.Itoa(at.Int())
				text := settings(s, c)
				if regexp.MustCompile(`(^|\D)` + number + `($|\D)`).MatchString(text) {
					return
				}
				own, known := listens(r, c)
				if (known || listening.MatchString(line(c))) && !slices.Contains(own, number) {
					r.Violated(c, at, "is %s, which nothing tells the program", number)
				}
			})
		})
	}),
}

// line is what a container's program is started with. A variable with an
// address may be about one port of several.
func line(c pack.Container) string {
	return strings.Join(append(c.At("command").Texts(), c.At("args").Texts()...), " ")
}

// listening finds an address among words on which a program is told to listen:
// one without a host, or of every host.
var listening = regexp.MustCompile(`(?m)(^|[\s=])(0\.0\.0\.0|\[::\])?:\d+(\s|$)`)

// listens are the ports on which an image listens by itself; false for one that
// nobody listed, of which only the container's declaration is known.
func listens(r *pack.Report, c pack.Container) ([]string, bool) {
	for _, one := range r.List("programs") {
		if program, ports, _ := strings.Cut(one, "="); repositoryEnds(c.At("image"), program) {
			return strings.Split(ports, ","), true
		}
	}
	return nil, false
}

// repositoryEnds tells whether an image's repository is one, or ends in it.
func repositoryEnds(image pack.Value, end string) bool {
	name, _, _ := strings.Cut(image.Text(), "@")
	if tag := strings.LastIndex(name, ":"); tag > strings.LastIndex(name, "/") {
		name = name[:tag]
	}
	return name == end || strings.HasSuffix(name, "/"+end)
}
