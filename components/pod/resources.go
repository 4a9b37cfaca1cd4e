package pod

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

func resourceRequirements(r config.Resources) corev1.ResourceRequirementsArgs {
	return corev1.ResourceRequirementsArgs{Requests: quantities(r.Requests), Limits: quantities(r.Limits)}
}

func quantities(a config.Amounts) pulumi.StringMap {
	return pulumi.StringMap{"cpu": pulumi.String(a.CPU.String()), "memory": pulumi.String(a.Memory.String())}
}

// Fingerprint is equal for equal amounts, however they were written.
func Fingerprint(r config.Resources) string {
	return fmt.Sprint(r.Requests.CPU.MilliValue(), r.Requests.Memory.Value(), r.Limits.CPU.MilliValue(), r.Limits.Memory.Value())
}
