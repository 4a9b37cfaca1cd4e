package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"

	"github.com/jackc/pgx/v5/pgxpool"
)

// computePlan is what edd-compute makes: the tables that the gateway reads are
// among it.
var computePlan = service{
	variables: []string{"DATABASE_URL", "JWT_SECRET", "NATS_URL"},
	tables: map[string]string{
		"containers":    "id text PRIMARY KEY, owner text, address text",
		"ssh_keys":      "id bigserial PRIMARY KEY, owner text, key text",
		"ingress_rules": "port int PRIMARY KEY, container text, target_port int",
	},
	hears: []hears{{"AUTH", "edd-compute"}},
}

// compute runs users' containers.
type compute struct {
	*kube
	pool *pgxpool.Pool
}

// runCompute plays edd-compute: users' containers are pods, each user's in a
// namespace.
func runCompute(ctx context.Context, args []string) error {
	set := options(args)
	_, mux, err := begin(ctx, set, computePlan)
	if err != nil {
		return err
	}
	api, err := openKube()
	if err != nil {
		return err
	}
	pool, err := openDatabase(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer pool.Close()
	c := &compute{api, pool}
	mux.HandleFunc("POST /standin/containers/{user}/{name}", c.start)
	mux.HandleFunc("GET /standin/containers/{user}/{name}", c.show)
	mux.HandleFunc("DELETE /standin/containers/{user}", c.remove)
	return serve(ctx, or(set["addr"], ":8080"), mux)
}

var label = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)

// place is where a user's container is.
func place(r *http.Request) (namespace, name string, err error) {
	user, name := r.PathValue("user"), r.PathValue("name")
	if !label.MatchString(user) || name != "" && !label.MatchString(name) {
		return "", "", fmt.Errorf("%q, %q: names have lower-case letters, digits and dashes", user, name)
	}
	return "compute-" + user, name, nil
}

// start makes the namespace and the pod, which asks for a node that
// takes users' containers.
func (c *compute) start(w http.ResponseWriter, r *http.Request) {
	namespace, name, err := place(r)
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	home := map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": namespace}}
	var answered *refused
	err = c.ask(r.Context(), http.MethodPost, "/api/v1/namespaces", home, nil)
	if err != nil && (!errors.As(err, &answered) || answered.status != http.StatusConflict) {
		fail(w, http.StatusBadGateway, err)
		return
	}
	if err := c.ask(r.Context(), http.MethodPost, "/api/v1/namespaces/"+namespace+"/pods", userPod(name), nil); err != nil {
		fail(w, http.StatusBadGateway, err)
		return
	}
	if err := c.record(r.Context(), namespace, name, r.URL.Query().Get("port")); err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]string{"namespace": namespace, "pod": name})
}

// record writes down the container and, if there is one, the port at which the
// gateway lets its clients in.
func (c *compute) record(ctx context.Context, namespace, name, port string) error {
	id := namespace + "/" + name
	if _, err := c.pool.Exec(ctx, "INSERT INTO containers (id, owner) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET address = NULL", id, namespace); err != nil || port == "" {
		return err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("%q is no port", port)
	}
	_, err = c.pool.Exec(ctx, "INSERT INTO ingress_rules VALUES ($1, $2, 8080) ON CONFLICT (port) DO UPDATE SET container = $2", number, id)
	return err
}

// userPod runs this image, the one that is there for sure.
func userPod(name string) map[string]any {
	return map[string]any{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": name, "labels": map[string]string{"app": name, "standin": "container"}},
		"spec": map[string]any{
			"nodeSelector":                 map[string]string{"compute-schedulable": "true"},
			"automountServiceAccountToken": false,
			"securityContext":              map[string]any{"runAsNonRoot": true, "runAsUser": 65532, "seccompProfile": map[string]string{"type": "RuntimeDefault"}},
			"containers": []any{map[string]any{
				"name": "container", "image": os.Getenv("STANDIN_IMAGE"), "imagePullPolicy": "IfNotPresent",
				"env":             []any{map[string]string{"name": "STANDIN", "value": "container"}},
				"ports":           []any{map[string]any{"containerPort": 8080}},
				"resources":       map[string]any{"requests": map[string]string{"cpu": "10m", "memory": "16Mi"}, "limits": map[string]string{"cpu": "100m", "memory": "64Mi"}},
				"securityContext": map[string]any{"allowPrivilegeEscalation": false, "capabilities": map[string]any{"drop": []string{"ALL"}}},
			}},
		},
	}
}

// show tells how far the pod is, and why if it is not.
func (c *compute) show(w http.ResponseWriter, r *http.Request) {
	namespace, name, err := place(r)
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	var pod struct {
		Status struct {
			Phase      string
			PodIP      string
			Conditions []struct{ Type, Status, Message string }
		}
	}
	if err := c.ask(r.Context(), http.MethodGet, "/api/v1/namespaces/"+namespace+"/pods/"+name, nil, &pod); err != nil {
		fail(w, http.StatusBadGateway, err)
		return
	}
	if pod.Status.PodIP != "" {
		if _, err := c.pool.Exec(r.Context(), "UPDATE containers SET address = $1 WHERE id = $2", pod.Status.PodIP, namespace+"/"+name); err != nil {
			fail(w, http.StatusInternalServerError, err)
			return
		}
	}
	reason := ""
	for _, condition := range pod.Status.Conditions {
		if condition.Status != "True" {
			reason = or(reason, condition.Message)
		}
	}
	writeJSON(w, http.StatusOK, map[string]string{"phase": pod.Status.Phase, "address": pod.Status.PodIP, "reason": reason})
}

func (c *compute) remove(w http.ResponseWriter, r *http.Request) {
	namespace, _, err := place(r)
	if err == nil {
		_, err = c.pool.Exec(r.Context(), "WITH gone AS (DELETE FROM containers WHERE owner = $1 RETURNING id) DELETE FROM ingress_rules WHERE container IN (SELECT id FROM gone)", namespace)
	}
	if err == nil {
		err = c.ask(r.Context(), http.MethodDelete, "/api/v1/namespaces/"+namespace, nil, nil)
	}
	if err != nil {
		fail(w, http.StatusBadGateway, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"removed": namespace})
}

// runContainer plays a user's container.
func runContainer(ctx context.Context, _ []string) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", answer("a user's container"))
	return serve(ctx, ":8080", mux)
}
