// Command provider-schema prints the provider's schema the way `terraform providers schema -json` does, for
// tfplugindocs.
// The provider itself is asked, so that the documentation is the same whichever engine a contributor has: Terraform
// tells of
// resource identity since 1.12 and of actions and list resources since 1.14, OpenTofu of neither of the last two.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/provider"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	server := providerserver.NewProtocol6(provider.New("dev", provider.Options{})())()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return err
	}
	for _, d := range append(schemas.Diagnostics, identities.Diagnostics...) {
		return fmt.Errorf("%s: %s", d.Summary, d.Detail)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document{
		FormatVersion: "1.0",
		Providers: map[string]providerSchema{"ims": {
			Provider:      newSchema(schemas.Provider),
			Resources:     mapped(schemas.ResourceSchemas, newSchema),
			DataSources:   mapped(schemas.DataSourceSchemas, newSchema),
			ListResources: mapped(schemas.ListResourceSchemas, newSchema),
			Actions: mapped(schemas.ActionSchemas, func(s *tfprotov6.ActionSchema) schema {
				return newSchema(s.Schema)
			}),
			Identities: mapped(identities.IdentitySchemas, newIdentity),
		}},
	})
}

// The documented format: https://developer.hashicorp.com/terraform/cli/commands/providers/schema.
type (
	document struct {
		FormatVersion string                    `json:"format_version"`
		Providers     map[string]providerSchema `json:"provider_schemas"`
	}
	providerSchema struct {
		Provider      schema              `json:"provider"`
		Resources     map[string]schema   `json:"resource_schemas,omitempty"`
		DataSources   map[string]schema   `json:"data_source_schemas,omitempty"`
		ListResources map[string]schema   `json:"list_resource_schemas,omitempty"`
		Actions       map[string]schema   `json:"action_schemas,omitempty"`
		Identities    map[string]identity `json:"resource_identity_schemas,omitempty"`
	}
	schema struct {
		Version int64 `json:"version"`
		Block   block `json:"block"`
	}
	block struct {
		Attributes      map[string]attribute `json:"attributes,omitempty"`
		Blocks          map[string]nested    `json:"block_types,omitempty"`
		Description     string               `json:"description,omitempty"`
		DescriptionKind string               `json:"description_kind"`
		Deprecated      bool                 `json:"deprecated,omitempty"`
	}
	nested struct {
		NestingMode string `json:"nesting_mode"`
		Block       block  `json:"block"`
		MinItems    int64  `json:"min_items,omitempty"`
		MaxItems    int64  `json:"max_items,omitempty"`
	}
	attribute struct {
		Type            tftypes.Type `json:"type,omitempty"`
		NestedType      *object      `json:"nested_type,omitempty"`
		Description     string       `json:"description,omitempty"`
		DescriptionKind string       `json:"description_kind"`
		Deprecated      bool         `json:"deprecated,omitempty"`
		Required        bool         `json:"required,omitempty"`
		Optional        bool         `json:"optional,omitempty"`
		Computed        bool         `json:"computed,omitempty"`
		Sensitive       bool         `json:"sensitive,omitempty"`
		WriteOnly       bool         `json:"write_only,omitempty"`
	}
	object struct {
		Attributes  map[string]attribute `json:"attributes"`
		NestingMode string               `json:"nesting_mode"`
	}
	identity struct {
		Version    int64                        `json:"version"`
		Attributes map[string]identityAttribute `json:"attributes"`
	}
	identityAttribute struct {
		Type              tftypes.Type `json:"type"`
		Description       string       `json:"description,omitempty"`
		RequiredForImport bool         `json:"required_for_import,omitempty"`
		OptionalForImport bool         `json:"optional_for_import,omitempty"`
	}
)

func newSchema(s *tfprotov6.Schema) schema {
	return schema{Version: s.Version, Block: newBlock(s.Block)}
}

func newBlock(b *tfprotov6.SchemaBlock) block {
	blocks := map[string]nested{}
	for _, n := range b.BlockTypes {
		blocks[n.TypeName] = nested{
			NestingMode: strings.ToLower(
				n.Nesting.String(),
			),
			Block:    newBlock(n.Block),
			MinItems: n.MinItems,
			MaxItems: n.MaxItems,
		}
	}
	return block{
		Attributes: newAttributes(b.Attributes), Blocks: blocks,
		Description: b.Description, DescriptionKind: kindOf(b.DescriptionKind), Deprecated: b.Deprecated,
	}
}

func newAttributes(list []*tfprotov6.SchemaAttribute) map[string]attribute {
	attributes := map[string]attribute{}
	for _, a := range list {
		one := attribute{
			Type: a.Type, Description: a.Description, DescriptionKind: kindOf(a.DescriptionKind), Deprecated: a.Deprecated,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.NestedType != nil {
			one.NestedType = &object{
				Attributes: newAttributes(a.NestedType.Attributes), NestingMode: strings.ToLower(a.NestedType.Nesting.String()),
			}
		}
		attributes[a.Name] = one
	}
	return attributes
}

func newIdentity(s *tfprotov6.ResourceIdentitySchema) identity {
	attributes := map[string]identityAttribute{}
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = identityAttribute{
			Type:              a.Type,
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return identity{Version: s.Version, Attributes: attributes}
}

func kindOf(k tfprotov6.StringKind) string { return strings.ToLower(k.String()) }

func mapped[From, To any](from map[string]From, convert func(From) To) map[string]To {
	to := make(map[string]To, len(from))
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}
