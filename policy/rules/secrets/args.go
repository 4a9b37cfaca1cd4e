package secrets

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var args = pack.Rule{
	Name: "command-holds-no-secret", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a command line is shown by every list of processes and every description of the pod",
	Remedy:    useASecret + "; a command takes a variable as $(NAME)",
	Reference: goodPractices,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, commands(c), func(words pack.Value) { judgeWords(c, words.Items(), r) })
		pack.Each(r, c, headers(c), func(header pack.Value) {
			inClear(r, c, header.At("name").Text(), header.At("value"))
		})
	}),
}

// judgeWords judges the words of one command line. The one after a flag is its
// value, but where it is a flag itself.
func judgeWords(c pack.Container, words []pack.Value, r *pack.Report) {
	flag := ""
	pack.Each(r, c, words, func(word pack.Value) {
		last := flag
		flag = "" // also where the word is not known
		flag = flagOf(word.Text())
		if strings.HasPrefix(word.Text(), "-") {
			last = ""
		}
		inClear(r, c, last, word)
	})
}

// hooks are where a container runs commands or asks by HTTP beside its own.
var hooks = [][]any{{"livenessProbe"}, {"readinessProbe"}, {"startupProbe"}, {"lifecycle", "postStart"}, {"lifecycle", "preStop"}}

// commands are all command lines of a container.
func commands(c pack.Container) []pack.Value {
	all := []pack.Value{c.At("command"), c.At("args")}
	for _, hook := range hooks {
		all = append(all, c.At(hook...).At("exec", "command"))
	}
	return all
}

// headers are those that the kubelet sends.
func headers(c pack.Container) []pack.Value {
	var all []pack.Value
	for _, hook := range hooks {
		all = append(all, c.At(hook...).At("httpGet", "httpHeaders").Items()...)
	}
	return all
}

// flagOf is the name of a flag whose value is the next word: --token, and not
// --token=VALUE, which is an assignment.
func flagOf(word string) string {
	if !strings.HasPrefix(word, "-") || strings.ContainsAny(word, "= \n") {
		return ""
	}
	return strings.TrimLeft(word, "-")
}
