package search

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// nearMiss is an image that fits all criteria but one.
type nearMiss struct {
	image    *ims.Image
	missed   *criterion
	isNearly bool // it may be meant all the same: a slip, an image that is not finished
}

// nearMisses are the images that come near the criteria, those that may be meant first, then the newest. They are among
// those that the service listed for the search, and those that one more request shows.
func (q *query) nearMisses(ctx context.Context) []nearMiss {
	var near []nearMiss
	for _, image := range q.neighbours(ctx) {
		missed := q.misses(image)
		if len(missed) != 1 {
			continue
		}
		miss := nearMiss{image, missed[0], missed[0].isNearlyMet(q, image)}
		if miss.isNearly || q.isNarrowedBesides(miss.missed) {
			near = append(near, miss)
		}
	}
	slices.SortStableFunc(near, func(a, b nearMiss) int {
		switch {
		case a.isNearly && !b.isNearly:
			return -1
		case b.isNearly && !a.isNearly:
			return 1
		default:
			return ims.CompareAge(*b.image, *a.image)
		}
	})
	return near
}

// isNarrowedBesides is true if another criterion than this one leaves few images: else to fit all others means nothing.
func (q *query) isNarrowedBesides(one *criterion) bool {
	for i := range allCriteria {
		other := &allCriteria[i]
		if other != one && !other.broad && !other.asks(q.Criteria).IsNull() {
			return true
		}
	}
	return false
}

// neighbours are the images around the search, each once.
func (q *query) neighbours(ctx context.Context) []*ims.Image {
	around, err := q.client.FirstImages(ctx, q.around())
	if err != nil {
		tflog.Debug(ctx, "No look at the images around a search", map[string]any{"error": err.Error()})
	}
	images := slices.Concat(q.listed, around)
	var each []*ims.Image
	seen := map[string]bool{}
	for i := range images {
		if !seen[images[i].ID] {
			seen[images[i].ID] = true
			each = append(each, &images[i])
		}
	}
	return each
}

// around is the filter of all images that a search of its type may mean.
func (q *query) around() ims.ImageFilter {
	if q.ImageType.ValueString() != TypeShared {
		return ims.ImageFilter{}
	}
	whole := q.filter()
	return ims.ImageFilter{ImageType: whole.ImageType, Visibility: whole.Visibility, MemberStatus: whole.MemberStatus}
}

// nothingFound is the body of an error: what was looked for and where, what comes near it, and what to do.
func (q *query) nothingFound(near []nearMiss) string {
	var text strings.Builder
	fmt.Fprintf(&text, "No image that project %s sees in region %s fits all criteria:",
		q.scope.ProjectID, q.scope.Region)
	for i := range allCriteria {
		if asked := allCriteria[i].asks(q.Criteria); !asked.IsNull() {
			fmt.Fprintf(&text, "\n  %s = %s", allCriteria[i].name, asked)
		}
	}

	lines := make([]string, len(near))
	for i, miss := range near {
		has := "not set"
		if value := found[miss.missed.has].value(miss.image); !value.IsNull() {
			has = value.String()
		}
		lines[i] = fmt.Sprintf("%s: %s is %s", inWords(miss.image), miss.missed.has, has)
	}
	if len(near) > 0 {
		text.WriteString("\n\nThese images fit all of them but one:" + firstOf(lines))
	}

	fmt.Fprintf(&text, "\n\nLoosen the criteria, or look at what there is with the data source ims_images. Images that "+
		"are not %s were left out, and so were those that other projects share, unless image_type is %s.",
		q.Status.ValueString(), TypeShared)
	return text.String()
}
