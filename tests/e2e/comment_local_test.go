//go:build e2e

package e2e

import "maps"

const (
	images      = "ghcr.io/epfl-enac/epfl/co2-calculator/"
	inLocal     = "/" + localNamespace + "/"
	movedReason = "the database has moved"
)

// further is a service beside those of the application.
func further(name string, more map[string]any) map[string]any {
	amounts := map[string]any{"cpu": "10m", "memory": "16Mi"}
	service := map[string]any{
		"image": images + name + ":v1.0.0", "port": 8080, "user": 101, "path": "/" + name, "resources": map[string]any{"requests": amounts, "limits": amounts},
	}
	maps.Copy(service, more)
	return service
}

// localBase has a service that can go.
var localBase = map[string]any{"platform:services": map[string]any{"docs": further("docs", nil)}}

var managedDatabase = map[string]any{"mode": "managed", "managed": map[string]any{"host": "db.example.org", "cidr": "192.0.2.0/24"}}

// localKinds are those of the co2-calculator.
var localKinds = []kind{
	{
		name: "nothing", verdict: "Safe",
		says:   []string{"Unchanged: `local` ("},
		silent: append([]string{"| Stack | Verdict |", changes}, parts...),
	},
	{
		// The worker and the migration run the backend's image.
		name: "image-of-backend", verdict: "Safe",
		settings: map[string]any{"platform:backend.image": images + "backend:v1.1.0"},
		rows: []row{
			{"Deployment" + inLocal + "backend`", "backend:v1.0.0 → " + images + "backend:v1.1.0", "| 2 | no |"},
			{"Deployment" + inLocal + "celery-worker`", "backend:v1.0.0 → " + images + "backend:v1.1.0", "| 1 | no |"},
		},
		says:   []string{restarts, "**replace** `Job co2-calculator-local/backend-migrate-", ", forced by `metadata.name`"},
		silent: []string{atRisk, reachable, capacity, "Deployment" + inLocal + "frontend", "Deployment" + inLocal + "redis"},
	},
	{
		name: "images-of-all", verdict: "Safe",
		settings: map[string]any{
			"platform:backend.image": images + "backend:v1.1.0", "platform:frontend.image": images + "frontend:v1.1.0",
		},
		rows: []row{
			{"Deployment" + inLocal + "backend`", "v1.0.0 → ", "v1.1.0"},
			{"Deployment" + inLocal + "celery-worker`", "v1.0.0 → ", "v1.1.0"},
			{"Deployment" + inLocal + "frontend`", "v1.0.0 → ", "v1.1.0"},
		},
		says:   []string{restarts},
		silent: []string{atRisk, reachable, capacity, "Deployment" + inLocal + "redis"},
	},
	{
		name: "replicas-up", verdict: "Safe",
		settings: map[string]any{"platform:frontend.replicas": 3},
		rows:     []row{{"`cpu`", "+50m"}, {"`memory`", "+64Mi"}},
		says:     []string{"**update** `Deployment co2-calculator-local/frontend`", "- spec.replicas: 2\n+ spec.replicas: 3\n"},
		silent:   []string{atRisk, restarts, reachable},
	},
	{
		// With one pod left there is no budget that could keep one.
		name: "replicas-down", verdict: "Review",
		settings: map[string]any{"platform:frontend.replicas": 1},
		rows:     []row{{"`cpu`", "−50m"}, {"`memory`", "−64Mi"}},
		says:     []string{"- spec.replicas: 2\n+ spec.replicas: 1\n", "**delete** `PodDisruptionBudget co2-calculator-local/frontend"},
		silent:   []string{atRisk, reachable},
	},
	{
		// The autoscaler's most is four pods; the migration asks for as much as one.
		name: "cpu-and-memory", verdict: "Review",
		settings: map[string]any{"platform:backend.resources.requests": map[string]any{"cpu": "200m", "memory": "384Mi"}},
		rows:     []row{{"`amd64`", "`cpu`", "+500m"}, {"`amd64`", "`memory`", "+640Mi"}, {"Deployment" + inLocal + "backend`", "backend: `resources.requests`", "| 2 | no |"}},
		says:     []string{restarts, capacity},
		silent:   []string{atRisk, reachable, "Deployment" + inLocal + "celery-worker"},
	},
	{
		name: "autoscaler-most", verdict: "Safe",
		settings: map[string]any{"platform:backend.autoscaling.maxReplicas": 5},
		rows:     []row{{"`cpu`", "+100m"}, {"`memory`", "+256Mi"}},
		says:     []string{"**update** `HorizontalPodAutoscaler co2-calculator-local/backend-hpa`", "- spec.maxReplicas: 4\n+ spec.maxReplicas: 5\n"},
		silent:   []string{atRisk, restarts, reachable},
	},
	{
		name: "autoscaler-off", verdict: "Review",
		settings: map[string]any{"platform:backend.autoscaling": nil},
		says:     []string{"**delete** `HorizontalPodAutoscaler co2-calculator-local/backend-hpa`"},
		rows:     []row{{"`cpu`", "−200m"}},
		silent:   []string{atRisk, restarts, reachable},
	},
	{
		name: "node-selector", verdict: "Review",
		settings: map[string]any{"platform:frontend.nodeSelector": map[string]any{"kubernetes.io/hostname": "enac-k8s-2"}},
		rows:     []row{{"Deployment" + inLocal + "frontend`", "nodeSelector"}},
		says:     []string{"enac-k8s-2"},
		silent:   []string{atRisk, reachable, capacity, "Deployment" + inLocal + "backend"},
	},
	{
		name: "log-level", verdict: "Review",
		settings: map[string]any{"platform:backend.logLevel": "WARNING"},
		rows: []row{
			{"Deployment" + inLocal + "backend`", "ConfigMap backend-config changes", "| 2 | no |"}, {"Deployment" + inLocal + "celery-worker`", "ConfigMap backend-config changes", "| 1 | no |"},
		},
		says:   []string{"- data.LOG_LEVEL: DEBUG\n+ data.LOG_LEVEL: WARNING\n"},
		silent: []string{atRisk, reachable, capacity, "backend-migrate"},
	},
	{
		name: "identity-provider", verdict: "Review",
		settings: map[string]any{"platform:backend.oauth.clientId": "co2-calculator-other"},
		rows:     []row{{"Deployment" + inLocal + "backend`", "ConfigMap backend-config changes"}},
		says:     []string{"co2-calculator-local\n", "co2-calculator-other\n"},
		silent:   []string{atRisk, reachable, capacity},
	},
	{
		name: "host", verdict: "Review",
		settings: map[string]any{"platform:edge.host": "co2.example.org"},
		rows:     []row{{"Deployment" + inLocal + "backend`", "ConfigMap backend-config changes"}},
		says:     []string{"- spec.rules[0].host: co2-calculator.test\n+ spec.rules[0].host: co2.example.org\n", "- spec.tls[0].hosts[0]: co2-calculator.test\n+ spec.tls[0].hosts[0]: co2.example.org\n"},
		silent:   []string{atRisk, reachable, capacity},
	},
	{
		// Its volume takes one pod: it is stopped before the next one starts.
		name: "redis-memory", verdict: "Review",
		settings: map[string]any{"platform:redis.resources.limits.memory": "512Mi"},
		rows:     []row{{"Deployment" + inLocal + "redis`", "redis: `resources.limits`", "ConfigMap `redis-", "| 1 | **▲ yes** |"}},
		silent:   []string{atRisk, reachable, capacity, "Deployment" + inLocal + "backend"},
	},
	{
		name: "redis-image", verdict: "Review",
		settings: map[string]any{"platform:redis.image": "redis:7.4.2-alpine"},
		rows:     []row{{"Deployment" + inLocal + "redis`", "redis: image", "redis:7.4-alpine → redis:7.4.2-alpine", "| 1 | **▲ yes** |"}},
		silent:   []string{atRisk, reachable, capacity, newRules},
	},
	{
		name: "postgres-image", verdict: "Review",
		settings: map[string]any{"platform:postgres.image": "postgres:16.4-alpine"},
		rows:     []row{{"StatefulSet" + inLocal + "postgres`", "postgres:16-alpine → postgres:16.4-alpine", "| 1 | **▲ yes** |"}},
		says:     []string{"`CronJob co2-calculator-local/db-dump`"},
		silent:   []string{atRisk, reachable, capacity, newRules},
	},
	{
		name: "claim-size", verdict: "Safe",
		settings: map[string]any{"platform:postgres.storageGiB": 3},
		rows:     []row{{"`storage`", "+1Gi"}},
		says:     []string{"**update** `PersistentVolumeClaim co2-calculator-local/postgres-pvc`", "- spec.resources.requests.storage: 2Gi\n+ spec.resources.requests.storage: 3Gi\n"},
		silent:   []string{atRisk, restarts, reachable},
	},
	{
		// A claim keeps its class for life; what mounts it goes with it.
		name: "claim-class", verdict: "Refused",
		settings: map[string]any{"platform:postgres.storageClass": "local-path"},
		rows: []row{
			{"PersistentVolumeClaim" + inLocal + "postgres-pvc`", "**replaced**", "spec.storageClassName", "its data", "blocked until a waiver names it"},
			{"StatefulSet" + inLocal + "postgres`", "**replaced**", "blocked until a waiver names it"},
			{"StatefulSet" + inLocal + "postgres`", "| 1 | **▲ yes** |"},
		},
		says:   []string{atRisk, "- spec.storageClassName: rcp-nas\n+ spec.storageClassName: local-path\n"},
		silent: []string{reachable, "redis-data", "db-dump-archives"},
	},
	{
		name: "backup-schedule", verdict: "Safe",
		settings: map[string]any{"platform:postgres.backup.schedule": "30 3 * * *"},
		says:     []string{"**update** `CronJob co2-calculator-local/db-dump`", "15 2 * * *", "30 3 * * *"},
		silent:   []string{atRisk, restarts, reachable, capacity},
	},
	{
		name: "backup-off", verdict: "Refused",
		settings: map[string]any{"platform:postgres.backup": map[string]any{"enabled": false}},
		rows: []row{
			{"PersistentVolumeClaim" + inLocal + "db-dump-archives`", "**deleted**", "its data", "blocked until a waiver names it"},
			{"`storage`", "−2Gi"},
		},
		says:   []string{atRisk, "`CronJob co2-calculator-local/db-dump`"},
		silent: []string{restarts, "`PersistentVolumeClaim" + inLocal + "postgres-pvc`"},
	},
	{
		name: "managed-database", verdict: "Refused",
		settings: map[string]any{"platform:postgres": managedDatabase},
		rows: []row{
			{"StatefulSet" + inLocal + "postgres`", "**deleted**", "blocked until a waiver names it"},
			{"PersistentVolumeClaim" + inLocal + "postgres-pvc`", "**deleted**", "its data", "blocked until a waiver names it"},
			{"PersistentVolumeClaim" + inLocal + "db-dump-archives`", "**deleted**", "blocked until a waiver names it"},
			{"Deployment" + inLocal + "backend`", "| 2 | no |"},
			{"192.0.2.0/24", "TCP 5432"},
		},
		says:   []string{atRisk, restarts, reachable},
		silent: []string{"redis-data"},
	},
	{
		name: "managed-database-waived", verdict: "Refused",
		settings: map[string]any{"platform:postgres": managedDatabase, "platform:waivers": []any{
			map[string]any{"resource": "StatefulSet" + inLocal + "postgres", "change": "deleted", "reason": movedReason},
			map[string]any{"resource": "PersistentVolumeClaim" + inLocal + "db-dump-archives", "change": "deleted", "reason": movedReason},
		}},
		rows: []row{
			{"StatefulSet" + inLocal + "postgres`", "**deleted**", "waived: " + movedReason},
			{"PersistentVolumeClaim" + inLocal + "db-dump-archives`", "**deleted**", "waived: " + movedReason},
			{"PersistentVolumeClaim" + inLocal + "postgres-pvc`", "**deleted**", "blocked until a waiver names it"},
		},
	},
	{
		name: "ingress-controller", verdict: "Refused",
		rule:     "reachability-is-as-stated",
		settings: map[string]any{"platform:topology.ingressController": map[string]any{"namespace": "traefik", "labels": map[string]any{"app.kubernetes.io/name": "traefik"}}},
		rows:     []row{{"traefik", "frontend", "TCP 8080"}, {"traefik", "backend", "TCP 8000"}, {"`ingress controller`", "backend`", "TCP 8000"}},
		says:     []string{reachable},
		silent:   []string{atRisk, restarts, capacity},
	},
	{
		// What may be reached is stated beside the policies, and not in the stack file.
		name: "way-out", verdict: "Refused",
		rule:     "reachability-is-as-stated",
		settings: map[string]any{"platform:worker.egress": []any{map[string]any{"name": "registry", "cidr": "198.51.100.0/24", "port": 443}}},
		rows:     []row{{"celery-worker", "198.51.100.0/24", "TCP 443"}},
		says:     []string{reachable},
		silent:   []string{atRisk, restarts, capacity},
	},
	{
		name: "service-new", verdict: "Review",
		settings: map[string]any{"platform:services.wiki": further("wiki", nil)},
		rows:     []row{{"`ingress controller`", "wiki`", "TCP 8080"}, {"`cpu`", "+10m"}},
		says:     []string{reachable, "**create** `Deployment co2-calculator-local/wiki`", "**update** `Ingress co2-calculator-local/co2-calculator-ingress`"},
		silent:   []string{atRisk, restarts},
	},
	{
		name: "service-gone", verdict: "Review",
		settings: map[string]any{"platform:services": nil},
		rows:     []row{{"`ingress controller`", "docs`", "TCP 8080"}, {"`cpu`", "−10m"}},
		says:     []string{"**delete**", "Deployment co2-calculator-local/docs", "**update** `Ingress co2-calculator-local/co2-calculator-ingress`"},
		silent:   []string{atRisk, restarts},
	},
	{
		name: "service-reaches-redis", verdict: "Review",
		settings: map[string]any{"platform:services.docs.reaches": []any{"redis"}},
		rows:     []row{{"docs`", "redis`", "TCP 6379"}},
		says:     []string{reachable},
		silent:   []string{atRisk, restarts, capacity},
	},
	{
		name: "quota", verdict: "Safe",
		settings: map[string]any{"platform:quota.pods": 20},
		says:     []string{"`ResourceQuota co2-calculator-local/", "- spec.hard.pods: \"16\"\n+ spec.hard.pods: \"20\"\n"},
		silent:   append([]string{}, parts...),
	},
	{
		name: "monitoring-off", verdict: "Review",
		settings: map[string]any{"platform:monitoring.enabled": false},
		rows:     []row{{"`prometheus`", "backend`", "TCP 8000"}, {"`prometheus`", "redis`", "TCP 9121"}},
		says:     []string{"**delete**", "PodMonitor co2-calculator-local/backend", "PrometheusRule co2-calculator-local/"},
		silent:   []string{atRisk, restarts, capacity},
	},
	{
		name: "edge-gateway", verdict: "Review",
		settings: map[string]any{"platform:edge.kind": "gateway"},
		says:     []string{"**delete** `Ingress co2-calculator-local/co2-calculator-ingress`", "Gateway co2-calculator-local/", "HTTPRoute co2-calculator-local/", "Certificate co2-calculator-local/co2calculator-tls"},
		silent:   []string{atRisk, restarts, capacity},
	},
	{
		// OpenShift's router reads the certificate's Secret, by a Role.
		name: "edge-route", verdict: "Review",
		settings: map[string]any{"platform:edge.kind": "route"},
		says:     []string{"**delete** `Ingress co2-calculator-local/co2-calculator-ingress`", "Route co2-calculator-local/", "Role co2-calculator-local/", "RoleBinding co2-calculator-local/", "openshift-ingress"},
		silent:   []string{atRisk, restarts, capacity},
	},
	{
		name: "worker-concurrency", verdict: "Review",
		settings: map[string]any{"platform:worker.concurrency": 4},
		rows:     []row{{"Deployment" + inLocal + "celery-worker`", "celery-worker: `command[2]`", "| 1 | no |"}},
		silent:   []string{atRisk, reachable, capacity, "Deployment" + inLocal + "backend"},
	},
	{
		name: "role-of-database", verdict: "Refused",
		settings: map[string]any{"platform:postgres.user": "calculator"},
		rows: []row{
			{"Deployment" + inLocal + "backend`", "backend-secrets changes"},
			{"Database" + inLocal + "co2calculator`", "owner co2calculator → calculator", "REASSIGN OWNED", "blocked until a waiver names it"},
		},
		says:   []string{atRisk, "[secret changed]", "`Job co2-calculator-local/postgres-init-"},
		silent: []string{reachable, capacity},
	},
	{
		name: "retired-image", verdict: "Refused", // by a rule, and since another build finds no data
		settings: map[string]any{"platform:redis.image": retired},
		rows:     []row{{"**✗ mandatory**", "`" + retiredRule + "`", "Deployment" + inLocal + "redis`", "docker.io/bitnami/redis", "no longer looked after"}},
		says:     []string{newRules},
	},
	{
		name: "other-cluster", verdict: "Failed",
		settings: map[string]any{"platform:cluster.uid": "00000000-0000-4000-8000-000000000000"},
		says:     []string{noPlan, "platform:cluster.uid (stack local)", "nothing was touched"},
		silent:   []string{atRisk, restarts, reachable, capacity},
	},
	{
		name:     "wrong-settings",
		settings: map[string]any{"platform:frontend.replicas": 0, "platform:redis.image": "redis", "platform:redis.storageClasss": "rcp-nas"},
		verdict:  "Failed",
		says: []string{
			"3 errors in the configuration of stack local", "platform:frontend.replicas (stack local)", "platform:redis.image (stack local)", "platform:redis.storageClasss (stack local)",
		},
	},
	{
		name: "environment", verdict: "Refused",
		settings: map[string]any{"platform:environment": "dev"},
		rows: []row{
			{"Namespace/co2-calculator-local`", "**deleted**", "everything in it goes, data included", "blocked until a waiver names it"},
			{"PersistentVolumeClaim" + inLocal + "postgres-pvc`", "**replaced**"},
			{"PersistentVolumeClaim" + inLocal + "redis-data`", "**replaced**"},
			{"StatefulSet" + inLocal + "postgres`", "**replaced**"},
		},
		says: []string{atRisk},
	},
	{
		name: "protection-on", verdict: "Safe",
		settings: protected,
		says:     []string{"+ options.protect: true"},
	},
}

