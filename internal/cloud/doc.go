// Package cloud signs in to an OpenStack-like public cloud (Open Telekom Cloud, Huawei Cloud and relatives) and carries signed-in requests
// to its image service. It knows no image and no Terraform.
//
// The way of a request:
//
//	Resolve     merges the provider block, clouds.yaml and the environment into Settings: which way in, which project, where.
//	NewSession  costs nothing: nobody is asked anything before the first request.
//	Connect     signs in once for all callers: a token from Keystone, or, with an access key, the project's id.
//	Do          sends one request with the token or the signature, and signs in again, once for all, when the token has died.
//
// What a caller must decide itself: whether to repeat a request, how many to send at once, and how long to wait for an answer. ErrNotSent
// tells which failures left no trace in the cloud.
//
// To add a way in: a row in ways (ways.go) and a credential (signin.go). A way that takes two steps, such as an agency, is a credential that
// holds another one.
package cloud
