package storage

import "strings"

const set = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: a}
spec:
  serviceName: db-headless
  template:
    metadata: {labels: {app: db}}
    spec: {volumes: [{name: data, persistentVolumeClaim: {claimName: data}}, {name: tmp, emptyDir: {}}]}
`

const service = `
apiVersion: v1
kind: Service
metadata: {name: db-headless, namespace: a}
spec: {clusterIP: None, selector: {app: db}}
`

const claim = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: a}
spec: {storageClassName: local-path}
`

// of joins documents.
func of(documents ...string) string { return strings.Join(documents, "\n---\n") }

// but is a document with texts replaced: old, new, and so on.
func but(document string, changes ...string) string {
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(document, changes[i]) {
			panic("the document has no " + changes[i])
		}
	}
	return strings.NewReplacer(changes...).Replace(document)
}
