package config

import "testing"

func TestPostgresServersRejects(t *testing.T) {
	const servers, replica = "postgres.servers", "postgres.servers[postgres-replica]"
	const primary = "postgres.servers[postgres]"
	const enable = "enable one whose role is primary, or promoted where it was a replica,"
	rejectCore(t, map[string]bad{
		"unknown server": {
			on("postgres.servers[postgres-replca]", map[string]any{"role": "replica", "storageGiB": 5, "storageClass": "local-path"}),
			"postgres.servers[postgres-replca]", `"postgres-replca" is no name of a server: Services and claims have fixed ones`, "did you mean postgres-replica? correct it",
		},
		"no role":     {on(replica+".role", absent), replica + ".role", "empty is not a value it knows", "choose one of primary, replica, promoted"},
		"no storage":  {on(primary+".storageGiB", 0), primary + ".storageGiB", "0 is under the floor of 1", "raise it to 1 or more"},
		"class":       {on(replica+".storageClass", "ssd"), replica + ".storageClass", `"ssd" is no class of platform:topology.storageClasses`, "choose one of local-path"},
		"class, idle": {[]change{{primary + ".enabled", false}, {primary + ".storageClass", absent}}, primary + ".storageClass", "empty is no class of platform:topology.storageClasses", "choose one of local-path"},
		"label":       {on(primary+".nodeSelector", map[string]any{"a b": "c"}), primary + ".nodeSelector[a b]", `"a b" is not a label key`, "write it as name or domain/name"},
		"no servers":  {on(servers, map[string]any{}), servers, "it lists no server", "describe postgres or postgres-replica"},
		"none enabled": {
			[]change{{primary + ".enabled", false}, {replica + ".enabled", false}},
			servers,
			"none of postgres (replica), postgres-replica (promoted) is enabled", "set enabled: true on one",
		},
		"nobody writes": {
			on(replica+".enabled", false), servers,
			"none of those that run takes writes, and a replica has nothing to follow: postgres (replica)", enable,
		},
		"two replicas": {
			on(replica+".role", "replica"), servers,
			"none of those that run takes writes, and a replica has nothing to follow: postgres (replica), postgres-replica (replica)", enable,
		},
		"split brain": {
			on(primary+".role", "primary"), servers,
			"postgres (primary) and postgres-replica (promoted) both take writes: each would accept rows that the other never sees, and nothing brings them together again (split brain)",
			"set enabled: false on the one that is out of use",
		},
		"image":     {on("postgres.image", "postgres:latest"), "postgres.image", `"postgres:latest" is tagged latest, which changes without notice`, "pin it as repository:tag or repository@digest"},
		"resources": {on("postgres.resources.limits.memory", "64Mi"), "postgres.resources.requests.memory", "128Mi is over the limit of 64Mi", "lower it to 64Mi or raise the limit"},
	})
	acceptCore(t, map[string][]change{
		"the writer alone":     on(primary+".enabled", false),
		"no replica described": on(primary, absent),
		"roles the other way":  {{primary + ".role", "primary"}, {replica + ".role", "replica"}},
		"an idle primary":      {{primary + ".role", "primary"}, {primary + ".enabled", false}},
	})
}

func TestCoreDatabaseRejects(t *testing.T) {
	databases := func(changes map[string]any) []change {
		one := map[string]any{"name": "blog_db", "role": "blog_svc", "secret": "blog-db-credentials"}
		for key, value := range changes {
			one[key] = value
		}
		auth := map[string]any{"name": "auth_db", "role": "auth_svc", "secret": "auth-db-credentials"}
		return []change{
			{"postgres.databases", []any{auth, one}},
			{"services[log-service].secrets[DATABASE_URL]", "auth-db-credentials/DATABASE_URL"},
			{"gateway.database", "auth_db"},
		}
	}
	const key = "postgres.databases[1]"
	const form = "write lower-case letters, digits and underscores, such as "
	rejectCore(t, map[string]bad{
		"name":           {databases(map[string]any{"name": "blog-db"}), key + ".name", `"blog-db" is not a PostgreSQL name that needs no quotes`, form + "auth_db"},
		"role":           {databases(map[string]any{"role": "pg_blog"}), key + ".role", `"pg_blog" starts with pg_, which PostgreSQL keeps for itself`, form + "auth_svc"},
		"secret":         {databases(map[string]any{"secret": "blog_db"}), key + ".secret", `"blog_db" is not a DNS name: lower-case letters, digits, dashes and dots`, "write the name of a Secret such as auth-db-credentials"},
		"name twice":     {databases(map[string]any{"name": "auth_db"}), key + ".name", `"auth_db" is the name of postgres.databases[0] already`, "rename one of the two"},
		"role twice":     {databases(map[string]any{"role": "auth_svc"}), key + ".role", `"auth_svc" is the name of postgres.databases[0] already`, "rename one of the two"},
		"secret twice":   {databases(map[string]any{"secret": "auth-db-credentials"}), key + ".secret", `"auth-db-credentials" is the name of postgres.databases[0] already`, "rename one of the two"},
		"superuser":      {databases(map[string]any{"role": "eddcloud"}), key + ".role", `"eddcloud" is the server's own`, "choose another"},
		"HAProxy's":      {databases(map[string]any{"role": "haproxy_check"}), key + ".role", `"haproxy_check" is the server's own`, "choose another"},
		"replicator":     {databases(map[string]any{"role": "replicator"}), key + ".role", `"replicator" is the server's own`, "choose another"},
		"template":       {databases(map[string]any{"name": "template1"}), key + ".name", `"template1" is the server's own`, "choose another"},
		"platform's own": {databases(map[string]any{"secret": "regcred"}), key + ".secret", `"regcred" is a Secret of the platform`, "choose another"},
		"certificate's":  {databases(map[string]any{"secret": "eddisonso-wildcard-tls"}), key + ".secret", `"eddisonso-wildcard-tls" is a Secret of the platform`, "choose another"},
	})
	acceptCore(t, map[string][]change{"a further one": databases(nil)})
}

