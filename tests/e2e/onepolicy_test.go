//go:build e2e && !nodes

package e2e

// everyPolicy leaves the measurements without each policy to make e2e-nodes.
const everyPolicy = false
