package storage

import (
	"testing"

	"platform/policy/pack"
	"platform/tests/packtest"
)

func TestClaimClass(t *testing.T) {
	const at = "PersistentVolumeClaim/data: spec.storageClassName"
	with := func(spec string) string { return but(claim, "storageClassName: local-path", spec) }
	templates := but(set, "serviceName: db-headless", "volumeClaimTemplates: [{spec: {storageClassName: rcp-nas}}, {spec: {}}]")
	packtest.Run(t, packtest.With(packtest.Named(Rules, "claim-names-its-class"), map[string]any{"classes": []any{"rcp-nas", "local-path"}}), map[string]packtest.Case{
		"known class":            {Objects: claim},
		"other class":            {Objects: with("storageClassName: local"), Want: []string{at}},
		"absent":                 {Objects: with(""), Want: []string{at}},
		"empty":                  {Objects: with("storageClassName: ''"), Want: []string{at}},
		"of a volume":            {Objects: with("storageClassName: '', volumeName: v")},
		"a volume's other class": {Objects: with("storageClassName: fast, volumeName: v"), Want: []string{at}},
		"only a volume":          {Objects: with("volumeName: v"), Want: []string{at}},
		"by parameter":           {Objects: with("storageClassName: fast"), Parameters: map[string]any{"classes": []any{"fast"}}},
		"templates":              {Objects: templates, Want: []string{"StatefulSet/db: spec.volumeClaimTemplates[1].spec.storageClassName"}},
		"no templates":           {Objects: set},
		"wrong type":             {Objects: with("storageClassName: 1"), Want: []string{at}},
		"not known":              {Objects: with("storageClassName: <unknown>"), Undecided: []string{at}},
	})
}

func TestClaimExists(t *testing.T) {
	const at = "StatefulSet/db: spec.template.spec.volumes[0].persistentVolumeClaim.claimName"
	packtest.Run(t, packtest.Named(Rules, "mounted-claim-exists"), map[string]packtest.Case{
		"there":             {Objects: of(set, claim)},
		"not there":         {Objects: set, Want: []string{at}},
		"another name":      {Objects: of(set, but(claim, "name: data", "name: more")), Want: []string{at}},
		"another namespace": {Objects: of(set, but(claim, "namespace: a", "namespace: b")), Want: []string{at}},
		"absent":            {Objects: of(but(set, "claimName: data", ""), claim), Want: []string{at}},
		"no volumes":        {Objects: but(set, "volumes: [", "x: [")},
		"wrong type":        {Objects: of(but(set, "claimName: data", "claimName: 1"), claim), Want: []string{at}},
		"not known":         {Objects: of(but(set, "claimName: data", "claimName: <unknown>"), claim), Undecided: []string{at}},
		"a Job's":           {Objects: but(set, "StatefulSet", "Job"), Want: []string{"Job/db: spec.template.spec.volumes[0].persistentVolumeClaim.claimName"}},
	})
}