func TestNATSRejects(t *testing.T) {
	rejectCore(t, map[string]bad{
		"replicas":      {on("nats.replicas", -2), "nats.replicas", "-2 is under the floor of 1", "raise it to 1 or more"},
		"even":          {on("nats.replicas", 2), "nats.replicas", "2 servers carry the loss of no more than 1 do: more than half must agree", "choose 1 or 3"},
		"too few nodes": {on("nats.replicas", 3), "nats.replicas", "3 servers need a node each, and bus=true matches 1: arm-1", "lower it, or label more nodes in platform:topology.nodes,"},
		"no claim":      {on("nats.storageGiB", absent), "nats.storageGiB", "0 is under the floor of 1", "raise it to 1 or more"},
		"memory":        {on("nats.memoryMiB", 1024), "nats.memoryMiB", "1024 MiB is over nine tenths of the memory limit of 1Gi: the container would be killed before it refuses messages", "lower it to 921, or raise the limit,"},
		"no memory":     {on("nats.memoryMiB", -5), "nats.memoryMiB", "-5 is under the floor of 1", "raise it to 1 or more"},
		"files": {
			on("nats.fileMiB", 5121), "nats.fileMiB",
			"5121 MiB is over the claim of 5120 MiB and over what the streams need: the volume would be full before the server refuses messages", "lower it, or leave it out,",
		},
		"files that drop streams": {
			on("nats.fileMiB", 5119), "nats.fileMiB",
			"5119 MiB is less than the streams reserve, 1024 of the stack, 3072 of before and 1024 for one more: NATS drops at a restart what does not fit, and stays healthy",
			"raise it to 5120, or leave it out,",
		},
		"claim that streams outgrow": {
			on("nats.storageGiB", 1), "nats.storageGiB",
			"the streams of the stack may hold 1024 MiB, and 819 of 1024 MiB are left beside their indexes: a full volume stops every stream", "raise it, or have streams reserve less,",
		},
		"no files":      {on("nats.fileMiB", -1), "nats.fileMiB", "-1 is under the floor of 1", "raise it to 1 or more"},
		"long drain":    {on("nats.lameDuckDrain", "301s"), "nats.lameDuckDrain", "5m1s is over 5m0s, and a rollout would time out before the next server is up", "lower it to 5m0s or less"},
		"short drain":   {on("nats.lameDuckDrain", "29s"), "nats.lameDuckDrain", "29s is under the floor of 30s, which the server sets", "raise it to 30s or more"},
		"haproxy image": {on("haproxy.image", "haproxy"), "haproxy.image", `"haproxy" names no version`, "pin it as repository:tag or repository@digest"},
		"haproxy label": {on("haproxy.nodeSelector[db]", "x y"), "haproxy.nodeSelector[db]", `"x y" is not a label value`, "write letters, digits, dashes, dots or underscores, 63 at most,"},
		"haproxy limit": {on("haproxy.resources.limits.memory", "16Mi"), "haproxy.resources.requests.memory", "32Mi is over the limit of 16Mi", "lower it to 16Mi or raise the limit"},
	})
	acceptCore(t, map[string][]change{
		"over a small claim": {{"nats.storageGiB", 2}, {"nats.fileMiB", 5120}},
		"under a large one":  {{"nats.storageGiB", 50}, {"nats.fileMiB", 51199}},
		"a cluster": {
			{"nats.replicas", 3}, {"nats.nodeSelector", map[string]any{}}, {"nats.platforms", []any{"linux/amd64", "linux/arm64"}},
		},
		"just enough": {{"nats.fileMiB", 5120}, {"nats.memoryMiB", 921}, {"nats.lameDuckDrain", "30s"}},
	})
}
