package search

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/cloud"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// query is a search for images by criteria.
type query struct {
	*Criteria
	client  *ims.Client
	scope   *cloud.Scope   // the provider's own
	pattern *regexp.Regexp // name_regex

	listed []ims.Image // what the service listed, fitting or not
}

// newQuery prepares a search. Its errors are those of signing in, and that of a regular expression that is none.
func newQuery(ctx context.Context, client *ims.Client, criteria *Criteria) (*query, error) {
	scope, err := client.Scope(ctx)
	if err != nil {
		return nil, err
	}
	pattern, err := regexp.Compile(criteria.NameRegex.ValueString())
	if err != nil {
		return nil, fmt.Errorf("name_regex: %w", err)
	}
	return &query{Criteria: criteria, client: client, scope: scope, pattern: pattern}, nil
}

// Find lists the images that fit all criteria, in the order that they ask for. It reads every page of the service's
// list. Its errors are those of signing in and of [ims.Client.Images], and that of a regular expression that is none.
func Find(ctx context.Context, client *ims.Client, criteria *Criteria) ([]ims.Image, error) {
	q, err := newQuery(ctx, client, criteria)
	if err != nil {
		return nil, err
	}
	return q.find(ctx)
}

func (q *query) find(ctx context.Context) (images []ims.Image, err error) {
	if q.listed, err = q.client.Images(ctx, q.filter()); err != nil {
		return nil, err
	}
	// Not every cloud looks at all that the filter says.
	for i := range q.listed {
		if len(q.misses(&q.listed[i])) == 0 {
			images = append(images, q.listed[i])
		}
	}
	order(images, q.SortKey.ValueString(), q.SortDirection.ValueString())
	if q.MostRecent.ValueBool() && len(images) > 0 {
		images = []ims.Image{slices.MaxFunc(images, ims.CompareAge)}
	}
	return images, nil
}

// misses are the criteria that an image does not fit.
func (q *query) misses(image *ims.Image) []*criterion {
	var missed []*criterion
	for i := range allCriteria {
		if !allCriteria[i].isMet(q, image) {
			missed = append(missed, &allCriteria[i])
		}
	}
	return missed
}

// filter asks the service for as little as it can be asked for.
func (q *query) filter() ims.ImageFilter {
	c := q.Criteria
	filter := ims.ImageFilter{
		ID:                  c.ID.ValueString(),
		Owner:               c.Owner.ValueString(),
		Name:                c.Name.ValueString(),
		Status:              c.Status.ValueString(),
		Platform:            c.Platform.ValueString(),
		OSType:              c.OSType.ValueString(),
		Environment:         c.VirtualEnvType.ValueString(),
		EnterpriseProjectID: c.EnterpriseProjectID.ValueString(),
		WholeImage:          c.WholeImage.ValueBoolPointer(),
		KeyID:               c.CMKID.ValueString(),
		CreatedAt:           comparisonOf(c.Created).String(),
		UpdatedAt:           comparisonOf(c.Updated).String(),
		Support:             framework.Strings(c.Support),
		SortKey:             c.SortKey.ValueString(),
		SortDirection:       c.SortDirection.ValueString(),
	}
	if !c.OSBit.IsNull() {
		filter.OSBit = strconv.FormatInt(c.OSBit.ValueInt64(), 10)
	}
	// The service takes one tag; the others are looked for in its answer.
	for _, tag := range ims.Tags(framework.Strings(c.Tags)) {
		filter.Tag = tag.Key + "=" + tag.Value
		break
	}
	switch c.ImageType.ValueString() {
	case TypePublic:
		protected := true
		filter.ImageType, filter.Visibility, filter.Protected = ims.ImageTypePublic, "public", &protected
	case TypePrivate:
		// An own image that is shared has another type at the service: the owner is what makes it an own one.
		filter.Owner = cmp.Or(filter.Owner, q.scope.ProjectID)
	case TypeShared:
		filter.ImageType, filter.Visibility = ims.ImageTypeShared, "shared"
		filter.MemberStatus = cmp.Or(c.MemberStatus.ValueString(), memberStatuses[0])
	}
	return filter
}

// sortings are what images can be ordered by.
var sortings = []struct {
	key     string
	compare func(a, b *ims.Image) int
}{
	{"name", func(a, b *ims.Image) int { return strings.Compare(a.Name, b.Name) }},
	{"container_format", func(a, b *ims.Image) int { return strings.Compare(a.ContainerFormat, b.ContainerFormat) }},
	{"disk_format", func(a, b *ims.Image) int { return strings.Compare(a.DiskFormat, b.DiskFormat) }},
	{"status", func(a, b *ims.Image) int { return strings.Compare(a.Status, b.Status) }},
	{"id", compareIDs},
	{"created_at", compareCreation},
}

func compareIDs(a, b *ims.Image) int      { return strings.Compare(a.ID, b.ID) }
func compareCreation(a, b *ims.Image) int { return a.CreatedAt.Compare(b.CreatedAt.Time) }

func sortKeys() []string {
	keys := make([]string, 0, len(sortings))
	for _, each := range sortings {
		keys = append(keys, each.key)
	}
	return keys
}

// order puts images in the one order that key and direction name, whatever order the service gave them in. Without a
// key that is the order of registration; without a direction, the last comes first.
func order(images []ims.Image, key, direction string) {
	compare := compareCreation
	for _, each := range sortings {
		if each.key == key {
			compare = each.compare
		}
	}
	slices.SortFunc(images, func(a, b ims.Image) int {
		sorted := cmp.Or(compare(&a, &b), compareIDs(&a, &b))
		if direction == "asc" {
			return sorted
		}
		return -sorted
	})
}
