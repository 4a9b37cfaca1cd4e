// Command metrics-server is metrics-server for Kubernetes' own module versions:
// its release describes its API under names that these no longer ask for, so
// they are given under both.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/util"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/metrics-server/cmd/metrics-server/app/options"
	"sigs.k8s.io/metrics-server/pkg/api"
	generatedopenapi "sigs.k8s.io/metrics-server/pkg/api/generated/openapi"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "metrics-server:", err)
		os.Exit(1)
	}
}

func run() error {
	opts := options.NewOptions()
	flags := pflag.NewFlagSet("metrics-server", pflag.ExitOnError)
	for _, set := range opts.Flags().FlagSets {
		flags.AddFlagSet(set)
	}
	if err := flags.Parse(os.Args[1:]); err != nil {
		return err
	}
	if problems := opts.Validate(); len(problems) > 0 {
		return problems[0]
	}
	config, err := opts.ServerConfig()
	if err != nil {
		return err
	}
	title, version := config.Apiserver.OpenAPIConfig.Info.Title, config.Apiserver.OpenAPIConfig.Info.Version
	config.Apiserver.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(definitions, openapinamer.NewDefinitionNamer(api.Scheme))
	config.Apiserver.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(definitions, openapinamer.NewDefinitionNamer(api.Scheme))
	config.Apiserver.OpenAPIConfig.Info.Title, config.Apiserver.OpenAPIConfig.Info.Version = title, version
	config.Apiserver.OpenAPIV3Config.Info.Title, config.Apiserver.OpenAPIV3Config.Info.Version = title, version
	server, err := config.Complete()
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-signals
		close(stop)
	}()
	return server.RunUntil(stop)
}

// definitions are the release's under today's names, throughout.
func definitions(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	all := map[string]common.OpenAPIDefinition{}
	byPath := func(path string) spec.Ref { return ref(util.ToRESTFriendlyName(path)) }
	for path, definition := range generatedopenapi.GetOpenAPIDefinitions(byPath) {
		for i, other := range definition.Dependencies {
			definition.Dependencies[i] = util.ToRESTFriendlyName(other)
		}
		all[util.ToRESTFriendlyName(path)] = definition
	}
	return all
}
