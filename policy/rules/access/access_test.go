package access

import (
	"testing"

	"platform/tests/packtest"
)

func TestBoundOnce(t *testing.T) {
	const a, b = "{kind: ServiceAccount, name: a, namespace: core}", "{kind: ServiceAccount, name: b, namespace: core}"
	ref := "kind: ClusterRole, name: a"
	packtest.Run(t, packtest.Named(Rules, "role-is-bound-once"), map[string]packtest.Case{
		"once":       {Objects: documents(role(""), binding(ref, a))},
		"two":        {Objects: documents(role(""), binding(ref, a+", "+b)), Want: []string{"ClusterRole/a"}},
		"twice":      {Objects: documents(role(""), binding(ref, a), packtest.But(binding(ref, b), "metadata: {name: a", "metadata: {name: b")), Want: []string{"ClusterRole/a"}},
		"absent":     {Objects: role(""), Want: []string{"ClusterRole/a"}},
		"near miss":  {Objects: documents(role(""), binding("kind: Role, name: a", a)), Want: []string{"ClusterRole/a"}},
		"wrong type": {Objects: documents(role(""), binding("kind: ClusterRole, name: 1", a)), Want: []string{"ClusterRole/a: roleRef.name"}},
		"not known":  {Objects: documents(role(""), binding("kind: ClusterRole, name: <unknown>", a)), Undecided: []string{"ClusterRole/a: roleRef.name"}},
	})
}

func TestClusterAdmin(t *testing.T) {
	const at = "RoleBinding/a: roleRef.name"
	packtest.Run(t, packtest.Named(Rules, "no-cluster-admin"), map[string]packtest.Case{
		"another":    {Objects: binding("kind: ClusterRole, name: view", "")},
		"bound":      {Objects: binding("kind: ClusterRole, name: cluster-admin", ""), Want: []string{at}},
		"everywhere": {Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: a}, roleRef: {kind: ClusterRole, name: cluster-admin}}", Want: []string{"ClusterRoleBinding/a: roleRef.name"}},
		"near miss":  {Objects: binding("kind: Role, name: cluster-admin", "")},
		"absent":     {Objects: binding("", "")},
		"wrong type": {Objects: binding("kind: ClusterRole, name: [cluster-admin]", ""), Want: []string{at}},
		"not known":  {Objects: binding("kind: ClusterRole, name: <unknown>", ""), Undecided: []string{at}},
		"by list":    {Objects: binding("kind: ClusterRole, name: admin", ""), Parameters: map[string]any{"roles": []any{"admin"}}, Want: []string{at}},
		"the role":   {Objects: role("{verbs: [get]}")},
	})
}

// role is a ClusterRole with rules.
func role(rules string) string {
	return "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}, rules: [" + rules + "]}"
}

// binding is a RoleBinding in the namespace core.
func binding(ref, subjects string) string {
	return packtest.InCore("rbac.authorization.k8s.io/v1", "RoleBinding", "a", "roleRef: {"+ref+"}, subjects: ["+subjects+"]")
}

// account is a ServiceAccount in the namespace core.
func account(name string) string { return packtest.InCore("v1", "ServiceAccount", name, "") }

// documents joins YAML documents.
var documents = packtest.Join

