package review

import "strconv"

// The paths of what is no property of a resource and says how the engine keeps
// it. A step does not count their change as one.
const (
	optionProtect = "options.protect"
	optionRetain  = "options.retainOnDelete"
)

// options are those that differ.
func (p *planned) options() []change {
	if p.old == nil || p.new == nil {
		return nil
	}
	var found []change
	for _, one := range []struct {
		path     string
		old, now bool
	}{
		{optionProtect, p.old.Protect, p.new.Protect},
		{optionRetain, p.old.RetainOnDelete, p.new.RetainOnDelete},
	} {
		if one.old != one.now {
			found = append(found, change{Diff: Diff{Path: one.path, Old: strconv.FormatBool(one.old), New: strconv.FormatBool(one.now)}})
		}
	}
	return found
}
