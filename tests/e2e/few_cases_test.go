//go:build e2e && !nodes

package e2e

// everyCase leaves variations that take minutes to make e2e-nodes and e2e-every.
const everyCase = false