func TestGrantsListed(t *testing.T) {
	const at = "ClusterRole/a: rules[0].verbs"
	lists := map[string]any{"grants": []any{"a /pods get,list", "a apps/deployments get", "a /configmaps get,update settings"}}
	with := func(rule string) string { return role("{" + rule + "}") }
	packtest.Run(t, packtest.With(packtest.Named(Rules, "role-grants-what-is-listed"), map[string]any{"grants": []any{
		"cluster-monitor /nodes get,list", "cluster-monitor /nodes/proxy get,list", "cluster-monitor /pods get,list",
		"cluster-monitor /namespaces get,list", "cluster-monitor metrics.k8s.io/nodes get,list", "cluster-monitor metrics.k8s.io/pods get,list",
		"edd-compute /namespaces create,delete,get,list", "edd-compute /pods create,delete,get,list,watch,update",
		"edd-compute /services create,delete,get,list,watch,update", "edd-compute /secrets create,delete,get,list,watch,update",
		"edd-compute /persistentvolumeclaims create,delete,get,list,watch,update", "edd-compute /pods/exec create", "edd-compute /pods/log get",
		"edd-compute networking.k8s.io/networkpolicies create,delete,get,list,update", "edd-compute metrics.k8s.io/pods get,list",
		"gateway /secrets create", "gateway /secrets get,patch,update gateway-ssh-key",
	}}), map[string]packtest.Case{
		"listed":         {Objects: with("apiGroups: [''], resources: [pods], verbs: [get, list]"), Parameters: lists},
		"of a group":     {Objects: with("apiGroups: [apps], resources: [deployments], verbs: [get]"), Parameters: lists},
		"a verb more":    {Objects: with("apiGroups: [''], resources: [pods], verbs: [get, watch]"), Parameters: lists, Want: []string{at + "[1]"}},
		"of a name":      {Objects: with("apiGroups: [''], resources: [configmaps], resourceNames: [settings], verbs: [update]"), Parameters: lists},
		"a name more":    {Objects: with("apiGroups: [''], resources: [configmaps], resourceNames: [settings, other], verbs: [update]"), Parameters: lists, Want: []string{at + "[0]"}},
		"no name":        {Objects: with("apiGroups: [''], resources: [configmaps], verbs: [get]"), Parameters: lists, Want: []string{at + "[0]"}},
		"another":        {Objects: with("apiGroups: [''], resources: [services], verbs: [get]"), Parameters: lists, Want: []string{at + "[0]"}},
		"another group":  {Objects: with("apiGroups: [apps], resources: [pods], verbs: [get]"), Parameters: lists, Want: []string{at + "[0]"}},
		"another role":   {Objects: packtest.But(with("apiGroups: [''], resources: [pods], verbs: [get]"), "name: a", "name: b"), Parameters: lists, Want: []string{"ClusterRole/b: rules[0].verbs[0]"}},
		"one Secret":     {Objects: with("apiGroups: [''], resources: [secrets], resourceNames: [tls], verbs: [get, list, watch]")},
		"two Secrets":    {Objects: with("apiGroups: [''], resources: [secrets], resourceNames: [tls, db], verbs: [get]"), Want: []string{at + "[0]"}},
		"one is written": {Objects: with("apiGroups: [''], resources: [secrets], resourceNames: [tls], verbs: [update]"), Want: []string{at + "[0]"}},
		"one is removed": {Objects: with("apiGroups: [''], resources: [secrets], resourceNames: [tls], verbs: [delete]"), Want: []string{at + "[0]"}},
		"addresses":      {Objects: with("nonResourceURLs: [/metrics], verbs: [get]"), Want: []string{"ClusterRole/a: rules[0].nonResourceURLs[0]"}},
		"absent":         {Objects: role("")},
		"wrong type":     {Objects: with("apiGroups: [''], resources: [pods], verbs: [1]"), Want: []string{at + "[0]"}},
		"not known":      {Objects: with("apiGroups: [''], resources: [pods], verbs: [<unknown>]"), Undecided: []string{at + "[0]"}},
	})
}

