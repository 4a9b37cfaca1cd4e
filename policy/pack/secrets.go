package pack

// Leaves are the values at or below this one that have none below, in order:
// keys sorted, items as they are. One that is not known is a leaf as well.
func (v Value) Leaves() []Value {
	var below []Value
	switch {
	case !v.Known():
		return []Value{v}
	case !v.set:
		return nil
	case v.value.IsObject():
		for _, key := range v.Keys() {
			below = append(below, v.key(key))
		}
	case v.value.IsArray():
		below = v.Items()
	default:
		return []Value{v}
	}
	var leaves []Value
	for _, one := range below {
		leaves = append(leaves, one.Leaves()...)
	}
	return leaves
}

// IsText reports whether the value is a text that is known.
func (v Value) IsText() bool { return v.Known() && v.value.IsString() }
