package config

import (
	"strings"
	"testing"
)

func TestWorkloadRejects(t *testing.T) {
	const pin = "pin it as repository:tag or repository@digest"
	const label = " is not a DNS label: lower-case letters, digits and dashes, 63 characters at most"
	reject(t, map[string]bad{
		"no image":               {on("frontend.image", absent), "frontend.image", "it is empty", pin},
		"image without tag":      {on("frontend.image", "ghcr.io/epfl-enac/frontend"), "frontend.image", `"ghcr.io/epfl-enac/frontend" names no version`, pin},
		"port is no tag":         {on("backend.image", "localhost:5000/backend"), "backend.image", `"localhost:5000/backend" names no version`, pin},
		"image latest":           {on("redis.image", "redis:latest"), "redis.image", `"redis:latest" is tagged latest, which changes without notice`, pin},
		"image malformed":        {on("postgres.image", "Postgres:16"), "postgres.image", `"Postgres:16" is not an image: invalid reference format: repository name (library/Postgres) must be lowercase`, pin},
		"exporter unpinned":      {on("redis.exporter.image", "oliver006/redis_exporter"), "redis.exporter.image", `"oliver006/redis_exporter" names no version`, pin},
		"no exporter":            {on("redis.exporter", absent), "redis.exporter.image", "it is empty, and monitoring reads the state of the queue from it", "name one as repository:tag, or turn platform:monitoring.enabled off,"},
		"no replicas":            {on("frontend.replicas", 0), "frontend.replicas", "0 is under the floor of 1", "raise it to 1 or more"},
		"replicas below zero":    {on("worker.replicas", -1), "worker.replicas", "-1 is under the floor of 1", "raise it to 1 or more"},
		"no cpu request":         {on("worker.resources.requests.cpu", absent), "worker.resources.requests.cpu", "it is not set, or zero", "write it as 500m or 2"},
		"no memory limit":        {on("redis.resources.limits.memory", absent), "redis.resources.limits.memory", "it is not set, or zero", "write it as 512Mi or 2Gi"},
		"zero cpu limit":         {on("postgres.resources.limits.cpu", 0), "postgres.resources.limits.cpu", "it is not set, or zero", "write it as 500m or 2"},
		"half a byte":            {on("worker.resources.requests.memory", "512m"), "worker.resources.requests.memory", "512m is under the least of 1Mi", "write it as 512Mi or 2Gi"},
		"negative request":       {on("frontend.resources.requests.memory", "-1Mi"), "frontend.resources.requests.memory", "-1Mi is under the least of 1Mi", "write it as 512Mi or 2Gi"},
		"cpu below a thousandth": {on("worker.resources.requests.cpu", "99500u"), "worker.resources.requests.cpu", "99500u is finer than Kubernetes counts", "write 100m"},
		"request over limit":     {on("backend.resources.limits.cpu", "99m"), "backend.resources.requests.cpu", "100m is over the limit of 99m", "lower it to 99m or raise the limit"},
		"exporter over limit":    {on("redis.exporter.resources.limits.memory", "16Mi"), "redis.exporter.resources.requests.memory", "32Mi is over the limit of 16Mi", "lower it to 16Mi or raise the limit"},
		"quota over limit":       {[]change{{"quota.requests.cpu", 8}}, "quota.requests.cpu", "8 is over the limit of 7600m", "lower it to 7600m or raise the limit"},
		"selector key":           {on("frontend.nodeSelector[a b]", "x"), "frontend.nodeSelector[a b]", `"a b" is not a label key`, "write it as name or domain/name"},
		"sentry by http":         {on("frontend.sentryDsn", "http://key@sentry.epfl.ch/1"), "frontend.sentryDsn", `"http://key@sentry.epfl.ch/1" is not an https URL`, "write an address such as https://login.epfl.ch"},
		"fewest of none":         {on("backend.autoscaling.minReplicas", 0), "backend.autoscaling.minReplicas", "0 is under the floor of 1", "raise it to 1 or more"},
		"most under fewest":      {on("backend.autoscaling.maxReplicas", 1), "backend.autoscaling.maxReplicas", "1 is under minReplicas, 2", "raise it to 2 or more"},
		"cpu over 100":           {on("backend.autoscaling.cpuPercent", 101), "backend.autoscaling.cpuPercent", "101 is outside the range 1 to 100", "choose one within it"},
		"memory below 1":         {on("backend.autoscaling.memoryPercent", -5), "backend.autoscaling.memoryPercent", "-5 is outside the range 1 to 100", "choose one within it"},
		"no target":              {[]change{{"backend.autoscaling.cpuPercent", absent}, {"backend.autoscaling.memoryPercent", absent}}, "backend.autoscaling", "it has no target to scale on", "set cpuPercent or memoryPercent"},
		"replicas and scaler":    {on("backend.replicas", 3), "backend.replicas", "3 is not the autoscaler's minReplicas of 2: the two would undo each other", "write 2 or leave it out"},
		"backend of none":        {on("backend.autoscaling.enabled", false), "backend.replicas", "0 is under the floor of 1", "raise it to 1 or more"},
		"path without slash":     {on("backend.livePath", "health"), "backend.livePath", `"health" does not start with a slash`, "write /health"},
		"path with query":        {on("backend.readyPath", "/ready?full=1"), "backend.readyPath", `"/ready?full=1" is more than a path`, "write a plain path such as /health"},
		"frontend's path":        {on("frontend.livePath", "healthz"), "frontend.livePath", `"healthz" does not start with a slash`, "write /healthz"},
		"frontend's readiness":   {on("frontend.readyPath", "/ready?"), "frontend.readyPath", `"/ready?" is more than a path`, "write a plain path such as /health"},
		"injected elsewhere":     {on("frontend.injectedFile", "env.js"), "frontend.injectedFile", `"env.js" is no absolute path below the root`, "write a file such as /usr/share/nginx/html/injectEnv.js"},
		"injected two ways":      {on("frontend.injectedFile", "/tmp//env.js"), "frontend.injectedFile", `"/tmp//env.js" is no absolute path below the root`, "write a file such as /usr/share/nginx/html/injectEnv.js"},
		"files at the root":      {on("backend.files.folder", "/"), "backend.files.folder", `"/" is no absolute path below the root`, "write a folder such as /app/files_storage"},
		"files in none":          {on("backend.files.folder", "files"), "backend.files.folder", `"files" is no absolute path below the root`, "write a folder such as /app/files_storage"},
		"files over temporary":   {on("backend.files.folder", "/tmp"), "backend.files.folder", `"/tmp" has a volume already`, "write a folder such as /app/files_storage"},
		"files of no size":       {on("backend.files.sizeMiB", -1), "backend.files.sizeMiB", "-1 is under the floor of 1", "raise it to 1 or more"},
		"log level":              {on("backend.logLevel", "info"), "backend.logLevel", `"info" is not a value it knows`, "choose one of DEBUG, INFO, WARNING, ERROR, CRITICAL"},
		"log format":             {on("backend.logFormat", "xml"), "backend.logFormat", `"xml" is not a value it knows`, "choose one of json, text"},
		"no client":              {on("backend.oauth.clientId", absent), "backend.oauth.clientId", "it is empty", "write the one that the identity provider gave out"},
		"no issuer":              {on("backend.oauth.issuerUrl", absent), "backend.oauth.issuerUrl", "empty is not an https URL", "write an address such as https://login.epfl.ch"},
		"issuer by http":         {on("backend.oauth.issuerUrl", "http://login.epfl.ch"), "backend.oauth.issuerUrl", `"http://login.epfl.ch" is not an https URL`, "write an address such as https://login.epfl.ch"},
		"issuer without host":    {on("backend.oauth.issuerUrl", "https:///v2.0"), "backend.oauth.issuerUrl", `"https:///v2.0" is not an https URL`, "write an address such as https://login.epfl.ch"},
		"migration at once":      {on("backend.migrations.timeoutSeconds", -1), "backend.migrations.timeoutSeconds", "-1 is under the floor of 1", "raise it to 1 or more"},
		"module with a colon":    {on("worker.module", "app.worker:celery"), "worker.module", `"app.worker:celery" is not a Python module`, "write a dotted path such as app.worker"},
		"module of a file":       {on("worker.module", "app/worker.py"), "worker.module", `"app/worker.py" is not a Python module`, "write a dotted path such as app.worker"},
		"concurrency":            {on("worker.concurrency", -2), "worker.concurrency", "-2 is under the floor of 1", "raise it to 1 or more"},
		"task below zero":        {on("worker.longestTaskSeconds", -1), "worker.longestTaskSeconds", "-1 is under the floor of 1", "raise it to 1 or more"},
		"task of over an hour":   {on("worker.longestTaskSeconds", 3601), "worker.longestTaskSeconds", "3601 is over 3600: the queue gives a task to another worker after that time (Celery's default visibility timeout), and it would run twice", "lower it to 3600 or less, or split the task,"},
		"egress no name":         {on("backend.egress[0].name", absent), "backend.egress[0].name", "empty" + label, "write a short name such as oidc"},
		"egress name":            {on("backend.egress[0].name", "OIDC"), "backend.egress[0].name", `"OIDC"` + label, "write a short name such as oidc"},
		"egress twice":           {on("worker.egress", []any{out("a"), out("b"), out("a")}), "worker.egress[2].name", `"a" is the name of worker.egress[0] already`, "rename one of the two"},
		"egress no port":         {on("backend.egress[0].port", absent), "backend.egress[0].port", "0 is outside the range 1 to 65535", "choose one within it"},
		"egress port":            {on("backend.egress[0].port", 65536), "backend.egress[0].port", "65536 is outside the range 1 to 65535", "choose one within it"},
		"egress no cidr":         {on("backend.egress[0].cidr", absent), "backend.egress[0].cidr", "it is empty", "write a network such as 10.0.0.0/8"},
		"cidr not masked":        {on("backend.egress[0].cidr", "128.178.1.1/16"), "backend.egress[0].cidr", "128.178.1.1/16 has bits set beyond its length", "write 128.178.0.0/16"},
		"cidr in another form":   {on("backend.egress[0].cidr", "::ffff:128.178.0.0/112"), "backend.egress[0].cidr", "::ffff:128.178.0.0/112 is a network of IPv4 in the form of IPv6, which Kubernetes refuses", "write it in the form of IPv4, such as 10.0.0.0/8,"},
		"except not masked":      {on("backend.egress[0].except[0]", "10.1.0.0/8"), "backend.egress[0].except[0]", "10.1.0.0/8 has bits set beyond its length", "write 10.0.0.0/8"},
		"except outside":         {on("backend.egress[0]", out("a", "128.0.0.0/8")), "backend.egress[0].except[0]", "128.0.0.0/8 does not lie inside cidr 10.0.0.0/8", "remove it or move it inside"},
		"except around":          {on("backend.egress[0]", out("a", "10.1.0.0/16", "10.0.0.0/7")), "backend.egress[0].except[1]", "10.0.0.0/7 does not lie inside cidr 10.0.0.0/8", "remove it or move it inside"},
		"except of other kind":   {on("backend.egress[0]", out("a", "2001:db8::/32")), "backend.egress[0].except[0]", "2001:db8::/32 does not lie inside cidr 10.0.0.0/8", "remove it or move it inside"},
		"except everything":      {on("backend.egress[0]", out("a", "10.0.0.0/8")), "backend.egress[0].except[0]", "10.0.0.0/8 is the whole of cidr: nothing would be left", "remove it, or the whole entry,"},
	})
	digest := "redis@sha256:" + strings.Repeat("0a", 32)
	accept(t, map[string][]change{
		"image by digest":         on("redis.image", digest),
		"image by tag and digest": on("redis.image", "redis:7@"+digest[len("redis@"):]),
		"replicas of the scaler":  on("backend.replicas", 2),
		"one target":              on("backend.autoscaling.memoryPercent", absent),
		"no scaling":              {{"backend.autoscaling", absent}, {"backend.replicas", 2}},
		"an hour":                 on("worker.longestTaskSeconds", 3600),
		"same name elsewhere":     on("worker.egress", []any{out("oidc")}),
		"sentry":                  on("frontend.sentryDsn", "https://key@sentry.epfl.ch/1"),
	})
}

