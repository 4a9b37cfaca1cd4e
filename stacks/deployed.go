package stacks

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/client-go/rest"

	"platform/config"
)

// deployed is what a list of Deployments or DaemonSets tells of images.
type deployed struct {
	Items []struct {
		Metadata struct {
			Name string `json:"name"`
		} `json:"metadata"`
		Spec struct {
			Template struct {
				Spec struct {
					Containers []struct {
						Image string `json:"image"`
					} `json:"containers"`
				} `json:"spec"`
			} `json:"template"`
		} `json:"spec"`
	} `json:"items"`
}

// newerThanDeployed refuses an image that is older than the one that runs,
// unless the stack file consents to exactly that tag. A stack file that was
// not pulled for a week would otherwise take the week's releases back.
func newerThanDeployed(cfg *config.EddCloud) check {
	return func(stack string, cluster *rest.Config) error {
		running := map[string]string{}
		for _, kind := range []string{"deployments", "daemonsets"} {
			var list deployed
			path := "apis/apps/v1/namespaces/" + cfg.Namespace() + "/" + kind
			if err := read(cluster, path, &list); err != nil {
				return config.Error{
					Key: "cluster.context", Stack: stack, Why: fmt.Sprintf("the %s of namespace %s cannot be read: %v", kind, cfg.Namespace(), err),
					Remedy: "log in as somebody who may list them; without it nobody knows whether an image is older than the one that runs",
				}
			}
			list.into(running)
		}
		return older(stack, running, cfg).Err()
	}
}

// into notes the image of each object's first container.
func (d deployed) into(running map[string]string) {
	for _, item := range d.Items {
		if containers := item.Spec.Template.Spec.Containers; len(containers) > 0 {
			running[item.Metadata.Name] = containers[0].Image
		}
	}
}

// older compares what runs with what is wanted, by component. Only images
// whose tag is a time can be compared.
func older(stack string, running map[string]string, cfg *config.EddCloud) config.Errors {
	var problems config.Errors
	images := cfg.Images()
	for _, component := range slices.Sorted(maps.Keys(images)) {
		now, timed := config.TagTime(running[component])
		wanted, comparable := config.TagTime(images[component].Image)
		tag := config.Tag(images[component].Image)
		if !timed || !comparable || !wanted.Before(now) || cfg.Rollback[component] == tag {
			continue
		}
		problems = append(problems, config.Error{
			Key: "rollback[" + component + "]", Stack: stack,
			Why:    fmt.Sprintf("%s is tagged %s, and %s runs, which is newer", component, tag, config.Tag(running[component])),
			Remedy: fmt.Sprintf("take the newer tag into Pulumi.%s.yaml, or consent to going back: %s:rollback: {%s: %q}", stack, config.Namespace, component, tag),
		})
	}
	return problems
}
