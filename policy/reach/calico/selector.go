package calico

import (
	"fmt"
	"slices"
	"strings"
)

// Selector reports whether labels match.
type Selector func(labels map[string]string) bool

// ParseSelector reads a selector of Calico's, such as
// app == 'api' && tier in {'a', 'b'}. An empty one matches all. global()
// matches nothing that has labels of its own: it means what has no namespace,
// which the caller has to know.
func ParseSelector(text string) (Selector, error) {
	if strings.TrimSpace(text) == "" {
		return everything, nil
	}
	tokens, err := scan(text)
	if err != nil {
		return nil, fmt.Errorf("selector %q: %w", text, err)
	}
	p := &parser{tokens: tokens}
	selector, err := p.either()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("%q is too much", p.tokens[0].text)
	}
	if err != nil {
		return nil, fmt.Errorf("selector %q: %w", text, err)
	}
	return selector, nil
}

func everything(map[string]string) bool { return true }

type parser struct{ tokens []token }

// peek is the next token's text; empty at the end, and for a value.
func (p *parser) peek() string {
	if len(p.tokens) == 0 || p.tokens[0].value {
		return ""
	}
	return p.tokens[0].text
}

// take goes on if the next token is this one.
func (p *parser) take(text string) bool {
	if text == "" || p.peek() != text {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *parser) need(text string) error {
	if !p.take(text) {
		return fmt.Errorf("%s is missing", text)
	}
	return nil
}

func (p *parser) either() (Selector, error) {
	left, err := p.both()
	for err == nil && p.take("||") {
		one, right := left, Selector(nil)
		if right, err = p.both(); err == nil {
			left = func(labels map[string]string) bool { return one(labels) || right(labels) }
		}
	}
	return left, err
}

func (p *parser) both() (Selector, error) {
	left, err := p.single()
	for err == nil && p.take("&&") {
		one, right := left, Selector(nil)
		if right, err = p.single(); err == nil {
			left = func(labels map[string]string) bool { return one(labels) && right(labels) }
		}
	}
	return left, err
}

func (p *parser) single() (Selector, error) {
	switch {
	case p.take("!"):
		inner, err := p.single()
		return func(labels map[string]string) bool { return !inner(labels) }, err
	case p.take("("):
		inner, err := p.either()
		if err != nil {
			return nil, err
		}
		return inner, p.need(")")
	}
	word := p.word()
	switch {
	case word == "":
		return nil, fmt.Errorf("a condition is missing")
	case p.peek() == "(":
		return p.call(word)
	}
	return p.compare(word)
}

// word takes the next token if it is the name of a label or a function; empty
// if it is not.
func (p *parser) word() string {
	word := p.peek()
	if slices.Contains(operators, word) || !p.take(word) {
		return ""
	}
	return word
}

// call reads all(), global() and has(KEY).
func (p *parser) call(function string) (Selector, error) {
	p.take("(")
	switch function {
	case "all":
		return everything, p.need(")")
	case "global":
		return func(labels map[string]string) bool { return len(labels) == 0 }, p.need(")")
	case "has":
		key := p.word()
		if key == "" {
			return nil, fmt.Errorf("a label is missing")
		}
		return func(labels map[string]string) bool { _, has := labels[key]; return has }, p.need(")")
	}
	return nil, fmt.Errorf("%s() is unknown", function)
}

// comparisons are those with one value; the last is what remains below.
var comparisons = []string{"==", "=", "!=", "contains", "starts", "ends"}

// compare reads what follows a key.
func (p *parser) compare(key string) (Selector, error) {
	operator := p.peek()
	p.take(operator)
	switch {
	case operator == "not" && p.peek() == "in":
		p.take("in")
		operator = "not in"
	case (operator == "starts" || operator == "ends") && p.peek() == "with":
		p.take("with")
	}
	if operator == "in" || operator == "not in" {
		values, err := p.set()
		return func(labels map[string]string) bool {
			value, has := labels[key]
			return (has && slices.Contains(values, value)) == (operator == "in")
		}, err
	}
	if !slices.Contains(comparisons, operator) {
		return nil, fmt.Errorf("%q is no comparison", operator)
	}
	value, err := p.text()
	if err != nil {
		return nil, err
	}
	switch operator {
	case "==", "=":
		return func(labels map[string]string) bool { own, has := labels[key]; return has && own == value }, nil
	case "!=":
		return func(labels map[string]string) bool { own, has := labels[key]; return !has || own != value }, nil
	case "contains":
		return func(labels map[string]string) bool {
			own, has := labels[key]
			return has && strings.Contains(own, value)
		}, nil
	case "starts":
		return func(labels map[string]string) bool {
			own, has := labels[key]
			return has && strings.HasPrefix(own, value)
		}, nil
	}
	return func(labels map[string]string) bool {
		own, has := labels[key]
		return has && strings.HasSuffix(own, value)
	}, nil
}

func (p *parser) text() (string, error) {
	if len(p.tokens) == 0 || !p.tokens[0].value {
		return "", fmt.Errorf("a value in quotes is missing")
	}
	text := p.tokens[0].text
	p.tokens = p.tokens[1:]
	return text, nil
}

func (p *parser) set() ([]string, error) {
	if err := p.need("{"); err != nil {
		return nil, err
	}
	var values []string
	for !p.take("}") {
		value, err := p.text()
		if err != nil {
			return nil, err
		}
		values = append(values, value)
		if p.peek() != "}" {
			if err := p.need(","); err != nil {
				return nil, err
			}
		}
	}
	return values, nil
}
