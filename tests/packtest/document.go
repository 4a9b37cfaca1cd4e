package packtest

import "strings"

// Join is one text of YAML documents, as Case.Objects takes it.
func Join(documents ...string) string { return strings.Join(documents, "\n---\n") }

// But is a document with texts replaced: old, new, and so on. It panics where
// an old text is not there, since the case would then vary nothing.
func But(document string, changes ...string) string {
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(document, changes[i]) {
			panic("the document has no " + changes[i])
		}
	}
	return strings.NewReplacer(changes...).Replace(document)
}
