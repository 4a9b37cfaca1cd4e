// Command standin plays the applications of both platforms on real nodes where
// no registry answers. It listens where an application's image does, reads the
// same variables, connects to what the image connects to, and refuses to start
// for the same reasons. It computes nothing and shows nothing of the real ones.
//
// Which application it plays says the name that it is started by, or else the
// variable STANDIN; the variable STANDIN_IMAGE is the image's name, whose tag
// decides what has changed from one version to the next.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// roles are the applications and their programs, by name.
var roles = map[string]func(context.Context, []string) error{
	"backend":              runBackend,
	"frontend":             runFrontend,
	"alembic":              runAlembic,
	"celery":               runCelery,
	"gateway":              runGateway,
	"master":               runMaster,
	"chunkserver":          runChunkserver,
	"sfs":                  runFiles,
	"edd-compute":          runCompute,
	"auth-service":         runService,
	"notification-service": runService,
	"cluster-monitor":      runService,
	"log-service":          runService,
	"alerting-service":     runService,
	"website":              runWebsite,
	"container":            runContainer,
	"generic":              runGeneric,
}

// role is what this process plays.
var role string

func main() {
	role = filepath.Base(os.Args[0])
	if _, named := roles[role]; !named {
		role = os.Getenv("STANDIN")
	}
	play, ok := roles[role]
	if !ok {
		fmt.Fprintf(os.Stderr, "STANDIN: %q is none of %s\n", role, strings.Join(slices.Sorted(maps.Keys(roles)), ", "))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	err := play(ctx, os.Args[1:])
	stop()
	if err != nil {
		logError("exits", "error", err.Error())
		os.Exit(1)
	}
}

// options are command-line options of the form that the Edd Cloud images
// take: -name value, by the name without its dash.
func options(args []string) map[string]string {
	set := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		set[strings.TrimLeft(args[i], "-")] = args[i+1]
	}
	return set
}

// need is an error that names the variables that are not set.
func need(names ...string) error {
	var missing []string
	for _, name := range names {
		if os.Getenv(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%s: not set", strings.Join(missing, ", "))
	}
	return nil
}
