// Command policy is the platform's policy pack: pulumi starts it with
// --policy-pack, asks it about each resource before it is changed, and about
// the whole stack at the end of a preview.
package main

import (
	"fmt"
	"os"

	"platform/policy/rules"
	"platform/policy/serve"
)

func main() {
	if err := serve.Main(rules.Pack(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
