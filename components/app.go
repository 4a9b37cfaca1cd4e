// Package components holds the building blocks of both platforms as Pulumi
// component resources. A component takes its settings as [config] has them,
// complete and checked, and beside them what the program alone knows: outputs
// of other resources, secrets and what it depends on.
package components

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

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

	// Operator writes the Secrets; nil means that the program does.
	Operator *OperatorDelivery

	// Made collects the names of objects for the outputs of the stack; nil where
	// nobody asks.
	Made *Made
}

// Labels are the labels of every object of one component: Kubernetes'
// recommended set, and app, which kubectl commands and the scrape
// configuration select by.
func (a App) Labels(component string) map[string]string {
	return merged(map[string]string{
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
// made anew, with an outage.
func (a App) Selector(component string) map[string]string {
	if frozen, ok := a.Selectors[component]; ok {
		return frozen
	}
	return map[string]string{
		"app":                        component,
		"app.kubernetes.io/instance": a.Name,
	}
}
