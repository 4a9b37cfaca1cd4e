package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Error is one thing wrong with the configuration: which key, in which stack,
// what is wrong with it and what to do.
type Error struct {
	Key string // path below the namespace, such as topology.nodes[2].cpu
	// Outside says that the key lies beside the namespace and is written as in the file.
	Outside bool
	Stack   string
	Why     string
	Remedy  string
}

// Error prints the error on one line, so that it can be searched for.
func (f Error) Error() string {
	key := Namespace + ":" + f.Key
	if f.Outside {
		key = f.Key
	}
	return fmt.Sprintf("%s (stack %s): %s; %s", key, f.Stack, f.Why, f.Remedy)
}

// Errors is everything wrong with one configuration, in the order of the keys.
type Errors []Error

// Error prints a line with the count and then every error on a line of its own.
func (f Errors) Error() string {
	lines := []string{f.count()}
	for _, problem := range f.sorted() {
		lines = append(lines, "  "+problem.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each error to [errors.As] and [errors.Is].
func (f Errors) Unwrap() []error {
	all := make([]error, 0, len(f))
	for _, problem := range f {
		all = append(all, problem)
	}
	return all
}

// Err is the errors as an error: nil when there is none, which a Errors
// returned as an error would not be.
func (f Errors) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

func (f Errors) count() string {
	noun := "errors"
	if len(f) == 1 {
		noun = "error"
	}
	stacks := make([]string, 0, 1)
	for _, problem := range f {
		if !slices.Contains(stacks, problem.Stack) {
			stacks = append(stacks, problem.Stack)
		}
	}
	slices.Sort(stacks)
	return fmt.Sprintf("%d %s in the configuration of stack %s:", len(f), noun, strings.Join(stacks, ", "))
}

// sorted is a copy without duplicates, ordered by key and then by text.
func (f Errors) sorted() Errors {
	ordered := slices.Clone(f)
	slices.SortFunc(ordered, func(a, b Error) int {
		return cmp.Or(compareKeys(a.Key, b.Key), cmp.Compare(a.Why, b.Why),
			cmp.Compare(a.Remedy, b.Remedy), cmp.Compare(a.Stack, b.Stack))
	})
	return slices.Compact(ordered)
}

// compareKeys orders nodes[2] before nodes[10], which text alone would not.
func compareKeys(a, b string) int {
	for a != "" && b != "" {
		digitsA, digitsB := leadingDigits(a), leadingDigits(b)
		if digitsA != "" && digitsB != "" {
			numberA, errA := strconv.ParseUint(digitsA, 10, 64)
			numberB, errB := strconv.ParseUint(digitsB, 10, 64)
			if errA == nil && errB == nil && numberA != numberB {
				return cmp.Compare(numberA, numberB)
			}
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func leadingDigits(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}

// stackFile is the file that a remedy tells to edit.
func stackFile(stack string) string {
	return "Pulumi." + stack + ".yaml"
}
