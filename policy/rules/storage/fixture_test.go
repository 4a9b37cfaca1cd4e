package storage

import "platform/policy/packtest"

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

// of joins documents, and but replaces texts of one.
var of, but = packtest.Join, packtest.But
