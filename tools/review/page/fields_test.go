package page

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// fill writes another word into each text of a value, and one item into each
// list.
func fill(v reflect.Value, words *[]string, path string) {
	word := func() string {
		*words = append(*words, fmt.Sprintf("%s-x%d", path, len(*words)))
		return (*words)[len(*words)-1]
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(word())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), words, path)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(word()), reflect.ValueOf(word()))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if name == "URN" { // kind and object say it
				continue
			}
			fill(v.Field(i), words, name)
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(1000 + v.Type().Size()))
	default:
	}
}

// A field that a section gains is shown by every writer, or this test tells.
func TestEveryFieldIsShown(t *testing.T) {
	var s review.Section
	var words []string
	fill(reflect.ValueOf(&s).Elem(), &words, "Section")
	s.Capacity[0].After++
	s.Risks[0].Refused = true
	sections := []review.Section{s, plan("other")} // of another view, so that views are told
	comment, err := Markdown(sections, options)
	require.NoError(t, err)
	page, err := HTML(sections, options)
	require.NoError(t, err)
	var terminal bytes.Buffer
	Text(&terminal, sections, 0, false)
	require.Greater(t, len(words), 30)
	for _, word := range words {
		assert.Contains(t, comment, word)
		assert.Contains(t, page, word)
		assert.Contains(t, terminal.String(), word)
	}
}
