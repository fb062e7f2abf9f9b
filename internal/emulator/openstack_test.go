package emulator_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestOpenstackCommand lets OpenStack's own client do an image's life: a client that is not ours.
func TestOpenstackCommand(t *testing.T) {
	command, err := exec.LookPath("openstack")
	if err != nil {
		t.Skip("the openstack command is not on PATH (Debian package python3-openstackclient)")
	}
	b := newBench(t, emulator.Options{})
	dir := t.TempDir()
	file := filepath.Join(dir, "disk.raw")
	if err := os.WriteFile(file, bytes.Repeat([]byte("disk"), 25_000), 0o600); err != nil {
		t.Fatal(err)
	}
	// One session for all: the command takes seconds to start.
	script := strings.Join([]string{
		"token issue -f value -c project_id",
		"image list -f value -c Name",
		"image create --file " + file + " --disk-format raw --min-disk 2 --tag a=b made -f value -c name",
		"image show made -f value -c status",
		"image set --name renamed --protected --property hello=world made",
		"image show renamed -f value -c protected",
		"image delete renamed",
		"image set --unprotected renamed",
		"image delete renamed",
		"",
	}, "\n")
	session := exec.CommandContext(t.Context(), command)
	session.Stdin = strings.NewReader(script)
	session.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "PYTHONWARNINGS=ignore", "OS_IDENTITY_API_VERSION=3",
		"OS_AUTH_URL=" + b.server.URL + "/v3", "OS_REGION_NAME=" + emulator.Region,
		"OS_USERNAME=" + emulator.Owner.UserName, "OS_PASSWORD=" + emulator.Owner.Password,
		"OS_USER_DOMAIN_NAME=" + emulator.Owner.DomainName, "OS_PROJECT_DOMAIN_NAME=" + emulator.Owner.DomainName,
		"OS_PROJECT_NAME=" + emulator.Owner.ProjectName,
	}
	output, err := session.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	said := string(output)
	public := emulator.Image{}
	if err := b.emu.UpdateImage(emulator.PublicImageID(0), func(image *emulator.Image) { public = *image }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		emulator.Owner.ProjectID, public.Name, "\nmade\n", "active", "True", "The image in the request is protected.",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing", want)
		}
	}
	var changes []string
	for _, r := range b.emu.Journal() {
		if strings.HasPrefix(r.Operation, "glance u") || strings.HasPrefix(r.Operation, "glance create") ||
			r.Operation == "delete image" {
			changes = append(changes, r.Operation)
		}
	}
	want := []string{
		"glance create image", "glance upload file", "glance update image", "delete image", "glance update image",
		"delete image",
	}
	if left := b.emu.Images(emulator.Owner.ProjectID); !slices.Equal(changes, want) || len(left) > 0 {
		t.Errorf("changes %v, left %v", changes, left)
	}
	if unknown := b.emu.Unknown(); len(unknown) > 0 {
		t.Errorf("unknown: %+v", unknown)
	}
	if t.Failed() {
		t.Log(said)
	}
}
