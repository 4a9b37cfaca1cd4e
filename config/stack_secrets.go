package config

import (
	"maps"
	"slices"
)

// stackSecrets is the key of the secret values that a stack file holds itself.
const stackSecrets = "secretValues"

// SecretText is a secret value of a stack file, where the engine keeps it
// encrypted. Printed, it is hidden.
type SecretText string

// encrypted is a value that is in the stack file and that nobody has decrypted:
// only the engine can. No value holds a NUL character, see [SecretValue.Check].
const encrypted SecretText = "\x00"

// String hides the value.
func (SecretText) String() string { return hidden }

// GoString hides the value.
func (SecretText) GoString() string { return hidden }

// MarshalText hides the value.
func (SecretText) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Reveal returns the value, for whoever writes it into a Secret.
func (t SecretText) Reveal() string { return string(t) }

// StackSecret returns the value that the stack file has for one that the stack
// needs. Fixed and masked sources replace all values, those of the file too.
func (c *Common) StackSecret(value SecretValue) (SecretText, bool) {
	if c.Secrets.Source == SourceFixed || c.Secrets.Source == SourceMasked {
		return "", false
	}
	text, given := c.StackSecrets[value.String()]
	return text, given
}

// SourceValues returns the values that a stack takes from the source of its
// secrets: all that it needs, but for those in its stack file.
func SourceValues(p Platform) []SecretValue {
	return slices.DeleteFunc(p.SecretValues(), func(value SecretValue) bool {
		_, given := p.Shared().StackSecret(value)
		return given
	})
}

// validateStackSecrets checks the values of the stack file against those that
// the stack needs, which follow from the keys named in from.
func (c *Common) validateStackSecrets(into *collector, values []SecretValue, from ...string) {
	if len(c.StackSecrets) > 0 && c.Secrets.Delivery == DeliveryOperator {
		into.add(stackSecrets, "keep the values in Infisical and remove them, or choose "+string(DeliveryPulumi)+" as "+Namespace+":secrets.delivery",
			"the operator reads every value from Infisical itself, so values of the stack file would never reach the cluster")
	}
	if !into.clean(from...) {
		return
	}
	needed := map[string]SecretValue{}
	for _, value := range values {
		needed[value.String()] = value
	}
	for _, name := range slices.Sorted(maps.Keys(c.StackSecrets)) {
		key, text := stackSecrets+"["+name+"]", c.StackSecrets[name]
		value, known := needed[name]
		if !known {
			into.unneeded(key, name, slices.Sorted(maps.Keys(needed)))
			continue
		}
		if text == encrypted {
			continue
		}
		if err := value.Check(text.Reveal()); err != nil {
			into.add(key, "set another one with "+SetSecret(name), "it %s", err)
		}
	}
	if c.Secrets.Source != SourceStack || into.elsewhere || !into.clean(stackSecrets) {
		return
	}
	for _, value := range values {
		if _, given := c.StackSecrets[value.String()]; !given {
			into.add(stackSecrets+"["+value.String()+"]", "set it with "+SetSecret(value.String()), "it is missing, and %q as %s:secrets.source has no other", SourceStack, Namespace)
		}
	}
}

// SetSecret returns the command that writes a value into the stack file. It asks for
// the value, so that no shell remembers it.
func SetSecret(name string) string {
	return `pulumi config set --secret --path '` + Namespace + ":" + stackSecrets + `["` + name + `"]'`
}

// checkStackSecrets reports secret values that stand in a stack file as they are,
// or that the engine keeps elsewhere in clear text, and other settings that it
// takes from there.
func (src source) checkStackSecrets(into *collector) {
	if src.file == nil {
		return
	}
	file := stackFile(into.stack)
	values, there := src.file.Setting(stackSecrets).(map[string]any)
	if there && isSecure(values) {
		into.settle(Error{
			Key: stackSecrets, Why: "it is encrypted as a whole, so nobody sees which values it has",
			Remedy: "set each value with " + SetSecret("SECRET/KEY") + ", and remove this from " + file,
		})
		return
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if value, _ := values[name].(map[string]any); !isSecure(value) {
			into.settle(Error{
				Key: stackSecrets + "[" + name + "]", Why: "it is not encrypted, so whoever reads the file knows it",
				Remedy: "replace it by another value with " + SetSecret(name) + " in " + file,
			})
		}
	}
	if src.file.content[environmentKey] == nil {
		return
	}
	into.elsewhere = !src.engine
	for _, key := range slices.Sorted(maps.Keys(src.values)) {
		switch {
		case src.file.Setting(key) != nil:
		case key != stackSecrets:
			into.settle(Error{
				Key: key, Why: "it comes from an environment of Pulumi, and settings there are seen by no review",
				Remedy: "write it under config in " + file,
			})
		case !src.secret[key]:
			into.settle(Error{
				Key: key, Why: "it comes from an environment of Pulumi and is not secret there, so the engine prints it",
				Remedy: "write each value as fn::secret there",
			})
		}
	}
}
