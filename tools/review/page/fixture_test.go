package page

import (
	"fmt"
	"strings"
	"time"

	"platform/tools/review"
)

// fixed is when every plan of these tests was made.
var fixed = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)

var options = Options{Key: "epfl/platform platform", Whole: "https://github.com/epfl/platform/actions/runs/17"}

// plan is a section in which nothing changes.
func plan(stack string) review.Section {
	return review.Section{
		Format: review.Format, Stack: stack, View: review.ViewChange,
		Commit: "be18446c0ffee0123456789abcdef0123456789a", Base: "d260e0c0123456789abcdef0123456789abcdef0",
		Time: fixed, Took: 4300 * time.Millisecond, Same: 112,
		Versions: map[string]string{"pulumi": "3.259.0", "kubernetes": "4.29.0", "policy": "1.4.0"},
	}
}

func update(kind, object string, diffs ...review.Diff) review.Change {
	return review.Change{Op: review.OpUpdate, URN: "urn:" + kind + object, Kind: kind, Object: object, Diffs: diffs}
}

func oneImage() review.Section {
	s := plan("dev")
	s.Same = 111
	s.Changes = []review.Change{update(
		"Deployment", "co2/backend",
		review.Diff{Path: "spec.template.spec.containers[0].image", Old: "ghcr.io/epfl/backend:1.4.0", New: "ghcr.io/epfl/backend:1.5.0"},
		review.Diff{Path: `spec.template.metadata.annotations["platform/revision"]`, Old: "0123456789abcdef", New: "fedcba9876543210"},
	)}
	s.Restarts = []review.Restart{{Workload: "Deployment/co2/backend", Why: []string{"backend: image ghcr.io/epfl/backend:1.4.0 → ghcr.io/epfl/backend:1.5.0"}, Replicas: 3}}
	return s
}

func destructive() review.Section {
	s := plan("prod")
	s.Changes = []review.Change{
		update("Secret", "co2/postgres-credentials", review.Diff{Path: "data.password", Secret: true}),
		{Op: review.OpReplace, URN: "urn:pvc", Kind: "PersistentVolumeClaim", Object: "co2/postgres-pvc", Forces: []string{"spec.storageClassName"}, Diffs: []review.Diff{
			{Path: "spec.storageClassName", Old: "fast", New: "slow"}, {Path: "spec.volumeName", Old: "pv-1", Unknown: true},
		}},
		{Op: review.OpDelete, URN: "urn:ns", Kind: "Namespace", Object: "old"},
		{Op: review.OpForget, URN: "urn:forgotten", Kind: "Secret", Object: "co2/retained"},
	}
	s.Risks = []review.Risk{
		{Object: "PersistentVolumeClaim/co2/postgres-pvc", Op: review.OpReplace, Why: "spec.storageClassName", Loses: "the data of the volume", Refused: true},
		{Object: "Namespace/old", Op: review.OpDelete, Loses: "all objects within", Waived: "moved to the namespace new, see OPS-12"},
	}
	s.Restarts = []review.Restart{{Workload: "StatefulSet/co2/postgres", Why: []string{"PersistentVolumeClaim postgres-pvc is replaced"}, Replicas: 1, Gap: true}}
	s.Findings = []review.Finding{
		{Rule: "storage-is-protected", Mandatory: true, Severity: "critical", Object: "PersistentVolumeClaim/co2/postgres-pvc", Text: "the claim holds data and is not protected; set platform:protect", New: true},
		{Rule: "images-are-pinned", Severity: "low", Object: "Deployment/co2/frontend", Text: "frontend:1 is no digest"},
	}
	return s
}

func failed() review.Section {
	s := plan("staging")
	s.Same = 40
	s.Error = "error: 1 error in the configuration of stack staging:\n  platform:redis.image (stack staging): \"redis\" names no version; pin it as repository:tag"
	return s
}