// localProtectedKinds are changes to the stack whose data are protected.
var localProtectedKinds = []kind{
	{
		name: "protection-off", verdict: "Review",
		settings: map[string]any{"platform:protect": false},
		says:     []string{"PersistentVolumeClaim co2-calculator-local/postgres-pvc", "- options.protect: true\n+ options.protect: false"},
		silent:   []string{atRisk, restarts, reachable, capacity},
	},
	{
		// The engine stops at the first protected resource, and plans nothing.
		name: "protected-claim-class", verdict: "Refused",
		chance:   true,
		settings: map[string]any{"platform:postgres.storageClass": "local-path"},
		rows:     []row{{"its protection is off", "PersistentVolumeClaim/postgres`"}, {"its protection is off", "StatefulSet/postgres`", "replaced with"}},
		says:     []string{atRisk, "**▲ Not everything is known**"},
		silent:   []string{noPlan, "pulumi state unprotect"},
	},
}

// localRotated is a value that is new, and in no Secret yet.
var localRotated = kind{
	name: "secret-rotated", verdict: "Review",
	rows:   []row{{"Deployment" + inLocal + "backend`", "Secret backend-secrets changes", "| 2 | no |"}, {"Deployment" + inLocal + "celery-worker`", "Secret backend-secrets changes"}},
	says:   []string{"**update** `Secret co2-calculator-local/backend-secrets`\n\n```diff\n! data.SECRET_KEY: [secret changed]\n```\n"},
	silent: []string{atRisk, reachable, capacity, "DATABASE_PASSWORD"},
}
