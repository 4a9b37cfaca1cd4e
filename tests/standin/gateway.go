package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"sigs.k8s.io/yaml"
)

// route is one entry of the gateway's file.
type route struct {
	Host        string `json:"host"`
	Path        string `json:"path"`
	Target      string `json:"target"`
	StripPrefix bool   `json:"strip_prefix"`
}

// runGateway plays the way into Edd Cloud.
func runGateway(ctx context.Context, args []string) error {
	set := options(args)
	if err := need("DATABASE_URL", "JWT_SECRET"); err != nil {
		return err
	}
	if key := os.Getenv("TOKEN_ENCRYPTION_KEY"); key != "" {
		if raw, err := hex.DecodeString(key); err != nil || len(raw) != 32 {
			return errors.New("TOKEN_ENCRYPTION_KEY: is not 64 hexadecimal digits")
		}
	}
	shipLogs(ctx, set["log-service"])
	certificate, err := tls.LoadX509KeyPair(set["tls-cert"], set["tls-key"])
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	routes, err := readRoutes("/routes.yaml")
	if err != nil {
		return err
	}
	if err := hostKey(ctx, hostKeyNamespace()); err != nil {
		return fmt.Errorf("host key: %w", err)
	}
	pool, err := openDatabase(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer pool.Close()
	for _, table := range []string{"containers", "ssh_keys", "ingress_rules"} {
		if _, err := pool.Exec(ctx, "SELECT FROM "+table+" LIMIT 1"); err != nil {
			return fmt.Errorf("database: %w", err)
		}
	}
	return serveGateway(ctx, set, certificate, routes, pool)
}

func readRoutes(path string) ([]route, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("routes: %w", err)
	}
	var file struct {
		Routes []route `json:"routes"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("routes: %w", err)
	}
	return file.Routes, nil
}

// hostKey finds the gateway's SSH key in a Secret, or makes it.
func hostKey(ctx context.Context, namespace string) error {
	const name = "gateway-ssh-key"
	api, err := openKube()
	if err != nil {
		return err
	}
	secrets := "/api/v1/namespaces/" + namespace + "/secrets"
	err = api.ask(ctx, http.MethodGet, secrets+"/"+name, nil, nil)
	var answered *refused
	if !errors.As(err, &answered) || answered.status != http.StatusNotFound {
		return err
	}
	return api.ask(ctx, http.MethodPost, secrets, map[string]any{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]string{"name": name},
		"stringData": map[string]string{"key": rand.Text()},
	}, nil)
}

func serveGateway(ctx context.Context, set map[string]string, certificate tls.Certificate, routes []route, pool *pgxpool.Pool) error {
	proxy := &http.Server{Handler: gatewayProxy(routes), ReadHeaderTimeout: 10 * time.Second}
	plain, err := net.Listen("tcp", ":"+set["http-port"])
	if err != nil {
		return err
	}
	secure, err := tls.Listen("tcp", ":"+set["https-port"], &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	if err != nil {
		return err
	}
	ssh, err := net.Listen("tcp", ":"+set["ssh-port"])
	if err != nil {
		return err
	}
	go func() { _ = proxy.Serve(plain) }()
	go func() { _ = proxy.Serve(secure) }()
	go accept(ssh, func(client net.Conn) {
		_ = client.SetDeadline(time.Now().Add(10 * time.Second))
		_, _ = io.WriteString(client, "SSH-2.0-standin\r\n")
		_, _ = client.Read(make([]byte, 256))
	})
	context.AfterFunc(ctx, func() { _ = ssh.Close(); _ = proxy.Close() })
	go followRules(ctx, pool)
	health := http.NewServeMux()
	health.HandleFunc("GET /healthz", answer("ok"))
	health.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := pool.Ping(r.Context()); err != nil {
			fail(w, http.StatusServiceUnavailable, err)
			return
		}
		answer("ready")(w, r)
	})
	return serve(ctx, ":9091", health)
}

// accept handles each connection beside the others until the listener closes.
func accept(listener net.Listener, handle func(net.Conn)) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = connection.Close() }() // the other end sees it either way
			handle(connection)
		}()
	}
}

// find is the first route that fits: the file has the closest first.
func find(routes []route, host, path string) (route, bool) {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	for _, r := range routes {
		if r.Host == host && strings.HasPrefix(path, r.Path) {
			return r, true
		}
	}
	return route{}, false
}

func gatewayProxy(routes []route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		way, ok := find(routes, r.Host, r.URL.Path)
		if !ok {
			writeJSON(w, http.StatusNotFound, map[string]string{"error": "no route for " + r.Host})
			return
		}
		if way.StripPrefix {
			r.URL.Path = "/" + strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, way.Path), "/")
		}
		proxy := &httputil.ReverseProxy{
			Rewrite: func(out *httputil.ProxyRequest) {
				out.SetURL(&url.URL{Scheme: "http", Host: way.Target})
				out.Out.Host = r.Host
				out.SetXForwarded()
			},
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) { fail(w, http.StatusBadGateway, err) },
		}
		proxy.ServeHTTP(w, r)
	})
}

// followRules listens on each port that a user's container has a rule for, and
// passes the connections on.
func followRules(ctx context.Context, pool *pgxpool.Pool) {
	open := map[int]net.Listener{}
	for ; ctx.Err() == nil; pause(ctx, 2*time.Second) {
		targets, err := rules(ctx, pool)
		if err != nil {
			continue
		}
		for port, listener := range open {
			if targets[port] == "" {
				_ = listener.Close()
				delete(open, port)
			}
		}
		for port, target := range targets {
			if open[port] != nil {
				continue
			}
			listener, err := net.Listen("tcp", ":"+strconv.Itoa(port))
			if err != nil {
				logError("port not opened", "error", err.Error())
				continue
			}
			open[port] = listener
			go accept(listener, func(client net.Conn) { forward(client, target) })
		}
	}
}

// rules are the targets of the ports.
func rules(ctx context.Context, pool *pgxpool.Pool) (map[int]string, error) {
	rows, err := pool.Query(ctx, "SELECT r.port, c.address, r.target_port FROM ingress_rules r JOIN containers c ON c.id = r.container WHERE c.address IS NOT NULL")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	targets := map[int]string{}
	for rows.Next() {
		var port, at int
		var address string
		if err := rows.Scan(&port, &address, &at); err != nil {
			return nil, err
		}
		targets[port] = net.JoinHostPort(address, strconv.Itoa(at))
	}
	return targets, rows.Err()
}

func forward(client net.Conn, target string) {
	server, err := net.DialTimeout("tcp", target, 5*time.Second)
	if err != nil {
		logError("container not reached", "error", err.Error())
		return
	}
	defer func() { _ = server.Close() }() // as above
	go func() { _, _ = io.Copy(server, client) }()
	_, _ = io.Copy(client, server)
}
