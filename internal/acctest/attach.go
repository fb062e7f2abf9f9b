package acctest

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/provider"
)

// sourceAddress is the provider's, without the registry.
const sourceAddress = "terraform-provider-ims/ims"

// registries are the engines' own, where a provider without another host comes from.
var registries = []string{"registry.terraform.io", "registry.opentofu.org"}

// attachable is a provider of this process, as engines are told to reach it.
type attachable struct {
	Protocol        string
	ProtocolVersion int
	Pid             int
	Test            bool
	Addr            struct{ Network, String string }
}

// attach serves the provider of this process to engines until the end of the test. It returns how engines reach it.
func (c *Cloud) attach(t testing.TB) attachable {
	t.Helper()
	server, err := c.Factories()[provider.TypeName]()
	if err != nil {
		t.Fatal(err)
	}
	reached, closed, served := make(chan *plugin.ReattachConfig, 1), make(chan struct{}), make(chan error, 1)
	go func() {
		served <- tf6server.Serve(registries[0]+"/"+sourceAddress, func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(t.Context(), reached, closed), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	select {
	case reach := <-reached:
		t.Cleanup(func() { <-closed })
		at := attachable{
			Protocol: string(reach.Protocol), ProtocolVersion: reach.ProtocolVersion, Pid: reach.Pid, Test: reach.Test,
		}
		at.Addr.Network, at.Addr.String = reach.Addr.Network(), reach.Addr.String()
		return at
	case err := <-served:
		t.Fatalf("the provider cannot be served: %v", err)
		return attachable{}
	}
}

// variable makes an engine reach it for all of these providers, each named "namespace/name".
func (a attachable) variable(t testing.TB, names []string) string {
	t.Helper()
	providers := map[string]attachable{}
	for _, name := range names {
		for _, host := range registries {
			providers[host+"/"+name] = a
		}
	}
	value, err := json.Marshal(providers)
	if err != nil {
		t.Fatal(err)
	}
	return "TF_REATTACH_PROVIDERS=" + string(value)
}
