package provider_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	acceptance "github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
	imsprovider "github.com/terraform-provider-ims/terraform-provider-ims/internal/provider"
)

// golden is the image that most tests make.
const golden = `
resource "ims_system_disk_image" "test" {
  name        = "golden"
  instance_id = "` + emulator.InstanceID + `"
}
`

// arguments are lines of a block: names and values in turn.
func arguments(namesAndValues ...string) string {
	var b strings.Builder
	for pair := range slices.Chunk(namesAndValues, 2) {
		fmt.Fprintf(&b, "  %s = %q\n", pair[0], pair[1])
	}
	return b.String()
}

// TestSchemas: every schema is valid, every attribute is described, and every identity can change from null alone.
func TestSchemas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := imsprovider.New("test", imsprovider.Options{})()
	var own provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &own)
	for name, attribute := range own.Schema.Attributes {
		if attribute.GetMarkdownDescription() == "" {
			t.Errorf("provider: %s has no description", name)
		}
	}
	for _, construct := range p.Resources(ctx) {
		r := construct()
		var metadata resource.MetadataResponse
		r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: imsprovider.TypeName}, &metadata)
		var got resource.SchemaResponse
		r.Schema(ctx, resource.SchemaRequest{}, &got)
		for _, problem := range got.Schema.ValidateImplementation(ctx) {
			t.Errorf("%s: %s: %s", metadata.TypeName, problem.Summary(), problem.Detail())
		}
		for name, attribute := range got.Schema.Attributes {
			if attribute.GetMarkdownDescription() == "" {
				t.Errorf("%s: %s has no description", metadata.TypeName, name)
			}
		}
		identity, ok := r.(resource.ResourceWithIdentity)
		if !ok {
			t.Errorf("%s has no identity", metadata.TypeName)
			continue
		}
		var has resource.IdentitySchemaResponse
		identity.IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &has)
		if _, ok := has.IdentitySchema.Attributes["region"].(identityschema.StringAttribute); !ok {
			t.Errorf("%s: the identity has no region", metadata.TypeName)
		}
	}
	for _, construct := range p.DataSources(ctx) {
		d := construct()
		var metadata datasource.MetadataResponse
		d.Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: imsprovider.TypeName}, &metadata)
		var got datasource.SchemaResponse
		d.Schema(ctx, datasource.SchemaRequest{}, &got)
		for _, problem := range got.Schema.ValidateImplementation(ctx) {
			t.Errorf("%s: %s: %s", metadata.TypeName, problem.Summary(), problem.Detail())
		}
		for name, attribute := range got.Schema.Attributes {
			if attribute.GetMarkdownDescription() == "" {
				t.Errorf("%s: %s has no description", metadata.TypeName, name)
			}
		}
	}
}

// TestConfigureErrors: what is missing or wrong is named, with where each value came from, and never a secret.
func TestConfigureErrors(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	block := func(namesAndValues ...string) string {
		return "provider \"ims\" {\n" + arguments(namesAndValues...) + "}\n"
	}
	look := "\ndata \"ims_images\" \"test\" {}\n"
	for name, test := range map[string]struct{ config, message string }{
		"nothing": {block(), `(?s)Unable to configure the provider.*no credentials are given`},
		"no password": {
			block("auth_url", cloud.URL+"/v3", "user_name", "builder"), `(?s)Unable to configure the provider.*password`,
		},
		"two ways": {block("token", "t", "password", "p"), `(?s)password.*token`},
		"wrong password": {
			strings.Replace(cloud.Provider(emulator.Owner), emulator.Owner.Password, wrong, 1),
			`(?s)Unable to find images.*401`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud.Test(t, acceptance.TestCase{
				Steps: []acceptance.TestStep{{Config: test.config + look, ExpectError: regexp.MustCompile(test.message)}},
			})
		})
	}
}

// TestWaysToSignIn: password, token, permanent and temporary keys each make and read an image.
func TestWaysToSignIn(t *testing.T) {
	t.Parallel()
	owner := emulator.Owner
	for name, block := range map[string]func(c *acctest.Cloud) string{
		"password": func(*acctest.Cloud) string {
			return arguments("user_name", owner.UserName, "password", owner.Password, "domain_name", owner.DomainName,
				"project_name", owner.ProjectName)
		},
		"token": func(c *acctest.Cloud) string {
			return arguments("token", c.IssueToken(owner))
		},
		"keys": func(*acctest.Cloud) string {
			return arguments("access_key", owner.AccessKey, "secret_key", owner.SecretKey, "project_name", owner.ProjectName)
		},
		"temporary keys": func(c *acctest.Cloud) string {
			ak, sk, token := c.IssueTemporaryKeys(owner)
			return arguments("access_key", ak, "secret_key", sk, "security_token", token, "project_id", owner.ProjectID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			where := arguments("auth_url", cloud.URL+"/v3", "region", emulator.Region, "endpoint", cloud.URL)
			cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{
				Config: "provider \"ims\" {\n" + where + block(cloud) + "}\n" + golden,
				Check:  acceptance.TestCheckResourceAttr("ims_system_disk_image.test", "status", "active"),
			}}})
		})
	}
}

// providerOfUnknownPassword is a provider block whose password is known only after an apply.
func providerOfUnknownPassword(cloud *acctest.Cloud) string {
	password := fmt.Sprintf("%q", emulator.Owner.Password)
	block := strings.Replace(cloud.Provider(emulator.Owner), password, "terraform_data.password.output", 1)
	return block + "resource \"terraform_data\" \"password\" {\n  input = " + password + "\n}\n"
}

// TestUnknownProviderBlock: a new image can be planned although the password is known only after the apply.
func TestUnknownProviderBlock(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	config := providerOfUnknownPassword(cloud) + golden
	cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{Config: config}}})
}

// TestUnknownProviderBlockAndRequest: what needs a request says why there can be none.
func TestUnknownProviderBlockAndRequest(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	const want = "Unable to sign in: the provider's password is known only after an apply " +
		"Apply what it comes from first"
	cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{
		Config: providerOfUnknownPassword(cloud) + "data \"ims_images\" \"test\" {}\n", PlanOnly: true,
		ExpectError: regexp.MustCompile(strings.ReplaceAll(want, " ", `\s+`)),
	}}})
}

// TestUnknownDefaultTags: what they are is known only at the apply, and then they are on the image.
func TestUnknownDefaultTags(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{
		Config: cloud.Provider(emulator.Owner, "default_tags = { later = terraform_data.later.output }") + `
resource "terraform_data" "later" {
  input = "now"
}

resource "ims_system_disk_image" "test" {
  name        = "golden"
  instance_id = "` + emulator.InstanceID + `"
  tags        = { own = "1" }
}
`,
		Check: acceptance.ComposeAggregateTestCheckFunc(
			acceptance.TestCheckResourceAttr("ims_system_disk_image.test", "tags_all.later", "now"),
			acceptance.TestCheckResourceAttr("ims_system_disk_image.test", "tags_all.own", "1")),
	}}})
}

// TestTokenExpires: a token that dies during a run is replaced, once.
func TestTokenExpires(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	cloud.Inject(emulator.Fault{Method: "GET", Path: "/v1/*/jobs/*", Skip: 2, Times: 1, Status: 401, Code: "APIGW.0307"})
	cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{
		Config: cloud.Config(golden),
	}}})
}
