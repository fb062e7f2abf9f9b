package image_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestKindsFail: what is refused, and what fails, makes no image and says why; then the same configuration makes one.
func TestKindsFail(t *testing.T) {
	t.Parallel()
	each(t, ofJobs(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		heal := cloud.Inject(s.fault(emulator.Fault{Status: 403, Code: "IMG.0161"}))
		acctest.HasDiagnostic(t, m.Apply(t.Context(), s.arguments()), "ERROR Unable to create ", "Error code: IMG.0161")
		expectImages(t, cloud, 0)
		if !m.State.IsNull() {
			t.Errorf("the state is %v", m.State)
		}
		heal()

		heal = cloud.Inject(s.fault(emulator.Fault{FailJob: "IMG.0057"}))
		acctest.HasDiagnostic(
			t, m.Apply(t.Context(), s.arguments()), "ERROR Unable to create ", "Error code: IMG.0057", "Job ID: ",
		)
		// A job that fails to register a file leaves an image that can be used for nothing: the next apply deletes it.
		left := 0
		if s.isTwoSteps() {
			left = 1
		}
		expectImages(t, cloud, left)
		if m.Tainted != s.isTwoSteps() || m.State.IsNull() == s.isTwoSteps() {
			t.Errorf("tainted: %t; the state is %v", m.Tainted, m.State)
		}
		heal()

		acctest.NoDiagnostics(t, m.Apply(t.Context(), s.arguments()))
		m.ExpectSettled(s.arguments())
		expectImages(t, cloud, 1+s.parts)
	})
}

// mistake is a configuration that is refused.
type mistake struct {
	arguments arguments
	words     string
}

// TestBadInput: every mistake is an error of the plan, before anything is sent.
func TestBadInput(t *testing.T) {
	t.Parallel()
	file := arguments{"image_url": "b:o"}
	sized := with(file, arguments{"min_disk": 10})
	versioned := with(sized, arguments{"os_version": "v"})
	disk := arguments{"image_url": "b:d", "min_disk": 10}
	digest := strings.Repeat("a", 64)
	server, volume, backup := arguments{"instance_id": "i"}, arguments{"volume_id": "v"}, arguments{"backup_id": "b"}

	for typeName, mistakes := range map[string]map[string]mistake{
		systemType: {
			"no source":            {nil, "None of them is set"},
			"two sources":          {with(sized, server), "cannot be configured together"},
			"no min_disk":          {file, "min_disk is required"},
			"min_disk too small":   {with(file, arguments{"min_disk": 0}), "between 1 and 1024"},
			"min_disk too large":   {with(file, arguments{"min_disk": 1025}), "between 1 and 1024"},
			"min_disk of a server": {with(server, arguments{"min_disk": 10}), "together with image_url"},
			"os_type":              {with(sized, arguments{"os_type": "BeOS"}), "os_type"},
			"bios on arm": {
				with(sized, arguments{"architecture": "arm", "hw_firmware_type": "bios"}), "boot from uefi",
			},
			"volume, no version":  {volume, "os_version is required"},
			"quick, no version":   {with(sized, arguments{"quick_import": true}), "os_version is required"},
			"quick with a key":    {with(versioned, arguments{"quick_import": true, "cmk_id": "k"}), "without quick_import"},
			"data_disk of server": {with(server, arguments{"data_disk": []arguments{disk}}), "data_disk can be given"},
			"four data disks":     {with(sized, arguments{"data_disk": []arguments{disk, disk, disk, disk}}), "at most 3"},
		},
		dataType: {
			"no source":            {nil, "exactly one of volume_id and image_url. Neither is set"},
			"two sources":          {with(sized, volume), "cannot be configured together"},
			"no min_disk":          {file, "min_disk is required"},
			"min_disk too large":   {with(file, arguments{"min_disk": 2049}), "between 1 and 2048"},
			"min_disk of a volume": {with(volume, arguments{"min_disk": 10}), "together with image_url"},
			"key of a volume":      {with(volume, arguments{"cmk_id": "k"}), "together with image_url"},
			"key and quick import": {with(sized, arguments{"quick_import": true, "cmk_id": "k"}), "without quick_import"},
			"os_type":              {with(sized, arguments{"os_type": "Other"}), "os_type"},
			"boot mode":            {with(sized, arguments{"hw_firmware_type": "uefi"}), "read-only"},
		},
		isoType: {
			"no source":          {arguments{"min_disk": 1, "os_version": "v"}, "image_url is required"},
			"no min_disk":        {with(file, arguments{"os_version": "v"}), "min_disk is required"},
			"no os_version":      {sized, "os_version is required"},
			"min_disk too large": {with(versioned, arguments{"min_disk": 1025}), "between 1 and 1024"},
			"bios on arm": {
				with(versioned, arguments{"architecture": "arm", "hw_firmware_type": "bios"}), "boot from uefi",
			},
		},
		wholeType: {
			"no source":               {nil, "exactly one of instance_id and backup_id. Neither is set"},
			"two sources":             {with(server, backup), "Both are set"},
			"vault of a backup":       {with(backup, arguments{"vault_id": "v"}), "together with instance_id"},
			"backup type of a server": {with(server, arguments{"whole_image_type": "CBR"}), "together with backup_id"},
			"backup type":             {with(backup, arguments{"whole_image_type": "VBS"}), "whole_image_type"},
		},
		registeredType: {
			"no file":            {nil, "exactly one of image_url and local_file. Neither is set"},
			"two files":          {with(file, arguments{"local_file": "f"}), "cannot be configured together"},
			"digest of OBS file": {with(file, arguments{"file_sha256": digest}), "together with local_file"},
			"digest":             {arguments{"local_file": "f", "file_sha256": "ABC"}, "64 hexadecimal"},
			"format":             {with(file, arguments{"file_format": "ova"}), "file_format"},
		},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			expectMistakes(t, typeName, arguments{"name": "a"}, mistakes)
		})
	}
}

