package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/providervalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

func providerSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Private images of IMS, the Image Management Service of Open Telekom Cloud and the clouds " +
			"of its family.",
		Attributes: map[string]schema.Attribute{
			"cloud":     text("Name of the cloud in `clouds.yaml` to take values from.", "OS_CLOUD"),
			"auth_url":  text("URL of the identity service, such as `https://iam.eu-de.otc.t-systems.com/v3`.", "OS_AUTH_URL"),
			"region":    text("Region of the images, such as `eu-de`.", "OS_REGION_NAME", "the region of the project"),
			"user_name": text("Name of the user to sign in as. Needs `domain_name` or `domain_id`.", "OS_USERNAME"),
			"user_id":   text("Id of the user to sign in as; beside `user_name` for a `passcode`.", "OS_USER_ID"),
			"password":  secret("Password of the user.", "OS_PASSWORD"),
			"passcode": secret("One-time code of the user's second factor. It works once, and a plan and its apply sign in "+
				"separately. Open Telekom Cloud wants `user_id` with it, too.", "OS_PASSCODE"),
			"token": secret("Token to sign in with. It cannot be renewed: it must outlive the run.",
				"OS_TOKEN", "OS_AUTH_TOKEN"),
			"domain_name": text("Name of the domain (the account) of the user and the project.",
				"OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"),
			"domain_id": text("Id of the domain of the user and the project.", "OS_USER_DOMAIN_ID", "OS_DOMAIN_ID"),
			"project_name": text("Name of the project that owns the images, such as `eu-de_images`.",
				"OS_PROJECT_NAME", "OS_TENANT_NAME"),
			"project_id":     text("Id of the project that owns the images.", "OS_PROJECT_ID", "OS_TENANT_ID"),
			"access_key":     text("Access key (AK) to sign requests with.", "OS_ACCESS_KEY"),
			"secret_key":     secret("Secret key (SK) that belongs to `access_key`.", "OS_SECRET_KEY"),
			"security_token": secret("Security token of temporary keys.", "OS_SECURITY_TOKEN"),
			"server_keys": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to sign requests with the keys of the agency that this server has, from its " +
					"metadata service. Default: `OS_SERVER_KEYS`, else `false`.",
			},
			"assume_role": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Agency of another account to act for, once signed in.",
				Attributes: map[string]schema.Attribute{
					"agency_name": text("Name of the agency.", "OS_AGENCY_NAME"),
					"domain_name": text("Name of the domain (the account) that has the agency.", "OS_AGENCY_DOMAIN_NAME"),
					"domain_id":   text("Id of the domain that has the agency.", "OS_AGENCY_DOMAIN_ID"),
					"delegated_project": text("Name of the domain's project that owns the images.",
						"OS_DELEGATED_PROJECT", "the project with the region's name"),
				},
			},
			"endpoint": text("URL of IMS, without a version.",
				"OS_IMAGE_ENDPOINT_OVERRIDE", "from the service catalog, or derived from `auth_url`"),
			"insecure": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to accept any TLS certificate. Only for tests: credentials can be intercepted. " +
					"Default: `OS_INSECURE`, else `false`.",
			},
			"cacert_file":      text("File with the certificates of the authorities to trust, or their PEM text.", "OS_CACERT"),
			"client_cert_file": text("File with the client certificate to present, or its PEM text.", "OS_CERT"),
			"client_key_file":  secret("File with the key of the client certificate, or its PEM text.", "OS_KEY"),
			"enterprise_project_id": text("Id of the enterprise project of new images that do not name one themselves.",
				"OS_ENTERPRISE_PROJECT_ID"),
			"default_tags": schema.MapAttribute{
				Optional: true, ElementType: types.StringType, Validators: []validator.Map{framework.NoNulls{Element: "tag"}},
				MarkdownDescription: "Tags that every image gets. An image's own tag of the same key wins.",
			},
			"ignore_tags": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Tags that something else manages: they are neither shown, changed nor removed.",
				Attributes: map[string]schema.Attribute{
					"keys":         texts("Keys of tags to ignore."),
					"key_prefixes": texts("Prefixes of the tag keys to ignore."),
				},
			},
			"max_retries": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(0, 100)},
				MarkdownDescription: fmt.Sprintf("How often a request that can safely be repeated is sent again after a "+
					"temporary failure (429, 5xx, dropped connection): 0 to 100. Default: `%d`.", ims.DefaultMaxRetries),
			},
			"requests_per_second": schema.Float64Attribute{
				Optional: true, Validators: []validator.Float64{float64validator.AtLeast(0.1)},
				MarkdownDescription: fmt.Sprintf("Most requests per second, on average: 0.1 or more. Looking at jobs takes up "+
					"to a quarter of them. Default: `%d`.", ims.DefaultRequestsPerSecond),
			},
		},
	}
}

// text is an argument with what stands in for it, the first that there is: variables of the environment, then perhaps
// words.
func text(description string, defaults ...string) schema.StringAttribute {
	for i, name := range defaults {
		if strings.HasPrefix(name, "OS_") {
			defaults[i] = "`" + name + "`"
		}
	}
	return schema.StringAttribute{
		Optional: true, MarkdownDescription: description + " Default: " + strings.Join(defaults, ", else ") + ".",
	}
}

func secret(description string, defaults ...string) schema.StringAttribute {
	attribute := text(description, defaults...)
	attribute.Sensitive = true
	return attribute
}

// texts is an argument with a set of texts, none of them null or empty.
func texts(description string) schema.SetAttribute {
	return schema.SetAttribute{
		Optional: true, ElementType: types.StringType, MarkdownDescription: description,
		Validators: []validator.Set{
			framework.NoNulls{}, setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
		},
	}
}

func configValidators() []provider.ConfigValidator {
	conflicting := func(names ...string) provider.ConfigValidator {
		var expressions []path.Expression
		for _, name := range names {
			expressions = append(expressions, path.MatchRoot(name))
		}
		return providervalidator.Conflicting(expressions...)
	}
	role := path.MatchRoot("assume_role")
	return []provider.ConfigValidator{
		conflicting("domain_name", "domain_id"),
		conflicting("project_name", "project_id"),
		conflicting("password", "token", "access_key"),
		providervalidator.Conflicting(role.AtName("domain_name"), role.AtName("domain_id")),
	}
}
