// Command emptypack is a policy pack without a rule: what it costs a preview is
// what the engine spends on asking.
package main

import (
	"fmt"
	"os"

	"platform/policy/serve"
)

func main() {
	if err := serve.Main(serve.Pack{Name: "empty", Version: "1.0.0", Description: "It checks nothing."}, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
