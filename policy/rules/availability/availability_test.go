package availability

import (
	"testing"

	"platform/policy/pack"
	"platform/tests/packtest"
)

func TestAutoscalerRoom(t *testing.T) {
	const lower, upper = "HorizontalPodAutoscaler/api: spec.minReplicas", "HorizontalPodAutoscaler/api: spec.maxReplicas"
	packtest.Run(t, packtest.Named(Rules, "autoscaler-has-room"), map[string]packtest.Case{
		"room":            {Objects: scaler},
		"from one":        {Objects: but(scaler, "minReplicas: 2", "minReplicas: 1"), Want: []string{lower}},
		"absent is one":   {Objects: but(scaler, "minReplicas: 2", "x: y"), Want: []string{lower}},
		"just room":       {Objects: but(scaler, "maxReplicas: 4", "maxReplicas: 3")},
		"no room":         {Objects: but(scaler, "maxReplicas: 4", "maxReplicas: 2"), Want: []string{upper}},
		"absent":          {Objects: but(scaler, "maxReplicas: 4", "x: y"), Want: []string{upper}},
		"wrong type":      {Objects: but(scaler, "maxReplicas: 4", "maxReplicas: many"), Want: []string{upper}},
		"not known":       {Objects: but(scaler, "minReplicas: 2", "minReplicas: <unknown>"), Undecided: []string{lower}},
		"no autoscaler":   {Objects: api},
		"both are broken": {Objects: but(scaler, "minReplicas: 2", "minReplicas: 1", "maxReplicas: 4", "maxReplicas: 1"), Want: []string{lower, upper}},
	})
}

func TestAutoscalerTarget(t *testing.T) {
	const at = "HorizontalPodAutoscaler/api: spec.scaleTargetRef"
	packtest.Run(t, packtest.Named(Rules, "autoscaler-has-its-target"), map[string]packtest.Case{
		"there":             {Objects: of(api, scaler)},
		"a StatefulSet":     {Objects: of(but(api, "Deployment", "StatefulSet"), but(scaler, "kind: Deployment", "kind: StatefulSet"))},
		"not there":         {Objects: scaler, Want: []string{at}},
		"another kind":      {Objects: of(api, but(scaler, "kind: Deployment", "kind: StatefulSet")), Want: []string{at}},
		"another namespace": {Objects: of(api, but(scaler, "namespace: a", "namespace: b")), Want: []string{at}},
		"absent":            {Objects: of(api, but(scaler, "scaleTargetRef: {kind: Deployment, name: api}", "x: y")), Want: []string{at}},
		"twice": {
			Objects: of(api, scaler, but(scaler, "{name: api, namespace: a}", "{name: more, namespace: a}")),
			Want:    []string{at, "HorizontalPodAutoscaler/more: spec.scaleTargetRef"},
		},
		"two of two": {Objects: of(api, scaler, but(api, "name: api, namespace", "name: web, namespace"),
			but(scaler, "{name: api, namespace: a}", "{name: web, namespace: a}", "name: api}\n  metrics", "name: web}\n  metrics"))},
		"wrong type": {Objects: of(api, but(scaler, "name: api}\n  metrics", "name: 1}\n  metrics")), Want: []string{at + ".name"}},
		"not known":  {Objects: of(api, but(scaler, "name: api}\n  metrics", "name: <unknown>}\n  metrics")), Undecided: []string{at + ".name"}},
	})
}

func TestBudgetExists(t *testing.T) {
	const at = "Deployment/api: spec.selector"
	packtest.Run(t, packtest.Named(Rules, "several-pods-have-a-budget"), map[string]packtest.Case{
		"covered":           {Objects: of(api, budget)},
		"not covered":       {Objects: api, Want: []string{at}},
		"one pod":           {Objects: but(api, "replicas: 2", "replicas: 1")},
		"absent is one":     {Objects: but(api, "replicas: 2", "paused: false")},
		"scaled":            {Objects: of(but(api, "replicas: 2", "paused: false"), scaler), Want: []string{at}},
		"another namespace": {Objects: of(api, but(budget, "namespace: a", "namespace: b")), Want: []string{at}},
		"other pods":        {Objects: of(api, but(budget, "app: api", "app: api, tier: z")), Want: []string{at}},
		"no selector":       {Objects: of(api, but(budget, "selector: {matchLabels: {app: api}}", "x: y")), Want: []string{at}},
		"all pods":          {Objects: of(api, but(budget, "selector: {matchLabels: {app: api}}", "selector: {}"))},
		"a StatefulSet":     {Objects: but(api, "Deployment", "StatefulSet"), Want: []string{"StatefulSet/api: spec.selector"}},
		"wrong type":        {Objects: but(api, "replicas: 2", "replicas: true"), Want: []string{"Deployment/api: spec.replicas"}},
		"not known":         {Objects: but(api, "replicas: 2", "replicas: <unknown>"), Undecided: []string{"Deployment/api: spec.replicas"}},
		"budget unknown":    {Objects: of(api, but(budget, "app: api", "app: <unknown>")), Undecided: []string{"Deployment/api: spec.selector.matchLabels.app"}},
	})
}

