package limits

import "platform/policy/packtest"

// resources is where findings about a case's container are.
const resources = packtest.InContainer + "resources."

// wrong is the case of a container that breaks the rule at these paths, and
// right of one that does not.
func wrong(content string, paths ...string) packtest.Case {
	c := right(content)
	for _, path := range paths {
		c.Want = append(c.Want, resources+path)
	}
	return c
}

func right(content string) packtest.Case {
	return packtest.Case{Objects: packtest.Container(content)}
}
