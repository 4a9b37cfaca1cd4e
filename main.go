// Command platform is a Pulumi program: pulumi runs it once a preview or
// deployment, and it registers the resources of the selected stack.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/stacks"
)

func main() {
	pulumi.Run(stacks.Run)
}