// ports are those of a Service with many of them.
func ports(from, to int) []review.Diff {
	var all []review.Diff
	for i := from; i <= to; i++ {
		at := fmt.Sprintf("spec.ports[%d].", i)
		all = append(all, review.Diff{Path: at + "name", New: fmt.Sprintf("game-%d", 30000+i)}, review.Diff{Path: at + "port", New: fmt.Sprint(30000 + i)}, review.Diff{Path: at + "protocol", New: "UDP"})
	}
	return all
}

func mixed() []review.Section {
	edge := plan("k3s")
	edge.Changes = []review.Change{update("Service", "edd/gateway", append([]review.Diff{{Path: "spec.externalTrafficPolicy", Old: "Cluster", New: "Local"}}, ports(3, 1002)...)...)}
	for i := range 40 {
		edge.Changes = append(edge.Changes, update("ConfigMap", fmt.Sprintf("edd/dashboard-%d", i), review.Diff{Path: `metadata.labels["app.kubernetes.io/version"]`, Old: "1.4.0", New: "1.5.0"}))
	}
	edge.Changes = append(edge.Changes, review.Change{Op: review.OpCreate, URN: "urn:cm", Kind: "ConfigMap", Object: "edd/nginx", Diffs: []review.Diff{
		{Path: `data["nginx.conf"]`, New: "worker_processes 1;\nevents {}\n"}, {Path: "metadata.name", New: "nginx"}, {Path: "data.token", Secret: true},
	}})
	edge.Reach = []review.Reach{
		{From: "edge/ingress", To: "edd/gateway", Gained: "UDP 30003-31002", Because: []string{"edd/gateway-games"}},
		{From: "edd/worker", To: "0.0.0.0/0", Lost: "TCP 443"},
		{From: "edd/worker", To: "edd/cache", Silent: "TCP 6379", Because: []string{"edd/cache"}},
	}
	edge.Capacity = []review.Capacity{
		{Arch: "amd64", What: "cpu", Unit: "millicores", Before: 3750, After: 4000, Has: 8000},
		{Arch: "arm64", What: "memory", Unit: "bytes", Before: 3 << 29, After: 5 << 30, Has: 4 << 30},
		{What: "storage", Unit: "bytes", Before: 10 << 30, After: 10 << 30},
		{Arch: "any", What: "cpu", Unit: "millicores", Before: 1500, After: 250},
	}
	drift := plan("k3s")
	drift.View, drift.Base = review.ViewDrift, ""
	drift.Changes = []review.Change{update("Deployment", "edd/backend", review.Diff{Path: "spec.replicas", Old: "3", New: "5"})}
	all := []review.Section{plan("local"), oneImage(), edge, drift, failed(), destructive(), plan("k3s-local")}
	all[0].Findings = []review.Finding{{Rule: "images-are-pinned", Severity: "low", Object: "Deployment/co2/frontend", Text: "frontend:1 is no digest"}}
	return all
}

// long is more than a comment holds.
func long() []review.Section {
	dev, prod := plan("dev"), destructive()
	for i := range 400 {
		dev.Changes = append(dev.Changes, review.Change{Op: review.OpCreate, URN: fmt.Sprint("urn:", i), Kind: "ConfigMap", Object: fmt.Sprintf("co2/map-%d", i), Diffs: []review.Diff{{Path: "data.text", New: fmt.Sprint(i*i, strings.Repeat(" lorem", 5+i%7))}}})
		prod.Findings = append(prod.Findings, review.Finding{Rule: "requests-are-set", Object: fmt.Sprintf("Pod/co2/p%d", i), Text: "has no requests"})
	}
	return []review.Section{dev, prod}
}

// kinds are the comments that the golden files hold.
var kinds = map[string]struct {
	sections []review.Section
	options  Options
}{
	"unchanged":   {[]review.Section{plan("dev"), plan("staging"), plan("prod")}, options},
	"image":       {[]review.Section{oneImage(), plan("prod")}, options},
	"destructive": {[]review.Section{destructive()}, options},
	"failed":      {[]review.Section{failed(), plan("dev")}, options},
	"mixed":       {mixed(), options},
	"cut":         {long(), Options{Key: options.Key, Whole: options.Whole, Limit: 8_000}},
	"notice":      {long(), Options{Key: options.Key, Limit: 700}},
}
