// Package reachability holds the rule that compares who can reach whom with
// what is stated of the platform.
package reachability

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	asStated,
}