func TestBudgetGives(t *testing.T) {
	const lower, upper = "PodDisruptionBudget/api: spec.minAvailable", "PodDisruptionBudget/api: spec.maxUnavailable"
	const selects = "PodDisruptionBudget/api: spec.selector"
	with := func(bound string) string { return but(budget, "minAvailable: 1", bound) }
	packtest.Run(t, packtest.Named(Rules, "budget-lets-one-pod-go"), map[string]packtest.Case{
		"one of two":                {Objects: of(api, budget)},
		"none of two":               {Objects: of(api, with("minAvailable: 2")), Want: []string{lower}},
		"a share rounded up":        {Objects: of(api, with("minAvailable: 51%")), Want: []string{lower}},
		"half of two":               {Objects: of(api, with("minAvailable: 50%"))},
		"one may go":                {Objects: of(api, with("maxUnavailable: 1"))},
		"none may go":               {Objects: of(api, with("maxUnavailable: 0")), Want: []string{upper}},
		"no share may go":           {Objects: of(api, with("maxUnavailable: 0%")), Want: []string{upper}},
		"a small share may go":      {Objects: of(api, with("maxUnavailable: 1%"))},
		"of one pod":                {Objects: of(but(api, "replicas: 2", "replicas: 1"), budget), Want: []string{lower}},
		"of a workload that is off": {Objects: of(but(api, "replicas: 2", "replicas: 0"), budget)},
		"scaled from two":           {Objects: of(but(api, "replicas: 2", "paused: false"), scaler, budget)},
		"scaled from one":           {Objects: of(but(api, "replicas: 2", "paused: false"), but(scaler, "minReplicas: 2", "minReplicas: 1"), budget), Want: []string{lower}},
		"of nobody":                 {Objects: budget, Want: []string{selects}},
		"of another namespace":      {Objects: of(api, but(budget, "namespace: a", "namespace: b")), Want: []string{selects}},
		"absent":                    {Objects: of(api, with("x: y")), Want: []string{"PodDisruptionBudget/api: spec"}},
		"both":                      {Objects: of(api, with("minAvailable: 1\n  maxUnavailable: 1")), Want: []string{"PodDisruptionBudget/api: spec"}},
		"no share at all":           {Objects: of(api, with("minAvailable: some")), Want: []string{lower}},
		"two of the same pods": {
			Objects: of(api, budget, but(budget, "name: api", "name: more")),
			Want:    []string{selects, "PodDisruptionBudget/more: spec.selector"},
		},
		"two of two pods": {
			Objects: of(api, budget, but(api, "name: api, namespace", "name: web, namespace", "app: api", "app: web"), but(budget, "name: api", "name: web", "app: api", "app: web")),
		},
		"of one by default": {Objects: of(but(api, "replicas: 2", "paused: false"), budget), Want: []string{lower}},
		"wrong type":        {Objects: of(api, with("minAvailable: true")), Want: []string{lower}},
		"not known":         {Objects: of(api, with("minAvailable: <unknown>")), Undecided: []string{lower}},
	})
}

func TestBudgetUnhealthy(t *testing.T) {
	const at = "PodDisruptionBudget/api: spec.unhealthyPodEvictionPolicy"
	with := func(choice string) string {
		return but(budget, "minAvailable: 1", "unhealthyPodEvictionPolicy: "+choice)
	}
	packtest.Run(t, packtest.Named(Rules, "budget-decides-on-unready-pods"), map[string]packtest.Case{
		"always":      {Objects: with("AlwaysAllow")},
		"if healthy":  {Objects: with("IfHealthyBudget")},
		"absent":      {Objects: budget, Want: []string{at}},
		"misspelt":    {Objects: with("alwaysAllow"), Want: []string{at}},
		"wrong type":  {Objects: with("true"), Want: []string{at}},
		"not known":   {Objects: with("<unknown>"), Undecided: []string{at}},
		"other kinds": {Objects: api},
	})
}

