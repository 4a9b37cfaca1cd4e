package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fault is one thing wrong with the configuration: which key, in which stack,
// what is wrong with it and what to do.
type Fault struct {
	Key string // path below the namespace, such as topology.nodes[2].cpu
	// Outside tells that the key lies beside the namespace and is spelt as in the file.
	Outside bool
	Stack   string
	Why     string
	Remedy  string
}

// Error prints the fault on one line, so that it can be searched for.
func (f Fault) Error() string {
	key := Namespace + ":" + f.Key
	if f.Outside {
		key = f.Key
	}
	return fmt.Sprintf("%s (stack %s): %s; %s", key, f.Stack, f.Why, f.Remedy)
}

// Faults is everything wrong with one configuration, in the order of the keys.
type Faults []Fault

// Error prints a line with the count and then every fault on a line of its own.
func (f Faults) Error() string {
	lines := []string{f.count()}
	for _, fault := range f.sorted() {
		lines = append(lines, "  "+fault.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each fault to [errors.As] and [errors.Is].
func (f Faults) Unwrap() []error {
	all := make([]error, 0, len(f))
	for _, fault := range f {
		all = append(all, fault)
	}
	return all
}

// Err is the faults as an error: nil when there is none, which a Faults
// returned as an error would not be.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

func (f Faults) count() string {
	noun := "faults"
	if len(f) == 1 {
		noun = "fault"
	}
	stacks := make([]string, 0, 1)
	for _, fault := range f {
		if !slices.Contains(stacks, fault.Stack) {
			stacks = append(stacks, fault.Stack)
		}
	}
	slices.Sort(stacks)
	return fmt.Sprintf("%d %s in the configuration of stack %s:", len(f), noun, strings.Join(stacks, ", "))
}

// sorted is a copy without duplicates, ordered by key and then by text.
func (f Faults) sorted() Faults {
	ordered := slices.Clone(f)
	slices.SortFunc(ordered, func(a, b Fault) int {
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
