package config

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

// variable is the name of an environment variable.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// longestServiceName leaves room in a DNS label for what Kubernetes appends.
const longestServiceName = 40

// serviceName checks the name of a further service of a platform.
func (c *collector) serviceName(key, name string, taken []string) {
	const remedy = "choose a name such as docs"
	switch {
	case !c.label(key, name, remedy):
	case slices.Contains(taken, name):
		c.add(key, remedy, "%q is the name of a part of the platform", name)
	case len(name) > longestServiceName:
		c.add(key, remedy, "%q has %d characters; its objects' names leave it %d", name, len(name), longestServiceName)
	}
}

// user checks the UID of a container.
func (c *collector) user(key string, uid int) {
	switch {
	case uid < 1:
		c.add(key, "write the UID that the image runs as", "%d is root or none, and pods here do not run as root", uid)
	case uid > math.MaxInt32:
		c.add(key, "write the UID that the image runs as", "%d is over %d, the most that Kubernetes takes", uid, math.MaxInt32)
	}
}

// variables checks the names of environment variables.
func (c *collector) variables(key string, variables map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if !variable.MatchString(name) {
			c.add(key+"["+name+"]", "write letters, digits and underscores", "%s is not the name of a variable", quoted(name))
		}
	}
}

// literal checks that variables hold what is written down. Kubernetes puts the
// value of a variable in the place of $(NAME), and makes one $ of two.
func (c *collector) literal(key string, variables map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		value, at := variables[name], key+"["+name+"]"
		for i := 0; i+1 < len(value); i++ {
			if value[i] != '$' {
				continue
			}
			escaped := value[i+1] == '$'
			if !escaped && value[i+1] == '(' && strings.Contains(value[i:], ")") {
				c.add(at, "write $$(NAME) for the text $(NAME)", "Kubernetes puts the value of a variable in the place of $(NAME)")
				break
			}
			if escaped && !strings.HasPrefix(value[i+2:], "(") {
				c.add(at, "write it without $$, or keep it in a Secret, of which nothing is replaced,", "Kubernetes makes one $ of two")
				break
			}
			if escaped {
				i++
			}
		}
	}
}

// folders checks what a container writes to.
func (c *collector) folders(key string, folders []string) {
	for i, folder := range folders {
		if at := fmt.Sprintf("%s[%d]", key, i); !strings.HasPrefix(folder, "/") || folder == "/" {
			c.add(at, "write a folder such as /tmp", "%s is no absolute path of a folder below the root", quoted(folder))
		} else if slices.Index(folders, folder) < i {
			c.add(at, "remove one of the two", "%s is listed already", quoted(folder))
		}
	}
}

// place is an absolute path below the root, written in one way alone and
// without what a shell would read otherwise.
var place = regexp.MustCompile(`^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$`)

// place checks the path of a file or folder in a container.
func (c *collector) place(key, value, such string) {
	if !place.MatchString(value) {
		c.add(key, "write "+such, "%s is no absolute path below the root", orEmpty(value))
	}
}
