// Package live measures on an embedded cluster with real nodes who reaches whom,
// and compares that with what was computed: from inside the network namespace
// of every pod and node, and from outside, it opens TCP connections to every
// other. A connection that is refused, or not answered, is closed. Where the
// target does not listen by itself, this package does for the time being, so
// that a refusal is always that of a policy.
//
// UDP and SCTP are not measured: a packet that nobody answers tells nothing.
package live