func TestClaimSize(t *testing.T) {
	const at = "PersistentVolumeClaim/data: spec.resources.requests.storage"
	with := func(size string) string {
		return but(claim, "storageClassName: local-path", "resources: {requests: {storage: "+size+"}}")
	}
	packtest.Run(t, packtest.With(packtest.Named(Rules, "claim-has-a-bounded-size"), map[string]any{"most": "1Ti"}), map[string]packtest.Case{
		"within":     {Objects: with("1Ti")},
		"more":       {Objects: with("1025Gi"), Want: []string{at}},
		"absent":     {Objects: claim, Want: []string{at}},
		"zero":       {Objects: with("0"), Want: []string{at}},
		"wrong type": {Objects: with("much"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}

func TestClaimVolume(t *testing.T) {
	const at = "PersistentVolumeClaim/data: spec.volumeName"
	packtest.Run(t, packtest.Named(Rules, "claim-leaves-its-volume-to-the-class"), map[string]packtest.Case{
		"absent":     {Objects: claim},
		"named":      {Objects: but(claim, "local-path", "local-path, volumeName: old"), Want: []string{at}},
		"by hand":    {Objects: but(claim, "local-path", "'', volumeName: old")},
		"wrong type": {Objects: but(claim, "local-path", "local-path, volumeName: 1"), Want: []string{at}},
		"not known":  {Objects: but(claim, "local-path", "local-path, volumeName: <unknown>"), Undecided: []string{at}},
	})
}

func TestClaimWriter(t *testing.T) {
	const at = "PersistentVolumeClaim/data: spec.accessModes"
	with := func(modes string) string { return but(claim, "storageClassName: local-path", "accessModes: "+modes) }
	packtest.Run(t, packtest.Named(Rules, "claim-has-one-writer"), map[string]packtest.Case{
		"one node":   {Objects: with("[ReadWriteOnce]")},
		"one pod":    {Objects: with("[ReadWriteOncePod]")},
		"many":       {Objects: with("[ReadWriteOnce, ReadWriteMany]"), Want: []string{at + "[1]"}},
		"absent":     {Objects: claim, Want: []string{at}},
		"none":       {Objects: with("[]"), Want: []string{at}},
		"wrong type": {Objects: with("ReadWriteOnce"), Want: []string{at}},
		"not known":  {Objects: with("[<unknown>]"), Undecided: []string{at + "[0]"}},
	})
}

func TestDataProtected(t *testing.T) {
	const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: a}}"
	balancer := but(service, "clusterIP: None", "type: LoadBalancer")
	protected := func(objects []pack.Object) {
		for i := range objects {
			objects[i].Options.Protect = true
		}
	}
	claimAlone := func(objects []pack.Object) { objects[0].Options.Protect = true }
	packtest.Run(t, packtest.Named(Rules, "data-is-protected"), map[string]packtest.Case{
		"protected":          {Objects: of(claim, set, namespace, balancer), Change: protected},
		"absent":             {Objects: of(claim, set, namespace), Want: []string{"PersistentVolumeClaim/data", "StatefulSet/db", "Namespace/a"}},
		"one is not":         {Objects: of(claim, set), Change: claimAlone, Want: []string{"StatefulSet/db"}},
		"an address":         {Objects: balancer, Want: []string{"Service/db-headless"}},
		"no Service":         {Objects: but(balancer, "kind: Service", "kind: Balancer")},
		"no address":         {Objects: service},
		"no data":            {Objects: but(set, "StatefulSet", "Deployment")},
		"a pool":             {Objects: "{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {name: p}}", Want: []string{"IPAddressPool/p"}},
		"in prod":            {Objects: claim, Want: []string{"PersistentVolumeClaim/data"}},
		"a trial":            {Objects: claim, Parameters: map[string]any{"trial": true}},
		"other kinds":        {Objects: claim, Parameters: map[string]any{"kinds": []any{"Secret"}}},
		"wrong type":         {Objects: but(service, "clusterIP: None", "type: 1"), Want: []string{"Service/db-headless: spec.type"}},
		"not known":          {Objects: but(service, "clusterIP: None", "type: <unknown>"), Undecided: []string{"Service/db-headless: spec.type"}},
		"name is not known":  {Objects: but(claim, "name: data", "name: <unknown>"), Want: []string{"PersistentVolumeClaim/<unknown>"}},
		"not known, another": {Objects: of(but(service, "clusterIP: None", "type: <unknown>"), namespace), Undecided: []string{"Service/db-headless: spec.type"}, Want: []string{"Namespace/a"}},
	})
}

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

func TestHeadlessService(t *testing.T) {
	const at = "StatefulSet/db: spec.serviceName"
	packtest.Run(t, packtest.Named(Rules, "stateful-set-has-its-headless-service"), map[string]packtest.Case{
		"there":             {Objects: of(set, service)},
		"not there":         {Objects: set, Want: []string{at}},
		"another namespace": {Objects: of(set, but(service, "namespace: a", "namespace: b")), Want: []string{at}},
		"another name":      {Objects: of(set, but(service, "db-headless", "db")), Want: []string{at}},
		"with an address":   {Objects: of(set, but(service, "clusterIP: None, ", "")), Want: []string{at}},
		"of other pods":     {Objects: of(set, but(service, "app: db", "app: web")), Want: []string{at}},
		"of no pods":        {Objects: of(set, but(service, ", selector: {app: db}", "")), Want: []string{at}},
		"absent":            {Objects: of(but(set, "serviceName: db-headless", "replicas: 1"), service), Want: []string{at}},
		"wrong type":        {Objects: of(but(set, "serviceName: db-headless", "serviceName: 1"), service), Want: []string{at}},
		"not known":         {Objects: of(but(set, "serviceName: db-headless", "serviceName: <unknown>"), service), Undecided: []string{at}},
		"Service unknown":   {Objects: of(set, but(service, "name: db-headless", "name: <unknown>")), Undecided: []string{"StatefulSet/db: metadata.name"}},
		"a Deployment":      {Objects: but(set, "StatefulSet", "Deployment")},
	})
}

func TestTemplatesRetained(t *testing.T) {
	const deleted = "StatefulSet/db: spec.persistentVolumeClaimRetentionPolicy.whenDeleted"
	const scaled = "StatefulSet/db: spec.persistentVolumeClaimRetentionPolicy.whenScaled"
	with := func(policy string) string {
		return but(set, "serviceName: db-headless", "volumeClaimTemplates: [{spec: {}}]\n  persistentVolumeClaimRetentionPolicy: "+policy)
	}
	packtest.Run(t, packtest.Named(Rules, "stateful-set-keeps-its-claims"), map[string]packtest.Case{
		"both":          {Objects: with("{whenDeleted: Retain, whenScaled: Retain}")},
		"with the set":  {Objects: with("{whenDeleted: Delete, whenScaled: Retain}"), Want: []string{deleted}},
		"one is absent": {Objects: with("{whenDeleted: Retain}"), Want: []string{scaled}},
		"absent":        {Objects: with("null"), Want: []string{deleted, scaled}},
		"no templates":  {Objects: set},
		"wrong type":    {Objects: with("{whenDeleted: Retain, whenScaled: true}"), Want: []string{scaled}},
		"not known":     {Objects: with("{whenDeleted: <unknown>, whenScaled: Delete}"), Undecided: []string{deleted}, Want: []string{scaled}},
		"templates are": {Objects: but(with("{whenDeleted: Retain}"), "[{spec: {}}]", "<unknown>"), Want: []string{scaled}},
	})
}
