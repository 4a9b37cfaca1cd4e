package review_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/tools/review"
)

func TestVerdicts(t *testing.T) {
	refused := review.Risk{Object: "PersistentVolumeClaim/core/data", Op: review.OpReplace, Loses: "its data", Refused: true}
	waived := review.Risk{Object: "Namespace/old", Op: review.OpDelete, Loses: "all of it", Waived: "moved"}
	kept := review.Risk{Object: "Deployment/core/db", Op: review.OpDelete, Loses: "its claim stays"}
	deployment := func(op review.Op, diffs ...review.Diff) review.Change {
		return review.Change{Op: op, Kind: "Deployment", Object: "core/api", Diffs: diffs}
	}
	image := func(old, now string) review.Diff {
		return review.Diff{Path: "spec.template.spec.containers[0].image", Old: old, New: now}
	}
	changing := func(kind, path, old, now string) review.Change {
		return review.Change{Op: review.OpUpdate, Kind: kind, Object: "core/a", Diffs: []review.Diff{{Path: path, Old: old, New: now}}}
	}
	bumped := deployment(review.OpUpdate, image("a:1.0.0", "a:1.1.0"), review.Diff{Path: `spec.template.metadata.annotations["platform/revision"]`, Old: "0123456789abcdef", New: "fedcba9876543210"})
	settings := func(old, now string) review.Change {
		return review.Change{Op: review.OpUpdate, Kind: "ConfigMap", Object: "core/settings", Diffs: []review.Diff{{Path: "data.LABELS", Old: old, New: now}}}
	}
	restart := func(gap bool, why ...string) []review.Restart {
		return []review.Restart{{Workload: "Deployment/core/api", Why: why, Replicas: 2, Gap: gap}}
	}
	const newer = "api: image a:1.0.0 → a:1.1.0"
	for name, c := range map[string]struct {
		section review.Section
		want    []review.Verdict
	}{
		"nothing":                  {review.Section{}, []review.Verdict{review.Safe}},
		"no plan":                  {review.Section{Error: "no"}, []review.Verdict{review.Failed}},
		"no plan, and a refusal":   {review.Section{Error: "no", Risks: []review.Risk{refused}}, []review.Verdict{review.Failed, review.Refused}},
		"no plan, and a waiver":    {review.Section{Error: "no", Risks: []review.Risk{waived}}, []review.Verdict{review.Failed, review.Destructive}},
		"refused and waived":       {review.Section{Risks: []review.Risk{waived, refused}}, []review.Verdict{review.Refused, review.Destructive}},
		"refused, though waived":   {review.Section{Risks: []review.Risk{{Refused: true, Waived: "moved"}}}, []review.Verdict{review.Refused}},
		"waived":                   {review.Section{Risks: []review.Risk{waived}}, []review.Verdict{review.Destructive}},
		"data that stay":           {review.Section{Risks: []review.Risk{kept}}, []review.Verdict{review.Review}},
		"a mandatory rule":         {review.Section{Findings: []review.Finding{{Rule: "r", Mandatory: true}}}, []review.Verdict{review.Refused}},
		"an old finding":           {review.Section{Findings: []review.Finding{{Rule: "r"}}}, []review.Verdict{review.Safe}},
		"a new finding":            {review.Section{Findings: []review.Finding{{Rule: "r", New: true}}}, []review.Verdict{review.Review}},
		"no drift":                 {review.Section{View: review.ViewDrift}, []review.Verdict{review.Safe}},
		"drift of an image":        {review.Section{View: review.ViewDrift, Changes: []review.Change{bumped}}, []review.Verdict{review.Drifted}},
		"drift of replicas":        {review.Section{View: review.ViewDrift, Changes: []review.Change{changing("Deployment", "spec.replicas", "3", "5")}}, []review.Verdict{review.Drifted}},
		"drift of data":            {review.Section{View: review.ViewDrift, Risks: []review.Risk{kept}}, []review.Verdict{review.Drifted}},
		"drift, though waived":     {review.Section{View: review.ViewDrift, Risks: []review.Risk{waived}}, []review.Verdict{review.Drifted}},
		"drift that is not known":  {review.Section{View: review.ViewDrift, Error: "no", Changes: []review.Change{bumped}}, []review.Verdict{review.Failed, review.Drifted}},
		"stopped midway":           {review.Section{Stopped: true}, []review.Verdict{review.Review}},
		"a new image":              {review.Section{Changes: []review.Change{bumped}, Restarts: restart(false, newer)}, []review.Verdict{review.Safe}},
		"a new image, alone":       {review.Section{Restarts: restart(false, newer)}, []review.Verdict{review.Safe}},
		"a new image, with a gap":  {review.Section{Changes: []review.Change{bumped}, Restarts: restart(true, newer)}, []review.Verdict{review.Review}},
		"an older image":           {review.Section{Changes: []review.Change{deployment(review.OpUpdate, image("a:1.10.0", "a:1.9.0"))}, Restarts: restart(false, "api: image a:1.10.0 → a:1.9.0")}, []review.Verdict{review.Review}},
		"an older image of a Job":  {review.Section{Changes: []review.Change{changing("CronJob", "spec.jobTemplate.spec.template.spec.containers[0].image", "a:2", "a:1")}}, []review.Verdict{review.Review}},
		"an older image, by time":  {review.Section{Changes: []review.Change{deployment(review.OpUpdate, image("a:20260301-080000", "a:20260215-062053"))}}, []review.Verdict{review.Review}},
		"another image":            {review.Section{Changes: []review.Change{deployment(review.OpUpdate, image("redis:7", "valkey:8"))}}, []review.Verdict{review.Review}},
		"a tag without an order":   {review.Section{Changes: []review.Change{deployment(review.OpUpdate, image("a:9ea47cf5", "a:0b1d4f6a"))}}, []review.Verdict{review.Safe}},
		"a new digest":             {review.Section{Changes: []review.Change{deployment(review.OpUpdate, image("a:1@sha256:"+hex("a"), "a:1@sha256:"+hex("b")))}}, []review.Verdict{review.Safe}},
		"a new image and a Job":    {review.Section{Changes: []review.Change{bumped, {Op: review.OpReplace, Kind: "Job", Object: "core/init-1", Diffs: []review.Diff{image("a:1.0.0", "a:1.1.0"), {Path: "metadata.name", Old: "init-1", New: "init-2"}}}}}, []review.Verdict{review.Safe}},
		"another Job":              {review.Section{Changes: []review.Change{{Op: review.OpReplace, Kind: "Job", Object: "core/init-1", Diffs: []review.Diff{{Path: "metadata.name", Old: "init-1", New: "init-2"}, {Path: "spec.backoffLimit", Old: "1", New: "2"}}}}}, []review.Verdict{review.Review}},
		"a tag in the settings":    {review.Section{Changes: []review.Change{bumped, settings("service.version=1.0.0", "service.version=1.1.0")}, Restarts: restart(false, newer, "ConfigMap settings changes")}, []review.Verdict{review.Safe}},
		"an image and settings":    {review.Section{Changes: []review.Change{bumped, settings("level=1", "level=2")}, Restarts: restart(false, newer, "ConfigMap settings changes")}, []review.Verdict{review.Review}},
		"an image and a variable":  {review.Section{Changes: []review.Change{deployment(review.OpUpdate, image("a:1.0.0", "a:1.1.0"), review.Diff{Path: "spec.template.spec.containers[0].env[0].value", Old: "x", New: "z"})}, Restarts: restart(false, newer, "api: env X")}, []review.Verdict{review.Review}},
		"an image and a secret":    {review.Section{Changes: []review.Change{bumped, {Op: review.OpUpdate, Kind: "Secret", Object: "core/s", Diffs: []review.Diff{{Path: "data.a", Secret: true}}}}}, []review.Verdict{review.Review}},
		"a container more":         {review.Section{Restarts: restart(false, "sidecar: image b:1")}, []review.Verdict{review.Review}},
		"settings that are read":   {review.Section{Changes: []review.Change{settings("level=1", "level=2")}, Restarts: restart(false, "ConfigMap settings changes")}, []review.Verdict{review.Review}},
		"replicas":                 {review.Section{Changes: []review.Change{changing("Deployment", "spec.replicas", "2", "3")}}, []review.Verdict{review.Safe}},
		"made":                     {review.Section{Changes: []review.Change{deployment(review.OpCreate, image("", "a:1"))}}, []review.Verdict{review.Safe}},
		"deleted":                  {review.Section{Changes: []review.Change{deployment(review.OpDelete)}}, []review.Verdict{review.Review}},
		"replaced":                 {review.Section{Changes: []review.Change{deployment(review.OpReplace, image("a:1", "a:2"))}}, []review.Verdict{review.Review}},
		"forgotten":                {review.Section{Changes: []review.Change{deployment(review.OpForget)}}, []review.Verdict{review.Review}},
		"protection off":           {review.Section{Changes: []review.Change{changing("Namespace", "options.protect", "true", "false")}}, []review.Verdict{review.Review}},
		"retention off":            {review.Section{Changes: []review.Change{changing("Secret", "options.retainOnDelete", "true", "false")}}, []review.Verdict{review.Review}},
		"protection on":            {review.Section{Changes: []review.Change{changing("Namespace", "options.protect", "false", "true")}}, []review.Verdict{review.Safe}},
		"more rights":              {review.Section{Changes: []review.Change{changing("ClusterRole", "rules[0].verbs[1]", "", "delete")}}, []review.Verdict{review.Review}},
		"rights for somebody":      {review.Section{Changes: []review.Change{{Op: review.OpCreate, Kind: "RoleBinding", Object: "core/a", Diffs: []review.Diff{{Path: "subjects[0].name", New: "a"}}}}}, []review.Verdict{review.Review}},
		"a label of a role":        {review.Section{Changes: []review.Change{changing("Role", "metadata.labels.app", "a", "b")}}, []review.Verdict{review.Safe}},
		"what pods may do":         {review.Section{Changes: []review.Change{changing("Namespace", `metadata.labels["pod-security.kubernetes.io/enforce"]`, "restricted", "privileged")}}, []review.Verdict{review.Review}},
		"another address":          {review.Section{Changes: []review.Change{changing("Service", "spec.loadBalancerIP", "192.0.2.1", "192.0.2.2")}}, []review.Verdict{review.Review}},
		"another host":             {review.Section{Changes: []review.Change{changing("Ingress", "spec.rules[0].host", "a.example", "b.example")}}, []review.Verdict{review.Review}},
		"who reaches whom":         {review.Section{Reach: []review.Reach{{From: "a", To: "b", Gained: "TCP 80"}}}, []review.Verdict{review.Review}},
		"more than the nodes have": {review.Section{Capacity: []review.Capacity{{What: "cpu", Before: 1, After: 3, Has: 2}}}, []review.Verdict{review.Review}},
		"a value that is unknown":  {review.Section{Changes: []review.Change{{Op: review.OpUpdate, Kind: "Deployment", Object: "core/api", Diffs: []review.Diff{{Path: "spec.template", Unknown: true}}}}}, []review.Verdict{review.Review}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, c.section.Verdicts())
			assert.Equal(t, c.want[0], c.section.Verdict())
		})
	}
}

func hex(letter string) string { return string(slices.Repeat([]byte(letter), 64)) }

// Where nothing was planned, nothing is safe; and what is worse is never hidden.
func TestWorst(t *testing.T) {
	assert.Equal(t, review.Failed, review.Worst(nil))
	assert.Equal(t, review.Failed, review.Worst([]review.Section{}))
	safe, changed := review.Section{}, review.Section{Reach: []review.Reach{{From: "a"}}}
	assert.Equal(t, review.Safe, review.Worst([]review.Section{safe, safe}))
	assert.Equal(t, review.Review, review.Worst([]review.Section{safe, changed}))
	waived := review.Section{Risks: []review.Risk{{Object: "a", Waived: "moved"}}}
	assert.Equal(t, review.Destructive, review.Worst([]review.Section{changed, waived}))
	refused := review.Section{Risks: []review.Risk{{Object: "a", Refused: true}}}
	assert.Equal(t, review.Refused, review.Worst([]review.Section{waived, refused, safe}))
	assert.Equal(t, review.Failed, review.Worst([]review.Section{waived, refused, {Error: "no"}}))
}
