package provider_test

import (
	"maps"
	"slices"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// wrong is a credential that no service takes.
const wrong = "wrong-and-secret"

// secretWay is a way to sign in: what of it is in the environment, and in files beside the configuration.
type secretWay struct {
	variables, secrets []string
	files              map[string]string
	block              string // what the provider block says besides
	prepare            func(c *acctest.Cloud)
	echoes             bool // the image service refuses every request and repeats its headers
	fails              bool
}

// secretWays are all the ways to sign in, also where they fail.
func secretWays(c *acctest.Cloud) map[string]secretWay {
	all := map[string]secretWay{}
	for _, ways := range []func(*acctest.Cloud) map[string]secretWay{
		waysOfPassword, waysOfToken, waysOfKeys, waysOfAgency, waysOfBlock, waysOfFiles,
	} {
		maps.Copy(all, ways(c))
	}
	return all
}

// with is the list and more of it.
func with(list []string, more ...string) []string { return append(slices.Clone(list), more...) }

// ownerByName are the variables of the owner, but for the password.
func ownerByName() []string {
	owner := emulator.Owner
	return []string{
		"OS_USERNAME=" + owner.UserName, "OS_USER_DOMAIN_NAME=" + owner.DomainName, "OS_PROJECT_NAME=" + owner.ProjectName,
	}
}

func waysOfPassword(c *acctest.Cloud) map[string]secretWay {
	owner, receiver := emulator.Owner, emulator.Receiver
	user := with(ownerByName(), "OS_PASSWORD="+owner.Password)
	c.SetPasscodes(receiver, "604006", "604007")
	receiving := []string{
		"OS_USERNAME=" + receiver.UserName, "OS_USER_DOMAIN_NAME=" + owner.DomainName,
		"OS_PROJECT_NAME=" + receiver.ProjectName, "OS_PASSWORD=" + receiver.Password,
	}
	expired := emulator.Fault{Method: "GET", Path: "/v2/cloudimages", Times: 1, Status: 401, Code: "APIGW.0307"}
	return map[string]secretWay{
		"password":       {variables: user, secrets: []string{owner.Password}},
		"wrong password": {variables: with(ownerByName(), "OS_PASSWORD="+wrong), fails: true},
		"incomplete":     {variables: []string{"OS_PASSWORD=" + wrong}, fails: true},
		"password, refused by the image service": {
			variables: user, secrets: []string{owner.Password}, echoes: true, fails: true,
		},
		"renewal": {
			variables: user, secrets: []string{owner.Password},
			prepare: func(c *acctest.Cloud) { c.Inject(expired) },
		},
		"renewal, password wrong meanwhile": {
			variables: user, secrets: []string{owner.Password}, fails: true,
			prepare: func(c *acctest.Cloud) {
				c.Inject(expired)
				c.Inject(emulator.Fault{Method: "POST", Path: "/v3/auth/tokens", Skip: 1, Status: 401, Code: "x"})
			},
		},
		"passcode": {
			variables: with(receiving, "OS_PASSCODE=604006"), secrets: []string{receiver.Password, "604006"},
		},
		"wrong passcode": {
			variables: with(receiving, "OS_PASSCODE="+wrong), secrets: []string{receiver.Password}, fails: true,
		},
		"wrong key of a certificate": {
			variables: with(user, "OS_CERT=-----BEGIN "+wrong, "OS_KEY=-----BEGIN "+wrong),
			secrets:   []string{owner.Password}, fails: true,
		},
	}
}

func waysOfToken(c *acctest.Cloud) map[string]secretWay {
	token := c.IssueToken(emulator.Owner)
	return map[string]secretWay{
		"token": {variables: []string{"OS_TOKEN=" + token}, secrets: []string{token}},
		"wrong token": {
			variables: []string{"OS_TOKEN=" + wrong, "OS_PROJECT_ID=" + emulator.Owner.ProjectID}, fails: true,
		},
	}
}

func waysOfKeys(c *acctest.Cloud) map[string]secretWay {
	owner := emulator.Owner
	permanent := []string{"OS_ACCESS_KEY=" + owner.AccessKey, "OS_PROJECT_NAME=" + owner.ProjectName}
	ak, sk, securityToken := c.IssueTemporaryKeys(owner)
	temporary := []string{
		"OS_ACCESS_KEY=" + ak, "OS_SECRET_KEY=" + sk, "OS_SECURITY_TOKEN=" + securityToken,
		"OS_PROJECT_ID=" + owner.ProjectID,
	}
	return map[string]secretWay{
		"keys":           {variables: with(permanent, "OS_SECRET_KEY="+owner.SecretKey), secrets: []string{owner.SecretKey}},
		"wrong keys":     {variables: with(permanent, "OS_SECRET_KEY="+wrong), fails: true},
		"temporary keys": {variables: temporary, secrets: []string{sk, securityToken}},
		"temporary keys, refused by the image service": {
			variables: temporary, secrets: []string{sk, securityToken}, echoes: true, fails: true,
		},
		"server keys": {
			variables: []string{"OS_SERVER_KEYS=true", "OS_METADATA_URL=" + c.URL, "OS_PROJECT_ID=" + owner.ProjectID},
		},
	}
}

func waysOfAgency(c *acctest.Cloud) map[string]secretWay {
	agent := emulator.Agent
	token := c.IssueToken(agent)
	agency := []string{
		"OS_AGENCY_NAME=" + emulator.Builders.Name, "OS_AGENCY_DOMAIN_NAME=" + emulator.Owner.DomainName,
	}
	user := with(agency,
		"OS_USERNAME="+agent.UserName, "OS_DOMAIN_NAME="+agent.DomainName, "OS_PASSWORD="+agent.Password)
	return map[string]secretWay{
		"agency, password": {variables: user, secrets: []string{agent.Password}},
		"agency, token":    {variables: with(agency, "OS_TOKEN="+token), secrets: []string{token}},
		"agency, keys": {
			variables: with(agency, "OS_ACCESS_KEY="+agent.AccessKey, "OS_SECRET_KEY="+agent.SecretKey),
			secrets:   []string{agent.SecretKey},
		},
		"wrong agency": {
			variables: with(user, "OS_AGENCY_NAME=nosuch"), secrets: []string{agent.Password}, fails: true,
		},
	}
}

func waysOfBlock(c *acctest.Cloud) map[string]secretWay {
	owner := emulator.Owner
	token := c.IssueToken(owner)
	ak, sk, securityToken := c.IssueTemporaryKeys(owner)
	block := func(credentials ...string) string {
		return arguments(with(credentials, "domain_name", owner.DomainName, "project_name", owner.ProjectName)...)
	}
	return map[string]secretWay{
		"provider block": {
			block: block("user_name", owner.UserName, "password", owner.Password), secrets: []string{owner.Password},
		},
		"provider block, wrong password": {block: block("user_name", owner.UserName, "password", wrong), fails: true},
		"provider block, token":          {block: block("token", token), secrets: []string{token}},
		"provider block, keys": {
			block:   block("access_key", ak, "secret_key", sk, "security_token", securityToken),
			secrets: []string{sk, securityToken},
		},
	}
}

func waysOfFiles(c *acctest.Cloud) map[string]secretWay {
	owner := emulator.Owner
	ak, sk, securityToken := c.IssueTemporaryKeys(owner)
	entry := func(auth string) map[string]string {
		return map[string]string{"clouds.yaml": "clouds:\n  mine:\n    auth: {auth_url: " + c.URL + "/v3, " +
			"project_name: " + owner.ProjectName + ", " + auth + "}\n"}
	}
	twoFiles := entry("username: " + owner.UserName + ", user_domain_name: " + owner.DomainName)
	twoFiles["secure.yaml"] = "clouds:\n  mine:\n    auth: {password: " + owner.Password + "}\n"
	ways := map[string]secretWay{
		"clouds.yaml and secure.yaml": {files: twoFiles, secrets: []string{owner.Password}},
		"keys in clouds.yaml": {
			files:   entry("ak: " + owner.AccessKey + ", sk: " + owner.SecretKey),
			secrets: []string{owner.SecretKey},
		},
		"security token in clouds.yaml": {
			files:   entry("ak: " + ak + ", sk: " + sk + ", security_token: " + securityToken),
			secrets: []string{sk, securityToken},
		},
		"clouds.yaml that is none": {
			files: map[string]string{"clouds.yaml": "clouds:\n  mine: [" + wrong + "\n"}, fails: true,
		},
	}
	for name, way := range ways {
		way.variables = []string{"OS_CLOUD=mine"}
		ways[name] = way
	}
	return ways
}
