package pod

import (
	"cmp"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Probe asks a container how it is: over HTTP when Path is set, by a command
// when Command is set, else by opening a TCP connection to Port.
type Probe struct {
	Port             string   // name of a port of the container
	Path             string   // HTTP path
	Command          []string // run inside the container
	PeriodSeconds    int      // default 10
	TimeoutSeconds   int      // default 3
	FailureThreshold int      // default 3
}

// Probes are the three questions that the kubelet asks. Startup holds the
// other two back until it has passed once, so a slow start is no failure.
type Probes struct {
	Startup, Readiness, Liveness *Probe
}

func (p *Probe) args() corev1.ProbePtrInput {
	if p == nil {
		return nil
	}
	args := &corev1.ProbeArgs{
		PeriodSeconds:    pulumi.Int(cmp.Or(p.PeriodSeconds, 10)),
		TimeoutSeconds:   pulumi.Int(cmp.Or(p.TimeoutSeconds, 3)),
		FailureThreshold: pulumi.Int(cmp.Or(p.FailureThreshold, 3)),
	}
	switch {
	case len(p.Command) > 0:
		args.Exec = corev1.ExecActionArgs{Command: pulumi.ToStringArray(p.Command)}
	case p.Path != "":
		args.HttpGet = corev1.HTTPGetActionArgs{Path: pulumi.String(p.Path), Port: pulumi.String(p.Port)}
	default:
		args.TcpSocket = corev1.TCPSocketActionArgs{Port: pulumi.String(p.Port)}
	}
	return args
}
