package image

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// kind is what makes one image resource differ from the others.
type kind struct {
	name        string // type name without the provider's: "system_disk_image"
	noun        string // for messages: "system disk image"
	description string
	arguments   []argument
	outputs     map[string]schema.Attribute // what the service reports; they take the place of arguments of the same name
	validators  []resource.ConfigValidator
	oneOf       []string // arguments of which a new image needs exactly one, if there is such a choice
	newModel    func() model
	// making is how long an image may take to be made when the configuration does not say; 0: as defaultTimeouts has it.
	making time.Duration

	// accepts tells of an image that kindOf gives to another type whether it can be one of this kind all the same. nil: it
	// cannot.
	accepts func(*ims.Image) bool

	// importID says what the id to import is, where that is not the image's id alone.
	importID string

	// silent is a kind of origin that the service may tell of images from any of the sources; "": there is none.
	silent string
}

// model is a kind's configuration, plan or state.
type model interface {
	// common is the part that all kinds share.
	common() *imageModel
	// create sends the request that starts the image's job.
	create(ctx context.Context, client *ims.Client) (ims.StartedJob, error)
	// origin is what the service will tell of the image's source, and the smallest disk asked for; both may be empty.
	origin() (origin string, minDisk int64)
	// parts are the images that were made together with this one and end with it.
	parts() []string
	setParts(ids []string)
	// readArguments fills in arguments that are null or unknown from what the service tells of the image.
	readArguments(image *ims.Image)

	// imageModel has these for kinds that need none of them.

	// unsent takes out of a description what the request does not surely say.
	unsent(created *ims.Created)
	// deliver gives an image that create made without its data what it lacks; there may be a job to wait for.
	deliver(ctx context.Context, client *ims.Client, id string) (ims.StartedJob, error)
	// deleteBackup is whether the image's backup ends with it. Null: it has none.
	deleteBackup() types.Bool
	// excuses tells of an argument that is not as it is in the state whether that is no reason for a new image.
	excuses(state model, argument string) bool
	// partsSent describes the images that the request makes besides.
	partsSent(ctx context.Context) []ims.Created
}

// kindOf is the one place that says which resource stands for an image: for one that was replicated it is the replica,
// whatever it holds.
func kindOf(image *ims.Image) (resourceType, noun string) {
	if image.Origin().Kind == ims.OriginImage {
		return "ims_" + replicaName, replicaNoun
	}
	return contentOf(image)
}

// contentOf says which resource would stand for an image if it were no replica.
func contentOf(image *ims.Image) (resourceType, noun string) {
	switch {
	case bool(image.WholeImage):
		return "ims_full_ecs_image", "full-ECS image"
	case image.Environment == ims.EnvironmentData:
		return "ims_data_disk_image", "data disk image"
	case image.Environment == ims.EnvironmentISO:
		return "ims_iso_image", "ISO image"
	default:
		return "ims_system_disk_image", "system disk image"
	}
}

// refuse says why an image cannot be managed as the kind by the project, or nothing if it can.
func (k *kind) refuse(image *ims.Image, projectID string) string {
	if image.IsPublic() {
		return fmt.Sprintf(
			"Image %s (%q) is a public image of the cloud. It can be looked up with the data source ims_image, not managed.",
			image.ID,
			image.Name,
		)
	}
	if image.Owner != projectID {
		return fmt.Sprintf(
			"Image %s (%q) belongs to project %s, and the provider is signed in to project %s. An image can be managed only "+
				"in its own project; "+
				"one that is shared with this project can be looked up with the data source ims_image.",
			image.ID,
			image.Name,
			image.Owner,
			projectID,
		)
	}
	if resourceType, noun := kindOf(image); !k.stands(image) {
		return fmt.Sprintf("Image %s (%q) is a %s. The resource type for it is %s.", image.ID, image.Name, noun, resourceType)
	}
	return ""
}

// stands tells whether an image can be one of the kind. A replica can also be one of the kind that it holds: whoever
// takes it over need not care how it was made.
func (k *kind) stands(image *ims.Image) bool {
	resourceType, _ := kindOf(image)
	content, _ := contentOf(image)
	return resourceType == "ims_"+k.name || content == "ims_"+k.name || k.accepts != nil && k.accepts(image)
}

// importing says how an image is imported, and what the plan after that is.
func (k *kind) importing() string {
	how := cmp.Or(k.importID, "An existing image is imported by its id.")
	return how + " The plan after an import is empty, or has one update in place that sends nothing: it records " +
		"arguments that the service does not report (" + framework.List(k.unreturned()) + ")."
}

// timeouts are how long the operations may take when the configuration does not say.
func (k *kind) timeouts() framework.Timeouts {
	timeouts := defaultTimeouts
	timeouts.Create = cmp.Or(k.making, timeouts.Create)
	return timeouts
}
