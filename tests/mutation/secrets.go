package mutation

import (
	"encoding/base64"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/pack"
)

const groupSecrets = "secrets"

var secretKinds = []string{"Secret"}

var secrets = []Operator{
	// Their mark is not taken off: the provider marks all of them (decision 0024).
	{Group: groupSecrets, Name: "values", Kinds: secretKinds, At: "data|stringData", Where: opaque, Do: []Change{removed}},
	{Group: groupSecrets, Name: "value", Kinds: secretKinds, At: "data|stringData *", Where: opaque, Do: []Change{removed}},
	{Group: groupSecrets, Name: "the Secret", Kinds: secretKinds},
	{Group: groupSecrets, Name: "variable", Kinds: pack.PodKinds, At: containers + "env *", Do: []Change{{"to the value in clear", func(s Site) (resource.PropertyValue, bool) {
		return literal(s, false)
	}}, {"to the value, marked secret", func(s Site) (resource.PropertyValue, bool) { return literal(s, true) }}}},
	{Group: groupSecrets, Name: "optional", Kinds: pack.PodKinds, At: containers + "env * valueFrom secretKeyRef|configMapKeyRef optional", Do: []Change{set(true)}},
	{Group: groupSecrets, Name: "optional", Kinds: pack.PodKinds, At: containers + "envFrom * secretRef|configMapRef optional", Do: []Change{set(true)}},
	{Group: groupSecrets, Name: "optional", Kinds: pack.PodKinds, At: "pod spec volumes * secret|configMap optional", Do: []Change{set(true)}},
	{Group: groupSecrets, Name: "name of a reference", Kinds: pack.PodKinds, At: containers + "env * valueFrom secretKeyRef|configMapKeyRef name", Do: []Change{replaced("nobodys")}},
	{Group: groupSecrets, Name: "key of a reference", Kinds: pack.PodKinds, At: containers + "env * valueFrom secretKeyRef|configMapKeyRef key", Do: []Change{replaced("nobodys")}},
	{Group: groupSecrets, Name: "name of a volume's", Kinds: pack.PodKinds, At: "pod spec volumes * secret secretName", Do: []Change{replaced("nobodys")}},
	{Group: groupSecrets, Name: "name of a volume's", Kinds: pack.PodKinds, At: "pod spec volumes * configMap name", Do: []Change{replaced("nobodys")}},
	{Group: groupSecrets, Name: "envFrom", Kinds: pack.PodKinds, At: containers + "envFrom", Do: []Change{wholeSecret}},
	{Group: groupSecrets, Name: "volumes", Kinds: pack.PodKinds, At: "pod spec volumes", Do: []Change{foreignSecret}},
	{Group: groupSecrets, Name: "args", Kinds: pack.PodKinds, At: containers + "args", Do: []Change{{"with a value, marked secret", func(s Site) (resource.PropertyValue, bool) {
		item, found := s.Stack.aSecret()
		if !found {
			return gone, false
		}
		var items []resource.PropertyValue
		if old := bare(s.Old); old.IsArray() {
			items = append(items, old.ArrayValue()...)
		}
		return resource.NewArrayProperty(append(items, resource.MakeSecret(item))), true
	}}, appended("a password", "--password=q7Yx2mVt9Lw4")}},
	{Group: groupSecrets, Name: "data", Kinds: []string{"ConfigMap"}, At: "data password", Do: []Change{{"with a value, marked secret", markedSecret}, set("q7Yx2mVt9Lw4")}},
	{Group: groupSecrets, Name: "annotation", At: "metadata annotations platform/note", Do: []Change{{"with a value, marked secret", markedSecret}}},
	{Group: groupSecrets, Name: "annotation", At: "metadata annotations platform/password", Do: []Change{set("q7Yx2mVt9Lw4")}},
	{Group: groupSecrets, Name: "label", At: "metadata labels platform/note", Do: []Change{{"with a value, marked secret", markedSecret}}},
	{Group: groupSecrets, Name: "imagePullSecrets", Kinds: pack.PodKinds, At: "pod spec imagePullSecrets * name", Do: []Change{replaced("nobodys")}},
}

// opaque leaves out Secrets whose type asks for their keys: without them the API
// server refuses the Secret.
func opaque(s Site) bool { return s.Object.At("type").Is("", "Opaque") }

func markedSecret(s Site) (resource.PropertyValue, bool) {
	value, found := s.Stack.aSecret()
	return resource.MakeSecret(value), found
}

// aSecret is some secret value of the stack.
func (s *Stack) aSecret() (resource.PropertyValue, bool) {
	for _, one := range s.Resources {
		for _, key := range []resource.PropertyKey{"data", "stringData"} {
			if data := bare(one.Properties[key]); one.Type == "kubernetes:core/v1:Secret" && data.IsObject() {
				for _, value := range data.ObjectValue() {
					return bare(value), true
				}
			}
		}
	}
	return gone, false
}

// value is what a Secret of the stack has for a reference.
func (s *Stack) value(ref resource.PropertyValue) (resource.PropertyValue, bool) {
	for _, one := range s.Resources {
		whole := resource.NewObjectProperty(one.Properties)
		if one.Type != "kubernetes:core/v1:Secret" || !(path{"metadata", "name"}).in(whole).DeepEquals(path{"name"}.in(ref)) {
			continue
		}
		key := path{"key"}.in(ref)
		for _, field := range []string{"data", "stringData"} {
			if value := bare(path{field, key.StringValue()}.in(whole)); value.IsString() {
				return plainText(field, value), true
			}
		}
	}
	return gone, false
}

// plainText is a value of a Secret as the pod gets it.
func plainText(field string, value resource.PropertyValue) resource.PropertyValue {
	if decoded, err := base64.StdEncoding.DecodeString(value.StringValue()); field == "data" && err == nil {
		return resource.NewStringProperty(string(decoded))
	}
	return value
}

// literal is a variable with the value in the place of a reference to a Secret.
func literal(s Site, marked bool) (resource.PropertyValue, bool) {
	ref := path{"valueFrom", "secretKeyRef"}.in(s.Old)
	if !ref.IsObject() {
		return gone, false
	}
	value, found := s.Stack.value(ref)
	if !found {
		value = resource.NewStringProperty("q7Yx2mVt9Lw4")
	}
	if marked {
		value = resource.MakeSecret(value)
	}
	return resource.NewObjectProperty(resource.PropertyMap{"name": path{"name"}.in(s.Old), "value": value}), true
}

// wholeSecret gives a container each variable of a Secret.
var wholeSecret = Change{"with a whole Secret", func(s Site) (resource.PropertyValue, bool) {
	name := s.secretBeside()
	return appendedTo(s, map[string]any{"secretRef": map[string]any{"name": name}}), name != ""
}}

// foreignSecret mounts one that the pod does not use.
var foreignSecret = Change{"with another's Secret", func(s Site) (resource.PropertyValue, bool) {
	name := s.secretBeside()
	return appendedTo(s, map[string]any{"name": "another", "secret": map[string]any{"secretName": name}}), name != ""
}}

func appendedTo(s Site, item any) resource.PropertyValue {
	value, _ := appended("", item).To(s)
	return value
}

// secretBeside is a Secret of the object's namespace.
func (s Site) secretBeside() string {
	for _, o := range s.Stack.objects {
		if o.Kind == "Secret" && o.Namespace() == s.Object.Namespace() {
			return o.Name()
		}
	}
	return ""
}
