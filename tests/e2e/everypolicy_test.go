//go:build e2e && nodes

package e2e

// everyPolicy takes each policy away for a measurement: fifteen seconds each.
const everyPolicy = true
