package components

import (
	"errors"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Resources are what one container asks for and may use at most. Each of the
// four is required: a container without a limit can starve its node, one
// without a request is the first to be evicted.
type Resources struct {
	CPURequest    resource.Quantity
	MemoryRequest resource.Quantity
	CPULimit      resource.Quantity
	MemoryLimit   resource.Quantity
}

// NewResources reads quantities such as "100m" and "128Mi". It panics on text
// that is none, so it is for constants; what a user writes is parsed in config.
func NewResources(cpuRequest, memoryRequest, cpuLimit, memoryLimit string) Resources {
	return Resources{
		CPURequest:    resource.MustParse(cpuRequest),
		MemoryRequest: resource.MustParse(memoryRequest),
		CPULimit:      resource.MustParse(cpuLimit),
		MemoryLimit:   resource.MustParse(memoryLimit),
	}
}

// Validate returns every fault at once.
func (r Resources) Validate() error {
	return errors.Join(
		bounded("cpu", r.CPURequest, r.CPULimit),
		bounded("memory", r.MemoryRequest, r.MemoryLimit),
	)
}

func bounded(what string, request, limit resource.Quantity) error {
	switch {
	case request.Sign() <= 0:
		return fmt.Errorf("resources: the %s request is missing; set one above 0", what)
	case limit.Sign() <= 0:
		return fmt.Errorf("resources: the %s limit is missing; set one above 0", what)
	case request.Cmp(limit) > 0:
		return fmt.Errorf("resources: the %s request %s is over the limit %s; lower it", what, request.String(), limit.String())
	}
	return nil
}

func (r Resources) args() corev1.ResourceRequirementsArgs {
	return corev1.ResourceRequirementsArgs{
		Requests: pulumi.StringMap{
			"cpu":    pulumi.String(r.CPURequest.String()),
			"memory": pulumi.String(r.MemoryRequest.String()),
		},
		Limits: pulumi.StringMap{
			"cpu":    pulumi.String(r.CPULimit.String()),
			"memory": pulumi.String(r.MemoryLimit.String()),
		},
	}
}

// fingerprint is equal for equal amounts, however they were written.
func (r Resources) fingerprint() string {
	return fmt.Sprint(r.CPURequest.MilliValue(), r.MemoryRequest.Value(), r.CPULimit.MilliValue(), r.MemoryLimit.Value())
}
