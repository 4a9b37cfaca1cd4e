package objects

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"sigs.k8s.io/yaml"

	"platform/policy/pack"
)

// Read is the objects of plain manifests, as make render writes them: every
// .yaml file of a folder.
func Read(folder, stack string) (*pack.Stack, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("folder %s: has no manifests (*.yaml); name one that make render OUT=dir wrote", folder)
	}
	s := &pack.Stack{Name: stack}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, document := range strings.Split("\n"+string(text), "\n---") {
			object, err := read(document)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			if object.Kind != "" {
				s.Objects = append(s.Objects, object)
			}
		}
	}
	return s, nil
}

// read is the object of a document; without a kind where the document is
// empty.
func read(document string) (pack.Object, error) {
	var content map[string]any
	if err := yaml.Unmarshal([]byte(document), &content); err != nil || len(content) == 0 {
		return pack.Object{}, err
	}
	version, _ := content["apiVersion"].(string)
	kind, _ := content["kind"].(string)
	if version == "" || kind == "" {
		return pack.Object{}, fmt.Errorf("a document has no apiVersion or no kind, so it is no manifest")
	}
	if !strings.Contains(version, "/") {
		version = "core/" + version
	}
	metadata, _ := content["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	return pack.NewObject(pack.Resource{
		Type: tokens.Type("kubernetes:" + version + ":" + kind), Name: name, Properties: resource.NewPropertyMapFromMap(content),
	}), nil
}

// Safely is what work returns, or an error where it meets a value of a wrong
// type: what rules report as a finding is one here.
func Safely[T any](work func() (T, error)) (result T, err error) {
	defer func() {
		ended := recover()
		if problem, is := ended.(runtime.Error); is {
			panic(problem) // one of this program's own
		}
		if ended != nil {
			err = fmt.Errorf("an object has a value of a wrong type, or one that is not known: %v", ended)
		}
	}()
	return work()
}
