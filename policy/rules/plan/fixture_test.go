package plan

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"platform/policy/pack"
)

// changed alters the first object.
func changed(change func(o *pack.Object)) func([]pack.Object) {
	return func(objects []pack.Object) { change(&objects[0]) }
}

// withProvider gives the first object a provider.
func withProvider(kind, name string) func([]pack.Object) {
	return changed(func(o *pack.Object) {
		o.Provider = &pack.Provider{Type: tokens.Type(kind), Name: name}
	})
}

// provided is a provider with settings, once its case has changed it by
// asProvider.
func provided(settings string) string { return "{metadata: {name: cluster}, " + settings + "}" }

var asProvider = changed(func(o *pack.Object) { o.Type, o.Kind, o.APIVersion, o.Logical = providerType, "", "", "cluster" })

// ofProvider is the path of a setting.
const ofProvider = providerType + "/cluster: "

// annotated is a Deployment.
func annotated(kind, annotations string) string {
	return "{apiVersion: apps/v1, kind: " + kind + ", metadata: {name: a, annotations: {" + annotations + "}}}"
}