// out is a way out to 10.0.0.0/8 with some holes.
func out(name string, except ...any) map[string]any {
	return map[string]any{"name": name, "cidr": "10.0.0.0/8", "port": 443, "except": append([]any{}, except...)}
}

func TestStorageRejects(t *testing.T) {
	const identifier = "write lower-case letters, digits and underscores, such as co2calculator"
	const seesToThat = "it is set, and mode is managed: whoever runs the database sees to that"
	const schedule = "write minute, hour, day, month and weekday, such as 15 2 * * *"
	managed := func(key string, value any) []change {
		db := map[string]any{"mode": "managed", "managed": map[string]any{"host": "db.epfl.ch", "cidr": "128.178.0.0/16"}}
		return []change{{"postgres", db}, {key, value}}
	}
	long := strings.Repeat("a", 64)
	reject(t, map[string]bad{
		"data as large as limit": {on("redis.maxMemoryMiB", 256), "redis.maxMemoryMiB", "256 MiB is not under the memory limit of 256Mi: the container would be killed before it refuses data", "lower it to 192, or leave it out,"},
		"data over any measure":  {on("redis.maxMemoryMiB", 1<<60), "redis.maxMemoryMiB", "1152921504606846976 MiB is not under the memory limit of 256Mi: the container would be killed before it refuses data", "lower it to 192, or leave it out,"},
		"no data":                {on("redis.maxMemoryMiB", -1), "redis.maxMemoryMiB", "-1 MiB hold no data", "raise it to 1 or more, under the memory limit,"},
		"no redis storage":       {on("redis.storageGiB", absent), "redis.storageGiB", "0 is under the floor of 1", "raise it to 1 or more"},
		"no storage":             {on("postgres.storageGiB", 0), "postgres.storageGiB", "0 is under the floor of 1", "raise it to 1 or more"},
		"unknown mode":           {on("postgres.mode", "operator"), "postgres.mode", `"operator" is not a value it knows`, "choose one of statefulset, managed"},
		"database in capitals":   {on("postgres.database", "CO2"), "postgres.database", `"CO2" is not a PostgreSQL name that needs no quotes`, identifier},
		"database by number":     {on("postgres.database", "2co"), "postgres.database", `"2co" is not a PostgreSQL name that needs no quotes`, identifier},
		"database with dash":     {on("postgres.database", "co2-calculator"), "postgres.database", `"co2-calculator" is not a PostgreSQL name that needs no quotes`, identifier},
		"database too long":      {on("postgres.database", long), "postgres.database", `"` + long[:60] + `…" has 64 bytes and PostgreSQL keeps 63`, identifier},
		"user of PostgreSQL":     {on("postgres.user", "pg_owner"), "postgres.user", `"pg_owner" starts with pg_, which PostgreSQL keeps for itself`, identifier},
		"superuser":              {on("postgres.user", "postgres"), "postgres.user", `"postgres" is the superuser, and the application is none`, "choose another, such as co2calculator"},
		"six cron fields":        {on("postgres.backup.schedule", "0 15 2 * * *"), "postgres.backup.schedule", `"0 15 2 * * *" is not a schedule of five cron fields`, schedule},
		"cron that never comes":  {on("postgres.backup.schedule", "0 0 31 2 *"), "postgres.backup.schedule", `"0 0 31 2 *" never comes`, schedule},
		"hour of cron":           {on("postgres.backup.schedule", "15 24 * * *"), "postgres.backup.schedule", `"15 24 * * *" is not a schedule of five cron fields`, schedule},
		"cron by name":           {on("postgres.backup.schedule", "@daily"), "postgres.backup.schedule", `"@daily" is not a schedule of five cron fields`, schedule},
		"cron with zone":         {on("postgres.backup.schedule", "CRON_TZ=UTC 15 2 * * *"), "postgres.backup.schedule", `"CRON_TZ=UTC 15 2 * * *" is not a schedule of five cron fields`, schedule},
		"archives kept no day":   {on("postgres.backup.keepDays", -1), "postgres.backup.keepDays", "-1 is under the floor of 1", "raise it to 1 or more"},
		"archives on no volume":  {on("postgres.backup.storageGiB", absent), "postgres.backup.storageGiB", "0 is under the floor of 1", "raise it to 1 or more"},
		"backup without limit":   {on("postgres.backup.resources.limits.cpu", absent), "postgres.backup.resources.limits.cpu", "it is not set, or zero", "write it as 500m or 2"},
		"managed beside own":     {on("postgres.managed.host", "db.epfl.ch"), "postgres.managed", "it is set, and mode is statefulset", "remove it or set postgres.mode to managed"},
		"managed with image":     {managed("postgres.image", "postgres:16"), "postgres.image", seesToThat, "remove it"},
		"managed with storage":   {managed("postgres.storageGiB", 5), "postgres.storageGiB", seesToThat, "remove it"},
		"managed with class":     {managed("postgres.storageClass", "rcp-nas"), "postgres.storageClass", seesToThat, "remove it"},
		"managed with cpu":       {managed("postgres.resources.limits.cpu", 1), "postgres.resources", seesToThat, "remove it"},
		"managed with selector":  {managed("postgres.nodeSelector[disk]", "fast"), "postgres.nodeSelector", seesToThat, "remove it"},
		"managed with backup":    {managed("postgres.backup.enabled", true), "postgres.backup.enabled", seesToThat, "remove it"},
		"managed no host":        {managed("postgres.managed.host", absent), "postgres.managed.host", "it is empty", "write a full name such as co2calculator.epfl.ch"},
		"managed host and port":  {managed("postgres.managed.host", "db.epfl.ch:5432"), "postgres.managed.host", `"db.epfl.ch:5432" is more than a name: no scheme, port, path or capital letter`, "write db.epfl.ch"},
		"managed port":           {managed("postgres.managed.port", 70000), "postgres.managed.port", "70000 is outside the range 1 to 65535", "choose one within it"},
		"managed in clear":       {managed("postgres.managed.sslMode", "disable"), "postgres.managed.sslMode", `"disable" is not a value it knows`, "choose one of require, verify-ca, verify-full"},
		"managed nowhere":        {managed("postgres.managed.cidr", absent), "postgres.managed.cidr", "it is empty", "write a network such as 10.0.0.0/8"},
		"managed not masked":     {managed("postgres.managed.cidr", "128.178.1.1/16"), "postgres.managed.cidr", "128.178.1.1/16 has bits set beyond its length", "write 128.178.0.0/16"},
	})
	accept(t, map[string][]change{
		"managed":              managed("postgres.managed.port", 6432),
		"just under limit":     on("redis.maxMemoryMiB", 255),
		"longest identifier":   on("postgres.database", long[1:]),
		"no backup":            on("postgres.backup", absent),
		"backup in leap years": on("postgres.backup.schedule", "0 0 29 2 *"),
		"backup of weekdays":   on("postgres.backup.schedule", "*/30 1-5 * * MON-FRI"),
		"backup kept one day":  on("postgres.backup.keepDays", 1),
	})
}
