// Schema writes the JSON Schemas of the stack files, from the types of package
// config: config/epfl.schema.json and config/eddcloud.schema.json. Each stack file
// names its own in its first line, so that an editor completes and checks it.
//
// Usage: go run ./tools/schema, in the folder of the project.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func run() error {
	texts, err := schemas()
	if err != nil {
		return err
	}
	for path, text := range texts {
		if err := os.WriteFile(path, text, 0o644); err != nil { // as every file of a checkout
			return err
		}
		fmt.Println("wrote", path)
	}
	return nil
}
