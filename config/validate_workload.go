package config

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/distribution/reference"
)

// visibilityTimeoutSeconds is after how long Celery gives a task that was
// taken from Redis and not acknowledged to another worker: its own default.
const visibilityTimeoutSeconds = 3600

// pythonModule is a dotted path such as app.worker.
var pythonModule = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$`)

func (f Frontend) validate(into *collector) {
	const key = "frontend"
	into.image(key+".image", f.Image)
	into.positive(key+".replicas", f.Replicas)
	into.resources(key+".resources", f.Resources)
	into.labels(key+".nodeSelector", f.NodeSelector)
	into.path(key+".livePath", f.LivePath)
	into.path(key+".readyPath", f.ReadyPath)
	into.place(key+".injectedFile", f.InjectedFile, "a file such as "+DefaultInjectedFile)
	if f.SentryDSN != "" {
		into.https(key+".sentryDsn", f.SentryDSN)
	}
}

func (b Backend) validate(into *collector) {
	const key = "backend"
	into.image(key+".image", b.Image)
	b.validateReplicas(into, key)
	into.resources(key+".resources", b.Resources)
	into.labels(key+".nodeSelector", b.NodeSelector)
	into.path(key+".livePath", b.LivePath)
	into.path(key+".readyPath", b.ReadyPath)
	oneOf(into, key+".logLevel", b.LogLevel, LogLevels)
	oneOf(into, key+".logFormat", b.LogFormat, LogFormats)
	if b.OAuth.ClientID == "" {
		into.add(key+".oauth.clientId", "write the one that the identity provider gave out", "it is empty")
	}
	into.https(key+".oauth.issuerUrl", b.OAuth.IssuerURL)
	into.positive(key+".migrations.timeoutSeconds", b.Migrations.TimeoutSeconds)
	into.egress(key+".egress", b.Egress)
	b.Files.validate(into, key+".files")
}

func (f Files) validate(into *collector, key string) {
	into.place(key+".folder", f.Folder, "a folder such as "+DefaultFilesFolder)
	into.positive(key+".sizeMiB", f.SizeMiB)
	if f.Folder == "/tmp" {
		into.add(key+".folder", "write a folder such as "+DefaultFilesFolder, "%s has a volume already", quoted(f.Folder))
	}
}

func (b Backend) validateReplicas(into *collector, key string) {
	if !into.clean(key + ".autoscaling") {
		return // whether it is on is not known
	}
	if !b.Autoscaling.Enabled {
		into.positive(key+".replicas", b.Replicas)
		return
	}
	b.Autoscaling.validate(into, key+".autoscaling")
	if b.Autoscaling.MinReplicas >= 1 && b.Replicas != b.Autoscaling.MinReplicas {
		into.add(key+".replicas", fmt.Sprintf("write %d or leave it out", b.Autoscaling.MinReplicas),
			"%d is not the autoscaler's minReplicas of %d: the two would undo each other", b.Replicas, b.Autoscaling.MinReplicas)
	}
}

func (a Autoscaling) validate(into *collector, key string) {
	into.positive(key+".minReplicas", a.MinReplicas)
	if a.MaxReplicas < max(a.MinReplicas, 1) {
		into.add(key+".maxReplicas", fmt.Sprintf("raise it to %d or more", max(a.MinReplicas, 1)),
			"%d is under minReplicas, %d", a.MaxReplicas, a.MinReplicas)
	}
	if a.CPUPercent == 0 && a.MemoryPercent == 0 {
		into.add(key, "set cpuPercent or memoryPercent", "it has no target to scale on")
	}
	if a.CPUPercent != 0 {
		into.between(key+".cpuPercent", a.CPUPercent, 1, 100)
	}
	if a.MemoryPercent != 0 {
		into.between(key+".memoryPercent", a.MemoryPercent, 1, 100)
	}
}

func (w Worker) validateLongestTask(into *collector, key string) {
	if w.LongestTaskSeconds > visibilityTimeoutSeconds {
		into.add(key, fmt.Sprintf("lower it to %d or less, or split the task,", visibilityTimeoutSeconds),
			"%d is over %d: the queue gives a task to another worker after that time (Celery's default visibility timeout), and it would run twice",
			w.LongestTaskSeconds, visibilityTimeoutSeconds)
		return
	}
	into.positive(key, w.LongestTaskSeconds)
}

// image checks that an image is named, and named so that it stays the same.
func (c *collector) image(key, image string) {
	const form = "pin it as repository:tag or repository@digest"
	if image == "" {
		c.add(key, form, "it is empty")
		return
	}
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		c.add(key, form, "%s is not an image: %s", quoted(image), innermost(err))
		return
	}
	if tagged, ok := named.(reference.Tagged); ok && tagged.Tag() == "latest" {
		c.add(key, form, "%q is tagged latest, which changes without notice", image)
		return
	}
	if reference.IsNameOnly(named) {
		c.add(key, form, "%q names no version", image)
	}
}

func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// resources checks what one container asks for.
func (c *collector) resources(key string, r Resources) {
	c.amounts(key, r.Requests, r.Limits)
}

// amounts checks all four quantities, and that no request is over its limit.
func (c *collector) amounts(key string, requests, limits Amounts) {
	for _, kind := range amountKinds {
		request, limit := kind.of(requests), kind.of(limits)
		asked := c.amount(key+".requests."+kind.name, kind, request)
		bound := c.amount(key+".limits."+kind.name, kind, limit)
		if asked && bound && request.Cmp(limit) > 0 {
			c.add(key+".requests."+kind.name, fmt.Sprintf("lower it to %s or raise the limit", limit.String()),
				"%s is over the limit of %s", request.String(), limit.String())
		}
	}
}
