package engine

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"platform/config"
)

// checkpointsVariable has the engine write the state once, at the end, where it
// otherwise writes the whole of it before and after each step: work that grows
// with the square of the stack. A run that is interrupted or fails still
// writes what it did; only one that is killed does not. So it is for the user to
// say, and never for a state that others share.
const (
	checkpointsVariable = "PULUMI_SKIP_CHECKPOINTS"
	skipCheckpoints     = checkpointsVariable + "=true"
	keepCheckpoints     = checkpointsVariable + "=false"
)

// A stack is large from these sizes on. Measured on k3s-local: with 10 further
// services, which is 175 resources and 1 MB of state, checkpoints are a tenth
// of a deployment, and with 100, 535 resources and 3 MB, three quarters.
const (
	largeServices = 20
	largeState    = 1 << 21 // bytes
)

// large reports whether checkpoints would take much of a run's time, by what the
// stack is to be or by what it is.
func (s *Session) large() bool {
	if further(s.Config) >= largeServices {
		return true
	}
	file, err := os.Stat(s.checkpoint())
	return err == nil && file.Size() >= largeState
}

// further is how many services the stack has beside the platform's own.
func further(platform config.Platform) int {
	switch c := platform.(type) {
	case *config.EPFL:
		return len(c.Services)
	case *config.EddCloud:
		return len(c.Services)
	default:
		return 0
	}
}

// recordedOnce reports whether the user wants a state of this project's own to be
// written at the end alone.
func (s *Session) recordedOnce() bool {
	asked, _ := strconv.ParseBool(os.Getenv(checkpointsVariable)) // false for what is no truth, as pulumi has it
	return s.own && asked
}

// tellOfCheckpoints says what a large deployment could spare, and at what price.
func (s *Session) tellOfCheckpoints() {
	if s.own && s.large() && !s.recordedOnce() {
		fmt.Fprintf(s.out, "this stack is large, and recording every step takes much of its deployment: %s %s records it once, at the end; after a run that is killed, %s has to find its objects again\n",
			skipCheckpoints, s.makeLine("up"), s.makeLine("recover"))
	}
}

// with is the session with further variables for the engine.
func (s *Session) with(env ...string) *Session {
	other := *s
	other.env = slices.Concat(s.env, env)
	return &other
}

// prepareState makes and records what could not be found out from the cluster
// again once a run without checkpoints is killed, and nothing else: the
// providers, and the values that the stack generates. Its databases would keep
// passwords that nobody knows.
func (s *Session) prepareState(ctx context.Context) error {
	recorded, err := s.export(ctx)
	if err != nil {
		return err
	}
	var values []config.SecretValue
	if s.Config.Shared().Secrets.Source == config.SourceGenerated {
		values = config.SourceValues(s.Config)
	}
	if recorded.prepared(values) {
		return nil
	}
	fmt.Fprintln(s.out, "recording providers and generated secrets first …")
	return s.with(keepCheckpoints).Pulumi(ctx, append(s.deploy(), "--target", "**"+generatedType+"::**", "--target", "**"+providerTypes+"**")...)
}

// prepared reports whether the state has a provider and all of the values.
func (s *state) prepared(values []config.SecretValue) bool {
	made, provided := map[string]bool{}, false
	for _, resource := range s.Deployment.Resources {
		if _, name, found := strings.Cut(resource.URN, generatedType+"::"); found {
			made[name] = true
		}
		provided = provided || resource.Type == providerTypes+"kubernetes"
	}
	return provided && !slices.ContainsFunc(values, func(v config.SecretValue) bool { return !made[v.Secret+"-"+v.Key] })
}
