package engine

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// undecided are the arguments of up without its diff and without those that
// answer a question before it is asked.
func undecided(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool {
		return arg == "--diff" || slices.Contains(answers, arg)
	})
}

// plannable are the arguments of up for the preview of it: without those that
// pulumi preview does not know, by what its help lists.
func (s *Session) plannable(ctx context.Context, args []string) ([]string, error) {
	args = undecided(args)
	asks := func(arg string) bool { return strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--policy-pack") }
	if !slices.ContainsFunc(args, asks) {
		return args, nil // asking takes a second, and these are our own
	}
	var known [2]map[string]bool
	for i, command := range []string{"preview", "up"} {
		help, err := s.output(ctx, command, "--help")
		if err != nil {
			return nil, err
		}
		known[i] = flagsOf(string(help))
	}
	return common(args, known[0], known[1]), nil
}

// helpLine is that of a flag in a help: its letter, its name, the type of its
// value, and what that is where only the name is given.
var helpLine = regexp.MustCompile(`(?m)^ +(?:(-\w), )?(--[\w-]+)(?: [^\s\[]+)?(\[=[^\]]*\])?`)

// hasType tells a flag that takes a value from the line of a help.
var hasType = regexp.MustCompile(`^ +(?:-\w, )?--[\w-]+ \S`)

// flagsOf reads the flags of a command from its help: whether the word behind
// one is its value, by its letter and its name.
func flagsOf(help string) map[string]bool {
	flags := map[string]bool{}
	for _, found := range helpLine.FindAllStringSubmatch(help, -1) {
		takes := hasType.MatchString(found[0]) && found[3] == ""
		flags[found[2]] = takes
		if found[1] != "" {
			flags[found[1]] = takes
		}
	}
	return flags
}

// common are the arguments without flags that only one command has, and without
// their values. A flag that neither has stays: pulumi says that there is none.
func common(args []string, both, one map[string]bool) []string {
	var kept []string
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(args[i], "=")
		if !strings.HasPrefix(name, "--") && len(name) > 2 {
			name, joined = name[:2], true // -mtext
		}
		takes, known := one[name]
		_, stays := both[name]
		stays = stays || !known || !strings.HasPrefix(name, "-")
		if stays {
			kept = append(kept, args[i])
		}
		if takes && !joined && i+1 < len(args) {
			i++
			if stays {
				kept = append(kept, args[i])
			}
		}
	}
	return kept
}
