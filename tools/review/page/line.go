package page

import (
	"strings"

	"platform/policy/secret"
	"platform/tools/review"
)

// What stands in the place of a value that is not shown.
const (
	secretValue   = secret.Shown
	secretChanged = "[secret changed]"
	unknownValue  = "(known after the deployment)"
	otherValue    = "(changes)"
)

// leaf writes one value that changes: what goes, then what comes.
func leaf(op review.Op, d review.Diff) []line {
	var all []line
	for _, side := range sides(op, d) {
		all = append(all, value(side.sign, d.Path, side.text)...)
	}
	return all
}

// sides are what is shown of a value, by sign.
func sides(op review.Op, d review.Diff) []line {
	switch {
	case d.Secret && op == review.OpCreate:
		return []line{{'+', secretValue}}
	case d.Secret:
		return []line{{'!', secretChanged}}
	}
	var all []line
	if d.Old != "" {
		all = append(all, line{'-', d.Old})
	}
	switch {
	case d.Unknown:
		all = append(all, line{'+', unknownValue})
	case d.New != "":
		all = append(all, line{'+', d.New})
	}
	if all == nil {
		all = []line{{'!', otherValue}}
	}
	return all
}

// value writes a path and its value; a text of several lines goes below, each
// line with the sign, so that none of them can pose as another change.
func value(sign byte, path, text string) []line {
	if !strings.Contains(text, "\n") {
		return []line{{sign, visible(path) + ": " + visible(text)}}
	}
	all := []line{{sign, visible(path) + ": |"}}
	for part := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		all = append(all, line{sign, "    " + visible(part)})
	}
	return all
}
