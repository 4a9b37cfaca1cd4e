package image

import (
	"bytes"
	"errors"
	"slices"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// errByHand tells of a way to write YAML that is not worth the code to edit it.
var errByHand = errors.New("the stack file has it in a form that this command does not edit; edit it by hand, or write it on one line")

// replaceScalar writes a text in the place of a scalar, in the same quotes.
func replaceScalar(content []byte, at *yaml.Node, text string) ([]byte, error) {
	start, end, err := span(content, at)
	if err != nil {
		return nil, err
	}
	quote := quoteOf(at)
	return slices.Concat(content[:start], []byte(quote+text+quote), content[end:]), nil
}

// span is where a scalar begins and ends. One that does not stand there as it
// reads, such as one with escapes, of several lines, or behind an anchor, is
// refused.
func span(content []byte, at *yaml.Node) (start, end int, err error) {
	raw := quoteOf(at) + at.Value + quoteOf(at)
	start = offset(content, at)
	if at.Kind != yaml.ScalarNode || start < 0 || !bytes.HasPrefix(content[start:], []byte(raw)) {
		return 0, 0, errByHand
	}
	return start, start + len(raw), nil
}

func quoteOf(at *yaml.Node) string {
	switch {
	case at.Style&yaml.DoubleQuotedStyle != 0:
		return `"`
	case at.Style&yaml.SingleQuotedStyle != 0:
		return "'"
	}
	return ""
}

// offset is where a node begins; -1 where there is no such place. The parser
// counts columns in letters.
func offset(content []byte, at *yaml.Node) int {
	start := lineStart(content, at.Line)
	if start < 0 {
		return -1
	}
	for range at.Column - 1 {
		if start >= len(content) || content[start] == '\n' {
			return -1
		}
		_, size := utf8.DecodeRune(content[start:])
		start += size
	}
	return start
}

// lineStart is where a line begins, counted from 1; -1 where there are fewer.
// The line behind the last one begins at the end.
func lineStart(content []byte, line int) int {
	start := 0
	for range line - 1 {
		length := bytes.IndexByte(content[start:], '\n')
		switch {
		case length >= 0:
			start += length + 1
		case start < len(content):
			start = len(content)
		default:
			return -1
		}
	}
	return start
}
