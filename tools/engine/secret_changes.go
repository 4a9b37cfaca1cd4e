package engine

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// secretType is the type of a Secret.
const secretType = "kubernetes:core/v1:Secret"

// tellSecrets prints which Secrets change, by name and key: the engine itself
// names only the Secret. The first deployment of a stack, where all are new,
// says only how many there are.
func tellSecrets(out io.Writer, steps []apitype.StepEventMetadata) {
	var lines []string
	created := 0
	for _, step := range steps {
		if step.Type != secretType {
			continue
		}
		switch step.Op {
		case apitype.OpCreate:
			created++
		case apitype.OpUpdate, apitype.OpReplace, apitype.OpCreateReplacement:
			if keys := changedKeys(step); keys != "" {
				lines = append(lines, fmt.Sprintf("  ~ %s: %s", resourceName(step.URN), keys))
			}
		case apitype.OpDelete:
			lines = append(lines, fmt.Sprintf("  - %s: deleted", resourceName(step.URN)))
		default: // it stays, or is part of a replacement
		}
	}
	if created > 0 {
		lines = append(lines, fmt.Sprintf("  + %d new", created))
	}
	if slices.Sort(lines); len(lines) > 0 {
		fmt.Fprintf(out, "Secrets that change:\n%s\n", strings.Join(slices.Compact(lines), "\n"))
	}
}

// changedKeys names the keys of a Secret whose values change. Where one value
// is made during the deployment the engine does not know any of them before,
// and shows all as deleted.
func changedKeys(step apitype.StepEventMetadata) string {
	keys, gone := map[string]bool{}, 0
	for path, diff := range step.DetailedDiff {
		rest, found := strings.CutPrefix(path, "data")
		if !found {
			continue
		}
		keys[strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(rest, "."), `["`), `"]`)] = true
		if diff.Kind == apitype.DiffDelete {
			gone++
		}
	}
	names := strings.Join(slices.Sorted(maps.Keys(keys)), ", ")
	if gone > 0 && gone == len(step.DetailedDiff) {
		return "some of " + names
	}
	return names
}

// resourceName is the last part of a URN.
func resourceName(urn string) string { return urn[strings.LastIndex(urn, "::")+2:] }
