package engine

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// mostVerbose is the highest level of the engine's log without the values of
// properties, secret ones in clear among them. Measured with 3.259: none of a
// stack's secrets shows at 8, each does at 9 and above.
const mostVerbose = 8

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
		case strings.HasPrefix(arg, "-v") && !strings.HasPrefix(arg, "--") && len(arg) > 2 && !joined:
			args[i] = "-v" + capped(out, arg[2:])
		case (name == "-v" || name == "--verbose") && joined:
			args[i] = name + "=" + capped(out, value)
		case (name == "-v" || name == "--verbose") && i+1 < len(args):
			args[i+1] = capped(out, args[i+1])
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

// telling are the variables that pulumi reads in the place of the flags above.
// The engine does not get them.
func telling(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return slices.Contains([]string{
		"PULUMI_OPTION_VERBOSE", "PULUMI_OPTION_SHOW_SECRETS", "PULUMI_OPTION_TRACING", "PULUMI_OPTION_OTEL_TRACES",
	}, name)
}
