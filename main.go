// Command terraform-provider-ims serves the provider to Terraform or OpenTofu.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/provider"
)

const address = "registry.terraform.io/terraform-provider-ims/ims"

// stopGrace is how long the process outlives a SIGTERM. Runners signal the whole process group; the engine still has to
// tell the provider to stop, and to take the state of what is under way. That may be a request that must not lose its
// answer, or
// an image without data or a share that is taken back: the latter have two minutes.
const stopGrace = 150 * time.Second

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve to a debugger: print how to attach, and wait")
	flag.Parse()

	surviveTerminate()
	err := providerserver.Serve(context.Background(), provider.New(version, provider.Options{}), providerserver.ServeOpts{
		Address: address,
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// surviveTerminate keeps the process alive for a while after a SIGTERM; the engine ends it sooner.
func surviveTerminate() {
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM)
	go func() {
		<-terminate
		time.AfterFunc(stopGrace, func() { os.Exit(1) })
	}()
}
