// Package references holds the rules about what pods take from Secrets, seen
// together with the Secrets that the stack writes.
package references

import "platform/policy/pack"

// secretsPage is where most of these rules come from.
const secretsPage = "https://kubernetes.io/docs/concepts/configuration/secret/"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	literal,
	notOptional,
	secretType,
	mountedFile,
}

// keys are those that a Secret of the stack has.
func keys(secret pack.Object) []string {
	return append(secret.At("data").Keys(), secret.At("stringData").Keys()...)
}
