package secret

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// template writes what the dot holds.
func (s spelling) template() string {
	if s.safe == "" {
		return "{{ . }}"
	}
	return fmt.Sprintf(`{{ range splitList "" . }}{{ if regexMatch %q . }}{{ . }}{{ else }}%s{{ printf %q . | replace " " %q }}{{ end }}{{ end }}`,
		s.safe, s.prefix, s.verb, s.prefix)
}

// template is the value, written, in the language of the operator. A value that
// is missing or empty fails the whole Secret, which then stays as it was:
// an empty password would open what it guards.
//
// A name alone is looked up in all folders together, and the first that has it
// wins, so it serves only where there is one folder. Imports of a folder are
// found by a name alone and not by folder and name.
func (v StoredValue) template(s spelling, alone bool) string {
	value := fmt.Sprintf("(secretFrom %q %q).Value", v.Folder, v.Name)
	if alone {
		value = fmt.Sprintf("(index . %q).Value", v.Name)
	}
	otherwise := ""
	if !v.Optional {
		otherwise = fmt.Sprintf("{{ else }}{{ fail %q }}", fmt.Sprintf("%s is missing or empty in folder %s", v.Name, v.Folder))
	}
	return "{{ with " + value + " }}" + s.template() + otherwise + "{{ end }}"
}

// foldersOf are the folders that texts read, sorted.
func foldersOf(texts map[string]string) []string {
	folders := map[string]bool{}
	for _, text := range texts {
		for _, token := range tokens.FindAllStringSubmatch(text, -1) {
			if value, err := storedValue(token[1]); err == nil {
				folders[value.Folder] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(folders))
}

// templated are the templates of a Secret's texts. A text that holds no token
// must have been known while planning: any other may be a secret, and a
// template is none.
func templated(texts map[string]string, known map[string]bool) (map[string]string, error) {
	alone := len(foldersOf(texts)) == 1
	data, problems := map[string]string{}, []error{}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		template, err := templateOf(texts[key], alone)
		if err == nil && !known[key] && !tokens.MatchString(texts[key]) {
			err = errors.New("holds no value that the operator could fetch; take it from the secret source")
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("key %s: %w", key, err))
		}
		data[key] = template
	}
	return data, errors.Join(problems...)
}

// templateOf is a text with a template in the place of each token.
func templateOf(text string, alone bool) (string, error) {
	var template strings.Builder
	rest := 0
	for _, at := range tokens.FindAllStringSubmatchIndex(text, -1) {
		value, err := storedValue(text[at[2]:at[3]])
		if err != nil {
			return "", err
		}
		if value.Optional && !alone {
			return "", fmt.Errorf("%s in folder %s may be missing, which the operator cannot tell where a Secret reads several folders; "+
				"make it mandatory, or keep all values of the Secret in one folder", value.Name, value.Folder)
		}
		end := slices.IndexFunc(spellings, func(s spelling) bool { return string(s.end) == text[at[4]:at[5]] })
		if end < 0 {
			return "", errors.New("is written in no way that the operator knows")
		}
		template.WriteString(plainText(text[rest:at[0]]) + value.template(spellings[end], alone))
		rest = at[1]
	}
	template.WriteString(plainText(text[rest:]))
	return template.String(), nil
}

// plainText is a text that a template shows as it is. One that has or could
// make an opening delimiter, with what follows it, is quoted.
func plainText(text string) string {
	if strings.Contains(text, "{{") || strings.HasSuffix(text, "{") {
		return "{{ " + strconv.Quote(text) + " }}"
	}
	return text
}
