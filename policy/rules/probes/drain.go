package probes

import (
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var drainFits = pack.Rule{
	Name: "grace-period-covers-drain", Group: pack.Probes, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a program that is killed before it has drained loses tasks and sessions, and a database replays its log at the next start",
	Remedy:    "raise terminationGracePeriodSeconds above the time that the program is configured to take, or configure less",
	Reference: "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
	Parameters: map[string]any{
		// Settings in commands and configuration files by which programs declare
		// how long they take, each with the unit of a bare number.
		"settings": []any{
			"lame_duck_duration=s",          // NATS
			"hard-stop-after=ms",            // HAProxy
			"--graceful-timeout=s",          // Gunicorn
			"--timeout-graceful-shutdown=s", // Uvicorn
			"--time-limit=s",                // Celery, of a task
			"GRACEFUL_TIMEOUT=s",            // Gunicorn by its environment
		},
		// Programs that declare nothing, and the seconds that they need: the
		// checkpoint of PostgreSQL, and one task of Celery.
		"programs": []any{"postgres=60", "celery=60"},
	},
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		if !slices.Contains(servingKinds, pod.Owner.Kind) {
			return
		}
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			if c.Init {
				return
			}
			grace, at := graceSeconds(pod)
			if need, of := drain(s, c, r); need > 0 && grace < hookSeconds(c)+need {
				r.Violated(c, at, "is %d s, and %s takes %d s", grace, of, hookSeconds(c)+need)
			}
		})
	}),
}

// drain is the longest time that a container takes to stop, and who says so.
func drain(s *pack.Stack, c pack.Container, r *pack.Report) (longest int, of string) {
	for _, one := range r.List("programs") {
		name, needs, _ := strings.Cut(one, "=")
		if n, err := strconv.Atoi(needs); err == nil && n > longest && runs(c, name) {
			longest, of = n, name
		}
	}
	text := settings(s, c)
	for _, one := range r.List("settings") {
		setting, unit, _ := strings.Cut(one, "=")
		if !strings.Contains(text, setting) { // for most containers: to compile a pattern takes longer than to search
			continue
		}
		pattern := regexp.MustCompile(`(?m)(?:^|[\s"'])` + regexp.QuoteMeta(setting) + `["']?[\s:=]+["']?(\d[\d.a-z]*)`)
		for _, found := range pattern.FindAllStringSubmatch(text, -1) {
			if n := int(math.Ceil(length(found[1], unit).Seconds())); n > longest {
				longest, of = n, setting
			}
		}
	}
	return longest, of
}

// runs tells whether a container runs a program: by its command, or by its
// image where it has no command.
func runs(c pack.Container, program string) bool {
	if command := words(c.At("command")); len(command) > 0 {
		return slices.ContainsFunc(command, func(word string) bool { return path.Base(word) == program })
	}
	return named(c.At("image"), []string{program})
}

// settings are a container's command, arguments and environment, and the
// files that it mounts from ConfigMaps.
func settings(s *pack.Stack, c pack.Container) string {
	lines := append(c.At("command").Texts(), c.At("args").Texts()...)
	all := []string{strings.Join(lines, " ")}
	for _, variable := range c.At("env").Items() {
		if value := variable.At("value"); value.Known() {
			all = append(all, variable.At("name").Text()+"="+value.Text())
		}
	}
	for _, volume := range c.Pod.Spec.At("volumes").Items() {
		config, found := s.Referred("ConfigMap", c.Pod.Owner.Namespace(), volume.At("configMap", "name").Text())
		if !found || !mounts(c, volume.At("name").Text()) {
			continue
		}
		for _, text := range config.At("data").TextMap() {
			all = append(all, text)
		}
	}
	return strings.Join(all, "\n")
}

func mounts(c pack.Container, volume string) bool {
	return slices.ContainsFunc(c.At("volumeMounts").Items(), func(mount pack.Value) bool { return mount.At("name").Is(volume) })
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
