package references

import "platform/policy/packtest"

const at = packtest.InContainer

// secret is one in the namespace of the fixtures, of a type and values.
func secret(name, fields string) string { return packtest.InCore("v1", "Secret", name, fields) }

var documents = packtest.Join
