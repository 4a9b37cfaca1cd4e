package documents

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Read reads all documents of a folder: those of its files that end in .yaml,
// in the order of their names, each divided by lines of three dashes.
func Read(folder string) ([]Document, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s holds no documents; add a file that ends in .yaml", folder)
	}
	var all []Document
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for i, part := range strings.Split("\n"+string(text), "\n---\n") {
			d, err := parse(part)
			if err != nil {
				return nil, fmt.Errorf("document %d of %s: %w", i+1, file, err)
			}
			d.File = filepath.Base(file)
			all = append(all, d)
		}
	}
	return all, nil
}
