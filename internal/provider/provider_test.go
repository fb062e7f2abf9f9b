package provider_test

import (
	"context"
	"regexp"
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
	look := "\ndata \"ims_images\" \"test\" {}\n"
	for name, test := range map[string]struct{ config, message string }{
		"nothing":        {`provider "ims" {}`, `(?s)Unable to configure the provider.*no credentials are given`},
		"no password":    {`provider "ims" {` + "\n" + `auth_url = "` + cloud.URL + `/v3"` + "\n" + `user_name = "builder"` + "\n}", `(?s)Unable to configure the provider.*password`},
		"two ways":       {`provider "ims" {` + "\n" + `token = "t"` + "\n" + `password = "p"` + "\n}", `(?s)password.*token`},
		"wrong password": {strings.Replace(cloud.Provider(emulator.Owner), emulator.Owner.Password, "wrong-and-secret", 1), `(?s)Unable to find images.*401`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{Config: test.config + look, ExpectError: regexp.MustCompile(test.message)}}})
		})
	}
}

// TestWaysToSignIn: password, token, permanent and temporary keys each make and read an image.
func TestWaysToSignIn(t *testing.T) {
	t.Parallel()
	image := `
resource "ims_system_disk_image" "test" {
  name        = "golden"
  instance_id = "` + emulator.InstanceID + `"
}
`
	owner := emulator.Owner
	for name, block := range map[string]func(c *acctest.Cloud) string{
		"password": func(*acctest.Cloud) string {
			return `user_name = "` + owner.UserName + `"` + "\n" + `password = "` + owner.Password + `"` + "\n" + `domain_name = "` + owner.DomainName + `"` + "\n" + `project_name = "` + owner.ProjectName + `"`
		},
		"token": func(c *acctest.Cloud) string {
			return `token = "` + c.IssueToken(owner) + `"`
		},
		"keys": func(*acctest.Cloud) string {
			return `access_key = "` + owner.AccessKey + `"` + "\n" + `secret_key = "` + owner.SecretKey + `"` + "\n" + `project_name = "` + owner.ProjectName + `"`
		},
		"temporary keys": func(c *acctest.Cloud) string {
			ak, sk, token := c.IssueTemporaryKeys(owner)
			return `access_key = "` + ak + `"` + "\n" + `secret_key = "` + sk + `"` + "\n" + `security_token = "` + token + `"` + "\n" + `project_id = "` + owner.ProjectID + `"`
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{})
			config := "provider \"ims\" {\nauth_url = \"" + cloud.URL + "/v3\"\nregion = \"" + emulator.Region + "\"\nendpoint = \"" + cloud.URL + "\"\n" + block(cloud) + "\n}\n"
			cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{
				Config: config + image, Check: acceptance.TestCheckResourceAttr("ims_system_disk_image.test", "status", "active"),
			}}})
		})
	}
}

// TestUnknownProviderBlock: a new image can be planned although the password is known only after the apply.
func TestUnknownProviderBlock(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	config := strings.Replace(cloud.Provider(emulator.Owner), `"`+emulator.Owner.Password+`"`, "terraform_data.password.output", 1) + `
resource "terraform_data" "password" {
  input = "` + emulator.Owner.Password + `"
}

resource "ims_system_disk_image" "test" {
  name        = "golden"
  instance_id = "` + emulator.InstanceID + `"
}
`
	cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{Config: config}}})
}

// TestUnknownProviderBlockAndRequest: what needs a request says why there can be none.
func TestUnknownProviderBlockAndRequest(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	config := strings.Replace(cloud.Provider(emulator.Owner), `"`+emulator.Owner.Password+`"`, "terraform_data.password.output", 1) + `
resource "terraform_data" "password" {
  input = "` + emulator.Owner.Password + `"
}

data "ims_images" "test" {}
`
	cloud.Test(t, acceptance.TestCase{Steps: []acceptance.TestStep{{
		Config: config, PlanOnly: true,
		ExpectError: regexp.MustCompile(`(?s)Unable to sign in: the provider's\s+password\s+is\s+known\s+only\s+after\s+an\s+apply\s+Apply\s+what\s+it\s+comes\s+from\s+first`),
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
		Config: cloud.Config("resource \"ims_system_disk_image\" \"test\" {\n  name = \"golden\"\n  instance_id = %q\n}\n", emulator.InstanceID),
	}}})
}
