package engine

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"platform/policy/serve"
)

// mostVerbose is the highest level of the engine's log without the values of
// properties, secret ones in clear among them. Measured with 3.259: none of a
// stack's secrets shows at 8, each does at 9 and above.
const mostVerbose = 8

// verbose is the flag for the level, with others that take no value before it.
var verbose = regexp.MustCompile(`^-[QdefjrwyR]*v=?`)

// discreet are the arguments with which the engine logs and traces no secret
// value. It says what it changes.
func discreet(out io.Writer, args []string) ([]string, error) {
	args = slices.Clone(args)
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		switch {
		case name == "--tracing" || name == "--otel-traces":
			return nil, fmt.Errorf("%s writes properties into the trace, values of secrets included: leave it out, or use --profiling", name)
		case name == "--show-secrets" && value != "false":
			return nil, fmt.Errorf("--show-secrets prints values: leave it out; who may read a Secret does so with kubectl")
		case name == "--verbose" && joined:
			args[i] = name + "=" + capped(out, value)
		case name == "--verbose" || verbose.FindString(arg) == arg:
			if i+1 < len(args) {
				args[i+1] = capped(out, args[i+1])
			}
		case verbose.MatchString(arg):
			flag := verbose.FindString(arg)
			args[i] = flag + capped(out, arg[len(flag):])
		}
	}
	return args, nil
}

// capped is a level of at most [mostVerbose]. What is no level stays: the
// engine says so.
func capped(out io.Writer, level string) string {
	if n, err := strconv.Atoi(level); err != nil || n <= mostVerbose {
		return level
	}
	fmt.Fprintf(out, "logging at level %d: from %d on, the log has the values of secrets\n", mostVerbose, mostVerbose+1)
	return strconv.Itoa(mostVerbose)
}

// revealing are the beginnings of variables with which the engine, a provider or
// a library in them writes what it is sent, values of secrets included, into a
// log, a file or a trace; and of those that pulumi reads in the place of the
// flags above.
var revealing = []string{
	"PULUMI_OPTION_VERBOSE", "PULUMI_OPTION_SHOW_SECRETS", "PULUMI_OPTION_TRACING", "PULUMI_OPTION_OTEL_TRACES",
	"PULUMI_DEBUG_GRPC", "PULUMI_TF_DEBUG_GRPC", "PULUMI_LOG_OTLP_", "PULUMI_OTEL_", "OTEL_EXPORTER_", "TF_LOG", "GRPC_BINARY_LOG", serve.EnvKnown,
}

// telling reports whether the engine must not get a variable of the environment.
// It says which.
func (s *Session) telling(variable string) bool {
	name, value, _ := strings.Cut(variable, "=")
	tells := slices.ContainsFunc(revealing, func(begin string) bool { return strings.HasPrefix(name, begin) }) ||
		name == "GODEBUG" && strings.Contains(value, "http2debug=")
	if name == checkpointsVariable && !s.own {
		fmt.Fprintf(s.out, "%s is kept from the engine: a state that others share is recorded step by step\n", name)
		return true
	}
	if tells {
		fmt.Fprintf(s.out, "%s is kept from the engine: with it, values of secrets are written in clear\n", name)
	}
	return tells
}