// api is a Deployment with a Service, a budget and an autoscaler, as cases vary
// them.
const api = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: a}
spec:
  replicas: 2
  strategy: {type: RollingUpdate}
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api, tier: x}}
    spec:
      topologySpreadConstraints:
      - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: api}}}
      containers:
      - {name: api, resources: {requests: {cpu: 100m}}}
`

const service = "{apiVersion: v1, kind: Service, metadata: {name: api, namespace: a}, spec: {selector: {app: api}}}"

const budget = `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: api, namespace: a}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: api}}
`

const scaler = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api, namespace: a}
spec:
  minReplicas: 2
  maxReplicas: 4
  scaleTargetRef: {kind: Deployment, name: api}
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
`

// of joins documents, and but replaces texts of one.
var of, but = packtest.Join, packtest.But

func TestFolderTakesOnePod(t *testing.T) {
	const at = "Deployment/api: spec.strategy.type"
	folder := but(api, "containers:", "volumes: [{name: d, hostPath: {path: /data}}]\n      containers:")
	packtest.Run(t, packtest.Named(Rules, "folder-of-the-node-has-one-writer"), map[string]packtest.Case{
		"stopped first": {Objects: but(folder, "RollingUpdate", "Recreate")},
		"beside":        {Objects: folder, Want: []string{at}},
		"absent":        {Objects: but(folder, "strategy: {type: RollingUpdate}", "paused: false"), Want: []string{at}},
		"no folder":     {Objects: api},
		"wrong type":    {Objects: but(folder, "RollingUpdate", "1"), Want: []string{at}},
		"not known":     {Objects: but(folder, "RollingUpdate", "<unknown>"), Undecided: []string{at}},
	})
}

func TestHostDaemon(t *testing.T) {
	const at = "DaemonSet/d: spec.updateStrategy.rollingUpdate.maxSurge"
	const daemon = `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: d}, spec: {
  updateStrategy: {rollingUpdate: {maxSurge: 1}}, template: {spec: {hostNetwork: true, containers: [{name: c, ports: [{containerPort: 80}]}]}}}}`
	packtest.Run(t, packtest.Named(Rules, "daemon-on-node-ports-has-no-surge"), map[string]packtest.Case{
		"surge on the nodes' network": {Objects: daemon, Want: []string{at}},
		"surge as a share":            {Objects: but(daemon, "maxSurge: 1", "maxSurge: 10%"), Want: []string{at}},
		"surge on a node's port":      {Objects: but(daemon, "hostNetwork: true, ", "", "containerPort: 80", "containerPort: 80, hostPort: 80"), Want: []string{at}},
		"surge in pods' network":      {Objects: but(daemon, "hostNetwork: true, ", "")},
		"no surge":                    {Objects: but(daemon, "maxSurge: 1", "maxSurge: 0")},
		"no share":                    {Objects: but(daemon, "maxSurge: 1", "maxSurge: 0%")},
		"absent":                      {Objects: but(daemon, "{rollingUpdate: {maxSurge: 1}}", "{}")},
		"wrong type":                  {Objects: but(daemon, "maxSurge: 1", "maxSurge: true"), Want: []string{at}},
		"not known":                   {Objects: but(daemon, "maxSurge: 1", "maxSurge: <unknown>"), Undecided: []string{at}},
		"network is not known":        {Objects: but(daemon, "hostNetwork: true", "hostNetwork: <unknown>"), Undecided: []string{"DaemonSet/d: spec.template.spec.hostNetwork"}},
		"a Deployment":                {Objects: but(daemon, "DaemonSet", "Deployment")},
	})
}

// ignoring has the engine ignore changes of the first object's field.
func ignoring(path string) func([]pack.Object) {
	return func(objects []pack.Object) { objects[0].Options.IgnoreChanges = []string{path} }
}

