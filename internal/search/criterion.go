package search

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// criterion is one of the [Criteria]: what is asked of an image, and how an image is held against it.
type criterion struct {
	name string // of the attribute that asks
	has  string // name of the attribute of a found image that answers
	asks func(*Criteria) attr.Value

	// fits is true of an image that has what is asked for. Without it, both attributes have to be equal.
	fits func(*query, *ims.Image) bool
	// nearly is true of an image that does not fit, and that may be meant all the same. Without it, both attributes have
	// to be texts that differ by a slip.
	nearly func(*query, *ims.Image) bool
	// always marks what leaves out images also when the configuration does not ask.
	always bool
	// broad marks what so many images have that it says little about one.
	broad bool
}

// byEquality is a criterion whose attribute has the name of that of a found image, and has to equal it.
func byEquality(name string, asks func(*Criteria) attr.Value) criterion {
	return criterion{name: name, has: name, asks: asks}
}

// allCriteria are in the order in which an error shows them.
var allCriteria = []criterion{
	byEquality("id", func(c *Criteria) attr.Value { return c.ID }),
	{
		name: "image_type", has: "image_type", asks: func(c *Criteria) attr.Value { return c.ImageType },
		fits: fitsType, always: true, broad: true,
	},
	byEquality("name", func(c *Criteria) attr.Value { return c.Name }),
	{
		name: "name_regex", has: "name", asks: func(c *Criteria) attr.Value { return c.NameRegex },
		fits: func(q *query, i *ims.Image) bool { return q.pattern.MatchString(i.Name) },
	},
	{
		name: "tags", has: "tags_all", asks: func(c *Criteria) attr.Value { return c.Tags },
		fits: fitsTags, nearly: hasTagKey,
	},
	{
		name: "not_tags", has: "tags_all", asks: func(c *Criteria) attr.Value { return c.NotTags },
		fits: lacksTags, nearly: anyway,
	},
	byEquality("platform", func(c *Criteria) attr.Value { return c.Platform }),
	byEquality("os_type", func(c *Criteria) attr.Value { return c.OSType }),
	byEquality("os_bit", func(c *Criteria) attr.Value { return c.OSBit }),
	byEquality("os_version", func(c *Criteria) attr.Value { return c.OSVersion }),
	byEquality("architecture", func(c *Criteria) attr.Value { return c.Architecture }),
	byEquality("virtual_env_type", func(c *Criteria) attr.Value { return c.VirtualEnvType }),
	{
		name: "status", has: "status", asks: func(c *Criteria) attr.Value { return c.Status },
		nearly: anyway, broad: true,
	},
	{
		name: "owner", has: "owner", asks: func(c *Criteria) attr.Value { return c.Owner }, broad: true,
	},
	{ // An image does not show it: the service alone knows.
		name: "member_status", has: "image_type", asks: func(c *Criteria) attr.Value { return c.MemberStatus },
		fits: anyway, broad: true,
	},
	{
		name: "enterprise_project_id", has: "enterprise_project_id",
		asks: func(c *Criteria) attr.Value { return c.EnterpriseProjectID }, fits: fitsEnterpriseProject, broad: true,
	},
	byEquality("whole_image", func(c *Criteria) attr.Value { return c.WholeImage }),
	byEquality("cmk_id", func(c *Criteria) attr.Value { return c.CMKID }),
	{
		name: "created", has: "created_at", asks: func(c *Criteria) attr.Value { return c.Created },
		fits: func(q *query, i *ims.Image) bool { return comparisonOf(q.Created).holds(i.CreatedAt) },
	},
	{
		name: "updated", has: "updated_at", asks: func(c *Criteria) attr.Value { return c.Updated },
		fits: func(q *query, i *ims.Image) bool { return comparisonOf(q.Updated).holds(i.UpdatedAt) },
	},
	{
		name: "support", has: "support_flags", asks: func(c *Criteria) attr.Value { return c.Support },
		fits: fitsSupport,
	},
}

func anyway(*query, *ims.Image) bool { return true }

// isMet is true of an image that has what the criterion asks for, if it does.
func (c *criterion) isMet(q *query, image *ims.Image) bool {
	asked := c.asks(q.Criteria)
	switch {
	case asked.IsNull() && !c.always:
		return true
	case c.fits != nil:
		return c.fits(q, image)
	default:
		return found[c.has].value(image).Equal(asked)
	}
}

