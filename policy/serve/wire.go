package serve

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one of a message as it was sent: of a number, bits are its value,
// and of all else content is.
type field struct {
	number  protowire.Number
	kind    protowire.Type
	bits    uint64
	content []byte
}

// is tells whether a field is the one of a number that holds text, or a message.
func (f field) is(number protowire.Number) bool {
	return f.number == number && f.kind == protowire.BytesType
}

// next is the first field of a message, and what follows it.
func next(message []byte) (field, []byte, error) {
	number, kind, n := protowire.ConsumeTag(message)
	if n < 0 {
		return field{}, nil, unreadable(n)
	}
	message = message[n:]
	one := field{number: number, kind: kind}
	switch kind {
	case protowire.VarintType:
		one.bits, n = protowire.ConsumeVarint(message)
	case protowire.Fixed64Type:
		one.bits, n = protowire.ConsumeFixed64(message)
	case protowire.BytesType:
		one.content, n = protowire.ConsumeBytes(message)
	default:
		n = protowire.ConsumeFieldValue(number, kind, message)
	}
	if n < 0 {
		return field{}, nil, unreadable(n)
	}
	return one, message[n:], nil
}

// count is how many fields of a number a message has; of one that cannot be
// read, as many as can.
func count(message []byte, number protowire.Number) int {
	found := 0
	for len(message) > 0 {
		one, rest, err := next(message)
		if err != nil {
			break
		}
		if one.is(number) {
			found++
		}
		message = rest
	}
	return found
}

func unreadable(code int) error {
	return fmt.Errorf("the engine's question cannot be read: %w", protowire.ParseError(code))
}