func TestScaledReplicas(t *testing.T) {
	const at = "Deployment/api: spec.replicas"
	packtest.Run(t, packtest.Named(Rules, "autoscaled-replicas-are-left-alone"), map[string]packtest.Case{
		"set beside it":        {Objects: of(api, scaler), Want: []string{at}},
		"left out":             {Objects: of(but(api, "replicas: 2", "paused: false"), scaler)},
		"ignored":              {Objects: of(api, scaler), Change: ignoring("spec.replicas")},
		"another is ignored":   {Objects: of(api, scaler), Change: ignoring("spec.strategy"), Want: []string{at}},
		"ignored for nothing":  {Objects: api, Change: ignoring("spec.replicas"), Want: []string{at}},
		"nothing scales":       {Objects: api},
		"another kind":         {Objects: of(api, but(scaler, "kind: Deployment", "kind: StatefulSet"))},
		"another name":         {Objects: of(api, but(scaler, "name: api}\n  metrics", "name: web}\n  metrics"))},
		"another namespace":    {Objects: of(api, but(scaler, "namespace: a", "namespace: b"))},
		"a StatefulSet":        {Objects: of(but(api, "Deployment", "StatefulSet"), but(scaler, "kind: Deployment", "kind: StatefulSet")), Want: []string{"StatefulSet/api: spec.replicas"}},
		"wrong type":           {Objects: of(but(api, "replicas: 2", "replicas: '2'"), scaler), Want: []string{at}},
		"not known":            {Objects: of(but(api, "replicas: 2", "replicas: <unknown>"), scaler), Undecided: []string{at}},
		"target is not known":  {Objects: of(api, but(scaler, "name: api}\n  metrics", "name: <unknown>}\n  metrics")), Undecided: []string{"Deployment/api: spec.scaleTargetRef.name"}},
		"the other is unknown": {Objects: of(api, scaler, but(scaler, "name: api}\n  metrics", "name: <unknown>}\n  metrics")), Want: []string{at}},
	})
}

func TestSelectorApart(t *testing.T) {
	web := but(api, "name: api, namespace", "name: web, namespace", "app: api", "app: web")
	same := but(api, "name: api, namespace", "name: web, namespace")
	const job = "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: a}, spec: {template: {metadata: {labels: {app: api}}}}}"
	packtest.Run(t, packtest.Named(Rules, "selector-means-no-other-pods"), map[string]packtest.Case{
		"apart":             {Objects: of(api, web)},
		"the same":          {Objects: of(api, same), Want: []string{"Deployment/api: spec.selector", "Deployment/web: spec.selector"}},
		"one means both":    {Objects: of(api, but(same, "matchLabels: {app: api}}\n  template", "matchLabels: {app: api, tier: z}}\n  template", "tier: x", "tier: z")), Want: []string{"Deployment/api: spec.selector"}},
		"a Job's pods":      {Objects: of(api, job), Want: []string{"Deployment/api: spec.selector"}},
		"one is off":        {Objects: of(api, but(same, "replicas: 2", "replicas: 0"))},
		"another namespace": {Objects: of(api, but(same, "namespace: a", "namespace: b"))},
		"absent":            {Objects: of(but(api, "selector: {matchLabels: {app: api}}\n  template", "template"), job)},
		"wrong type":        {Objects: of(but(api, "selector: {matchLabels: {app: api}}\n  template", "selector: app\n  template"), job), Want: []string{"Deployment/api: spec.selector"}},
		"not known":         {Objects: of(api, but(job, "app: api", "app: <unknown>")), Undecided: []string{"Deployment/api: spec.template.metadata.labels.app"}},
	})
}

func TestSelectorFrozen(t *testing.T) {
	const at = "Deployment/api: spec.selector.match"
	with := func(selector string) string {
		return but(api, "selector: {matchLabels: {app: api}}\n  template", "selector: "+selector+"\n  template")
	}
	packtest.Run(t, packtest.Named(Rules, "selector-holds-no-version"), map[string]packtest.Case{
		"frozen":        {Objects: api},
		"version":       {Objects: with("{matchLabels: {app: api, app.kubernetes.io/version: v1}}"), Want: []string{at + "Labels.app.kubernetes.io/version"}},
		"name":          {Objects: with("{matchLabels: {app.kubernetes.io/name: api}}")},
		"an expression": {Objects: with("{matchExpressions: [{key: version, operator: Exists}]}"), Want: []string{at + "Expressions[0].key"}},
		"a frozen one":  {Objects: with("{matchExpressions: [{key: app, operator: Exists}]}")},
		"a parameter": {
			Objects: with("{matchLabels: {color: blue, version: v1}}"), Want: []string{at + "Labels.color"},
			Parameters: map[string]any{"changing-labels": []any{"color"}},
		},
		"absent":     {Objects: with("null")},
		"wrong type": {Objects: with("{matchLabels: api}"), Want: []string{at + "Labels"}},
		"not known":  {Objects: with("{matchLabels: <unknown>}"), Undecided: []string{at + "Labels"}},
		"a value is": {Objects: with("{matchLabels: {version: <unknown>}}"), Want: []string{at + "Labels.version"}},
	})
}

