package emulator

import "maps"

// FarRegion is the second region: the tenants of [OwnerFar] have a project there. Public images are the same in both.
const FarRegion = "eu-nl"

// CopyAgency is the agency by which images are replicated to the other region.
const CopyAgency = "ims-cross-region"

// OwnerFar is [Owner] with its project in [FarRegion].
var OwnerFar = func() Tenant {
	far := Owner
	far.ProjectName, far.ProjectID = FarRegion, "a0000000000000000000000000000004"
	return far
}()

// projects are what a user can sign in to: the tenant itself and, if there is one, its project in the other region.
func (t Tenant) projects() []Tenant {
	if t.UserID == OwnerFar.UserID {
		return []Tenant{t, OwnerFar}
	}
	return []Tenant{t}
}

// in is the tenant with one of its projects, by id or name.
func (t Tenant) in(id, name string) (Tenant, bool) {
	for _, p := range t.projects() {
		if id != "" && p.ProjectID == id || id == "" && p.ProjectName == name {
			return p, true
		}
	}
	return t, false
}

func regionOf(projectID string) string {
	if projectID == OwnerFar.ProjectID {
		return FarRegion
	}
	return Region
}

// copyImageFar is POST /v1/cloudimages/{image_id}/cross_region_copy: a replica in the other region. The job stays in
// this one.
func (e *Emulator) copyImageFar(c *call) (answer, error) {
	if !e.options.Switches.CrossRegionCopy {
		return answer{}, notOffered()
	}
	var body struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Region      string `json:"region"`
		ProjectName string `json:"project_name"`
		AgencyName  string `json:"agency_name"`
		VaultID     string `json:"vault_id"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	source, err := e.replicable(c)
	if err != nil {
		return answer{}, err
	}
	t, _ := tenantOfUser(c.session.UserID)
	target, exists := t.in("", body.ProjectName)
	switch {
	case body.Region == regionOf(c.session.ProjectID) || body.Region != Region && body.Region != FarRegion:
		return answer{}, refuse("IMG.0001", "region must be another region.")
	case !exists || regionOf(target.ProjectID) != body.Region:
		return answer{}, refuse("IMG.0145")
	case body.AgencyName != CopyAgency:
		return answer{}, refuse("IMG.0179")
	case source.isWhole() && !e.world.Vaults[body.VaultID]:
		return answer{}, refuse("IMG.0184")
	}
	replica, err := e.newReplica(c, source, &createBody{Name: body.Name, Description: body.Description})
	if err != nil {
		return answer{}, err
	}
	replica.Owner = target.ProjectID
	if source.isWhole() {
		maps.Copy(replica.Attributes, map[string]any{"__whole_image": "true", "__backup_id": newUUID()})
	}
	job := &Job{
		Type: jobCopyFar, ImageName: replica.Name, ImageID: replica.ID,
		Final: map[string]any{"__image_size": source.Attributes["__image_size"]},
	}
	return e.begin(c, job, []*Image{replica})
}
