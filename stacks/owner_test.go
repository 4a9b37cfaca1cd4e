package stacks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/config"
)

// Every object says whose it is, and no pod does: its label would start it again.
func TestEveryObjectSaysWhoseItIs(t *testing.T) {
	for _, stack := range config.Stacks() {
		for _, deployment := range []string{"", "0123456789ab"} {
			t.Run(stack+" "+deployment, func(t *testing.T) {
				t.Setenv(config.EnvDeployment, deployment)
				objects := 0
				for _, r := range registered(t, stack) {
					if !r.Custom || !strings.HasPrefix(r.Type, "kubernetes:") {
						continue
					}
					objects++
					marks := map[string]any{}
					metadata, _ := r.Inputs["metadata"].(map[string]any)
					annotations, _ := metadata["annotations"].(map[string]any)
					for _, key := range []string{config.AnnotationProject, config.AnnotationStack, config.AnnotationDeployment} {
						if value := annotations[key]; value != nil {
							marks[key] = value
						}
					}
					wanted := map[string]any{"platform/project": "platform", "platform/stack": stack}
					if deployment != "" {
						wanted["platform/deployment"] = deployment
					}
					assert.Equal(t, wanted, marks, "%s %s", r.Type, r.Name)
					for key, part := range r.Inputs {
						if key != "metadata" {
							assert.NotContains(t, keysWithin(part), config.AnnotationStack, "%s of %s %s", key, r.Type, r.Name)
						}
					}
				}
				assert.Greater(t, objects, 20)
			})
		}
	}
}

// keysWithin are the keys at any depth.
func keysWithin(value any) []string {
	var keys []string
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			keys = append(append(keys, key), keysWithin(inner)...)
		}
	case []any:
		for _, inner := range v {
			keys = append(keys, keysWithin(inner)...)
		}
	}
	return keys
}
