package image_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// refusedDestroy fails the test unless a destroy is refused with these words and deletes nothing.
func refusedDestroy(t *testing.T, m *acctest.Managed, words ...string) {
	t.Helper()
	acctest.HasDiagnostic(t, m.Destroy(t.Context()), words...)
	if m.State.IsNull() {
		t.Error("the image left the state")
	}
}

// TestKindsProtected: a plan that would delete or replace a protected image is refused with the way out.
func TestKindsProtected(t *testing.T) {
	t.Parallel()
	protected := arguments{"protected": true}
	each(t, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		const wayOut = "protected = false and apply that first"
		other := with(s.other, arguments{"name": s.name})
		m.ExpectApplied(s.arguments(protected), acctest.Create)
		m.Expect(map[string]string{"protected": "true"})
		refusedDestroy(t, m, wayOut)
		acctest.HasDiagnostic(t, m.Plan(with(other, protected)).Diagnostics, wayOut)
		acctest.HasDiagnostic(t, m.Plan(other).Diagnostics, wayOut)
		expectImages(t, cloud, 1+s.parts)

		m.ExpectApplied(s.arguments(), acctest.Update)
		m.ExpectDestroyed()
		expectImages(t, cloud, 0)
	})
}

// TestKindsPolicyChangedInReplacingPlan: what becomes of the old image must not depend on which of two values counts.
func TestKindsPolicyChangedInReplacingPlan(t *testing.T) {
	t.Parallel()
	retain := arguments{"deletion_policy": "retain"}
	each(t, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		other := with(s.other, arguments{"name": s.name})
		refused := func(arguments arguments) {
			t.Helper()
			acctest.HasDiagnostic(t, m.Plan(arguments).Diagnostics, "Unable to replace ", "by itself first")
		}
		m.ExpectApplied(s.arguments(), acctest.Create)
		refused(with(other, retain))
		refused(with(other, arguments{"protected": true}))
		m.ExpectApplied(s.arguments(retain), acctest.Update)
		refused(other)
		const isLeft = "is left in the cloud"
		plan := m.ExpectPlan(with(other, retain), acctest.Replace)
		acctest.HasDiagnostic(t, m.CarryOut(t.Context(), plan, with(other, retain)), "WARNING", isLeft)
		m.ExpectSettled(with(other, retain))
		acctest.HasDiagnostic(t, m.Destroy(t.Context()), "WARNING", isLeft)
		expectImages(t, cloud, 2*(1+s.parts)) // the one that was replaced was left, and so was the one that was destroyed
	})
}

// TestKindsProtectedRetained: a protected image that is to be left may go from the state.
func TestKindsProtectedRetained(t *testing.T) {
	t.Parallel()
	each(t, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		m.ExpectApplied(s.arguments(arguments{"protected": true, "deletion_policy": "retain"}), acctest.Create)
		id := m.Attribute("id")
		if acctest.HasDiagnostic(t, m.Destroy(t.Context()), "WARNING", "is left in the cloud"); !m.State.IsNull() {
			t.Error("the image is still in the state")
		}
		for _, image := range cloud.OwnImages() {
			if image.ID == id && !image.Protected {
				t.Error("the image lost its protection")
			}
		}
		expectImages(t, cloud, 1+s.parts)
	})
}

// TestKindsTags: default tags are merged, ignored ones left alone, and nothing is ever wiped.
func TestKindsTags(t *testing.T) {
	t.Parallel()
	defaults := func(team string) arguments {
		return arguments{"default_tags": map[string]string{"team": team, "stage": "test"}}
	}
	ignoring := arguments{"ignore_tags": arguments{"keys": []string{"scanned"}, "key_prefixes": []string{"sys-"}}}
	each(t, specimens(t), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
		t.Helper()
		has := func(want map[string]string) {
			t.Helper()
			for _, image := range cloud.OwnImages() {
				if image.ID == m.Attribute("id") {
					if diff := cmp.Diff(want, image.Tags); diff != "" {
						t.Errorf("tags (-want +got):\n%s", diff)
					}
				}
			}
		}
		through := func(block ...arguments) { m.Through(cloud.Protocol(t, emulator.Owner, block...)) }
		tagged := func(tags map[string]string) arguments { return s.arguments(arguments{"tags": tags}) }

		through(defaults("platform"))
		m.ExpectApplied(tagged(map[string]string{"own": "1", "stage": "prod"}), acctest.Create)
		m.Expect(map[string]string{"tags.%": "2", "tags_all.%": "3", "tags_all.stage": "prod", "tags_all.team": "platform"})
		has(map[string]string{"own": "1", "stage": "prod", "team": "platform"})

		cloud.Change(m.Attribute("id"), func(i *emulator.Image) { i.Tags["scanned"], i.Tags["sys-a"] = "yes", "b" })
		through(defaults("platform"), ignoring)
		m.ExpectSettled(tagged(map[string]string{"own": "1", "stage": "prod"}))
		m.ExpectApplied(tagged(map[string]string{"own": "2"}), acctest.Update)
		m.Expect(map[string]string{"tags_all.%": "3", "tags_all.stage": "test"})
		has(map[string]string{"own": "2", "stage": "test", "team": "platform", "scanned": "yes", "sys-a": "b"})

		through(defaults("images"), ignoring)
		m.ExpectApplied(tagged(map[string]string{"own": "2"}), acctest.Update)
		m.Expect(map[string]string{"tags_all.team": "images"})
		has(map[string]string{"own": "2", "stage": "test", "team": "images", "scanned": "yes", "sys-a": "b"})

		through(ignoring)
		m.ExpectApplied(s.arguments(), acctest.Update)
		m.Expect(map[string]string{"tags.%": ""})
		has(map[string]string{"scanned": "yes", "sys-a": "b"})
		m.ExpectApplied(tagged(map[string]string{}), acctest.Update)
		has(map[string]string{"scanned": "yes", "sys-a": "b"})
	})
}

// TestIgnoredTagConfigured: a tag cannot be both the image's own and somebody else's.
func TestIgnoredTagConfigured(t *testing.T) {
	t.Parallel()
	cloud := acctest.Start(t, emulator.Options{})
	p := cloud.Protocol(
		t, emulator.Owner, arguments{"ignore_tags": arguments{"keys": []string{"scanned"}, "key_prefixes": []string{"sys-"}}},
	)
	for tag, refused := range map[string]bool{"scanned": true, "sys-a": true, "own": false} {
		plan := p.Manage(systemType).Plan(with(systemArguments, arguments{"tags": map[string]string{tag: "1"}}))
		if refused {
			acctest.HasDiagnostic(t, plan.Diagnostics, `ignore_tags names the tag "`+tag+`"`)
		} else {
			acctest.NoDiagnostics(t, plan.Diagnostics)
		}
	}
}
