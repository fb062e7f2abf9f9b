package acctest

import (
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/provider"
)

// Site is a cloud that whole configurations can be run on, an emulated or a real one, with what images can be made from
// there. What is empty is not tried.
type Site struct {
	Factories map[string]func() (tfprotov6.ProviderServer, error)
	Provider  string // the provider block

	InstanceID        string // of a server that is stopped
	VolumeID          string // of a data disk with an operating system
	ImageURL          string // "bucket:object" of an image file of at most 10 GB
	ReceiverProjectID string // of a project to share with
}

// Real is the cloud that the OS_* variables name, under TF_ACC=1. Images are made there, and deleted; they cost money.
// The other variables say what to make them from.
func Real(t testing.TB) Site {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC=1 and the OS_* variables of a real cloud are needed")
	}
	Engine(t)
	return Site{
		Factories: map[string]func() (tfprotov6.ProviderServer, error){
			provider.TypeName: providerserver.NewProtocol6WithError(provider.New("test", provider.Options{})()),
		},
		Provider:          "provider \"ims\" {}\n",
		InstanceID:        os.Getenv("IMS_TEST_INSTANCE_ID"),
		VolumeID:          os.Getenv("IMS_TEST_VOLUME_ID"),
		ImageURL:          os.Getenv("IMS_TEST_IMAGE_URL"),
		ReceiverProjectID: os.Getenv("IMS_TEST_RECEIVER_PROJECT_ID"),
	}
}

// Site is the emulated cloud as one that what is tried on a real cloud can be tried on.
func (c *Cloud) Site(t testing.TB) Site {
	t.Helper()
	Engine(t)
	return Site{
		Factories: c.Factories(), Provider: c.Provider(emulator.Owner), InstanceID: emulator.InstanceID,
		VolumeID: emulator.VolumeID, ImageURL: emulator.ImageFile, ReceiverProjectID: emulator.Receiver.ProjectID,
	}
}