// TestKindsBadInput: what is refused of all kinds.
func TestKindsBadInput(t *testing.T) {
	t.Parallel()
	tags := func(tags map[string]any) arguments { return arguments{"tags": tags} }
	many := map[string]any{}
	for _, key := range strings.Split("abcdefghijklmnopqrstu", "") {
		many[key] = "v"
	}
	mistakes := map[string]mistake{
		"name empty":           {arguments{"name": ""}, "name must be 1 to 128"},
		"name with a slash":    {arguments{"name": "a/b"}, "name must be 1 to 128"},
		"name ends in a space": {arguments{"name": "a "}, "name must be 1 to 128"},
		"name too long":        {arguments{"name": strings.Repeat("a", 129)}, "name must be 1 to 128"},
		"description":          {arguments{"description": "<b>"}, "description must be at most 1024"},
		"description lines":    {arguments{"description": "a\nb"}, "description must be at most 1024"},
		"tag key":              {tags(map[string]any{strings.Repeat("k", 129): "v"}), "must be 1 to 128"},
		"tag value":            {tags(map[string]any{"k": strings.Repeat("v", 256)}), "at most 255"},
		"tag space":            {tags(map[string]any{"k": " v"}), "at most 255"},
		"tag null":             {tags(map[string]any{"k": nil}), "is null"},
		"too many tags":        {tags(many), "at most 20 tags"},
		"deletion_policy":      {arguments{"deletion_policy": "keep"}, "deletion_policy"},
		"timeouts":             {arguments{"timeouts": arguments{"create": "soon"}}, `"soon" must be`},
	}
	for _, s := range specimens(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			own := mistakes
			if s.source["image_url"] != nil {
				own = map[string]mistake{
					"image_url":             {arguments{"image_url": "object"}, "bucket:object"},
					"image_url with spaces": {arguments{"image_url": "b:o o"}, "bucket:object"},
				}
				for name, each := range mistakes {
					own[name] = each
				}
			}
			expectMistakes(t, s.kind, s.arguments(), own)
		})
	}
}

// expectMistakes plans new resources with each mistake.
func expectMistakes(t *testing.T, typeName string, valid arguments, mistakes map[string]mistake) {
	t.Helper()
	cloud := acctest.Start(t, emulator.Options{})
	prepare(cloud)
	p := cloud.Protocol(t, emulator.Owner)
	for name, mistake := range mistakes {
		plan := p.Manage(typeName).Plan(with(valid, mistake.arguments))
		if plan.Action != "" || !slices.ContainsFunc(plan.Diagnostics, func(said string) bool {
			return strings.HasPrefix(said, "ERROR ") && strings.Contains(strings.Join(strings.Fields(said), " "), mistake.words)
		}) {
			t.Errorf(
				"%s: the plan is to %q, and no diagnostic has %q:\n%s", name, plan.Action, mistake.words,
				strings.Join(plan.Diagnostics, "\n"),
			)
		}
	}
	if calls := cloud.Calls(); len(calls) > 0 {
		t.Errorf("the plans sent %v", calls)
	}
}
