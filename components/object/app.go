// Package object holds what all objects share: their names, labels and owner,
// how a component registers them, and what the SDK has no type for.
package object

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// SkipAwait tells the provider not to wait for an object. A Service's wait
// costs 10 s until its endpoints settle, and ours all stand before a workload
// whose pods are awaited.
const SkipAwait = "pulumi.com/skipAwait"

// WaitFor tells the provider what to wait for in the place of its own rules.
const WaitFor = "pulumi.com/waitFor"

// App says which application, environment and namespace an object belongs to.
type App struct {
	Name        string             // the whole application, such as co2-calculator
	Environment string             // dev, staging, prod, local
	Namespace   pulumi.StringInput // an output of the namespace, so that its objects come after it

	// Selectors are the labels that pods of a component were always selected
	// by, where these are not the ones of [App.Selector].
	Selectors map[string]map[string]string

	// Owner is the annotations of every object, but of no pod, that say which
	// deployment it belongs to.
	Owner map[string]string

	// Operator is where the Infisical operator, which then writes the Secrets,
	// finds their values; nil means that the program writes them.
	Operator *config.Infisical

	// Made collects the names of objects for the outputs of the stack; nil where
	// nobody asks.
	Made *Made
}

// Labels are the labels of every object of one component: Kubernetes'
// recommended set, and app, which kubectl commands and the scrape
// configuration select by.
func (a App) Labels(component string) map[string]string {
	return Merged(map[string]string{
		"app":                          component,
		"app.kubernetes.io/name":       component,
		"app.kubernetes.io/component":  component,
		"app.kubernetes.io/instance":   a.Name,
		"app.kubernetes.io/part-of":    a.Name,
		"app.kubernetes.io/managed-by": "pulumi",
		"platform/environment":         a.Environment,
	}, a.Selectors[component])
}

// Selector is the part of [App.Labels] that selects a component's pods. It is
// frozen: a Deployment or StatefulSet whose selector changes is deleted and
// made again, with an outage.
func (a App) Selector(component string) map[string]string {
	if frozen, ok := a.Selectors[component]; ok {
		return frozen
	}
	return map[string]string{
		"app":                        component,
		"app.kubernetes.io/instance": a.Name,
	}
}

// Named is the metadata of an object that something outside refers to by name.
func (a App) Named(component, name string) *metav1.ObjectMetaArgs {
	meta := a.Unnamed(component)
	meta.Name = pulumi.String(name)
	return meta
}

// Unnamed leaves the name to Pulumi, which makes a fresh one for a
// replacement, so that the old object goes only when the new one stands.
func (a App) Unnamed(component string) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{
		Namespace:   a.Namespace.ToStringOutput(),
		Labels:      pulumi.ToStringMap(a.Labels(component)),
		Annotations: pulumi.ToStringMap(a.Owner),
	}
}

// Annotated adds one to annotations.
func Annotated(annotations pulumi.StringMapInput, name, value string) pulumi.StringMap {
	all := pulumi.StringMap{name: pulumi.String(value)}
	if others, is := annotations.(pulumi.StringMap); is {
		for key, value := range others {
			all[key] = value
		}
	}
	return all
}

// LabelSelector selects by labels: all objects where there are none.
func LabelSelector(labels map[string]string) *metav1.LabelSelectorArgs {
	return &metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(labels)}
}