func TestServingPods(t *testing.T) {
	const at = "Deployment/api: spec.replicas"
	one := but(api, "replicas: 2", "replicas: 1")
	unset := but(api, "replicas: 2", "paused: false")
	packtest.Run(t, packtest.Named(Rules, "serving-pods-are-two"), map[string]packtest.Case{
		"two":                    {Objects: of(api, service)},
		"one":                    {Objects: of(one, service), Want: []string{at}},
		"none":                   {Objects: of(but(api, "replicas: 2", "replicas: 0"), service), Want: []string{at}},
		"absent is one":          {Objects: of(unset, service), Want: []string{at}},
		"wrong type":             {Objects: of(but(api, "replicas: 2", "replicas: two"), service), Want: []string{at}},
		"not known":              {Objects: of(but(api, "replicas: 2", "replicas: <unknown>"), service), Undecided: []string{at}},
		"scaled from two":        {Objects: of(unset, service, scaler)},
		"scaled from one":        {Objects: of(unset, service, but(scaler, "minReplicas: 2", "minReplicas: 1")), Want: []string{"Deployment/api: spec.minReplicas"}},
		"no Service":             {Objects: one},
		"of another namespace":   {Objects: of(one, but(service, "namespace: a", "namespace: b"))},
		"of other pods":          {Objects: of(one, but(service, "app: api", "app: web"))},
		"without a selector":     {Objects: of(one, but(service, "{selector: {app: api}}", "{}"))},
		"with a claim":           {Objects: of(but(one, "containers:", "volumes: [{name: d, persistentVolumeClaim: {claimName: d}}]\n      containers:"), service)},
		"with a folder":          {Objects: of(but(one, "containers:", "volumes: [{name: d, hostPath: {path: /d}}]\n      containers:"), service)},
		"with an emptyDir":       {Objects: of(but(one, "containers:", "volumes: [{name: d, emptyDir: {}}]\n      containers:"), service), Want: []string{at}},
		"a trial":                {Objects: of(one, service), Parameters: map[string]any{"trial": true}},
		"as the file says":       {Objects: of(one, service), Parameters: map[string]any{"single": []any{"api"}}},
		"less than it says":      {Objects: of(but(api, "replicas: 2", "replicas: 0"), service), Parameters: map[string]any{"single": []any{"api"}}, Want: []string{at}},
		"Service is not known":   {Objects: of(one, but(service, "app: api", "app: <unknown>")), Undecided: []string{"Deployment/api: spec.selector.app"}},
		"one Service is unknown": {Objects: of(one, but(service, "app: api", "app: <unknown>"), service), Want: []string{at}},
	})
}

