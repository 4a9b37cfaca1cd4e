//go:build e2e && nodes

package e2e

// everyCase tries every variation of what takes long, on real nodes and on
// simulated ones.
const everyCase = true
