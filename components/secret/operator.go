package secret

import (
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/config"
)

const (
	infisicalAPI         = "secrets.infisical.com/v1beta1"
	infisicalSecretKind  = "InfisicalStaticSecret"
	infisicalRefresh     = "60s" // a whole number and one unit, at least 5s: the operator reads no other form
	infisicalTemplates   = "v1"  // the only engine that the operator has
	infisicalSyncTimeout = "5m"  // a login, the values and, while either fails, the operator's growing pauses
)

// synced is the condition that the operator sets once a Secret holds what its
// resource asks for. It names the generation that it saw, so that a changed
// resource is waited for again.
const synced = "secrets.infisical.com/LastReconcileStatus"

// newOperatorSecret registers what has the Infisical operator write a Secret,
// and waits until it has. The program tells the operator, which must run in the
// cluster already, where each value is kept and what is composed of it, and
// never sees one. The Secret gets the resource's name, namespace and labels, and
// belongs to nobody: it outlives the resource, as its readers do.
func newOperatorSecret(ctx *pulumi.Context, name string, from config.Infisical, kind string, meta *metav1.ObjectMetaArgs, values pulumi.StringMap, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	meta.Annotations = object.Annotated(meta.Annotations, object.WaitFor, "condition="+synced)
	templates := newSecretTemplates(name, values)
	target := map[string]any{
		"name": meta.Name, "namespace": meta.Namespace, "kind": "Secret", "secretType": kind, "creationPolicy": "Orphan",
		"template": map[string]any{"engineVersion": infisicalTemplates, "data": templates.data},
		// Without these the operator copies the labels and the annotations above.
		"metadata": map[string]any{"labels": meta.Labels, "annotations": map[string]any{}},
	}
	return object.NewCustom(ctx, name, object.Custom{
		APIVersion: infisicalAPI, Kind: infisicalSecretKind, Metadata: meta,
		Spec: map[string]any{
			"infisicalAuthRef": map[string]any{"name": from.Auth.Name, "namespace": from.Auth.Namespace},
			"syncOptions":      map[string]any{"refreshInterval": infisicalRefresh},
			"sources":          sources(from, templates.folders),
			"targets":          []any{target},
		},
	}, append(opts, pulumi.Timeouts(&pulumi.CustomTimeouts{Create: infisicalSyncTimeout, Update: infisicalSyncTimeout}))...)
}

// sources are the folders that the operator reads for one Secret.
func sources(from config.Infisical, folders pulumi.StringArrayOutput) pulumi.MapArrayOutput {
	return folders.ApplyT(func(folders []string) []map[string]any {
		var sources []map[string]any
		for _, folder := range folders {
			sources = append(sources, map[string]any{
				"projectId": from.Project, "environmentSlug": from.Environment, "secretPath": folder,
			})
		}
		return sources
	}).(pulumi.MapArrayOutput)
}

// secretTemplates is what the operator composes a Secret from. Neither is
// secret: places of values and the text around them.
type secretTemplates struct {
	data    pulumi.StringMapOutput   // Go templates, by key
	folders pulumi.StringArrayOutput // what they read, sorted
}

func newSecretTemplates(name string, values pulumi.StringMap) secretTemplates {
	known := map[string]bool{}
	for key, value := range values {
		_, known[key] = value.(pulumi.String)
	}
	texts := values.ToStringMapOutput()
	data := texts.ApplyT(func(texts map[string]string) (map[string]string, error) {
		data, err := templated(texts, known)
		if err != nil {
			return nil, fmt.Errorf("secret %q: %w", name, err)
		}
		return data, nil
	})
	folders := texts.ApplyT(foldersOf)
	return secretTemplates{
		data:    pulumi.Unsecret(data).(pulumi.StringMapOutput),
		folders: pulumi.Unsecret(folders).(pulumi.StringArrayOutput),
	}
}

// literal reports whether no value comes from a source: all are known while
// planning, in clear.
func literal(values pulumi.StringMap) bool {
	for _, value := range values {
		if _, known := value.(pulumi.String); !known {
			return false
		}
	}
	return true
}
