// Package cloud signs in to an OpenStack-like public cloud (Open Telekom Cloud, Huawei Cloud and relatives) and
// carries signed-in requests to its image service. It knows no image and no Terraform.
//
// The way of a request, from the provider block to the wire; the files are named after its steps:
//
//	settings.Resolve  decides from the provider block, clouds.yaml and the environment how to sign in (package settings).
//	NewSession        costs nothing: no service is asked before the first request.
//	Connect           signs in once for all callers (session_connect.go) with the credential that the settings name
//	                  (credential*.go): a token from the identity service or, with an access key, the project's id.
//	                  signin*.go sends these requests, endpoint*.go finds the image service.
//	Do                sends one request (request*.go) with the token or a signature, over transport*.go. When the token
//	                  has died it signs in again, once for all callers, and sends the request again.
//
// What a caller must decide itself: whether to repeat a request, how many to send at once, and how long to wait for
// an answer. ErrNotSent marks the failures that left no trace in the cloud.
//
// To add a way to sign in: a row in settings (ways.go), and a credential in a file of its own. A way that takes two
// steps, such as an agency, is a credential that holds another one.
package cloud
