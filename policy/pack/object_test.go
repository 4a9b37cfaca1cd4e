package pack

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
)

// deployment is a Deployment called api in the program.
func deployment(properties resource.PropertyMap) Resource {
	return Resource{
		URN:  "urn:pulumi:test::platform::kubernetes:apps/v1:Deployment::api",
		Type: "kubernetes:apps/v1:Deployment", Name: "api", Properties: properties,
	}
}

func TestObjectsTellWhatTheyAre(t *testing.T) {
	for kind, want := range map[string][2]string{
		"kubernetes:apps/v1:Deployment":                       {"apps/v1", "Deployment"},
		"kubernetes:core/v1:Service":                          {"v1", "Service"},
		"kubernetes:networking.k8s.io/v1:NetworkPolicy":       {"networking.k8s.io/v1", "NetworkPolicy"},
		"kubernetes:projectcalico.org/v3:GlobalNetworkPolicy": {"projectcalico.org/v3", "GlobalNetworkPolicy"},
		"pulumi:providers:kubernetes":                         {"", ""},
		"platform:components:Redis":                           {"", ""},
	} {
		r := deployment(nil)
		r.Type = tokens.Type(kind)
		o := NewObject(r)
		assert.Equal(t, want, [2]string{o.APIVersion, o.Kind}, kind)
	}
	r := deployment(nil)
	r.Type = "platform:components:Redis"
	assert.Equal(t, "platform:components:Redis/api", NewObject(r).String())
}

// Naming an object never ends a check: findings are named while one ends.
func TestNamesNeverEndACheck(t *testing.T) {
	unknown, text := resource.MakeComputed(resource.NewStringProperty("")), resource.NewStringProperty("x")
	metadata := func(name resource.PropertyValue) resource.PropertyMap {
		return resource.PropertyMap{"metadata": resource.NewObjectProperty(resource.PropertyMap{"name": name, "namespace": name})}
	}
	for name, tc := range map[string]struct {
		properties      resource.PropertyMap
		name, namespace string
	}{
		"known":             {metadata(text), "x", "x"},
		"secret":            {metadata(resource.MakeSecret(text)), "x", "x"},
		"not known":         {metadata(unknown), "api", ""},
		"a number":          {metadata(resource.NewNumberProperty(1)), "api", ""},
		"null":              {metadata(resource.NewNullProperty()), "api", ""},
		"absent":            {resource.PropertyMap{}, "api", ""},
		"metadata unknown":  {resource.PropertyMap{"metadata": unknown}, "api", ""},
		"metadata mistyped": {resource.PropertyMap{"metadata": text}, "api", ""},
		"no properties":     {nil, "api", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := NewObject(deployment(tc.properties))
			assert.Equal(t, tc.name, o.Name())
			assert.Equal(t, tc.namespace, o.Namespace())
			assert.Equal(t, "Deployment/"+tc.name, o.String())
		})
	}
}
