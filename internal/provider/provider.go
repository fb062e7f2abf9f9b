package provider

import (
	"context"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud/settings"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/export"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/image"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/project"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/search"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/share"
)

// TypeName is the provider's name in configurations, and the prefix of every type.
const TypeName = "ims"

// Options replace what the provider has of its own surroundings; tests do that. The zero value is the real thing.
type Options struct {
	Environment *settings.Environment // nil: the process's
	Transport   http.RoundTripper     // nil: connections of its own
	Clock       ims.Clock             // nil: the wall clock
}

type imsProvider struct {
	version string
	options Options
}

var (
	_ provider.Provider                     = &imsProvider{}
	_ provider.ProviderWithConfigValidators = &imsProvider{}
	_ provider.ProviderWithListResources    = &imsProvider{}
	_ provider.ProviderWithActions          = &imsProvider{}
)

// New returns the provider's constructor.
func New(version string, options Options) func() provider.Provider {
	return func() provider.Provider { return &imsProvider{version: version, options: options} }
}

func (p *imsProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = TypeName
	resp.Version = p.version
}

func (p *imsProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

func (p *imsProvider) ConfigValidators(context.Context) []provider.ConfigValidator {
	return configValidators()
}

func (p *imsProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	session := p.session(&config, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	data := &framework.ProviderData{
		Client: ims.New(session, ims.Options{
			MaxRetries:        config.maxRetries(),
			RequestsPerSecond: config.RequestsPerSecond.ValueFloat64(),
			Clock:             p.options.Clock,
			Elsewhere:         elsewhere(session),
		}),
		Tags:                config.tagPolicy(),
		EnterpriseProjectID: config.enterpriseProject(p.environment()),
	}
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.ListResourceData = data
	resp.ActionData = data
}

// session is what requests go through. It signs in at the first of them.
func (p *imsProvider) session(config *providerModel, resp *provider.ConfigureResponse) ims.Session {
	if name := config.unknown(); name != "" {
		return unknownSession{name}
	}
	resolved, err := settings.Resolve(config.signInConfig(), p.environment())
	if err != nil {
		detail := framework.Detail("", err, "Check the provider block, the OS_* variables and clouds.yaml.")
		resp.Diagnostics.AddError("Unable to configure the provider", detail)
		return nil
	}
	options := cloud.SessionOptions{UserAgent: "terraform-provider-ims/" + p.version, Transport: p.options.Transport}
	if p.options.Clock != nil {
		options.Now = p.options.Clock.Now
	}
	return cloud.NewSession(resolved, options)
}

func (p *imsProvider) environment() settings.Environment {
	if p.options.Environment != nil {
		return *p.options.Environment
	}
	return settings.SystemEnvironment()
}

func (p *imsProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		image.NewSystemDiskImageResource,
		image.NewDataDiskImageResource,
		image.NewISOImageResource,
		image.NewFullECSImageResource,
		image.NewImageReplicaResource,
		image.NewRegisteredImageResource,
		export.NewImageExportResource,
		share.NewImageShareResource,
		share.NewImageShareMemberResource,
		share.NewImageShareAcceptanceResource,
	}
}

func (p *imsProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		search.NewImageDataSource,
		search.NewImagesDataSource,
		search.NewImagesByTagsDataSource,
		share.NewImageMembersDataSource,
		project.NewTagsDataSource,
		project.NewQuotasDataSource,
		project.NewOSVersionsDataSource,
		project.NewJobDataSource,
	}
}

// Actions are what Terraform 1.14 and later can invoke; older engines do not ask for them.
func (p *imsProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		export.NewExportImageAction,
	}
}

// ListResources are what `terraform query` of Terraform 1.14 and later lists; older engines do not ask for them.
func (p *imsProvider) ListResources(context.Context) []func() list.ListResource {
	return append(image.Lists(),
		share.NewImageShareList,
		share.NewImageShareMemberList,
		share.NewImageShareAcceptanceList,
	)
}
