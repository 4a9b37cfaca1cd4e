package cluster

import (
	"bytes"
	"embed"
	"io/fs"
)

// stageFiles say what kwok does to which objects.
//
//go:embed stages/*.yaml
var stageFiles embed.FS

// stagesFile is all of them as one file, which is how kwok takes them.
func stagesFile() []byte {
	names, err := fs.Glob(stageFiles, "stages/*.yaml")
	if err != nil {
		panic(err) // the pattern above is wrong
	}
	var all [][]byte
	for _, name := range names {
		text, err := stageFiles.ReadFile(name)
		if err != nil {
			panic(err) // the file was compiled in
		}
		all = append(all, text)
	}
	return bytes.Join(all, []byte("---\n"))
}
