package calico

import (
	"fmt"
	"strings"
)

// token is a word, an operator or a value in quotes.
type token struct {
	text  string
	value bool
}

// operators are those that are no words, the longer ones first.
var operators = []string{"&&", "||", "==", "!=", "!", "=", "(", ")", "{", "}", ","}

func scan(text string) ([]token, error) {
	var tokens []token
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		one, rest, err := next(text)
		if err != nil {
			return nil, err
		}
		tokens, text = append(tokens, one), rest
	}
	return tokens, nil
}

func next(text string) (token, string, error) {
	if quote := text[0]; quote == '\'' || quote == '"' {
		value, rest, closed := strings.Cut(text[1:], string(quote))
		if !closed {
			return token{}, "", fmt.Errorf("a quote is not closed")
		}
		return token{value, true}, rest, nil
	}
	for _, operator := range operators {
		if rest, found := strings.CutPrefix(text, operator); found {
			return token{operator, false}, rest, nil
		}
	}
	end := strings.IndexFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n&|=!(){},'\"", r) })
	if end < 0 {
		end = len(text)
	}
	if end == 0 {
		return token{}, "", fmt.Errorf("%q is not understood", text[:1])
	}
	return token{text[:end], false}, text[end:], nil
}
