package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"platform/config"
	"platform/tools/consumers"
)

// monitorTimeout bounds one question to NATS. A server that runs answers
// within milliseconds; on a simulated node none does.
const monitorTimeout = 3 * time.Second

// Consumers asks the stack's NATS, where it has one, whether its streams are
// there and every service consumes those that it should, and prints what is
// amiss. It is no error where nobody can be asked.
func (s *Session) Consumers(ctx context.Context) error {
	cfg, hasBus := s.Config.(*config.EddCloud)
	if !hasBus {
		return nil
	}
	cluster, err := s.connect()
	if err != nil {
		return err
	}
	found, err := consumers.Check{}.Run(ctx, func(ctx context.Context, server, path string) ([]byte, error) {
		ctx, cancel := context.WithTimeout(ctx, monitorTimeout)
		defer cancel()
		path, query, _ := strings.Cut(path, "?")
		request := cluster.raw.Get().AbsPath("/api/v1/namespaces/" + cfg.Namespace() + "/" + server + "/proxy" + path)
		for _, pair := range strings.Split(query, "&") {
			name, value, _ := strings.Cut(pair, "=")
			request = request.Param(name, value)
		}
		return request.DoRaw(ctx)
	}, cfg)
	if err != nil {
		fmt.Fprintln(s.out, "Consumers of NATS: not checked, since its monitor does not answer (on simulated nodes nothing runs)")
		return nil //nolint:nilerr // what is deployed is deployed; the line above tells
	}
	if len(found) == 0 {
		fmt.Fprintln(s.out, "Consumers of NATS: every stream is there, and every service consumes its own")
		return nil
	}
	fmt.Fprintln(s.out, "Consumers of NATS: not as they should be")
	for _, one := range found {
		fmt.Fprintf(s.out, "  %s\n", one)
	}
	return nil
}