// isNearlyMet is true of an image that does not fit, and that may be meant all the same.
func (c *criterion) isNearlyMet(q *query, image *ims.Image) bool {
	if c.nearly != nil {
		return c.nearly(q, image)
	}
	asked, isText := c.asks(q.Criteria).(types.String)
	has, hasText := found[c.has].value(image).(types.String)
	return isText && hasText && isSlip(asked.ValueString(), has.ValueString())
}

// isSlip is true of texts that differ as by a slip of the hand: in case, in a character or two next to each other, or
// in that one ends too soon.
func isSlip(a, b string) bool {
	const wrong, begun = 2, 4 // characters that may be wrong; that a text has to have in common with a longer one
	one, other := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	same := 0
	for len(one) > 0 && len(other) > 0 && one[0] == other[0] {
		one, other = one[1:], other[1:]
		same++
	}
	if min(len(one), len(other)) == 0 && same >= begun {
		return true
	}
	for len(one) > 0 && len(other) > 0 && one[len(one)-1] == other[len(other)-1] {
		one, other = one[:len(one)-1], other[:len(other)-1]
		same++
	}
	return same > 0 && max(len(one), len(other)) <= wrong
}

func fitsType(q *query, image *ims.Image) bool {
	foreign := image.Owner != q.scope.ProjectID && !image.IsPublic()
	switch q.ImageType.ValueString() {
	case TypePublic:
		return image.IsPublic()
	case TypePrivate:
		return image.Owner == q.scope.ProjectID
	case TypeShared:
		return foreign
	default:
		return !foreign
	}
}

func fitsTags(q *query, image *ims.Image) bool {
	all := image.TagMap()
	for key, value := range framework.Strings(q.Tags) {
		if has, ok := all[key]; !ok || has != value {
			return false
		}
	}
	return true
}

// hasTagKey is true of an image that has one of the tags, with whatever value.
func hasTagKey(q *query, image *ims.Image) bool {
	all := image.TagMap()
	for key := range framework.Strings(q.Tags) {
		if _, ok := all[key]; ok {
			return true
		}
	}
	return false
}

func lacksTags(q *query, image *ims.Image) bool {
	all := image.TagMap()
	for key, value := range framework.Strings(q.NotTags) {
		if has, ok := all[key]; ok && has == value {
			return false
		}
	}
	return true
}

func fitsEnterpriseProject(q *query, image *ims.Image) bool {
	asked := q.EnterpriseProjectID.ValueString()
	return asked == ims.AllGrantedProjects ||
		asked == cmp.Or(image.EnterpriseProjectID, ims.DefaultEnterpriseProject)
}

// fitsSupport takes a flag that the image does not have for false.
func fitsSupport(q *query, image *ims.Image) bool {
	for flag, value := range framework.Strings(q.Support) {
		if !strings.EqualFold(cmp.Or(image.Support[flag], "false"), value) {
			return false
		}
	}
	return true
}

var comparisons = []string{"gt", "gte", "lt", "lte", "eq", "neq"}

// comparison is how a moment is to stand to another one.
type comparison struct {
	operator string // one of comparisons; "": there is nothing to compare
	moment   time.Time
}

// comparisonOf reads "gt:2026-01-31T00:00:00Z"; anything else is no comparison.
func comparisonOf(value types.String) comparison {
	operator, text, _ := strings.Cut(value.ValueString(), ":")
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil || !slices.Contains(comparisons, operator) {
		return comparison{}
	}
	return comparison{operator, moment}
}

// String is the comparison as the service takes it, in UTC.
func (c comparison) String() string {
	if c.operator == "" {
		return ""
	}
	return c.operator + ":" + c.moment.UTC().Format(time.RFC3339Nano)
}

// holds is true of a moment that is as asked for, and of one that the service did not give.
func (c comparison) holds(moment ims.Timestamp) bool {
	order := moment.Compare(c.moment)
	switch {
	case moment.IsZero():
		return true
	case c.operator == "gt":
		return order > 0
	case c.operator == "gte":
		return order >= 0
	case c.operator == "lt":
		return order < 0
	case c.operator == "lte":
		return order <= 0
	case c.operator == "neq":
		return order != 0
	default:
		return order == 0
	}
}