func TestSpread(t *testing.T) {
	const path = "spec.template.spec.topologySpreadConstraints"
	const at = "Deployment/api: " + path
	const constraints = `topologySpreadConstraints:
      - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: api}}}`
	const term = "{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: api}}}"
	with := func(text string) string { return but(api, constraints, text) }
	packtest.Run(t, packtest.Named(Rules, "several-pods-are-spread"), map[string]packtest.Case{
		"spread":                {Objects: api},
		"absent":                {Objects: with("x: y"), Want: []string{at}},
		"one pod":               {Objects: but(with("x: y"), "replicas: 2", "replicas: 1")},
		"scaled":                {Objects: of(but(with("x: y"), "replicas: 2", "paused: false"), scaler), Want: []string{at}},
		"of other pods":         {Objects: but(api, "labelSelector: {matchLabels: {app: api}}", "labelSelector: {matchLabels: {app: web}}"), Want: []string{at}},
		"of no pods":            {Objects: but(api, ", labelSelector: {matchLabels: {app: api}}", ""), Want: []string{at}},
		"over nothing":          {Objects: but(api, "topologyKey: kubernetes.io/hostname, ", ""), Want: []string{at}},
		"kept apart":            {Objects: with("affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [" + term + "]}}")},
		"preferably apart":      {Objects: with("affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: " + term + "}]}}")},
		"together":              {Objects: with("affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [" + term + "]}}"), Want: []string{at}},
		"wrong type":            {Objects: with("topologySpreadConstraints: " + term), Want: []string{at}},
		"not known":             {Objects: with("topologySpreadConstraints: <unknown>"), Undecided: []string{at}},
		"one is not known":      {Objects: but(api, "- {topologyKey: kubernetes.io/hostname", "- <unknown>\n      - {topologyKey: kubernetes.io/hostname")},
		"a key is not known":    {Objects: but(api, "topologyKey: kubernetes.io/hostname", "topologyKey: <unknown>"), Undecided: []string{at + "[0].topologyKey"}},
		"count is not known":    {Objects: but(api, "replicas: 2", "replicas: <unknown>"), Undecided: []string{"Deployment/api: spec.replicas"}},
		"of a StatefulSet":      {Objects: but(with("x: y"), "Deployment", "StatefulSet"), Want: []string{"StatefulSet/api: " + path}},
		"a DaemonSet is always": {Objects: but(with("x: y"), "Deployment", "DaemonSet")},
	})
}

func TestVolumeTakesOnePod(t *testing.T) {
	const replicas, strategy = "Deployment/api: spec.replicas", "Deployment/api: spec.strategy.type"
	const claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: a}, spec: {accessModes: [ReadWriteOnce]}}"
	one := but(api, "replicas: 2", "replicas: 1", "containers:", "volumes: [{name: d, persistentVolumeClaim: {claimName: data}}, {name: e}]\n      containers:")
	good := but(one, "type: RollingUpdate", "type: Recreate")
	packtest.Run(t, packtest.Named(Rules, "volume-for-one-pod-has-one"), map[string]packtest.Case{
		"stopped first":        {Objects: of(good, claim)},
		"beside its successor": {Objects: of(one, claim), Want: []string{strategy}},
		"absent":               {Objects: of(but(one, "strategy: {type: RollingUpdate}", "paused: false"), claim), Want: []string{strategy}},
		"two pods":             {Objects: of(but(good, "replicas: 1", "replicas: 2"), claim), Want: []string{replicas}},
		"scaled":               {Objects: of(but(good, "replicas: 1", "paused: false"), claim, scaler), Want: []string{"Deployment/api: spec.minReplicas"}},
		"for many nodes":       {Objects: of(one, but(claim, "ReadWriteOnce", "ReadWriteOnce, ReadWriteMany"))},
		"for one pod":          {Objects: of(one, but(claim, "ReadWriteOnce", "ReadWriteOncePod")), Want: []string{strategy}},
		"for many readers":     {Objects: of(one, but(claim, "ReadWriteOnce", "ReadOnlyMany"))},
		"no name, no claim":    {Objects: of(but(one, "persistentVolumeClaim: {claimName: data}", "emptyDir: {}"), but(claim, "name: data, ", ""))},
		"another claim":        {Objects: of(one, but(claim, "name: data", "name: other"))},
		"another namespace":    {Objects: of(one, but(claim, "namespace: a", "namespace: b"))},
		"a StatefulSet":        {Objects: of(but(one, "Deployment", "StatefulSet"), claim)},
		"a StatefulSet of two": {Objects: of(but(one, "Deployment", "StatefulSet", "replicas: 1", "replicas: 2"), claim), Want: []string{"StatefulSet/api: spec.replicas"}},
		"off":                  {Objects: of(but(good, "replicas: 1", "replicas: 0"), claim)},
		"wrong type":           {Objects: of(but(good, "type: Recreate", "type: 1"), claim), Want: []string{strategy}},
		"not known":            {Objects: of(but(good, "type: Recreate", "type: <unknown>"), claim), Undecided: []string{strategy}},
		"claim is not known":   {Objects: of(but(one, "claimName: data", "claimName: <unknown>"), claim), Undecided: []string{"Deployment/api: spec.template.spec.volumes[0].persistentVolumeClaim.claimName"}},
	})
}
