package emulator

import "slices"

// The outcome of one part of a job that shares; the API writes it in lower case.
const (
	partDone   = "success"
	partFailed = "failed"
)

// The types of members; only Huawei Cloud has others than projects.
const (
	memberProject = "project"
	memberDomain  = "domain"
)

// membersBody is the body of the operations on /v1/cloudimages/members.
type membersBody struct {
	Images   []string `json:"images"`
	Projects []string `json:"projects"`
	Domains  []string `json:"domains"`
}

func isMemberJob(jobType string) bool {
	return jobType == jobAddMembers || jobType == jobDeleteMembers || jobType == jobAnswer
}

// addMembers is POST /v1/cloudimages/members.
func (e *Emulator) addMembers(c *call) (answer, error) { return e.changeMembers(c, jobAddMembers) }

// deleteMembers is DELETE /v1/cloudimages/members.
func (e *Emulator) deleteMembers(c *call) (answer, error) {
	return e.changeMembers(c, jobDeleteMembers)
}

// changeMembers starts the job that shares images with projects or stops doing so.
func (e *Emulator) changeMembers(c *call, jobType string) (answer, error) {
	var body membersBody
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	withDomains := e.options.Switches.HuaweiMembers
	switch {
	case len(body.Domains) > 0 && !withDomains:
		return answer{}, refuse("IMG.0001", "Unknown: domains.")
	case len(body.Images) == 0 || len(body.Projects)+len(body.Domains) == 0:
		return answer{}, refuse("IMG.0001", "images and projects are needed.")
	}
	job := &Job{Type: jobType}
	for _, id := range body.Images {
		image, err := e.ownImage(c, id)
		if err != nil {
			return answer{}, err
		}
		if jobType == jobAddMembers {
			if err := checkShare(image, slices.Concat(body.Projects, body.Domains)); err != nil {
				return answer{}, err
			}
		}
		for _, project := range body.Projects {
			result := MemberResult{ImageID: id, ProjectID: project, Status: partDone}
			if !e.world.isProject(project) {
				result.Status = partFailed
			}
			job.Results = append(job.Results, result)
		}
		for _, domain := range body.Domains {
			result := MemberResult{ImageID: id, ProjectID: domain, Type: memberDomain, Status: partDone}
			if !isDomain(domain) {
				result.Status = partFailed
			}
			job.Results = append(job.Results, result)
		}
	}
	return e.start(c, job), nil
}

// isDomain is true of a domain that images can be shared with.
func isDomain(id string) bool {
	return slices.ContainsFunc(tenants(), func(t Tenant) bool { return t.DomainID == id })
}

// checkShare tells whether an image can be shared with members.
func checkShare(image *Image, members []string) error {
	most := mostMembers
	if image.isWhole() {
		most = mostWholeMembers
	}
	total := len(image.Members)
	for _, id := range members {
		if image.member(id) == nil {
			total++
		}
	}
	switch {
	case image.Status != statusActive:
		return refuse("IMG.0046")
	case slices.Contains(members, image.Owner):
		return refuse("IMG.0076")
	case image.text("__system__cmkid") != "":
		return refuse("IMG.0098")
	case total > most:
		return refuse("IMG.0088")
	}
	return nil
}

// answerShares is PUT /v1/cloudimages/members.
func (e *Emulator) answerShares(c *call) (answer, error) {
	var body struct {
		Images    []string `json:"images"`
		ProjectID string   `json:"project_id"`
		Status    string   `json:"status"`
		VaultID   string   `json:"vault_id"`
	}
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	switch {
	case len(body.Images) == 0 || body.Status != "accepted" && body.Status != "rejected":
		return answer{}, refuse("IMG.0001", "images are needed, and a status accepted or rejected.")
	case body.ProjectID != c.session.ProjectID:
		return answer{}, refuse("IMG.0067")
	case body.VaultID != "" && !e.world.Vaults[body.VaultID]:
		return answer{}, refuse("IMG.0184")
	}
	job := &Job{Type: jobAnswer}
	for _, id := range body.Images {
		result := MemberResult{ImageID: id, ProjectID: body.ProjectID, Status: partDone, VaultID: body.VaultID}
		image := e.existing(id)
		needsVault := image != nil && image.isWhole() && body.Status == "accepted" && body.VaultID == ""
		if image == nil || image.member(body.ProjectID) == nil || needsVault {
			result.Status = partFailed
		}
		job.Results = append(job.Results, result)
	}
	job.ImageStatus = body.Status
	return e.start(c, job), nil
}

// applyMembers does what a job on members is for, once it ended well.
func (e *Emulator) applyMembers(job *Job) {
	for i := range job.Results {
		r := &job.Results[i]
		image := e.existing(r.ImageID)
		if image == nil {
			r.Status = partFailed
		}
		if r.Status != partDone {
			continue
		}
		switch job.Type {
		case jobAddMembers:
			e.addMember(image, r.ProjectID, r.Type)
		case jobDeleteMembers:
			image.dropMember(r.ProjectID)
		case jobAnswer:
			if m := image.member(r.ProjectID); m != nil {
				m.Status, m.VaultID, m.UpdatedAt = job.ImageStatus, r.VaultID, e.second()
			}
		}
	}
}

func (e *Emulator) addMember(image *Image, id, memberType string) {
	if image.member(id) != nil {
		return
	}
	image.Members = append(image.Members, Member{
		ProjectID: id, Type: memberType, Status: "pending", CreatedAt: e.second(), UpdatedAt: e.second(),
	})
}

func (i *Image) dropMember(id string) {
	i.Members = slices.DeleteFunc(i.Members, func(m Member) bool { return m.ProjectID == id })
}

// describeResults are the parts of a job that shares; stopping to share has none.
func (e *Emulator) describeResults(job *Job, status string) []any {
	results := []any{}
	if job.Type == jobDeleteMembers || status != jobSuccess {
		return results
	}
	for _, r := range job.Results {
		part := map[string]any{"image_id": r.ImageID, "status": r.Status}
		if !e.options.Switches.ResultsUnnamed && r.Type != memberDomain {
			part["project_id"] = r.ProjectID
		}
		results = append(results, part)
	}
	return results
}
