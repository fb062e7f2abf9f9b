package image

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// MoveState takes images over from the resources of other providers, for `moved` blocks. Nothing is asked of any cloud: engines call it
// before the provider is configured. The first Read looks whether the image is one of the kind, and where the provider is.
func (r *imageResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: r.move}}
}

func (r *imageResource) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	from, known := peers[req.SourceTypeName]
	if !known {
		return // the framework says so
	}
	summary := "Unable to move " + req.SourceTypeName
	if !slices.Contains(from.kinds, r.kind) {
		becomes := make([]string, len(from.kinds))
		for i, k := range from.kinds {
			becomes[i] = "ims_" + k.name
		}
		resp.Diagnostics.AddError(summary, fmt.Sprintf("A resource of this type becomes %s, not ims_%s.", strings.Join(becomes, " or "), r.kind.name))
		return
	}
	var source map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(req.SourceRawState.JSON)))
	decoder.UseNumber()
	if err := decoder.Decode(&source); err != nil {
		resp.Diagnostics.AddError(summary, "Its state cannot be read: "+err.Error())
		return
	}
	id, _ := source["id"].(string)
	if id == "" {
		resp.Diagnostics.AddError(summary, "Its state holds no id of an image.")
		return
	}
	values, diagnostics := r.translate(ctx, from, source)
	if resp.Diagnostics.Append(diagnostics...); diagnostics.HasError() {
		return
	}
	resp.TargetState.Raw = values
	region, _ := source["region"].(string)
	taken := record{Imported: true, Found: from.found, Moved: &framework.Moved{Region: region}}
	resp.Diagnostics.Append(taken.save(ctx, resp.TargetPrivate)...)
	if target, _ := source["target_region"].(string); target != "" {
		region = target
	}
	if region != "" && resp.TargetIdentity != nil {
		resp.Diagnostics.Append(resp.TargetIdentity.Set(ctx, framework.NewImageIdentity(region, types.StringValue(id)))...)
	}
}

// translate is another provider's state as one of the kind: its arguments, as far as they are told. Read fills in the rest.
func (r *imageResource) translate(ctx context.Context, from peer, source map[string]any) (tftypes.Value, diag.Diagnostics) {
	var diagnostics diag.Diagnostics
	raw := blank(ctx, r.kind)
	var values map[string]tftypes.Value
	if err := raw.As(&values); err != nil {
		diagnostics.AddError("Unable to move", err.Error())
		return raw, diagnostics
	}
	for name, attribute := range schemaOf(ctx, r.kind).Attributes {
		theirs, renamed := from.renamed[name]
		if !renamed {
			theirs = name
		}
		takes := attribute.IsRequired() || attribute.IsOptional()
		if name == "id" || takes && !slices.Contains(from.ignored, name) && name != "timeouts" {
			value := source[theirs]
			if text, ok := value.(string); ok && name == "os_type" { // others take it in any case
				if at := slices.IndexFunc(ims.OSTypes, func(known string) bool { return strings.EqualFold(known, text) }); at >= 0 {
					value = ims.OSTypes[at]
				}
			}
			if value != from.defaults[name] {
				values[name] = converted(value, values[name].Type())
			}
		}
	}
	for name, value := range from.constant {
		if old, exists := values[name]; exists {
			values[name] = converted(value, old.Type())
		}
	}
	if region := converted(source["region"], tftypes.String); values["target_region"].Equal(region) {
		values["target_region"] = tftypes.NewValue(tftypes.String, nil) // a replica in its source's region
	}
	values["status"] = tftypes.NewValue(tftypes.String, ims.StatusActive) // other providers know no unfinished images
	if values["tags_all"] = values["tags"]; values["tags"].IsNull() {
		values["tags_all"] = tftypes.NewValue(values["tags"].Type(), map[string]tftypes.Value{})
	}
	values["deletion_policy"] = tftypes.NewValue(tftypes.String, policyDelete)
	for _, name := range []string{"protected", "delete_backup"} {
		if value, exists := values[name]; exists && value.IsNull() {
			values[name] = tftypes.NewValue(tftypes.Bool, false)
		}
	}
	return tftypes.NewValue(raw.Type(), values), diagnostics
}

// notArrived tells why what a look found of a moved image is neither the image nor its end.
func (o *operation) notArrived(ctx context.Context, image *ims.Image, err error) string {
	moved := o.record.Moved
	if moved == nil || err != nil && !ims.IsNotFound(err) {
		return ""
	}
	home, err := o.Client.Scope(ctx)
	if err != nil {
		return framework.Detail("", err, "")
	}
	switch {
	case moved.Region != "" && moved.Region != home.Region:
		return moved.Astray(home, "")
	case image == nil:
		return moved.Astray(o.scope, "image of the id")
	}
	if reason := o.kind.refuse(image, o.scope.ProjectID); reason != "" {
		return reason
	}
	o.record.Moved = nil
	return ""
}

// converted is a JSON value as the type wants it. Nothing, what other providers write for nothing, and what does not fit are null.
func converted(value any, want tftypes.Type) tftypes.Value {
	null := tftypes.NewValue(want, nil)
	switch v := value.(type) {
	case string:
		number, err := strconv.ParseInt(v, 10, 64)
		switch {
		case v == "":
		case want.Is(tftypes.String):
			return tftypes.NewValue(want, v)
		case want.Is(tftypes.Number) && err == nil:
			return tftypes.NewValue(want, number)
		}
	case json.Number:
		if number, err := v.Int64(); err == nil && want.Is(tftypes.Number) {
			return tftypes.NewValue(want, number)
		}
	case bool:
		if want.Is(tftypes.Bool) {
			return tftypes.NewValue(want, v)
		}
	case map[string]any:
		tags := map[string]tftypes.Value{}
		for key, element := range v {
			if text, ok := element.(string); ok {
				tags[key] = tftypes.NewValue(tftypes.String, text)
			}
		}
		if want.Is(tftypes.Map{ElementType: tftypes.String}) && len(tags) > 0 {
			return tftypes.NewValue(want, tags)
		}
	case []any: // tags as Glance has them
		tags := map[string]any{}
		for _, element := range v {
			key, text, _ := strings.Cut(fmt.Sprint(element), "=")
			tags[key] = text
		}
		return converted(tags, want)
	}
	return null
}