func TestNoAggregation(t *testing.T) {
	const at = "ClusterRole/a: aggregationRule"
	with := func(value string) string { return packtest.But(role(""), "rules: []", "aggregationRule: "+value) }
	packtest.Run(t, packtest.Named(Rules, "role-aggregates-no-others"), map[string]packtest.Case{
		"absent":     {Objects: role("")},
		"null":       {Objects: with("null")},
		"there":      {Objects: with("{clusterRoleSelectors: [{}]}"), Want: []string{at}},
		"wrong type": {Objects: with("yes"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}

func TestNoWildcards(t *testing.T) {
	const at = "ClusterRole/a: rules[0]."
	packtest.Run(t, packtest.Named(Rules, "role-has-no-wildcards"), map[string]packtest.Case{
		"named":      {Objects: role("{apiGroups: [''], resources: [pods], verbs: [get]}")},
		"verbs":      {Objects: role("{apiGroups: [''], resources: [pods], verbs: ['*']}"), Want: []string{at + "verbs[0]"}},
		"resources":  {Objects: role("{apiGroups: [''], resources: [pods, '*/scale'], verbs: [get]}"), Want: []string{at + "resources[1]"}},
		"all":        {Objects: role("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}, {nonResourceURLs: ['/metrics/*'], verbs: [get]}"), Want: []string{at + "apiGroups[0]", at + "resources[0]", at + "verbs[0]", "ClusterRole/a: rules[1].nonResourceURLs[0]"}},
		"absent":     {Objects: role("")},
		"wrong type": {Objects: role("{verbs: '*'}"), Want: []string{at + "verbs"}},
		"not known":  {Objects: role("{verbs: [<unknown>, '*']}"), Undecided: []string{at + "verbs[0]"}, Want: []string{at + "verbs[1]"}},
		"near miss":  {Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a}, rules: [{resources: [pods], resourceNames: ['*'], verbs: [get]}]}"},
	})
}

func TestRoleExists(t *testing.T) {
	const at = "RoleBinding/a: roleRef"
	ours := "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a, namespace: core}}"
	packtest.Run(t, packtest.Named(Rules, "binding-role-exists"), map[string]packtest.Case{
		"ours":         {Objects: documents(ours, binding("kind: Role, name: a", ""))},
		"of all":       {Objects: documents(role(""), binding("kind: ClusterRole, name: a", ""))},
		"provided":     {Objects: binding("kind: ClusterRole, name: view", ""), Parameters: map[string]any{"provided": []any{"view"}}},
		"not there":    {Objects: documents(ours, binding("kind: Role, name: b", "")), Want: []string{at}},
		"near miss":    {Objects: documents(ours, binding("kind: ClusterRole, name: a", "")), Want: []string{at}},
		"own view":     {Objects: binding("kind: Role, name: view", ""), Want: []string{at}},
		"elsewhere":    {Objects: documents("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a, namespace: other}}", binding("kind: Role, name: a", "")), Want: []string{at}},
		"absent":       {Objects: binding("", ""), Want: []string{at}},
		"wrong type":   {Objects: binding("kind: Role, name: 1", ""), Want: []string{at + ".name"}},
		"not known":    {Objects: binding("kind: Role, name: <unknown>", ""), Undecided: []string{at + ".name"}},
		"not provided": {Objects: binding("kind: ClusterRole, name: view", ""), Want: []string{at}},
	})
}

func TestSubjectsAreOurs(t *testing.T) {
	const at = "RoleBinding/a: subjects[0]"
	subject := func(fields string) string {
		return documents(account("api"), binding("kind: Role, name: a", "{"+fields+"}"))
	}
	packtest.Run(t, packtest.With(packtest.Named(Rules, "binding-subjects-are-accounts-of-the-stack"), map[string]any{"accounts-of-the-cluster": []any{"openshift-ingress/router"}}), map[string]packtest.Case{
		"ours":       {Objects: subject("kind: ServiceAccount, name: api, namespace: core")},
		"a group":    {Objects: subject("kind: Group, name: 'system:authenticated'"), Want: []string{at}},
		"a user":     {Objects: subject("kind: User, name: api"), Want: []string{at}},
		"default":    {Objects: documents(account("default"), subject("kind: ServiceAccount, name: default, namespace: core")), Want: []string{at + ".name"}},
		"near miss":  {Objects: subject("kind: ServiceAccount, name: api-2, namespace: core"), Want: []string{at}},
		"elsewhere":  {Objects: subject("kind: ServiceAccount, name: api, namespace: other"), Want: []string{at}},
		"the router": {Objects: subject("kind: ServiceAccount, name: router, namespace: openshift-ingress")},
		"a router":   {Objects: subject("kind: ServiceAccount, name: router, namespace: core"), Want: []string{at}},
		"nobody":     {Objects: binding("kind: Role, name: a", "")},
		"absent":     {Objects: subject(""), Want: []string{at}},
		"wrong type": {Objects: subject("kind: 1"), Want: []string{at + ".kind"}},
		"not known":  {Objects: subject("kind: ServiceAccount, name: <unknown>, namespace: core"), Undecided: []string{at + ".name"}},
		"account not known": {
			Objects:   documents(account("<unknown>"), binding("", "{kind: ServiceAccount, name: api, namespace: core}")),
			Undecided: []string{"RoleBinding/a: metadata.name"},
		},
	})
}
